"""CSV for people: spreadsheets run no cell of it, numbers stay numbers, same rows same bytes."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from tipstaff.formats.tables import Cell, encode_row, encode_table, escape_formula


@pytest.mark.parametrize(
    "text",
    ["=cmd()", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "－1+1", "  =1", "-"],
)  # fmt: skip
def test_a_formula_gets_an_apostrophe(text: str) -> None:
    assert escape_formula(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "a=b", "-8.5", "+44", "0", "'=1", "a\tb", "12-1"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert escape_formula(text) == text


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (-1, "-1"),
        (-0.1, "-0.1"),
        (1e300, "1e+300"),
        (float("nan"), ""),
        (None, ""),
        (True, "true"),
        (datetime(2026, 7, 1, 1, tzinfo=timezone(timedelta(hours=1))), "2026-07-01T00:00:00Z"),
        (datetime(2026, 7, 1, 0, 0, 0, 5, tzinfo=UTC), "2026-07-01T00:00:00.000005Z"),
        (date(2026, 7, 1), "2026-07-01"),
        ("a,b", '"a,b"'),
        ('say "x"', '"say ""x"""'),
        ("two\nlines", '"two\nlines"'),
        ('=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"'),
    ],
)
def test_a_cell(cell: Cell, written: str) -> None:
    assert encode_row(["x", cell]) == f"x,{written}\n".encode()


def test_a_time_without_a_zone_is_a_broken_call() -> None:
    with pytest.raises(ValueError, match="time zone"):
        encode_row([datetime(2026, 1, 1)])  # noqa: DTZ001


def test_a_table_reads_back_and_a_lone_empty_cell_is_a_row() -> None:
    content = encode_table(["only"], [[""], ["a"], [None]])
    rows = list(csv.reader(io.StringIO(content.decode(), newline="")))
    assert rows == [["only"], [""], ["a"], [""]]
