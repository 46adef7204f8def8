"""The default policy as a table: an order's end in, the instant at which a thing is due out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tipstaff.domain.legal_bases import LegalBasis as Basis
from tipstaff.domain.order_spells import Told, chosen_apart, collection_ended, spell_of
from tipstaff.domain.orders import OrderStatus
from tipstaff.domain.periods import Period
from tipstaff.domain.retention import Category, Spell, due_after
from tipstaff.domain.retention_schedule import Person, State, Timed, locked, schedule
from tipstaff.domain.terms import Term
from tipstaff.records.law import retention_policy

POLICY = retention_policy()


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("basis", "category", "ended", "due"),
    [
        (Basis.COURT_BAIL, Category.TRAIL, "2026-01-10 12:00", "2026-02-08 00:00"),
        (Basis.COURT_BAIL, Category.CASE_RECORD, "2026-01-10 12:00", "2032-01-11 00:00"),
        (Basis.LICENCE, Category.TRAIL, "2026-08-31 12:00", "2027-03-01 00:00"),  # no 31 February
        (Basis.LICENCE, Category.TRAIL, "2026-09-15 22:59", "2027-03-16 00:00"),
        (Basis.LICENCE, Category.TRAIL, "2026-09-15 23:00", "2027-03-17 00:00"),  # the 16th by then
        # the day on which it falls due may lie on the other side of a change of the clocks
        (Basis.VOLUNTARY, Category.TRAIL, "2026-03-10 12:00", "2026-04-07 23:00"),
        (Basis.VOLUNTARY, Category.TRAIL, "2026-02-28 12:00", "2026-03-29 00:00"),  # 23 hours long
        (Basis.VOLUNTARY, Category.TRAIL, "2026-09-27 00:30", "2026-10-26 00:00"),  # after 25 hours
        (Basis.VOLUNTARY, Category.CONSENT_PROOF, "2026-01-10 12:00", "2032-01-11 00:00"),
    ],
)  # fmt: skip
def test_due(basis: Basis, category: Category, ended: str, due: str) -> None:
    at = due_after(utc(ended), POLICY.term(basis, category))
    assert at == utc(due)
    order = Spell("o", basis, utc("2025-06-01"), utc(ended))
    person = Person((order,), (Timed(category, "1", Period(order.start, utc(ended))),))
    for now, state in ((utc(due) - timedelta(microseconds=1), State.WAITS), (utc(due), State.DUE)):
        assert schedule(person, POLICY, now)[0].state is state


def test_far_off_is_never() -> None:
    assert due_after(utc("2098-01-01"), Term(months=72)) is None


def test_a_trail_is_cut_where_orders_change() -> None:
    """A bail that ended in January, a licence that stands: two answers for one tag."""
    orders = (
        Spell("bail", Basis.COURT_BAIL, utc("2026-01-01"), utc("2026-01-20")),
        Spell("licence", Basis.LICENCE, utc("2026-02-01"), None),
    )
    worn = Timed(Category.TRAIL, "1", Period(utc("2026-01-01"), utc("2999-12-12")))
    found = schedule(Person(orders, (worn,)), POLICY, utc("2026-03-10"))
    assert [(d.period.start, d.state, d.due_at) for d in found if d.period] == [
        (utc("2026-01-01"), State.DUE, utc("2026-02-18")),
        (utc("2026-01-20"), State.DUE, utc("2026-02-18")),  # between them nothing allowed it
        (utc("2026-02-01"), State.STANDS, None),
    ]
    assert found[-1].state is State.STANDS
    asked = Period(utc("2026-01-05"), utc("2026-02-05"))
    assert locked(orders, asked, utc("2026-03-10")) == [Period(asked.start, utc("2026-02-01"))]
    assert locked(orders, asked, utc("2026-01-10")) == [
        Period(utc("2026-01-20"), utc("2026-02-01"))
    ]


def test_what_was_collected_by_choice_is_not_kept_by_the_licence_relaxed_for_it() -> None:
    """Opted in for February, and out again: the licence stands, that month's trail goes."""
    apart = chosen_apart(
        {
            "L1": Spell("licence", Basis.LICENCE, utc("2026-01-01"), None),
            "V1": Spell("choice", Basis.VOLUNTARY, utc("2026-02-01"), utc("2026-03-01")),
            "V2": Spell("other", Basis.VOLUNTARY, utc("2026-03-10"), utc("2026-03-11")),
        },
        [("V1", "L1"), ("L1", "L1"), ("V9", "L1")],
    )
    worn = Timed(Category.TRAIL, "1", Period(utc("2026-01-01"), utc("2026-04-01")))
    found = schedule(Person(apart, (worn,)), POLICY, utc("2026-04-02"))
    assert [(d.period.start, d.state, d.due_at) for d in found if d.period] == [
        (utc("2026-01-01"), State.STANDS, None),
        (utc("2026-02-01"), State.DUE, utc("2026-03-29 23:00")),
        (utc("2026-03-01"), State.STANDS, None),
    ]
    asked = Period(utc("2026-01-15"), utc("2026-04-01"))
    assert locked(apart, asked, utc("2026-04-02")) == [Period(utc("2026-02-01"), utc("2026-03-01"))]
    assert locked(apart, asked, utc("2026-02-15")) == [], "while it runs nothing is locked"


def told(since: str, status: OrderStatus, ends: str | None) -> Told:
    end = utc(ends) if ends else None
    return Told(utc(since), Basis.LICENCE, status, utc("2026-01-01"), end)


def ended(now: str, *timeline: Told) -> datetime | None:
    spell = spell_of("o", timeline, utc(now))
    assert spell is not None
    return spell.end


def test_the_end_is_what_is_known_now() -> None:
    """An end that passed, a revocation, an extension: no human step in any of them."""
    active = told("2026-01-01", OrderStatus.ACTIVE, "2026-07-01")
    revoked = told("2026-05-01", OrderStatus.REVOKED, "2026-05-01")
    longer = told("2026-05-01", OrderStatus.ACTIVE, None)
    bare = told("2026-05-01", OrderStatus.REVOKED, None)
    assert ended("2026-06-01", active) == utc("2026-07-01")
    assert ended("2026-06-01", active, revoked) == utc("2026-05-01")
    assert ended("2026-04-01", active, revoked) == utc("2026-07-01")  # not yet revoked
    assert ended("2026-06-01", active, longer) is None
    assert ended("2026-06-01", active, bare) == utc("2026-05-01")
    assert (
        spell_of("o", [told("2026-01-01", OrderStatus.REFERRED, None)], utc("2026-06-01")) is None
    )


def test_collection_ends_by_itself() -> None:
    orders = (Spell("o", Basis.LICENCE, utc("2026-01-01"), utc("2026-07-01")),)
    assert not collection_ended(orders, utc("2026-06-30 23:59"))
    assert collection_ended(orders, utc("2026-07-01"))
    assert collection_ended(orders, utc("2025-12-31"))
    assert not collection_ended((), utc("2026-07-01"))  # not known is not "ended"
