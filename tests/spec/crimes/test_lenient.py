"""The wider input: what it takes beside the national format, and what it still refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tipstaff.formats.crimes import Mode, Status, read_crimes
from tipstaff.formats.crimes_problems import RowCode, WarningCode

Row = Callable[..., bytes]

AVON: dict[str, object] = {"force": "AvonSomerset"}
TAKEN: list[tuple[str, dict[str, str], dict[str, object]]] = [
    ("a force of its own", {"force": "Dorset", "batch": "DOR20260131"}, {"force": "Dorset"}),
    ("no batch id", {"batch": ""}, {"batch": ""}),
    ("force in other letters", {"force": " Avon & somerset"} | {"batch": ""}, AVON),
    ("batch in other letters", {"batch": "dby20260131-r"}, {"batch": "DBY20260131-R"}),
    ("type in words", {"type": "Robbery"}, {"crime_type": "RB"}),
    ("outer spaces", {"easting": " 435213 ", "type": "RB "}, {"crime_type": "RB"}),
    (
        "ISO 8601 with an offset",
        {"start": "2026-07-01T01:00:00+01:00", "end": "2026-07-01T00:30Z"},
        {
            "start": datetime(2026, 7, 1, 0, 0, tzinfo=UTC),
            "end": datetime(2026, 7, 1, 0, 30, tzinfo=UTC),
        },
    ),
    ("a fortnight", {"end": "20260213220000"}, {"end": datetime(2026, 2, 13, 22, tzinfo=UTC)}),
    ("no end: 12 h", {"end": ""}, {"end": datetime(2026, 1, 31, 10, tzinfo=UTC)}),
]  # fmt: skip
REFUSED: list[tuple[str, dict[str, str], RowCode]] = [
    ("no force", {"force": ""}, RowCode.INVALID_POLICE_FORCE),
    ("a force that is a paragraph", {"force": "x" * 101}, RowCode.INVALID_POLICE_FORCE),
    ("control character in the force", {"force": "Dor\x07set"}, RowCode.INVALID_POLICE_FORCE),
    ("a known force's batch code", {"batch": "DUR20260131"}, RowCode.INVALID_BATCH_ID_FORMAT),
    ("a batch that is none", {"force": "Dorset", "batch": "x"}, RowCode.INVALID_BATCH_ID_FORMAT),
    ("a time without offset", {"start": "2026-01-30T22:00:00"}, RowCode.INVALID_FROM_DATE_FORMAT),
    ("a date that is none", {"start": "2026-02-30T22:00Z"}, RowCode.INVALID_FROM_DATE_FORMAT),
    ("off the calendar", {"start": "0001-01-01T00:00+14:00"}, RowCode.INVALID_FROM_DATE_FORMAT),
    ("no start", {"start": "", "end": ""}, RowCode.INVALID_FROM_DATE_FORMAT),
    ("over a year", {"end": "20270201220001"}, RowCode.CRIME_DATE_TIME_EXCEEDS_WINDOW),
    ("backwards", {"end": "20260129220000"}, RowCode.CRIME_DATE_TIME_TO_AFTER_FROM),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "wanted"), [c[1:] for c in TAKEN], ids=[c[0] for c in TAKEN])
def test_taken(national_row: Row, cells: dict[str, str], wanted: dict[str, object]) -> None:
    got = read_crimes(national_row(**cells), mode=Mode.LENIENT)
    assert got.errors == ()
    assert {name: getattr(got.crimes[0], name) for name in wanted} == wanted
    assert read_crimes(national_row(**cells)).status is Status.ERROR


@pytest.mark.parametrize(("cells", "code"), [c[1:] for c in REFUSED], ids=[c[0] for c in REFUSED])
def test_refused(national_row: Row, cells: dict[str, str], code: RowCode) -> None:
    got = read_crimes(national_row(**cells), mode=Mode.LENIENT)
    assert [e.code for e in got.errors if e.row] == [code]


def test_what_strict_takes_lenient_takes_alike(national_row: Row) -> None:
    content = national_row() + national_row(reference="2", text="x\n\ty")
    assert read_crimes(content, mode=Mode.LENIENT) == read_crimes(content)


def test_a_header_names_columns_in_any_order() -> None:
    content = (
        b"Crime Ref,Lat,LONG,Start,End,Type,Police Force,Officer\n"
        b"C1,52.921,-1.476,20260130220000,20260130230000,TFP,Dorset,x\n"
        b",,,,,,,\n"
        b"C2,52.921,-1.476,20260130220000,,TFP,Dorset,x\n"
        b"C3,52.921\n"
    )
    got = read_crimes(content, mode=Mode.LENIENT)
    assert [(c.reference, c.latitude, c.force) for c in got.crimes] == [
        ("C1", 52.921, "Dorset"),
        ("C2", 52.921, "Dorset"),
    ]
    assert [(w.row, w.code) for w in got.warnings] == [(4, WarningCode.MISSING_END)]
    assert [(e.row, e.code) for e in got.errors] == [(5, RowCode.INVALID_COLUMN_COUNT)]
    assert got.rows == 3


def test_a_header_alone_holds_no_crime() -> None:
    got = read_crimes(b"force,type,reference,from,to\n", mode=Mode.LENIENT)
    assert (got.status, got.rows) == (Status.FAILED, 0)


def test_the_length_of_a_window_without_an_end_is_the_callers(national_row: Row) -> None:
    got = read_crimes(national_row(end=""), mode=Mode.LENIENT, missing_end_s=1800)
    assert got.crimes[0].end - got.crimes[0].start == timedelta(minutes=30)


def test_forces_are_data(national_row: Row) -> None:
    content = national_row(force="Dorset", batch="DOR20260131")
    assert len(read_crimes(content, forces={"Dorset": "DOR"}).crimes) == 1
