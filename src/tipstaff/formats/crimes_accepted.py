"""From good rows to crimes: grid pairs become degrees, all rows in one call."""

from __future__ import annotations

from typing import Final

import numpy as np

from tipstaff.domain.crimes import Crime
from tipstaff.domain.grid import grid_to_degrees
from tipstaff.formats.crimes_places import Place
from tipstaff.formats.crimes_problems import Fault, WarningCode
from tipstaff.formats.crimes_rows import Row

#: 1e-8 degree is a millimetre: OSTN15 is no sharper, and equal places stay equal anywhere.
_DEGREE_DECIMALS: Final = 8

Degrees = tuple[float | None, float | None]


def make_crimes(rows: list[Row]) -> tuple[Crime, ...]:
    """The crimes of rows without faults; a place outside OSTN15's cover is warned of in its row."""
    places = [row.place for row in rows if row.place is not None]
    located = zip(rows, places, _to_degrees(places), strict=True)
    return tuple(_crime(row, place, degrees) for row, place, degrees in located)


def _to_degrees(places: list[Place]) -> list[Degrees]:
    grid = [place for place in places if place.grid]
    latitudes, longitudes = grid_to_degrees([p.first for p in grid], [p.second for p in grid])
    converted = iter(zip(latitudes.tolist(), longitudes.tolist(), strict=True))
    return [_known(*next(converted)) if p.grid else (p.first, p.second) for p in places]


def _known(latitude: float, longitude: float) -> Degrees:
    if np.isnan(latitude):
        return (None, None)
    return (round(latitude, _DEGREE_DECIMALS), round(longitude, _DEGREE_DECIMALS))


def _crime(row: Row, place: Place, degrees: Degrees) -> Crime:
    if row.window is None:
        raise ValueError("a row with faults makes no crime")
    if degrees[0] is None:
        row.warnings.append(_unlocatable())
    return Crime(
        force=row.force or "",
        reference=row.reference or "",
        version=1,
        crime_type=row.crime_type or "",
        start=row.window[0],
        end=row.window[1],
        latitude=degrees[0],
        longitude=degrees[1],
        rounding_m=place.rounding_m,
        batch="" if row.batch is None else str(row.batch),
        text=row.text,
        easting=place.first if place.grid else None,
        northing=place.second if place.grid else None,
    )


def _unlocatable() -> Fault:
    action = (
        "The national grid does not cover this place: the crime is kept and never matched. "
        "Correct the easting and northing."
    )
    return Fault(WarningCode.UNLOCATABLE, "easting", None, action)
