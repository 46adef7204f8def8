"""A trail on the plane of a map: SVG paths of its fixes, accuracies, lines, gaps and directions.

Coordinates are metres from the scene, east and *down*, in whole metres: a map on which a metre
shows would claim more than a tag knows. One path for all fixes of a kind keeps the page small.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final

from tipstaff.documents.run_view import GAP_S, FixView
from tipstaff.domain.geodesy import LocalPlane

#: At most so many accuracy circles a trail: repeated and near-equal ones are drawn once.
MOST_CIRCLES: Final = 80
_ARROW_EVERY_M: Final = 120.0


@dataclass(frozen=True, slots=True)
class PlacedFix:
    """A fix on the plane: x east, y down, in whole metres; `away_m` from the scene."""

    fix: FixView
    x: int
    y: int
    away_m: float

    @property
    def at(self) -> datetime:
        """The fix's time."""
        return self.fix.at


def place(fixes: Sequence[FixView], plane: LocalPlane) -> tuple[PlacedFix, ...]:
    """The fixes on the plane, in their order."""
    if not fixes:
        return ()
    east, north = plane.to_plane([f.latitude for f in fixes], [f.longitude for f in fixes])
    return tuple(
        PlacedFix(fix, round(float(x)), -round(float(y)), math.hypot(float(x), float(y)))
        for fix, x, y in zip(fixes, east, north, strict=True)
    )


def points_path(trail: Sequence[PlacedFix]) -> str:
    """Lines of no length: with a round or square cap each is a mark of constant size."""
    return "".join(dict.fromkeys(f"M{p.x} {p.y}h0" for p in trail))


def is_gap(a: PlacedFix, b: PlacedFix) -> bool:
    """Whether nothing was seen for too long between two fixes that follow each other."""
    return (b.at - a.at).total_seconds() > GAP_S


def line_path(trail: Sequence[PlacedFix], *, gaps: bool) -> str:
    """The straight lines between fixes: those over gaps, or those over none."""
    parts: list[str] = []
    pen: PlacedFix | None = None
    for a, b in pairwise(trail):
        if is_gap(a, b) != gaps or (a.x, a.y) == (b.x, b.y):
            continue
        parts.append(f"L{b.x} {b.y}" if pen is a else f"M{a.x} {a.y}L{b.x} {b.y}")
        pen = b
    return "".join(parts)


def circles_path(trail: Sequence[PlacedFix]) -> str:
    """Accuracy circles as one path, rounded to 5 m and thinned to `MOST_CIRCLES`."""
    rounded = {
        (5 * round(p.x / 5), 5 * round(p.y / 5), max(5, 5 * round(p.fix.radius_m / 5))): None
        for p in trail
        if p.fix.radius_m is not None and math.isfinite(p.fix.radius_m)
    }
    kept = list(rounded)[:: max(1, math.ceil(len(rounded) / MOST_CIRCLES))]
    return "".join(circle_path(x, y, r) for x, y, r in kept)


def circle_path(x: float, y: float, r: float) -> str:
    """A circle as two arcs."""
    return f"M{x - r:g} {y:g}a{r:g} {r:g} 0 1 0 {2 * r:g} 0a{r:g} {r:g} 0 1 0 {-2 * r:g} 0"


def arrows(trail: Sequence[PlacedFix]) -> list[tuple[int, int, int]]:
    """(x, y, degrees clockwise from east) midway on some pieces, to show which way it went."""
    found: list[tuple[int, int, int]] = []
    since = _ARROW_EVERY_M / 2
    for a, b in pairwise(trail):
        length = math.hypot(b.x - a.x, b.y - a.y)
        since += length
        if since < _ARROW_EVERY_M or length < 25:
            continue
        turn = round(math.degrees(math.atan2(b.y - a.y, b.x - a.x)))
        found.append(((a.x + b.x) // 2, (a.y + b.y) // 2, turn))
        since = 0.0
    return found


def labelled(
    trail: Sequence[PlacedFix], apart_m: float, most: int, taken: Sequence[PlacedFix] = ()
) -> list[PlacedFix]:
    """The fixes whose time is written on the map: the nearest first, then ends, none too close.

    Those of other trails (`taken`) may stand above or below, but not side by side at one height.
    """
    if not trail:
        return []
    nearest = min(range(len(trail)), key=lambda i: (trail[i].away_m, i))
    thirds = range(0, len(trail), max(1, len(trail) // 8))
    wanted = [nearest, 0, len(trail) - 1, *thirds]
    chosen: list[PlacedFix] = []
    for i in wanted:
        p = trail[i]
        if _clear(p, chosen, apart_m) and _legible(p, taken, apart_m):
            chosen.append(p)
    return chosen[:most]


def _clear(p: PlacedFix, others: Sequence[PlacedFix], apart_m: float) -> bool:
    return all(math.hypot(p.x - q.x, p.y - q.y) >= apart_m for q in others)


def _legible(p: PlacedFix, others: Sequence[PlacedFix], apart_m: float) -> bool:
    """A time is about five times as wide as it is high."""
    return all(abs(p.x - q.x) >= 0.8 * apart_m or abs(p.y - q.y) >= apart_m / 5 for q in others)


def track_data(trail: Sequence[PlacedFix], start: datetime) -> str:
    """`seconds,x,y;…` from `start`, for the script that steps through time."""
    return ";".join(f"{round((p.at - start).total_seconds())},{p.x},{p.y}" for p in trail)
