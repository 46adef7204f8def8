"""How often a zone would have been told of, by the engine's own evidence: before it is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tipstaff.domain.findings import Level
from tipstaff.monitoring.zone_course import CoursePoint

#: Visits less than so far apart are one, as episodes are.
_APART_US = 15 * 60 * 1_000_000


@dataclass(frozen=True, slots=True)
class ZoneVisit:
    """A stretch over which the evidence stood at a level or above."""

    start_us: int
    end_us: int
    level: Level


def zone_visits(
    course: Sequence[CoursePoint], levels: tuple[float, float, float], left: float
) -> list[ZoneVisit]:
    """Stretches from being suspected to being over, those close to one another joined.

    `left`: below that probability it is over. Its hours are not asked: as if it always held.
    """
    found: list[ZoneVisit] = []
    for point in course:
        level = sum(point.probability >= least for least in levels)
        stands = bool(found) and found[-1].end_us == -1
        if stands:
            last = found[-1]
            highest = max(last.level, Level(level) if level else last.level)
            over = point.probability < left
            found[-1] = ZoneVisit(last.start_us, point.at_us if over else -1, highest)
        elif level:
            near = bool(found) and point.at_us - found[-1].end_us < _APART_US
            start = found.pop() if near else None
            began = point.at_us if start is None else start.start_us
            highest = Level(level) if start is None else max(start.level, Level(level))
            found.append(ZoneVisit(began, -1, highest))
    if found and found[-1].end_us == -1:
        found[-1] = ZoneVisit(found[-1].start_us, course[-1].at_us, found[-1].level)
    return found
