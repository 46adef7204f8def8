"""Retention: a later end never erases earlier, a hold wins, what an order covers is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.periods import Period
from tipstaff.domain.retention import Category, Spell
from tipstaff.domain.retention_schedule import Due, Kept, Person, State, Timed, locked, schedule
from tipstaff.domain.terms import Term
from tipstaff.records.law import retention_policy

POLICY = retention_policy()
#: Another test running beside this one is no fault of the examples.
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
FIRST = datetime(2026, 3, 1, tzinfo=UTC)
#: Instants near one another, so that ends, starts and changes of the clocks meet.
instants = st.integers(0, 24 * 400).map(lambda h: FIRST + timedelta(hours=h))
lengths = st.integers(1, 24 * 200).map(lambda h: timedelta(hours=h))


@st.composite
def spells(draw: st.DrawFn, key: str = "o") -> Spell:
    start = draw(instants)
    end = draw(st.none() | lengths.map(lambda length: start + length))
    return Spell(key, draw(st.sampled_from(LegalBasis)), start, end)


@st.composite
def persons(draw: st.DrawFn) -> Person:
    orders = tuple(draw(spells(f"o{n}")) for n in range(draw(st.integers(1, 3))))
    timed = tuple(
        Timed(
            draw(st.sampled_from([Category.TRAIL, Category.ANSWERS])),
            str(n),
            Period(at, at + length),
        )
        for n, (at, length) in enumerate(draw(st.lists(st.tuples(instants, lengths), max_size=3)))
    )
    records = (Kept(Category.CASE_RECORD, "w"), Kept(Category.CASE_RECORD, "r", "o0"))
    return Person(orders, timed, records)


def due_for(found: tuple[Due, ...], key: str, at: datetime) -> Due:
    (only,) = [d for d in found if d.key == key and d.period and d.period.contains(at)]
    return only


def far(due: Due) -> datetime:
    return due.due_at or datetime.max.replace(tzinfo=UTC)


@CALM
@given(persons(), instants, lengths)
def test_a_later_end_never_erases_earlier(person: Person, now: datetime, more: timedelta) -> None:
    first = person.orders[0]
    if first.end is None:
        return
    longer = replace(person, orders=(replace(first, end=first.end + more), *person.orders[1:]))
    before, after = schedule(person, POLICY, now), schedule(longer, POLICY, now)
    assert far(after[-1]) >= far(before[-1])
    for due in before:
        if due.period is not None:
            for at in (due.period.start, due.period.end - timedelta(microseconds=1)):
                assert far(due_for(after, due.key, at)) >= far(due)


@CALM
@given(persons(), instants)
def test_a_hold_always_wins(person: Person, now: datetime) -> None:
    held = schedule(replace(person, held=True), POLICY, now)
    free = schedule(person, POLICY, now)
    assert not [due for due in held if due.state is State.DUE]
    assert [d.state is State.DUE for d in free] == [d.state is State.HELD for d in held]
    assert [d.due_at for d in free] == [d.due_at for d in held]


@CALM
@given(persons(), instants)
def test_what_an_order_that_stands_covers_is_kept(person: Person, now: datetime) -> None:
    standing = [order for order in person.orders if order.end is None or order.end > now]
    found = schedule(person, POLICY, now)
    for due in found:
        if due.period is not None and any(o.covers(due.period.start) for o in standing):
            assert due.state is not State.DUE
    if standing:
        assert found[-1].state is not State.DUE


@CALM
@given(persons(), instants)
def test_pieces_cover_each_thing_once_up_to_now_and_each_has_a_reason(
    person: Person, now: datetime
) -> None:
    found = schedule(person, POLICY, now)
    for thing in person.timed:
        pieces = [d.period for d in found if d.key == thing.key and d.period]
        total = sum((p.end - p.start for p in pieces), timedelta())
        assert total == max(min(thing.period.end, now) - thing.period.start, timedelta())
    assert all(due.why.endswith(".") for due in found)
    assert all(far(found[-1]) >= far(due) for due in found)


@CALM
@given(persons(), instants, instants)
def test_nothing_is_locked_while_an_order_for_it_stands(
    person: Person, at: datetime, now: datetime
) -> None:
    standing = any(o.covers(at) and (o.end is None or o.end > now) for o in person.orders)
    covered = any(o.covers(at) for o in person.orders)
    instant = Period(at, at + timedelta(microseconds=1))
    if standing or covered:
        assert bool(locked(person.orders, instant, now)) != standing
    assert not locked((), instant, now)


def test_nothing_is_known_of_a_person_without_an_order() -> None:
    thing = Timed(Category.TRAIL, "1", Period(FIRST, FIRST + timedelta(days=9000)))
    found = schedule(Person(timed=(thing,)), POLICY, FIRST + timedelta(days=8000))
    assert {due.state for due in found} == {State.UNKNOWN}


def test_terms_are_not_shorter_than_what_no_order_covers_is_kept() -> None:
    assert all(
        t.months or t.days >= POLICY.uncovered.days for r in POLICY.rules for t in r.keep.values()
    )
    assert POLICY.uncovered == Term(days=28)
