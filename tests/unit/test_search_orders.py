"""When an order counts for searching, from the versions of it that show."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from made_cases import curfew, order, utc

from tipstaff.domain.conditions import Protected, Proximity, Trail
from tipstaff.domain.legal_bases import ConditionKind
from tipstaff.domain.orders import OrderStatus
from tipstaff.domain.search_facts import Consent, OrderFacts, Scope
from tipstaff.domain.search_orders import ShownOrder, facts_of, victims_of

K = ConditionKind
BORN = date(1990, 5, 1)
MADE = order()


def shown(start: str, end: str | None, **other: Any) -> ShownOrder:
    return ShownOrder(utc(start), None if end is None else utc(end), replace(MADE, **other))


def periods(*pieces: ShownOrder) -> list[tuple[str, str, bool]]:
    """From, to, and whether there is a trail."""
    found = facts_of(pieces, born_on=BORN, victim=False)
    assert all(facts.born_on == BORN for facts in found)
    return [
        (
            f"{f.start:%m-%d %H}",
            f"{f.end:%m-%d %H}" if f.end else "",
            K.TRAIL in (f.conditions or ()),
        )
        for f in found
    ]


SUSPENDED, ENDED = {"status": OrderStatus.SUSPENDED}, {"status": OrderStatus.ENDED}
CASES: dict[str, tuple[list[ShownOrder], list[tuple[str, str, bool]]]] = {
    "within its start and end": (
        [shown("2025-01-01", None)], [("01-01 00", "07-01 00", True)],
    ),
    "without an end": (
        [shown("2025-01-01", None, ends_at=None)], [("01-01 00", "", True)],
    ),
    "while a version shows": (
        [shown("2026-02-01", "2026-03-01")], [("02-01 00", "03-01 00", True)],
    ),
    "not while suspended, nor when it has ended": (
        [
            shown("2026-01-01", "2026-02-01"),
            shown("2026-02-01", "2026-02-08", **SUSPENDED),
            shown("2026-02-08", "2026-06-01"),
            shown("2026-06-01", None, **ENDED),
        ],
        [("01-01 00", "02-01 00", True), ("02-08 00", "06-01 00", True)],
    ),
    "across a change that does not matter": (
        [
            shown("2026-01-01", "2026-02-01"),
            shown("2026-02-01", None, reviews=(), conditions=(curfew("c2"), Trail("t2"))),
        ],
        [("01-01 00", "07-01 00", True)],
    ),
    "cut where the trail went": (
        [shown("2026-01-01", "2026-02-01"), shown("2026-02-01", None, conditions=(curfew(),))],
        [("01-01 00", "02-01 00", True), ("02-01 00", "07-01 00", False)],
    ),
    "cut at the midnight on which the trail's last day ends, in summer time": (
        [shown("2026-01-01", None, conditions=(curfew(), Trail("t1", date(2026, 5, 1))))],
        [("01-01 00", "04-30 23", True), ("04-30 23", "07-01 00", False)],
    ),
    "two trails: as long as one lasts": (
        [shown("2026-01-01", None, conditions=(Trail("t1", date(2026, 2, 1)), Trail("t2")))],
        [("01-01 00", "07-01 00", True)],
    ),
    "never, where it shows after its end": ([shown("2026-08-01", None)], []),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_when_an_order_counts(name: str) -> None:
    pieces, expected = CASES[name]
    assert periods(*pieces) == expected
    assert periods(*reversed(pieces)) == expected


def test_each_consent_is_told_with_each_time() -> None:
    agreed = Consent(True, True, Scope(), Scope(everything=True), utc("2026-01-01"))
    again = replace(agreed, given_at=utc("2026-02-01"))
    pieces = [shown("2026-01-01", None)]
    found = facts_of(pieces, born_on=None, victim=False, consents=(agreed, again))
    assert [facts.consent for facts in found] == [agreed, again]
    plain = facts_of(pieces, born_on=None, victim=True)
    assert [(f.consent, f.victims_device) for f in plain] == [(None, True)]
    assert isinstance(plain[0], OrderFacts)


def test_whom_an_order_protects() -> None:
    near = Proximity("p1", Protected.VICTIM, "V1", 500.0)
    other = Proximity("p2", Protected.WEARER, "W9", 500.0)
    assert victims_of(order(conditions=(near, other, Trail("t1")))) == {"V1"}
