"""The place of a crime: exactly one pair, of the national grid or of WGS84 degrees.

Each coordinate that is given gets one answer, in this order: it is no number; its partner is
missing; the other system is there too; it is out of range. Numbers are plain decimals: a
spreadsheet that writes 4.3E+05 has lost the place, so exponents are refused.

The step in which a coordinate was written is kept (`rounding_m`), since the scene is no sharper
than that: by its decimals, of the pair the more (a writer may drop trailing zeros of one); whole
metres that are all multiples of 10 or 100 count as written in such steps.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tipstaff.formats.crimes_columns import Cells
from tipstaff.formats.crimes_problems import Fault, RowCode, WarningCode, echo

RANGES: Final[dict[str, tuple[float, float]]] = {
    "easting": (0, 600_000),
    "northing": (0, 1_300_000),
    "latitude": (49.5, 61.5),
    "longitude": (-8.5, 2.6),
}
METRES_PER_DEGREE: Final = 111_320.0
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.([0-9]*))?|\.([0-9]+))")
_LONGEST_NUMBER: Final = 40
_GRID_STEPS_M: Final = (100, 10)


@dataclass(frozen=True, slots=True)
class Place:
    """A pair as given: (easting, northing) if `grid`, else (latitude, longitude)."""

    grid: bool
    first: float
    second: float
    rounding_m: float


def read_place(cells: Cells, faults: list[Fault], warnings: list[Fault]) -> Place | None:
    """The place; None where anything is wrong with it."""
    given = {name: getattr(cells, name) for name in RANGES if getattr(cells, name).strip()}
    if not given:
        action = "Give either easting and northing or latitude and longitude."
        faults.append(Fault(RowCode.MISSING_LOCATION_DATA, None, None, action))
        return None
    wrong = [fault for name in given if (fault := _check(name, given)) is not None]
    faults.extend(wrong)
    if wrong:
        return None
    first, second = given.values()
    grid = "easting" in given
    _compare_datum(cells.datum, grid=grid, warnings=warnings)
    return Place(grid, float(first), float(second), _rounding_m(grid, first, second))


def degrees_step_m(decimals: int) -> float:
    """The step, in metres along a meridian, of degrees written with so many decimals."""
    return float(f"{METRES_PER_DEGREE * 10.0**-decimals:.6g}")


def _check(name: str, given: dict[str, str]) -> Fault | None:
    written = given[name]
    pair, other = ("easting", "northing"), ("latitude", "longitude")
    if name in other:
        pair, other = other, pair
    partner = pair[1 - pair.index(name)]
    low, high = RANGES[name]
    if len(written) > _LONGEST_NUMBER or not _NUMBER.fullmatch(written):
        action = "Write a plain decimal number, without letters, spaces, commas or an exponent."
        return Fault(RowCode.INVALID_NUMBER, name, echo(written), action)
    if partner not in given:
        action = f"Give the {partner} too, or leave out both."
        return Fault(RowCode.DEPENDENT_LOCATION_DATA, name, echo(written), action)
    if any(coordinate in given for coordinate in other):
        action = "Give either easting and northing or latitude and longitude, not both."
        return Fault(RowCode.MULTIPLE_LOCATION_DATA_TYPES, name, echo(written), action)
    if not low <= float(written) <= high:
        action = f"Give a {name} from {low} to {high}; look for swapped or shifted columns."
        return Fault(RowCode.INVALID_LOCATION_DATA_RANGE, name, echo(written), action)
    return None


def _compare_datum(datum: str, *, grid: bool, warnings: list[Fault]) -> None:
    said = re.sub(r"[^A-Z0-9]", "", datum[:40].upper())
    right = "OSGB36" if grid else "WGS84"
    if said in {"OSGB36", "WGS84"} and said != right:
        action = (
            f"The pair given is of {right} and was read as that; put the datum or the pair right."
        )
        warnings.append(Fault(WarningCode.DATUM_CONTRADICTION, "datum", echo(datum), action))


def _rounding_m(grid: bool, first: str, second: str) -> float:  # noqa: FBT001 (private)
    decimals = max(_decimals(first), _decimals(second))
    if not grid:
        return degrees_step_m(decimals)
    if decimals:
        return float(f"{10.0**-decimals:.6g}")
    whole = (int(float(first)), int(float(second)))
    return float(next((s for s in _GRID_STEPS_M if not any(v % s for v in whole)), 1))


def _decimals(written: str) -> int:
    return len(written.partition(".")[2])
