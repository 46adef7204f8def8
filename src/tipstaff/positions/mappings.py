"""The mappings that come with the program, and the digest by which a mapping is known."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from importlib.resources import files
from typing import Final

from tipstaff.formats.mapping import Mapping, parse_mapping

#: Names under which shipped mappings are asked for.
SHIPPED: Final = ("tipstaff", "national")


def shipped_mapping(name: str) -> Mapping:
    """One of `SHIPPED`."""
    mapping = parse_mapping(shipped_source(name))
    if not isinstance(mapping, Mapping):
        raise ValueError(f"the shipped mapping {name} is broken: {mapping[0]}")
    return mapping


def shipped_source(name: str) -> bytes:
    """The file that says one of `SHIPPED`."""
    return files("tipstaff.formats").joinpath("mappings", f"{name}.toml").read_bytes()


def mapping_digest(mapping: Mapping) -> str:
    """A short digest of what a mapping says, whatever its layout: how a file was read."""
    plain = json.dumps(asdict(mapping), sort_keys=True, default=sorted)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]
