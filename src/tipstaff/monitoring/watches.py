"""What the engine watches for one wearer: conditions made ready, with the periods they hold in.

Periods are half-open, in µs since 1970, apart and in order: when the condition is enforceable and
its hours, schedule and absences demand it (`domain.zones.zone_periods`, `domain.timetables`).
"""

from __future__ import annotations

from dataclasses import dataclass

from tipstaff.domain.zones import Harm
from tipstaff.monitoring.outlines import Outline

Periods = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, repr=False)
class ZoneWatch:
    """A zone not to be in, or with `keep_in` not to be out of."""

    condition: str
    keep_in: bool
    harm: Harm
    outline: Outline
    periods: Periods
