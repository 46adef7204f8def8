"""What live monitoring goes by as it is shipped, read from data: protocols, and codes of events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Final

from tipstaff.domain.protocols import Protocols
from tipstaff.formats.event_codes import parse_event_codes
from tipstaff.formats.protocol_files import parse_protocols
from tipstaff.monitoring.events import EventCodes

#: The version by which this version of the program tells people of alerts.
PROTOCOLS: Final = "default-1"
#: Names that are understood of everybody.
_OWN: Final = "tipstaff-1"
#: The lists for what comes by a feed, by the first word of its address; for all others the last.
_OF_FEEDS: Final[Mapping[str, str]] = {"owntracks": "owntracks-1", "traccar": "traccar-1"}
_OF_OTHERS: Final = "national-1"


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


@lru_cache(maxsize=256)
def codes_for(supplier: str, feed: str) -> EventCodes:
    """What the codes mean that a supplier sends by a feed (its address below `/intake/`).

    Tipstaff's own names come before all; then the list of the supplier's own name, if one is
    shipped; then that of the feed. Codes in none of them are not known. Files of events count as
    any other feed.
    """
    lists = [shipped_codes(name) for name in dict.fromkeys(_lists(supplier, feed))]
    kinds = {code: kind for codes in reversed(lists) for code, kind in codes.kinds.items()}
    return EventCodes(
        codes_id="+".join(f"{codes.codes_id}-{codes.version}" for codes in lists),
        version=lists[-1].version,
        title="; ".join(codes.title for codes in lists),
        source="; ".join(codes.source for codes in lists),
        kinds=kinds,
    )


def _lists(supplier: str, feed: str) -> Iterator[str]:
    yield _OWN
    shipped = (_OF_OTHERS, *_OF_FEEDS.values())
    yield from (name for name in shipped if name.rpartition("-")[0] == supplier)
    yield _OF_FEEDS.get(feed.partition("/")[0], _OF_OTHERS)


def _source(folder: str, name: str) -> bytes:
    return files("tipstaff.formats").joinpath(folder, f"{name}.toml").read_bytes()
