"""What live monitoring goes by as it is shipped, read from data: protocols, and codes of events."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Final

from tipstaff.domain.protocols import Protocols
from tipstaff.formats.event_codes import parse_event_codes
from tipstaff.formats.protocol_files import parse_protocols
from tipstaff.monitoring.events import EventCodes

#: The version by which this version of the program tells people of alerts.
PROTOCOLS: Final = "default-1"


@lru_cache(maxsize=1)
def shipped_protocols() -> Protocols:
    """The protocols named by `PROTOCOLS`."""
    protocols = parse_protocols(_source("protocols", PROTOCOLS))
    if not isinstance(protocols, Protocols):
        raise ValueError(f"the shipped protocols {PROTOCOLS} are broken: {protocols[0]}")
    return protocols


@lru_cache(maxsize=4)
def shipped_codes(name: str = "national-1") -> EventCodes:
    """A list of codes of events, by its file's name."""
    codes = parse_event_codes(_source("codes", name))
    if not isinstance(codes, EventCodes):
        raise ValueError(f"the shipped codes {name} are broken: {codes[0]}")
    return codes


def _source(folder: str, name: str) -> bytes:
    return files("tipstaff.formats").joinpath(folder, f"{name}.toml").read_bytes()
