"""For how long a person is monitored: a table of dates."""

from __future__ import annotations

from datetime import date

import pytest

from tipstaff.domain.monitored_period import OffLicence, monitored_until
from tipstaff.domain.terms import Term, add_months
from tipstaff.records.law import versions_of

Off = tuple[str, str | None]
#: Name, first release, last day on licence, times off licence, first day not monitored.
TABLE: list[tuple[str, str, str | None, list[Off], str | None]] = [
    ("12 months of a long licence", "2021-04-12", "2024-01-01", [], "2022-04-12"),
    ("the licence ends first", "2021-04-12", "2021-07-31", [], "2021-08-01"),
    ("the licence ends a day before", "2021-04-12", "2022-04-10", [], "2022-04-11"),
    ("both end together", "2021-04-12", "2022-04-11", [], "2022-04-12"),
    ("released on 29 February", "2024-02-29", "2026-01-01", [], "2025-02-28"),
    ("over a leap day", "2023-03-01", "2026-01-01", [], "2024-03-01"),
    ("ten days off", "2021-04-12", "2024-01-01", [("2021-06-01", "2021-06-11")], "2022-04-22"),
    ("twice off", "2021-04-12", "2024-01-01",
     [("2022-04-15", "2022-04-20"), ("2021-06-01", "2021-06-11")], "2022-04-27"),
    ("off in the days that were added", "2021-04-12", "2024-01-01",
     [("2021-06-01", "2021-06-11"), ("2022-04-21", "2022-04-23")], "2022-04-24"),
    ("off after the end", "2021-04-12", "2024-01-01", [("2022-04-12", "2022-05-12")], "2022-04-12"),
    ("off told twice", "2021-04-12", "2024-01-01",
     [("2021-06-01", "2021-06-11"), ("2021-06-05", "2021-06-13")], "2022-04-24"),
    ("off and the licence ends first", "2021-04-12", "2022-04-15",
     [("2021-06-01", "2021-06-11")], "2022-04-16"),
    ("still off", "2021-04-12", "2024-01-01", [("2021-06-01", None)], None),
    ("off after the end, still", "2021-04-12", "2024-01-01", [("2022-04-12", None)], "2022-04-12"),
    ("still off, but the licence was over", "2021-04-12", "2021-05-31", [("2021-06-01", None)],
     "2021-06-01"),
    ("end of the licence not known", "2021-04-12", None, [], None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("released", "last", "off", "until"), [line[1:] for line in TABLE], ids=[t[0] for t in TABLE]
)
def test_a_line(released: str, last: str | None, off: list[Off], until: str | None) -> None:
    times = [OffLicence(_day(start), None if end is None else _day(end)) for start, end in off]
    found = monitored_until(_day(released), None if last is None else _day(last), times, 12)
    assert found == (None if until is None else _day(until))


def test_the_rules_say_twelve_months() -> None:
    assert {rule.monitored_months for rule in versions_of("acquisitive-crime")} == {12}


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2021-01-31", 1, "2021-02-28"),
        ("2020-01-31", 1, "2020-02-29"),
        ("2021-03-31", 1, "2021-04-30"),
        ("2021-11-30", 3, "2022-02-28"),
        ("2021-12-01", 1, "2022-01-01"),
        ("2021-12-01", 12, "2022-12-01"),
        ("2021-12-01", 0, "2021-12-01"),
    ],
)
def test_months_end_on_the_corresponding_date(start: str, months: int, end: str) -> None:
    assert add_months(_day(start), months) == _day(end)


def test_impossible_terms_are_broken_calls() -> None:
    for months, days in ((-1, 0), (0, -1), (1201, 0), (0, 40_000)):
        with pytest.raises(ValueError, match="term"):
            Term(months, days)
    with pytest.raises(ValueError, match="before it starts"):
        OffLicence(_day("2022-01-02"), _day("2022-01-01"))


@pytest.mark.parametrize(
    ("term", "words"),
    [
        (Term(12), "12 months"),
        (Term(1, 1), "1 month and 1 day"),
        (Term(days=90), "90 days"),
        (Term(), "0 days"),
    ],
)
def test_terms_in_words(term: Term, words: str) -> None:
    assert str(term) == words


def _day(text: str) -> date:
    return date.fromisoformat(text)
