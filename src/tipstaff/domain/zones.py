"""Zones: areas on the ground where a wearer must not be, or must be, and when.

Places are WGS84 degrees, sizes metres. Edges between two places are straight in degrees, as
GeoJSON's are (RFC 7946, 3.1.1). Rings are open here: the last place is not the first again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import NamedTuple

from tipstaff.domain.periods import Period
from tipstaff.domain.spans import Span, clipped, laid
from tipstaff.domain.timetables import Timetable, demands


class ZoneKind(StrEnum):
    """What a zone means."""

    EXCLUSION = "exclusion"  # must not be inside
    INCLUSION = "inclusion"  # must not be outside


class Harm(IntEnum):
    """How much harm a breach of the zone may do; orders alerts, never judges the person."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3


class Place(NamedTuple):
    """A point on the ground, degrees."""

    latitude: float
    longitude: float


Ring = tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Polygon:
    """The ground inside `outer` and outside every hole."""

    outer: Ring
    holes: tuple[Ring, ...] = ()


@dataclass(frozen=True, slots=True)
class Area:
    """One polygon or several that lie apart."""

    parts: tuple[Polygon, ...]


@dataclass(frozen=True, slots=True)
class Circle:
    """All within `radius_m` of the centre."""

    centre: Place
    radius_m: float


@dataclass(frozen=True, slots=True)
class Corridor:
    """All within `half_width_m` of a line: a road, a path, a way to work. Its ends are round."""

    line: Ring
    half_width_m: float


@dataclass(frozen=True, slots=True)
class AddressBuffer:
    """All within `buffer_m` of an address: of its outline, or of one point where none is known.

    `address` is a reference; `outline` a polygon of the building or its ground.
    """

    address: str
    outline: Polygon | Place
    buffer_m: float


Shape = Area | Circle | Corridor | AddressBuffer


@dataclass(frozen=True, slots=True)
class Zone:
    """A shape with a meaning. It always holds where `schedule` is None."""

    kind: ZoneKind
    shape: Shape
    harm: Harm = Harm.MEDIUM
    schedule: Timetable | None = None


def zone_periods(zone: Zone, during: Period, absences: Iterable[Period] = ()) -> tuple[Period, ...]:
    """When the zone holds within `during`, less what was authorised; apart and in order."""
    if zone.schedule is not None:
        return tuple(demand.period for demand in demands(zone.schedule, during, absences))
    free = [Span(absence.start, absence.end, None) for absence in absences]
    spans = clipped(laid([Span(during.start, during.end, ()), *free]), during.start, during.end)
    return tuple(Period(span.start, span.end) for span in spans)
