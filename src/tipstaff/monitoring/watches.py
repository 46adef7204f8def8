"""What the engine watches for one wearer: conditions made ready, with the periods they hold in.

Periods are half-open, in µs since 1970, apart and in order: when the condition is enforceable and
its hours, schedule and absences demand it (`domain.zones.zone_periods`, `domain.timetables`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from tipstaff.domain.zones import Harm
from tipstaff.monitoring.outlines import Outline

Periods = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, repr=False)
class ZoneWatch:
    """A zone not to be in, or with `keep_in` not to be out of.

    `goes_on`: starts of periods with which the condition goes on after a change of the zone.
    """

    condition: str
    keep_in: bool
    harm: Harm
    outline: Outline
    periods: Periods
    goes_on: frozenset[int] = frozenset()


class Demanded(NamedTuple):
    """A period in which to be at any of some places: bit i of `places` is place i of the watch.

    It is judged from `judge_us` on: its start and the grace, or its start where it goes on after a
    change that is none for this period (`goes_on`).
    """

    start_us: int
    end_us: int
    places: int
    judge_us: int
    goes_on: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class PlaceToBe:
    """An address or venue by its reference; the outline has its margin already.

    It is None where nobody has said where the address is: its home unit alone can tell.
    """

    reference: str
    outline: Outline | None


@dataclass(frozen=True, slots=True, repr=False)
class CurfewWatch:
    """A curfew: to be at home throughout each period."""

    condition: str
    places: tuple[PlaceToBe, ...]
    periods: tuple[Demanded, ...]


@dataclass(frozen=True, slots=True, repr=False)
class AttendanceWatch:
    """An attendance or appointment: to be at the venue for some while in each period."""

    condition: str
    places: tuple[PlaceToBe, ...]
    periods: tuple[Demanded, ...]


Watch = ZoneWatch | CurfewWatch | AttendanceWatch
