"""The written crime file, the rounding read from it, and the report of errors."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tipstaff.domain.crimes import Crime
from tipstaff.formats.crimes import read_crimes
from tipstaff.formats.crimes_writing import ERROR_COLUMNS, file_json, report_errors, write_crimes

CRIME = Crime(
    force="Derbyshire",
    reference="26000012345",
    version=1,
    crime_type="BIAD",
    start=datetime(2026, 1, 30, 22, tzinfo=UTC),
    end=datetime(2026, 1, 31, 6, 30, tzinfo=UTC),
    latitude=52.92101,
    longitude=-1.47612,
    rounding_m=1.1132,
    batch="DBY20260131",
    text='rear "window", forced',
)


def test_degrees_are_written_to_the_crimes_rounding() -> None:
    assert write_crimes([CRIME]) == (
        b"Derbyshire,BIAD,burglary in a dwelling,DBY20260131,26000012345,20260130220000,"
        b'20260131063000,,,52.92101,-1.47612,WGS84,"rear ""window"", forced"\n'
    )
    assert read_crimes(write_crimes([CRIME])).crimes == (CRIME,)


def test_a_grid_pair_is_written_as_given() -> None:
    crime = replace(CRIME, easting=435213.0, northing=336107.0, rounding_m=1.0)
    assert b",435213,336107,,,OSGB36," in write_crimes([crime])


def test_a_formula_in_a_text_comes_back_as_it_was() -> None:
    crime = replace(CRIME, text="=cmd()", reference="-1")
    got = read_crimes(write_crimes([crime])).crimes[0]
    assert (got.text, got.reference) == ("=cmd()", "-1")


def test_a_crime_without_a_place_is_a_broken_call() -> None:
    with pytest.raises(ValueError, match="without a place"):
        write_crimes([replace(CRIME, latitude=None, longitude=None)])


@pytest.mark.parametrize(
    ("pair", "system", "rounding_m"),
    [
        (("435213", "336107"), "grid", 1.0),
        (("435210", "336100"), "grid", 10.0),
        (("435200", "336100"), "grid", 100.0),
        (("435000", "336000"), "grid", 100.0),
        (("435213.5", "336107.25"), "grid", 0.01),
        (("53", "-1"), "degrees", 111_320.0),
        (("52.921", "-1.5"), "degrees", 111.32),
        (("52.92", "-1.47612"), "degrees", 1.1132),
        (("52.9210123", "-1.47"), "degrees", 0.011132),
    ],
)
def test_the_step_of_a_coordinate_is_kept(
    pair: tuple[str, str], system: str, rounding_m: float
) -> None:
    place = f"{pair[0]},{pair[1]},," if system == "grid" else f",,{pair[0]},{pair[1]}"
    row = f"Derbyshire,RB,,DBY20260131,1,20260130220000,20260130220000,{place},,"
    got = read_crimes(row.encode())
    assert [crime.rounding_m for crime in got.crimes] == [rounding_m]


def test_the_report_is_harmless_in_a_spreadsheet_and_says_what_to_do() -> None:
    row = b"=cmd(),RB,,DBY20260131,=1+1,20260130220000,20260130220000,-9999,336107,,,WGS84,\n"
    content = report_errors(read_crimes(row)).decode()
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    assert tuple(rows[0]) == ERROR_COLUMNS
    assert [(r["severity"], r["row"], r["code"], r["value"]) for r in rows] == [
        ("error", "", "ALL_RECORDS_FAILED", ""),
        ("error", "1", "INVALID_POLICE_FORCE", "'=cmd()"),
        ("error", "1", "INVALID_LOCATION_DATA_RANGE", "-9999"),
        ("warning", "1", "FORMULA_CELL", "starts with ="),
    ]
    assert {r["crime_reference"] for r in rows[1:]} == {"'=1+1"}
    assert all(r["what_to_do"] for r in rows)


def test_the_json_has_the_promised_keys() -> None:
    got = file_json(read_crimes(b"x,y\n"))
    assert list(got) == ["status", "rows", "accepted", "errors", "warnings"]
    assert {tuple(e) for e in got["errors"]} == {
        ("row", "reference", "code", "field", "value", "action")
    }
