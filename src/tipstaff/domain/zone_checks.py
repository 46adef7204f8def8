"""What is wrong with a zone, told to the person who drew it; nothing is put right silently.

Where it lies, how large it is and its schedule are judged here, how it is drawn in `zone_drawing`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from tipstaff.domain.geodesy import distance_m
from tipstaff.domain.problems import Problem, below
from tipstaff.domain.timetable_checks import timetable_problems
from tipstaff.domain.zone_drawing import ZoneCode, drawing_problems, rings_of
from tipstaff.domain.zones import (
    AddressBuffer,
    Area,
    Circle,
    Corridor,
    Place,
    Ring,
    Shape,
    Zone,
)

MOST_REACH_M: Final = 200_000.0
MOST_RADIUS_M: Final = 50_000.0
MOST_HALF_WIDTH_M: Final = 5_000.0
MOST_BUFFER_M: Final = 5_000.0
MOST_PLACES: Final = 20_000


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where zones may lie, degrees, the edges included."""

    name: str
    south: float
    west: float
    north: float
    east: float

    def hold(self, place: Place) -> bool:
        """Whether the place lies in them."""
        return (
            self.south <= place.latitude <= self.north and self.west <= place.longitude <= self.east
        )


#: From the Channel Islands to Shetland, from the west of Ireland to Lowestoft.
BRITISH_ISLES: Final = Bounds("the British Isles", 49.0, -11.0, 61.5, 2.6)
WORLD: Final = Bounds("the world", -85.0, -180.0, 85.0, 180.0)


def zone_problems(zone: Zone, bounds: Bounds = BRITISH_ISLES) -> list[Problem]:
    """Everything wrong with a zone: its shape and its schedule."""
    found = below("shape", shape_problems(zone.shape, bounds))
    if zone.schedule is not None:
        found += below("schedule", timetable_problems(zone.schedule, at_addresses=False))
    return found


def shape_problems(shape: Shape, bounds: Bounds = BRITISH_ISLES) -> list[Problem]:
    """Everything wrong with a shape. Crossings are looked for once every place is a real one."""
    found = [*_size_problems(shape)]
    rings = rings_of(shape)
    if sum(len(ring) for _where, ring in rings) > MOST_PLACES:
        action = f"draw it with {MOST_PLACES} places at most"
        return [*found, Problem(ZoneCode.TOO_MANY_PLACES, "", action)]
    places = [problem for where, ring in rings for problem in _place_problems(where, ring, bounds)]
    if places:
        return found + places
    return [*found, *_extent_problems(rings), *drawing_problems(shape)]


def _size_problems(shape: Shape) -> Iterator[Problem]:
    match shape:
        case Circle(_, radius):
            yield from _length_problems("radius_m", radius, MOST_RADIUS_M)
        case Corridor(_, half_width):
            yield from _length_problems("half_width_m", half_width, MOST_HALF_WIDTH_M)
        case AddressBuffer(address, _, buffer):
            if not address.strip():
                yield Problem(ZoneCode.NO_ADDRESS, "address", "name the address it is about")
            yield from _length_problems("buffer_m", buffer, MOST_BUFFER_M)
        case Area(parts):
            if not parts:
                yield Problem(ZoneCode.NO_PARTS, "parts", "draw at least one polygon")


def _length_problems(where: str, length_m: float, most_m: float) -> Iterator[Problem]:
    if not math.isfinite(length_m):
        yield Problem(ZoneCode.NOT_A_NUMBER, where, "write a number of metres")
    elif length_m <= 0:
        yield Problem(ZoneCode.SIZE_NOT_POSITIVE, where, "write more than 0 metres")
    elif length_m > most_m:
        yield Problem(ZoneCode.TOO_LARGE, where, f"write {most_m:.0f} metres at most")


def _place_problems(where: str, ring: Ring, bounds: Bounds) -> Iterator[Problem]:
    """At most one problem of each ring's places: the first, since one slip spoils them all."""
    for index, place in enumerate(ring):
        told = _place_problem(place, bounds)
        if told is not None:
            yield Problem(told[0], f"{where}[{index}]", told[1])
            return


def _place_problem(place: Place, bounds: Bounds) -> tuple[ZoneCode, str] | None:
    if not (math.isfinite(place.latitude) and math.isfinite(place.longitude)):
        return ZoneCode.NOT_A_NUMBER, "write latitude and longitude as numbers of degrees"
    if not (abs(place.latitude) <= 90 and abs(place.longitude) <= 180):
        action = "latitudes are −90 to 90 and longitudes −180 to 180 degrees (not grid metres)"
        return ZoneCode.NO_SUCH_PLACE, action
    if bounds.hold(place):
        return None
    swapped = bounds.hold(Place(place.longitude, place.latitude))
    hint = "latitude and longitude seem to be swapped" if swapped else "check the place"
    return ZoneCode.OUTSIDE_BOUNDS, f"the zone must lie in {bounds.name}: {hint}"


def _extent_problems(rings: list[tuple[str, Ring]]) -> Iterator[Problem]:
    places = np.array([place for _where, ring in rings for place in ring]).reshape(-1, 2)
    if len(places) and float(distance_m(*places[0], *places.T).max()) > MOST_REACH_M:
        action = f"draw it within {MOST_REACH_M / 1000:.0f} km of its first place, or as several"
        yield Problem(ZoneCode.TOO_LARGE, "", action)
