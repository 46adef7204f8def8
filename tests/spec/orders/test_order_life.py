"""The life of an order: every step that is allowed, and every one that is not."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from made_cases import decision, order, utc

from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.order_life import (
    Neighbours,
    StatusStretch,
    diagram,
    life_problems,
    neighbours,
)
from tipstaff.domain.orders import OrderStatus, review_due

NOW = utc("2026-03-01")
S = OrderStatus
#: From each status to those it may pass to; those in capitals need a decision.
ALLOWED = {
    "referred": "SUITABLE NOT_SUITABLE",
    "suitable": "ACTIVE NOT_SUITABLE",
    "not_suitable": "referred",
    "active": "SUSPENDED REVOKED ended",
    "suspended": "ACTIVE REVOKED ended",
    "revoked": "",
    "ended": "",
}


@pytest.mark.parametrize(("before", "after"), list(product(S, S)))
def test_every_step(before: OrderStatus, after: OrderStatus) -> None:
    bare = [str(p.code) for p in life_problems(order(status=after), Neighbours(before), NOW)]
    made = order(status=after, decision=decision(after))
    decided = [str(p.code) for p in life_problems(made, Neighbours(before), NOW)]
    allowed = ALLOWED[before].split()
    if before is after or after.value in allowed:
        assert (bare, decided) == ([], [])
    elif after.value.upper() in allowed:
        assert (bare, decided) == (["DECISION_MISSING"], [])
    else:
        assert (bare, decided) == (["STATUS_JUMPS"], ["STATUS_JUMPS"])


@pytest.mark.parametrize("status", S)
def test_it_may_be_told_of_first_in_any_status(status: OrderStatus) -> None:
    assert list(life_problems(order(status=status), Neighbours(), NOW)) == []


@pytest.mark.parametrize(
    "made",
    [decision(S.ACTIVE), decision(S.SUSPENDED, reasons=" ")],
    ids=["of another status", "without reasons"],
)
def test_a_decision_is_about_this_step_and_has_reasons(made: object) -> None:
    told = order(status=S.SUSPENDED, decision=made)
    assert [p.code for p in life_problems(told, Neighbours(S.ACTIVE), NOW)] == ["DECISION_MISSING"]


def test_a_decision_to_come_is_none_yet() -> None:
    told = order(status=S.SUSPENDED, decision=decision(S.SUSPENDED, "2026-03-02"))
    assert [p.code for p in life_problems(told, Neighbours(S.ACTIVE), NOW)] == [
        "DECISION_IN_FUTURE"
    ]


def test_a_correction_of_the_past_must_fit_what_follows() -> None:
    told = order(status=S.ENDED)
    found = [p.code for p in life_problems(told, Neighbours(S.ACTIVE, S.ACTIVE), NOW)]
    assert found == ["STATUS_JUMPS"]


@pytest.mark.parametrize(
    ("start", "end", "before", "after"),
    [
        ("2026-01-01", None, None, None),
        ("2026-01-02", None, S.REFERRED, None),
        ("2026-02-01", None, S.REFERRED, None),
        ("2026-02-02", "2026-02-03", S.ACTIVE, S.ACTIVE),
        ("2026-01-05", "2026-02-01", S.REFERRED, S.ACTIVE),
        ("2025-12-01", "2025-12-05", None, None),
        ("2026-04-02", None, None, None),
    ],
)
def test_who_stands_beside(
    start: str, end: str | None, before: OrderStatus | None, after: OrderStatus | None
) -> None:
    def stretch(first: str, last: str, status: OrderStatus) -> StatusStretch:
        return StatusStretch(utc(first), utc(last), status, LegalBasis.LICENCE, utc(first), None)

    timeline = (
        stretch("2026-01-01", "2026-02-01", S.REFERRED),
        stretch("2026-02-01", "2026-04-01", S.ACTIVE),
    )
    found = neighbours(timeline, utc(start), None if end is None else utc(end))
    assert (found.before, found.after) == (before, after)


@pytest.mark.parametrize(
    ("decided", "due"),
    [(None, "2026-02-02"), ("2026-02-01", "2026-02-02"), ("2026-02-02 12:00", "2026-04-06"),
     ("2026-04-06", None)],
)  # fmt: skip
def test_a_review_is_answered_by_a_decision(decided: str | None, due: str | None) -> None:
    made = None if decided is None else decision(S.ACTIVE, decided)
    found = review_due(order(decision=made))
    assert (found.isoformat() if found else None) == due


def test_the_documents_show_the_table() -> None:
    page = Path(__file__).resolve().parents[3] / "docs" / "life-of-an-order.md"
    assert f"```mermaid\n{diagram()}\n```" in page.read_text(encoding="utf-8")
