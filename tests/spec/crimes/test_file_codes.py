"""FACTS §1, the file as a whole; and files made to break a reader (issue: hostile CSV)."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from tipstaff.formats import crimes
from tipstaff.formats.crimes import CrimeFile, Mode, Status, read_crimes
from tipstaff.formats.crimes_problems import FileCode, RowCode, WarningCode

Row = Callable[..., bytes]
ATTACHMENT = [(None, FileCode.INVALID_ATTACHMENT)]


def told(got: CrimeFile) -> list[tuple[int | None, object]]:
    return [(e.row, e.code) for e in got.errors]


def test_two_forces_fail_the_file(national_row: Row) -> None:
    got = read_crimes(national_row() + national_row(force="Kent", batch="KNT20260131"))
    assert told(got) == [(None, FileCode.MULTIPLE_POLICE_FORCES)]
    assert (got.status, got.rows, got.crimes, got.force) == (Status.FAILED, 2, (), None)


def test_an_invalid_force_is_no_second_force(national_row: Row) -> None:
    got = read_crimes(national_row() + national_row(force="kent", batch="KNT20260131"))
    assert told(got) == [(2, RowCode.INVALID_POLICE_FORCE)]
    assert got.status is Status.PARTIAL


def test_a_bad_row_of_another_force_is_a_second_force(national_row: Row) -> None:
    got = read_crimes(national_row() + national_row(force="Kent", batch="KNT20260131", type="?"))
    assert told(got) == [(None, FileCode.MULTIPLE_POLICE_FORCES), (2, RowCode.INVALID_CRIME_TYPE)]


def test_two_batch_ids_fail_the_file_and_the_rows_errors_are_still_told(national_row: Row) -> None:
    other = national_row(batch="DBY20260131-1", reference="2", type="?")
    got = read_crimes(national_row() + other)
    assert told(got) == [(None, FileCode.MULTIPLE_BATCH_IDS), (2, RowCode.INVALID_CRIME_TYPE)]
    assert (got.status, got.crimes) == (Status.FAILED, ())


def test_a_batch_id_in_two_spellings_is_one(national_row: Row) -> None:
    other = national_row(batch="DBY20260131-r", reference="2")
    got = read_crimes(national_row(batch="DBY20260131-R") + other)
    assert got.status is Status.SUCCESSFUL
    assert str(got.batch) == "DBY20260131-R"
    assert {crime.batch for crime in got.crimes} == {"DBY20260131-R"}


def test_an_invalid_batch_id_is_no_second_one(national_row: Row) -> None:
    got = read_crimes(national_row() + national_row(batch="DBY20260230", reference="2"))
    assert told(got) == [(2, RowCode.INVALID_BATCH_ID_DATE)]


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xef\xbb\xbf",
        b"\n\r\n  \r\n\n",
        b"PK\x03\x04 and then a spreadsheet",
        b"%PDF-1.7",
        "Derbyshire,BIAD".encode("utf-16"),
        "Derbyshire,BIAD".encode("utf-16-le"),
        b"Derbyshire,caf\xe9,",
        b"\xff" * 100,
        b"Derbyshire\xed\xa0\x80",  # a lone surrogate
    ],
    ids=["empty", "bom", "blank", "xlsx", "pdf", "utf16", "utf16le", "latin1", "ff", "surrogate"],
)
def test_what_is_no_csv_at_all(content: bytes, mode: Mode) -> None:
    got = read_crimes(content, mode=mode)
    assert told(got) == ATTACHMENT
    assert (got.status, got.rows) == (Status.FAILED, 0)


def test_prose_is_rows_of_the_wrong_width() -> None:
    got = read_crimes(b"Dear all,\nplease find\n")
    assert told(got) == [
        (None, FileCode.ALL_RECORDS_FAILED),
        (1, RowCode.INVALID_COLUMN_COUNT),
        (2, RowCode.INVALID_COLUMN_COUNT),
    ]
    assert got.status is Status.ERROR


def test_a_header_row_is_a_bad_row_in_strict_mode(national_row: Row) -> None:
    header = b"force,type,description,batch,ref,from,to,easting,northing,lat,lon,datum,text\n"
    got = read_crimes(header + national_row())
    assert got.status is Status.PARTIAL
    assert {e.row for e in got.errors} == {1}


def test_bom_stream_line_ends_and_blank_lines(national_row: Row) -> None:
    row = national_row().rstrip(b"\n")
    other = national_row(reference="2", type="?").rstrip(b"\n")
    got = read_crimes(io.BytesIO(b"\xef\xbb\xbf" + row + b"\r\n\r\n \n" + other))
    assert (got.status, got.rows, len(got.crimes)) == (Status.PARTIAL, 2, 1)
    assert [(e.row, e.line) for e in got.errors] == [(2, 4)]


def test_quotes_hold_commas_quotes_line_breaks_and_tabs(national_row: Row) -> None:
    text = 'He said "no",\r\n\tthen\nleft'
    got = read_crimes(national_row(text=text) + national_row(reference="2", type="?"))
    assert got.crimes[0].text == text
    assert [(e.row, e.line) for e in got.errors] == [(2, 4)]


def test_unquoted_cells_are_read_alike(national_row: Row) -> None:
    quoted = read_crimes(national_row())
    assert read_crimes(national_row().replace(b'"', b"")).crimes == quoted.crimes


def test_a_quote_that_never_closes_costs_its_own_row(national_row: Row) -> None:
    broken = national_row(reference="2").rstrip(b'"\n') + b" lost\n"
    rest = b"".join(national_row(reference=str(n)) for n in range(3, 6))
    got = read_crimes(national_row() + broken + rest)
    assert told(got) == [(2, RowCode.INVALID_COLUMN_COUNT)]
    assert [c.reference for c in got.crimes] == ["26000012345", "3", "4", "5"]


def test_text_after_a_closing_quote_costs_its_own_row(national_row: Row) -> None:
    got = read_crimes(b'"Derby"shire,BIAD\n' + national_row())
    assert told(got) == [(1, RowCode.INVALID_COLUMN_COUNT)]
    assert len(got.crimes) == 1


def test_nul_bytes_cost_their_own_row(national_row: Row) -> None:
    got = read_crimes(national_row() + national_row(reference="2", text="a\0b"))
    assert told(got) == [(2, RowCode.INVALID_TEXT)]


def test_a_field_of_ten_megabytes_costs_its_own_row(national_row: Row) -> None:
    big = "x" * 10_000_000
    for column in ("text", "reference", "description", "datum"):
        got = read_crimes(national_row(reference="1") + national_row(**{column: big}))
        assert told(got) == [(2, RowCode.INVALID_TEXT)], column
    for column in ("force", "type", "batch", "start", "easting"):
        got = read_crimes(national_row(reference="1") + national_row(**{column: big}))
        assert {e.row for e in got.errors} == {2}, column
        assert all(len(e.value or "") <= 80 for e in got.errors)


@pytest.mark.parametrize(
    "content",
    [
        b'"' * 1_000_001,
        b'"\n' * 30_000,
        b"," * 200_000,
        b'"",' * 50_000,
        b'""\n"' * 20_000,
        b"\r" * 100_000,
        b'a"b\n' * 20_000,
    ],
    ids=["quotes", "open", "commas", "empty", "even", "returns", "plain"],
)
def test_files_made_of_separators_are_read_to_their_end(content: bytes) -> None:
    got = read_crimes(content)
    assert got.status in {Status.ERROR, Status.FAILED}
    assert got.errors


def test_a_file_too_large_or_too_long_is_refused(
    national_row: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crimes, "MAX_ROWS", 2)
    two = national_row() + national_row(reference="2")
    assert read_crimes(two).status is Status.SUCCESSFUL
    assert told(read_crimes(two + national_row(reference="3"))) == ATTACHMENT
    monkeypatch.setattr(crimes, "MAX_FILE_BYTES", len(two) - 1)
    assert told(read_crimes(io.BytesIO(two))) == ATTACHMENT


def test_warnings_leave_a_row_accepted(national_row: Row) -> None:
    rows = [
        national_row(datum="wgs 84"),
        national_row(reference="2", easting="0", northing="0"),
        national_row(reference="@3"),
    ]
    got = read_crimes(b"".join(rows))
    assert got.status is Status.SUCCESSFUL
    assert [(w.row, w.code) for w in got.warnings] == [
        (1, WarningCode.DATUM_CONTRADICTION),
        (2, WarningCode.UNLOCATABLE),
        (3, WarningCode.FORMULA_CELL),
    ]
    assert [crime.located for crime in got.crimes] == [True, False, True]


@pytest.mark.parametrize("datum", ["OSGB36", "osgb36", "OSGB 36", "", "ED50"])
def test_a_datum_that_agrees_or_says_nothing_known_is_no_warning(
    national_row: Row, datum: str
) -> None:
    assert read_crimes(national_row(datum=datum)).warnings == ()
