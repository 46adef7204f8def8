"""Writing crime files, and reports on those that were read."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Final

from tipstaff.domain.crimes import CRIME_TYPE_WORDS, Crime, CrimeType
from tipstaff.formats.crimes import CrimeFile
from tipstaff.formats.crimes_columns import Cells
from tipstaff.formats.crimes_places import METRES_PER_DEGREE
from tipstaff.formats.crimes_problems import Problem
from tipstaff.formats.tables import encode_table, join_cells

ERROR_COLUMNS: Final = (
    "severity",
    "row",
    "line",
    "crime_reference",
    "code",
    "field",
    "value",
    "what_to_do",
)
_MOST_DECIMALS: Final = 9


def write_crimes(crimes: Iterable[Crime]) -> bytes:
    """Crimes as the national CSV, in the order given: no header, whole seconds, UTC.

    The grid pair is written where the crime has one, else WGS84 degrees to the crime's rounding. A
    format for machines: cells are as they are, no formula is escaped, so that reading it gives the
    same crimes. ValueError for a crime without a place.
    """
    return b"".join(join_cells(_cells(crime)) for crime in crimes)


def report_errors(file: CrimeFile) -> bytes:
    """Every error, then every warning, as CSV for a spreadsheet, with what to do."""
    errors = [_report_row("error", problem) for problem in file.errors]
    warnings = [_report_row("warning", problem) for problem in file.warnings]
    return encode_table(ERROR_COLUMNS, errors + warnings)


def file_json(file: CrimeFile) -> dict[str, Any]:
    """What became of the file, as plain values."""
    return {
        "status": str(file.status),
        "rows": file.rows,
        "accepted": len(file.crimes),
        "errors": [_problem_json(problem) for problem in file.errors],
        "warnings": [_problem_json(problem) for problem in file.warnings],
    }


def _problem_json(problem: Problem) -> dict[str, Any]:
    return {
        "row": problem.row,
        "reference": problem.reference,
        "code": str(problem.code),
        "field": problem.field,
        "value": problem.value,
        "action": problem.action,
    }


def _report_row(severity: str, problem: Problem) -> tuple[str | int | None, ...]:
    return (
        severity,
        problem.row,
        problem.line,
        problem.reference,
        str(problem.code),
        problem.field,
        problem.value,
        problem.action,
    )


def _cells(crime: Crime) -> Cells:
    place = _place(crime)
    known = crime.crime_type in CrimeType.__members__
    return Cells(
        police_force=crime.force,
        crime_type=crime.crime_type,
        crime_type_description=CRIME_TYPE_WORDS[CrimeType(crime.crime_type)] if known else "",
        batch_id=crime.batch,
        crime_reference=crime.reference,
        from_=crime.start.strftime("%Y%m%d%H%M%S"),
        to=crime.end.strftime("%Y%m%d%H%M%S"),
        easting=place[0],
        northing=place[1],
        latitude=place[2],
        longitude=place[3],
        datum="OSGB36" if place[0] else "WGS84",
        crime_text=crime.text,
    )


def _place(crime: Crime) -> tuple[str, str, str, str]:
    if crime.easting is not None and crime.northing is not None:
        decimals = _decimals(crime.rounding_m)
        return f"{crime.easting:.{decimals}f}", f"{crime.northing:.{decimals}f}", "", ""
    if crime.latitude is None or crime.longitude is None:
        raise ValueError("a crime without a place cannot be written")
    decimals = _decimals(crime.rounding_m / METRES_PER_DEGREE)
    return "", "", f"{crime.latitude:.{decimals}f}", f"{crime.longitude:.{decimals}f}"


def _decimals(step: float) -> int:
    """Decimals that keep a step: 1 and above none, 0.01 two."""
    if step <= 0:
        return _MOST_DECIMALS
    return min(max(round(-math.log10(step)), 0), _MOST_DECIMALS)
