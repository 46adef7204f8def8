"""Identifiers: normal forms, check letters, what is refused; and that none of it leaks.

The check letters of numbers such as 1999/1234567B are those that the Ministry of Justice's open
source gives in its own tests (`hmpps-person-record`, prison data compliance). All are made up.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipstaff.domain.identifiers import (
    CHECK_LETTERS,
    Identifier,
    IdentifierCode,
    IdentifierKind,
    read_identifier,
)
from tipstaff.domain.problems import Problem

PNC, CRO, NOMIS, CRN = IdentifierKind

GOOD = [
    (PNC, "1999/1234567B", "1999/1234567B"),
    (PNC, "1999/0123456X", "1999/0123456X"),
    (PNC, "99/123456X", "1999/0123456X"),
    (PNC, "20/9N", "2020/0000009N"),
    (PNC, "2020/00009N", "2020/0000009N"),
    (PNC, "21/9999M", "2021/0009999M"),
    (PNC, "26/9999N", "2026/0009999N"),  # this year
    (PNC, "27/9999D", "1927/0009999D"),  # next year: so of the last century
    (PNC, "00/223R", "2000/0000223R"),
    (PNC, "19991234567B", "1999/1234567B"),
    (PNC, " 1999 / 1234567 b ", "1999/1234567B"),
    (CRO, "123456/99L", "123456/99L"),
    (CRO, "001234/88P", "001234/88P"),
    (CRO, "1234/88P", "001234/88P"),
    (CRO, "1/11x", "000001/11X"),
    (CRO, "SF99/123456L", "SF99/123456L"),
    (CRO, "sf 99/123456l", "SF99/123456L"),
    (CRO, "SF83/50058Z", "SF83/50058Z"),
    (NOMIS, "A1234BC", "A1234BC"),
    (NOMIS, "a 1234 bc", "A1234BC"),
    (CRN, "X123456", "X123456"),
    (CRN, "x123456", "X123456"),
]

BAD = [
    *((kind, "", "MISSING") for kind in IdentifierKind),
    *((kind, " \t", "MISSING") for kind in IdentifierKind),
    *((kind, text, "FORMAT") for kind in IdentifierKind for text in ("NONE", "N/A", "?", "-")),
    (PNC, "1999/1234567A", "CHECK_LETTER"),
    (PNC, "1999/1234567I", "CHECK_LETTER"),  # no check letter at all
    (PNC, "1999/1234567", "FORMAT"),
    (PNC, "1999/1234567BB", "FORMAT"),
    (PNC, "1999/0001234567B", "FORMAT"),
    (PNC, "20001/9999M", "FORMAT"),
    (PNC, "199/1234567B", "FORMAT"),
    (PNC, "99123456X", "FORMAT"),  # without its stroke it could be of 1999 or of 9912
    (PNC, "1999/1234567B\n1", "FORMAT"),
    (PNC, "1999/１２３４５６７B", "FORMAT"),  # figures of another script
    (PNC, "2027/0009999N", "YEAR"),
    (PNC, "1899/1234567Q", "YEAR"),
    (CRO, "123456/99Z", "CHECK_LETTER"),
    (CRO, "1234567/99L", "FORMAT"),
    (CRO, "123456/1999L", "FORMAT"),
    (CRO, "SF99/123456Z", "CHECK_LETTER"),
    (CRO, "SF99/1234567L", "FORMAT"),
    (NOMIS, "Q9876B", "FORMAT"),
    (NOMIS, "AB234BC", "FORMAT"),
    (NOMIS, "A12345BC", "FORMAT"),
    (CRN, "Q98765", "FORMAT"),
    (CRN, "X1234567", "FORMAT"),
    (CRN, "XY12345", "FORMAT"),
    (CRN, "ſ123456", "FORMAT"),  # upper case would make an S of it
]


@pytest.mark.parametrize(("kind", "written", "normal"), GOOD)
def test_normal_forms(kind: IdentifierKind, written: str, normal: str) -> None:
    found = read_identifier(kind, written, this_year=2026)
    assert found == Identifier(kind, normal)
    assert read_identifier(kind, normal, this_year=2026) == found


@pytest.mark.parametrize(("kind", "written", "code"), BAD)
def test_what_is_refused(kind: IdentifierKind, written: str, code: str) -> None:
    found = read_identifier(kind, written, this_year=2026)
    assert isinstance(found, Problem)
    assert found.code is IdentifierCode(code)
    assert found.where == kind
    assert len(found.action) > 15


def test_short_files_of_few_figures_take_the_letter_of_either_source() -> None:
    taken = {
        letter
        for letter in CHECK_LETTERS
        if isinstance(read_identifier(CRO, f"SF11/7{letter}", this_year=2026), Identifier)
    }
    # 117 as written, 1100007 filled up to five figures
    assert taken == {CHECK_LETTERS[117 % 23], CHECK_LETTERS[1_100_007 % 23]}


@pytest.mark.parametrize(("kind", "written", "normal"), GOOD)
def test_an_identifier_is_never_shown_by_accident(
    kind: IdentifierKind, written: str, normal: str
) -> None:
    found = read_identifier(kind, written, this_year=2026)
    assert isinstance(found, Identifier)
    for shown in (repr(found), str(found), f"{found}", repr([found])):
        assert normal not in shown


@pytest.mark.parametrize(("kind", "written", "code"), BAD)
def test_a_problem_never_repeats_what_was_written(
    kind: IdentifierKind, written: str, code: str
) -> None:
    if len(written.strip()) > 4:
        assert written not in repr(read_identifier(kind, written, this_year=2026))


@given(st.integers(1974, 2026), st.integers(0, 9_999_999), st.integers(0, 6), st.integers(1, 9))
def test_a_slip_in_one_figure_of_a_pnc_is_seen(year: int, number: int, place: int, by: int) -> None:
    letter = CHECK_LETTERS[(year % 100 * 10**7 + number) % 23]
    figures = f"{number:07d}"
    assert isinstance(read_identifier(PNC, f"{year}/{figures}{letter}", this_year=2026), Identifier)
    slip = str((int(figures[place]) + by) % 10)
    wrong = figures[:place] + slip + figures[place + 1 :]
    assert isinstance(read_identifier(PNC, f"{year}/{wrong}{letter}", this_year=2026), Problem)


@given(st.sampled_from(IdentifierKind), st.text(max_size=20))
def test_any_text_is_read_or_refused(kind: IdentifierKind, written: str) -> None:
    found = read_identifier(kind, written, this_year=2026)
    if isinstance(found, Identifier):
        assert read_identifier(kind, found.value, this_year=2026) == found
