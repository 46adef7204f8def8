"""FACTS §1, row by row: what a cell may hold, and the code where it may not.

Each line of a table: a name, the cells that differ from a good row, the (code, field) pairs wanted
(none: the row is accepted).
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tipstaff.domain.forces import NATIONAL_FORCES
from tipstaff.formats.crimes import Status, read_crimes
from tipstaff.formats.crimes_problems import FileCode, RowCode

Row = Callable[..., bytes]
Case = tuple[str, dict[str, str], list[tuple[str, str | None]]]

GRID_EMPTY = {"easting": "", "northing": "", "datum": ""}
DEGREES = GRID_EMPTY | {"latitude": "52.921", "longitude": "-1.476"}
RANGE = "INVALID_LOCATION_DATA_RANGE"
DEPENDENT = "DEPENDENT_LOCATION_DATA"
FORCE = [("INVALID_POLICE_FORCE", "police_force")]
TYPE = [("INVALID_CRIME_TYPE", "crime_type")]
FORMAT = [("INVALID_BATCH_ID_FORMAT", "batch_id")]
DATE = [("INVALID_BATCH_ID_DATE", "batch_id")]
REFERENCE = [("MISSING_CRIME_REFERENCE", "crime_reference")]
FROM = [("INVALID_FROM_DATE_FORMAT", "from")]
TO = [("INVALID_TO_DATE_FORMAT", "to")]
WINDOW = [("CRIME_DATE_TIME_EXCEEDS_WINDOW", "to")]
BEFORE = [("CRIME_DATE_TIME_TO_AFTER_FROM", "to")]

FORCES: list[Case] = [
    ("lower case", {"force": "derbyshire"}, FORCE),
    ("with a space", {"force": "Derbyshire "}, FORCE),
    ("empty", {"force": ""}, FORCE),
    ("a real force outside the nineteen", {"force": "Dorset"}, FORCE),
    ("the code for the name", {"force": "DBY"}, FORCE),
    ("a formula", {"force": "=cmd()"}, FORCE),
    ("invalid: the batch id is not looked at", {"force": "X", "batch": "rubbish"}, FORCE),
    ("invalid: nor missed", {"force": "X", "batch": ""}, FORCE),
]
TYPES: list[Case] = [
    *((code, {"type": code}, []) for code in ("RB", "BIAD", "AB", "BOTD", "TOMV", "TFP", "TFMV")),
    ("lower case", {"type": "tfmv"}, []),
    ("mixed case", {"type": "Biad"}, []),
    ("unknown", {"type": "ASB"}, TYPE),
    ("empty", {"type": ""}, TYPE),
    ("in words", {"type": "robbery"}, TYPE),
    ("a letter whose upper case is longer", {"type": "ﬀ"}, TYPE),
    ("description ignored", {"description": "anything, even ASB"}, []),
    ("description empty", {"description": ""}, []),
    (
        "description with a NUL",
        {"description": "a\0b"},
        [("INVALID_TEXT", "crime_type_description")],
    ),
]
BATCHES: list[Case] = [
    ("with a number", {"batch": "DBY20260131-1"}, []),
    ("replacement", {"batch": "DBY20260131-R"}, []),
    ("replacement, lower case", {"batch": "DBY20260131-r"}, []),
    ("addition with a number", {"batch": "DBY20260131-2-A"}, []),
    ("addition, lower case", {"batch": "DBY20260131-2-a"}, []),
    ("number nought", {"batch": "DBY20260131-0"}, []),
    ("leap day", {"batch": "DBY20240229"}, []),
    ("missing", {"batch": ""}, [("MISSING_BATCH_ID", "batch_id")]),
    ("spaces alone", {"batch": "  "}, [("MISSING_BATCH_ID", "batch_id")]),
    ("another force's code", {"batch": "DUR20260131"}, FORMAT),
    ("code in lower case", {"batch": "dby20260131"}, FORMAT),
    ("trailing rubbish", {"batch": "DBY20260131x"}, FORMAT),
    ("trailing space", {"batch": "DBY20260131 "}, FORMAT),
    ("trailing line break", {"batch": "DBY20260131\n"}, FORMAT),
    ("leading rubbish", {"batch": "xDBY20260131"}, FORMAT),
    ("two-digit number", {"batch": "DBY20260131-12"}, FORMAT),
    ("R before the number", {"batch": "DBY20260131-R-1"}, FORMAT),
    ("R and A", {"batch": "DBY20260131-R-A"}, FORMAT),
    ("other letter", {"batch": "DBY20260131-B"}, FORMAT),
    ("seven digits", {"batch": "DBY2026131"}, FORMAT),
    ("digits of another script", {"batch": "DBY٢٠٢٦٠١٣١"}, FORMAT),
    ("30 February", {"batch": "DBY20260230"}, DATE),
    ("no leap day in 2026", {"batch": "DBY20260229"}, DATE),
    ("month 13", {"batch": "DBY20261301"}, DATE),
    ("year nought", {"batch": "DBY00000101"}, DATE),
]
REFERENCES: list[Case] = [
    ("any text", {"reference": "DBY/26-0001 (a)"}, []),
    ("not ASCII", {"reference": "Sø-1"}, []),
    ("empty", {"reference": ""}, REFERENCE),
    ("spaces alone", {"reference": "   "}, REFERENCE),
    ("NUL", {"reference": "1\x002"}, [("INVALID_TEXT", "crime_reference")]),
    ("tab", {"reference": "1\t2"}, [("INVALID_TEXT", "crime_reference")]),
    ("line break", {"reference": "1\n2"}, [("INVALID_TEXT", "crime_reference")]),
]
TIMES: list[Case] = [
    ("no length", {"end": "20260130220000"}, []),
    ("12 h exactly", {"end": "20260131100000"}, []),
    ("12 h and 1 s", {"end": "20260131100001"}, WINDOW),
    ("1 s before", {"end": "20260130215959"}, BEFORE),
    ("12 h over spring's lost hour", {"start": "20260328200000", "end": "20260329080000"}, []),
    ("13 h over spring's lost hour", {"start": "20260328200000", "end": "20260329090000"}, WINDOW),
    ("leap day", {"start": "20240229000000", "end": "20240229010000"}, []),
    ("last second of a year", {"start": "20251231235959", "end": "20260101000000"}, []),
    ("30 February", {"start": "20260230000000"}, FROM),
    ("30 February, end", {"end": "20260230000000"}, TO),
    ("hour 24", {"start": "20260130240000"}, FROM),
    ("minute 60", {"start": "20260130226000"}, FROM),
    ("second 60", {"end": "20260131063060"}, TO),
    ("empty start", {"start": ""}, FROM),
    ("empty end", {"end": ""}, TO),
    ("no seconds", {"start": "202601302200"}, FROM),
    ("ISO 8601", {"start": "2026-01-30T22:00:00Z"}, FROM),
    ("a space", {"start": " 20260130220000"}, FROM),
    ("a line break", {"end": "20260131063000\n"}, TO),
    ("digits of another script", {"start": "٢٠٢٦٠١٣٠٢٢٠٠٠٠"}, FROM),
    ("year nought", {"start": "00000101000000"}, FROM),
    ("both ends", {"start": "x", "end": "y"}, FROM + TO),
]
PLACES: list[Case] = [
    ("grid, lowest", {"easting": "0", "northing": "0"}, []),
    ("grid, highest", {"easting": "600000", "northing": "1300000"}, []),
    ("grid, decimals", {"easting": "435213.45", "northing": "336107.5"}, []),
    ("grid, over", {"easting": "600001"}, [(RANGE, "easting")]),
    ("grid, just over", {"easting": "600000.01"}, [(RANGE, "easting")]),
    ("grid, below", {"easting": "-1"}, [(RANGE, "easting")]),
    ("northing over", {"northing": "1300001"}, [(RANGE, "northing")]),
    ("northing below", {"northing": "-0.5"}, [(RANGE, "northing")]),
    ("degrees", DEGREES, []),
    ("degrees, lowest", DEGREES | {"latitude": "49.5", "longitude": "-8.5"}, []),
    ("degrees, highest", DEGREES | {"latitude": "61.5", "longitude": "2.6"}, []),
    ("latitude below", DEGREES | {"latitude": "49.4999"}, [(RANGE, "latitude")]),
    ("latitude over", DEGREES | {"latitude": "61.5001"}, [(RANGE, "latitude")]),
    ("longitude below", DEGREES | {"longitude": "-8.51"}, [(RANGE, "longitude")]),
    ("longitude over", DEGREES | {"longitude": "2.61"}, [(RANGE, "longitude")]),
    (
        "latitude and longitude swapped",
        DEGREES | {"latitude": "-1.476", "longitude": "52.921"},
        [(RANGE, "latitude"), (RANGE, "longitude")],
    ),
    ("none", GRID_EMPTY, [("MISSING_LOCATION_DATA", None)]),
    ("spaces are none", GRID_EMPTY | {"easting": " "}, [("MISSING_LOCATION_DATA", None)]),
    ("easting alone", {"northing": ""}, [(DEPENDENT, "easting")]),
    ("northing alone", {"easting": ""}, [(DEPENDENT, "northing")]),
    ("latitude alone", GRID_EMPTY | {"latitude": "53"}, [(DEPENDENT, "latitude")]),
    ("longitude alone", GRID_EMPTY | {"longitude": "-1"}, [(DEPENDENT, "longitude")]),
    (
        "both pairs",
        {"latitude": "52.921", "longitude": "-1.476"},
        [
            ("MULTIPLE_LOCATION_DATA_TYPES", name)
            for name in ("easting", "northing", "latitude", "longitude")
        ],
    ),
    (
        "a pair and a half",
        {"latitude": "52.921"},
        [
            ("MULTIPLE_LOCATION_DATA_TYPES", "easting"),
            ("MULTIPLE_LOCATION_DATA_TYPES", "northing"),
            (DEPENDENT, "latitude"),
        ],
    ),
    ("number before partner", {"easting": "x", "northing": ""}, [("INVALID_NUMBER", "easting")]),
    (
        "partner before system",
        {"northing": "", "longitude": "-1"},
        [(DEPENDENT, "easting"), (DEPENDENT, "longitude")],
    ),
    (
        "system before range",
        {"easting": "600001", "latitude": "0", "longitude": "0"},
        [
            ("MULTIPLE_LOCATION_DATA_TYPES", name)
            for name in ("easting", "northing", "latitude", "longitude")
        ],
    ),
    (
        "a bad number is no missing partner",
        {"easting": "x", "northing": "1300001"},
        [("INVALID_NUMBER", "easting"), (RANGE, "northing")],
    ),
    *(
        (f"no number: {text!r}", {"easting": text}, [("INVALID_NUMBER", "easting")])
        for text in (
            "nan", "inf", "-inf", "1e5", "4.3E+05", "1_000", "435,213", "0x10", "=1+1", "SK352361",
            " 435213", "435213\n", "٤٣٥٢١٣", "--1", ".", "1" * 41,
        )
    ),
]  # fmt: skip
TEXTS: list[Case] = [
    ("empty", {"text": ""}, []),
    ("long", {"text": "x" * 100_000}, []),
    ("line breaks and tabs", {"text": "one\ntwo\r\n\tthree"}, []),
    ("quotes and commas", {"text": 'said "stop, thief"'}, []),
    ("formula", {"text": "=cmd|' /C calc'!A0"}, []),
    ("any script", {"text": "Llanfairpwll — ŵ 😀 مرحبا"}, []),
    *(
        (f"control U+{ord(char):04X}", {"text": f"a{char}b"}, [("INVALID_TEXT", "crime_text")])
        for char in "\x00\x07\x0b\x1b\x1f\x7f\x85\x9f"
    ),
    ("datum ignored", {"datum": "ED50"}, []),
    ("datum empty", {"datum": ""}, []),
    ("datum contradicts", {"datum": "WGS84"}, []),
]
EVERY: list[Case] = [
    (f"{title}: {name}", cells, wanted)
    for title, table in (
        ("force", FORCES), ("type", TYPES), ("batch", BATCHES), ("reference", REFERENCES),
        ("time", TIMES), ("place", PLACES), ("text", TEXTS),
    )
    for name, cells, wanted in table
]  # fmt: skip


@pytest.mark.parametrize(("cells", "wanted"), [c[1:] for c in EVERY], ids=[c[0] for c in EVERY])
def test_a_row(national_row: Row, cells: dict[str, str], wanted: list[tuple[str, str]]) -> None:
    got = read_crimes(national_row(**cells))
    rows = [(str(e.code), e.field) for e in got.errors if e.row is not None]
    assert rows == wanted
    assert len(got.crimes) == (0 if wanted else 1)
    assert got.status is (Status.ERROR if wanted else Status.SUCCESSFUL)
    assert all(e.row == 1 and e.line == 1 and e.action for e in got.errors if e.row is not None)


@pytest.mark.parametrize(("force", "code"), NATIONAL_FORCES.items())
def test_each_force_with_its_own_code(national_row: Row, force: str, code: str) -> None:
    got = read_crimes(national_row(force=force, batch=f"{code}20260131"))
    assert [crime.force for crime in got.crimes] == [force]


def test_there_are_nineteen_forces_and_every_row_code_is_in_these_tables() -> None:
    assert len(NATIONAL_FORCES) == 19
    told = {code for _name, _cells, wanted in EVERY for code, _field in wanted}
    elsewhere = {RowCode.INVALID_COLUMN_COUNT, RowCode.DUPLICATE_CRIME_REFERENCE}
    assert told | elsewhere == set(RowCode)


@pytest.mark.parametrize("code", ["COLP", "colp", "CoLp", "CLP"])
def test_the_code_of_the_city_is_written_as_it_is(national_row: Row, code: str) -> None:
    got = read_crimes(national_row(force="CoLP", batch=f"{code}20260131"))
    assert [e.code for e in got.errors if e.row] == [RowCode.INVALID_BATCH_ID_FORMAT]


@pytest.mark.parametrize("line", [b"x\n", b",,,,,,,,,,,\n", b",,,,,,,,,,,,,\n"])
def test_a_row_of_another_width(national_row: Row, line: bytes) -> None:
    got = read_crimes(national_row() + line)
    assert [(e.row, e.code, e.field, e.reference) for e in got.errors] == [
        (2, RowCode.INVALID_COLUMN_COUNT, None, None)
    ]
    assert got.status is Status.PARTIAL


def test_all_errors_of_a_row_are_told_together_and_good_rows_kept(national_row: Row) -> None:
    bad = national_row(
        type="", batch="DBY20260230", reference="", start="x", end="", easting="x", text="\x07"
    )
    got = read_crimes(national_row() + bad + national_row(reference="2"))
    assert [str(e.code) for e in got.errors] == [
        "INVALID_CRIME_TYPE",
        "INVALID_BATCH_ID_DATE",
        "MISSING_CRIME_REFERENCE",
        "INVALID_FROM_DATE_FORMAT",
        "INVALID_TO_DATE_FORMAT",
        "INVALID_NUMBER",
        "INVALID_TEXT",
    ]
    assert {e.row for e in got.errors} == {2}
    assert (got.status, got.rows) == (Status.PARTIAL, 3)
    assert [crime.reference for crime in got.crimes] == ["26000012345", "2"]
    assert got.unread_rows == 1


def test_a_second_row_with_a_reference_is_refused_and_the_first_kept(national_row: Row) -> None:
    again = national_row(text="not the same")
    got = read_crimes(national_row() + again + national_row())
    assert [(e.row, e.code) for e in got.errors] == [
        (2, RowCode.DUPLICATE_CRIME_REFERENCE),
        (3, RowCode.DUPLICATE_CRIME_REFERENCE),
    ]
    assert [crime.text for crime in got.crimes] == ["Rear window forced"]


def test_a_bad_row_does_not_take_the_place_of_a_good_one(national_row: Row) -> None:
    got = read_crimes(national_row(type="?") + national_row())
    assert [e.code for e in got.errors] == [RowCode.INVALID_CRIME_TYPE]
    assert len(got.crimes) == 1


def test_values_are_told_short_and_harmless(national_row: Row) -> None:
    got = read_crimes(national_row(type="\x1b[31m" + "y" * 500 + "\u202e"))
    value = next(e.value for e in got.errors if e.row)
    assert value is not None
    assert value.isprintable()
    assert len(value) == 80


def test_what_a_text_says_is_not_told(national_row: Row) -> None:
    got = read_crimes(national_row(text="Mr Smith\x07"))
    problem = next(e for e in got.errors if e.row)
    assert problem.value == "U+0007 at character 9"
    assert "Smith" not in repr(got)
    assert "Smith" not in repr(read_crimes(national_row(text="Mr Smith")).crimes)


def test_all_records_failed_is_the_files_own_error(national_row: Row) -> None:
    got = read_crimes(national_row(type="?"))
    assert (got.errors[0].code, got.errors[0].row) == (FileCode.ALL_RECORDS_FAILED, None)
