"""Where the wearer is over the places of a watch, and for how long, as the reference says it.

At any of several places is HOME; AWAY is AWAY of all; else nothing is known. Seconds of a period
are counted by what was known at each time: what comes later changes them by being taken in order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tipstaff.domain.findings import FindingKind, Level, Outcome, PeriodOutcome
from tipstaff.domain.periods import MICROSECONDS, from_micros
from tipstaff.monitoring.facts import Fact
from tipstaff.monitoring.parameters import EngineParameters
from tipstaff.monitoring.rules import presence
from tipstaff.monitoring.rules.presence import PlaceState, Where
from tipstaff.monitoring.watches import AttendanceWatch, CurfewWatch, Demanded, PlaceToBe

Places = tuple[PlaceState, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Stays:
    """The places, and the period that runs: what was known last, and µs counted by it.

    `first_us`, `last_us`: the first instant known there, and the last by a word; None: never.
    """

    places: Places
    period: Demanded | None = None
    where: Where = Where.UNKNOWN
    counted_us: int = 0
    home_us: int = 0
    away_us: int = 0
    unknown_us: int = 0
    first_us: int | None = None
    last_us: int | None = None


def new_stays(places: tuple[PlaceToBe, ...]) -> Stays:
    """Nothing known of any place."""
    return Stays(tuple(PlaceState() for _ in places))


def begun(stays: Stays, at_us: int, watch: CurfewWatch | AttendanceWatch) -> Stays:
    """The period that starts at an instant, with what is known then."""
    period = next(one for one in watch.periods if one.start_us == at_us)
    where = overall(stays.places, period.places)
    there = at_us if where is Where.HOME else None
    return Stays(stays.places, period, where, counted_us=at_us, first_us=there, last_us=there)


def _moved(stays: Stays, at_us: int, places: Places) -> Stays:
    """What is known of the places from an instant on; the time up to it is counted."""
    stays = replace(stays, places=places)
    if stays.period is None:
        return stays
    return replace(counted(stays, at_us), where=overall(places, stays.period.places))


def counted(stays: Stays, at_us: int) -> Stays:
    """The time up to an instant counted by what was known in it."""
    passed = at_us - stays.counted_us
    stays = replace(stays, counted_us=at_us)
    if stays.where is Where.HOME:
        return replace(stays, home_us=stays.home_us + passed)
    if stays.where is Where.AWAY:
        return replace(stays, away_us=stays.away_us + passed)
    return replace(stays, unknown_us=stays.unknown_us + passed)


def taken(
    stays: Stays, fact: Fact, watch: CurfewWatch | AttendanceWatch, parameters: EngineParameters
) -> Stays:
    """A fact, told to every place."""
    pairs = zip(stays.places, watch.places, strict=True)
    places = tuple(presence.take(state, fact, place, parameters) for state, place in pairs)
    stays = _moved(stays, fact.at_us, places)
    if stays.period is None or not _known_there(stays.places, stays.period.places, fact.at_us):
        return stays
    first_us = fact.at_us if stays.first_us is None else stays.first_us
    return replace(stays, first_us=first_us, last_us=fact.at_us)


def silent_at(stays: Stays, parameters: EngineParameters) -> int | None:
    """When the next place falls silent; None where none can."""
    ats = [presence.silent_at(state, parameters) for state in stays.places]
    return min((at for at in ats if at is not None), default=None)


def silenced(stays: Stays, at_us: int, parameters: EngineParameters) -> Stays:
    """Places of which there was no word for too long are not known."""
    places = tuple(_silenced(state, at_us, parameters) for state in stays.places)
    return _moved(stays, at_us, places)


def _silenced(state: PlaceState, at_us: int, parameters: EngineParameters) -> PlaceState:
    silent = presence.silent_at(state, parameters)
    gone = silent is not None and silent <= at_us
    return replace(state, where=Where.UNKNOWN, was=state.where) if gone else state


def overall(places: Places, wanted: int) -> Where:
    """Where the wearer is, over the places of a mask."""
    return _over([state.where for state in _of(places, wanted)])


def last_known(places: Places, wanted: int) -> Where:
    """Where the wearer was last known to be, over the places of a mask."""
    return _over([presence.last_known(state) for state in _of(places, wanted)])


def _over(known: list[Where]) -> Where:
    if Where.HOME in known:
        return Where.HOME
    return Where.AWAY if known and Where.UNKNOWN not in known else Where.UNKNOWN


def away_since(places: Places, wanted: int) -> int:
    """Since when the wearer is AWAY of all of them."""
    return max(state.away_us for state in _of(places, wanted))


def away_level(places: Places, wanted: int) -> Level:
    """How sure AWAY is: network fixes alone never confirm."""
    alone = any(state.by_network for state in _of(places, wanted))
    return Level.PROBABLE if alone else Level.CONFIRMED


def outcome_of(
    stays: Stays, at_us: int, kind: FindingKind, condition: str, outcome: Outcome
) -> PeriodOutcome:
    """What the period that ends at an instant came to."""
    start = at_us if stays.period is None else stays.period.start_us
    return PeriodOutcome(
        at=from_micros(at_us),
        kind=kind,
        condition=condition,
        start=from_micros(start),
        outcome=outcome,
        absent_s=stays.away_us / MICROSECONDS,
        unknown_s=stays.unknown_us / MICROSECONDS,
        first_there=None if stays.first_us is None else from_micros(stays.first_us),
        last_there=None if stays.last_us is None else from_micros(stays.last_us),
    )


def _known_there(places: Places, wanted: int, at_us: int) -> bool:
    """Whether a word of this instant has the wearer at one of the places."""
    of = _of(places, wanted)
    return any(state.where is Where.HOME and state.word_us == at_us for state in of)


def _of(places: Places, wanted: int) -> list[PlaceState]:
    return [state for place, state in enumerate(places) if wanted >> place & 1]
