"""Each rule of the search for misuse: what it asks about, and what it leaves alone."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipstaff.domain.looks import Look
from tipstaff.domain.misuse import RULES, not_asked, questions
from tipstaff.domain.misuse_facts import Known, StaffFacts

ME = UUID(int=1)
HER, HIM = UUID(int=101), UUID(int=102)
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
_numbers = itertools.count(1000)


def look(*aimed: UUID, at: datetime = MONDAY, **other: Any) -> Look:
    values: dict[str, Any] = {
        "request_ref": UUID(int=next(_numbers)), "entries": (UUID(int=next(_numbers)),), "at": at,
        "actor_ref": ME, "role": "officer", "operation": "consultation", "use_case": "show_case",
        "purpose": "offender_management", "subjects": frozenset(aimed), "aimed": frozenset(aimed),
        "rows": 3,
    }  # fmt: skip
    return Look(**(values | other))


def people(count: int) -> list[UUID]:
    return [UUID(int=500 + n) for n in range(count)]


def days(count: int, *aimed: UUID) -> list[Look]:
    return [look(*aimed, at=MONDAY + timedelta(n)) for n in range(count)]


def minutes(count: int, **other: Any) -> list[Look]:
    return [look(HER, at=MONDAY + timedelta(minutes=n), **other) for n in range(count)]


def asks(looks: list[Look], known: Known, before: tuple[Look, ...] = ()) -> list[str]:
    return [question.rule for question in questions(looks, before, known)]


def reason(answer: bool | None) -> Callable[[UUID, UUID], bool | None]:
    return lambda _actor, _subject: answer


TIES = {ME: StaffFacts(frozenset({HER}), frozenset({HIM}), frozenset({UUID(int=103)}))}
NO_CASE = Known(has_reason=reason(False))
CASE = Known(has_reason=reason(True))
CLOSED = Known(closed_at={HER: MONDAY - timedelta(days=28)})
STILL_OPEN = Known(closed_at={HER: MONDAY - timedelta(days=28) + timedelta(seconds=1)})
TABLE: list[tuple[str, list[Look], Known, list[str]]] = [
    ("oneself", [look(HER)], Known(TIES), ["oneself"]),
    ("oneself with a case", [look(HER)], Known(TIES, reason(True)), ["oneself"]),
    ("oneself in a list", [look(HER, aimed=frozenset())], Known(TIES), []),
    ("somebody else", [look(UUID(int=9))], Known(TIES), []),
    ("neighbour", [look(HIM)], Known(TIES), ["neighbours"]),
    ("neighbour with a case", [look(HIM)], Known(TIES, reason(True)), []),
    ("namesake", [look(UUID(int=103))], Known(TIES), ["namesakes"]),
    ("nothing known of staff", [look(HER), look(HIM)], Known(), []),
    ("limited", [look(HER, rows=0)], Known(limited=frozenset({HER})), ["limited_access"]),
    ("limited and cleared", [look(HER)], Known(limited=frozenset({HER})), []),
    ("glass", [look(HER, broke_glass=True)], Known(), ["break_glass"]),
    ("11 without a case", [look(p) for p in people(11)], NO_CASE, []),
    ("12 without a case", [look(p) for p in people(12)], NO_CASE, ["without_reason"]),
    ("12 with a case", [look(p) for p in people(12)], CASE, []),
    ("12 of whom nothing is known", [look(p) for p in people(12)], Known(), []),
    ("12 for a subject's request", [look(p, purpose="subject_access") for p in people(12)],
     NO_CASE, []),
    ("3 days", days(3, HER), NO_CASE, []),
    ("4 days", days(4, HER), NO_CASE, ["repeated"]),
    ("4 times on a day", minutes(4), NO_CASE, []),
    ("4 days with a case", days(4, HER), CASE, []),
    ("10 days, cases not known", days(10, HER), Known(), []),
    ("11 days, cases not known", days(11, HER), Known(), ["repeated"]),
    ("closed 28 days before", [look(HER)], CLOSED, ["after_close"]),
    ("closed and recorded", [look(HER, operation="collection")], CLOSED, []),
    ("oneself recorded", [look(HER, operation="alteration")], Known(TIES), ["oneself"]),
    ("closed less before", [look(HER)], STILL_OPEN, []),
    ("25 people in 15 minutes", [look(p) for p in people(25)], Known(), []),
    ("26 people in 15 minutes", [look(p) for p in people(26)], Known(), ["burst"]),
    ("26 people in an hour",
     [look(p, at=MONDAY + timedelta(minutes=2.4 * n)) for n, p in enumerate(people(26))],
     Known(), []),
    ("one person 26 times", minutes(26), Known(), []),
    ("2 refused", minutes(2, refused="x", operation="refusal"), Known(), []),
    ("3 refused", minutes(3, refused="x", operation="refusal"), Known(), ["refusals"]),
    ("2 unanswered", minutes(2, served=False), Known(), []),
    ("3 unanswered", minutes(3, served=False), Known(), ["unanswered"]),
    ("nobody known", minutes(9, actor_ref=None, refused="x"), Known(), []),
]  # fmt: skip


@pytest.mark.parametrize(("looks", "known", "rules"), [row[1:] for row in TABLE],
                         ids=[row[0] for row in TABLE])  # fmt: skip
def test_what_is_asked(looks: list[Look], known: Known, rules: list[str]) -> None:
    assert asks(looks, known) == rules


def past(hour: int, count: int = 100, of_days: int = 30) -> tuple[Look, ...]:
    begin = datetime(2026, 1, 5, hour, tzinfo=UTC)
    weekdays = [begin + timedelta(n) for n in range(of_days * 2)]
    on = [day for day in weekdays if day.weekday() < 5][:of_days]
    return tuple(look(HER, at=on[n % len(on)]) for n in range(count))


@pytest.mark.parametrize(("at", "before", "rules"), [
    (MONDAY, past(10), []),
    (MONDAY.replace(hour=11), past(10), []),
    (MONDAY.replace(hour=2), past(10), ["unusual_hours"]),
    (MONDAY.replace(hour=2), past(2), []),
    (MONDAY.replace(hour=0), past(23), []),
    (MONDAY.replace(day=7), past(10), ["unusual_hours"]),
    (MONDAY.replace(hour=2), past(10, count=59), []),
    (MONDAY.replace(hour=2), past(10, of_days=14), []),
    # ten in the morning in winter is eleven in summer, by the clock in UTC nine
    (datetime(2026, 4, 6, 9, tzinfo=UTC), past(10), []),
])  # fmt: skip
def test_hours_are_unusual_by_ones_own_past(
    at: datetime, before: tuple[Look, ...], rules: list[str]
) -> None:
    assert asks([look(HER, at=at)], Known(), before) == rules


def test_a_question_names_its_entries_and_accuses_nobody() -> None:
    everything = [look for row in TABLE for look in row[1]]
    known = Known(TIES, reason(False), {HER: MONDAY - timedelta(60)}, frozenset({HER}))
    found = questions(everything, past(3), known)
    assert {question.rule for question in found} == set(RULES)
    entries = {entry for look in everything for entry in look.entries}
    for question in found:
        assert question.sentence.endswith("?")
        assert set(question.entries) <= entries
        assert question.entries
        for word in ("misuse", "suspect", "guilt", "abuse", "illegal", "unlawful", "offence"):
            assert word not in question.sentence.lower()


@given(st.randoms())
def test_the_order_in_which_looks_come_is_no_matter(chance: Any) -> None:
    looks = [look for row in TABLE[:20] for look in row[1]]
    expected = questions(looks, (), NO_CASE)
    chance.shuffle(looks)
    assert questions(looks, (), NO_CASE) == expected


def test_what_is_not_known_is_told() -> None:
    looks = [look(HER)]
    assert len(not_asked(Known(), looks)) == 2
    assert len(not_asked(Known(TIES), looks)) == 1
    assert not_asked(Known(TIES, reason(False)), looks) == ()
