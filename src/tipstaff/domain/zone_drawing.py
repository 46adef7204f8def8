"""How a zone is drawn: rings that cross themselves, holes outside, parts that overlap.

A ring that crosses itself has no inside that two programs agree on, so it is refused rather than
mended. All is judged in degrees, where edges are straight; the places must be real ones.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

import shapely

from tipstaff.domain.problems import Problem
from tipstaff.domain.zone_ground import unwrapped
from tipstaff.domain.zones import AddressBuffer, Area, Circle, Corridor, Place, Polygon, Ring, Shape

LEAST_AREA_M2: Final = 1.0
_METRES_A_DEGREE: Final = 111_000.0


class ZoneCode(StrEnum):
    """Why a zone is refused."""

    NOT_A_NUMBER = "NOT_A_NUMBER"
    NO_SUCH_PLACE = "NO_SUCH_PLACE"
    OUTSIDE_BOUNDS = "OUTSIDE_BOUNDS"
    NO_PARTS = "NO_PARTS"
    TOO_FEW_PLACES = "TOO_FEW_PLACES"
    TOO_MANY_PLACES = "TOO_MANY_PLACES"
    CROSSES_ITSELF = "CROSSES_ITSELF"
    NO_AREA = "NO_AREA"
    HOLE_OUTSIDE = "HOLE_OUTSIDE"
    HOLES_OVERLAP = "HOLES_OVERLAP"
    HOLE_ON_EDGE = "HOLE_ON_EDGE"
    PARTS_OVERLAP = "PARTS_OVERLAP"
    SIZE_NOT_POSITIVE = "SIZE_NOT_POSITIVE"
    TOO_LARGE = "TOO_LARGE"
    NO_ADDRESS = "NO_ADDRESS"


def rings_of(shape: Shape) -> list[tuple[str, Ring]]:
    """Every ring or line of a shape with the path to it; a point is a line of one place."""
    match shape:
        case Circle(centre, _):
            return [("centre", (centre,))]
        case Corridor(line, _):
            return [("line", line)]
        case AddressBuffer(_, Polygon() as outline, _):
            return _polygon_rings("outline", outline)
        case AddressBuffer(_, Place() as point, _):
            return [("outline", (point,))]
        case Area(parts):
            return [r for i, part in enumerate(parts) for r in _polygon_rings(f"parts[{i}]", part)]
    raise TypeError("no shape of a zone")


def _polygon_rings(path: str, polygon: Polygon) -> list[tuple[str, Ring]]:
    holes = [(f"{path}.holes[{i}]", hole) for i, hole in enumerate(polygon.holes)]
    return [(f"{path}.outer", polygon.outer), *holes]


def drawing_problems(shape: Shape) -> Iterator[Problem]:
    """What is wrong with the lines of a shape."""
    match shape:
        case Corridor(line, _):
            if len(set(line)) < 2:
                action = "draw the line with at least 2 different places"
                yield Problem(ZoneCode.TOO_FEW_PLACES, "line", action)
        case AddressBuffer(_, Polygon() as outline, _):
            yield from _polygon_problems("outline", outline)
        case Area(parts):
            wrong = [
                problem
                for index, part in enumerate(parts)
                for problem in _polygon_problems(f"parts[{index}]", part)
            ]
            yield from wrong or _part_overlaps(parts)


def _polygon_problems(path: str, polygon: Polygon) -> Iterator[Problem]:
    wrong = [
        problem
        for where, ring in _polygon_rings(path, polygon)
        for problem in _ring_problems(where, ring)
    ]
    yield from wrong or _hole_problems(path, polygon)


_CROSSING: Final = re.compile(r"\[(\S+) (\S+)\]")


def _ring_problems(where: str, ring: Ring) -> Iterator[Problem]:
    if len(set(ring)) < 3:
        action = "draw it with at least 3 different corners"
        yield Problem(ZoneCode.TOO_FEW_PLACES, where, action)
        return
    flat = _flat(ring, ring[0])
    square_m2 = _METRES_A_DEGREE**2 * math.cos(math.radians(ring[0].latitude))
    if flat.convex_hull.area * square_m2 < LEAST_AREA_M2:
        yield Problem(ZoneCode.NO_AREA, where, "its corners lie in one line: draw an area")
    elif not flat.is_valid:
        crossing = _CROSSING.search(shapely.is_valid_reason(flat))
        near = (float(crossing[2]), float(crossing[1])) if crossing else None
        action = "it crosses or touches itself: draw it again without that"
        yield Problem(ZoneCode.CROSSES_ITSELF, where, action, near)


def _hole_problems(path: str, polygon: Polygon) -> Iterator[Problem]:
    first = polygon.outer[0]
    outer = _flat(polygon.outer, first)
    holes = [_flat(hole, first) for hole in polygon.holes]
    outside = [i for i, hole in enumerate(holes) if not shapely.covers(outer, hole)]
    overlapping = sorted({j for i, j in _touching(holes) if _share_ground(holes[i], holes[j])})
    for index in outside:
        action = "draw the hole inside the outer ring"
        yield Problem(ZoneCode.HOLE_OUTSIDE, f"{path}.holes[{index}]", action)
    for index in overlapping:
        action = "overlaps an earlier hole: draw the holes apart, or as one"
        yield Problem(ZoneCode.HOLES_OVERLAP, f"{path}.holes[{index}]", action)
    whole = _flat(polygon.outer, first, *polygon.holes)
    if not (outside or overlapping or whole.is_valid):
        action = "a hole lies along an edge or cuts the area in two: draw it away from the edges"
        yield Problem(ZoneCode.HOLE_ON_EDGE, f"{path}.holes", action)


def _part_overlaps(parts: tuple[Polygon, ...]) -> Iterator[Problem]:
    flats = [_flat(part.outer, parts[0].outer[0], *part.holes) for part in parts]
    overlapping = {j for i, j in _touching(flats) if _share_ground_or_edge(flats[i], flats[j])}
    for index in sorted(overlapping):
        action = "overlaps or adjoins an earlier part: draw the parts apart, or as one"
        yield Problem(ZoneCode.PARTS_OVERLAP, f"parts[{index}]", action)


def _touching(flats: list[shapely.Polygon]) -> Iterator[tuple[int, int]]:
    """The pairs, the earlier first, that have a point in common; quick where few have one."""
    if len(flats) < 2:
        return
    pairs = shapely.STRtree(flats).query(flats, predicate="intersects")
    for one, other in pairs.T.tolist():
        if one < other:
            yield one, other


def _share_ground_or_edge(one: shapely.Polygon, other: shapely.Polygon) -> bool:
    along_an_edge = bool(shapely.relate_pattern(one, other, "****1****"))
    return along_an_edge or _share_ground(one, other)


def _share_ground(one: shapely.Polygon, other: shapely.Polygon) -> bool:
    return bool(shapely.relate_pattern(one, other, "T********"))


def _flat(ring: Ring, about: Place, *holes: Ring) -> shapely.Polygon:
    """A polygon in degrees, its longitudes within half a turn of the place `about`."""
    middle = about.longitude
    return shapely.Polygon(unwrapped(ring, middle), [unwrapped(hole, middle) for hole in holes])
