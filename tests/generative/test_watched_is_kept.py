"""Over drawn cases: nobody is judged for a time of which nothing may be collected."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from made_cases import consent, order, utc, zone

from tipstaff.domain.consents import Consent, Withdrawal, WithdrawnBy
from tipstaff.domain.intake_gate import may_collect
from tipstaff.domain.intake_words import (
    DeviceFacts,
    IntakePolicy,
    LateFixes,
    Verb,
    WearerFacts,
    Worn,
)
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.order_life import StatusStretch
from tipstaff.domain.orders import OrderStatus
from tipstaff.domain.periods import Period
from tipstaff.domain.versions import Stated, timeline
from tipstaff.monitoring.collected import at_any_time, collecting, cut_to
from tipstaff.monitoring.held import Demands, OrderVersion, all_held

DAYS = 12
EPOCH = utc("2026-03-01")
LAST = EPOCH + timedelta(days=99)
days = st.integers(0, DAYS).map(lambda n: EPOCH + timedelta(days=n))
hours = st.integers(0, 24 * DAYS + 30).map(lambda n: EPOCH + timedelta(hours=n))


@st.composite
def versions(draw: Any, number: int) -> list[OrderVersion]:
    """One order, in versions each of which may end, of a basis and a time that stay."""
    basis = draw(st.sampled_from([LegalBasis.VOLUNTARY, LegalBasis.LICENCE]))
    found = []
    for place in range(1, draw(st.integers(1, 4)) + 1):
        start = draw(days)
        end = draw(st.none() | days.filter(lambda day, start=start: day > start)) if (
            start < EPOCH + timedelta(days=DAYS)) else None  # fmt: skip
        made = order(
            f"O{number}",
            basis=basis,
            conditions=(zone(),),
            starts_at=draw(days),
            served_at=draw(st.none() | days),
            ends_at=draw(st.none() | days),
            status=draw(st.sampled_from(OrderStatus)),
            restores=draw(st.sampled_from(["", "O0", "O1"])),
        )
        found.append((Stated(place, start, end, EPOCH + timedelta(hours=place)), made))
    return found


@st.composite
def consents(draw: Any) -> Consent:
    given_at = draw(days)
    at = draw(st.none() | days.filter(lambda day: day >= given_at))
    back = None if at is None else Withdrawal(at, WithdrawnBy.IN_PERSON, "x")
    return consent(f"C{draw(st.integers(1, 2))}", given_at=given_at, withdrawn=back)


cases = st.tuples(versions(0), versions(1)).map(list)


def stretches(listed: list[OrderVersion]) -> tuple[StatusStretch, ...]:
    orders = {stated.number: made for stated, made in listed}
    shown = [(one, orders[one.number]) for one in timeline(stated for stated, _ in listed)]
    return tuple(
        StatusStretch(s.start, s.end, o.status, o.basis, o.starts_at, o.ends_at, o.restores)
        for s, o in shown
    )


@settings(max_examples=120, deadline=None)
@given(cases, st.lists(consents(), max_size=2), days, hours)
def test_what_is_held_of_a_condition_is_of_a_time_that_is_kept(
    orders: list[list[OrderVersion]], given: list[Consent], since: Any, later: Any
) -> None:
    at = max(since, later)
    when = collecting(orders, given, since)
    cut = cut_to(orders, when, since)
    held = [one.during for one in all_held(Demands(cut), Period(since, LAST), LAST)]
    facts = WearerFacts({o[0][1].reference: stretches(o) for o in orders}, tuple(given))
    worn = DeviceFacts((Worn(since, LAST, "W"),), (), {"W": facts})
    drop = IntakePolicy("x", 1, "x", LateFixes.DROP, LateFixes.DROP)
    kept = may_collect(worn, at, at, drop).verb is Verb.KEEP
    inside = any(start <= at and (end is None or at < end) for start, end in at_any_time(when))
    assert inside is kept
    if any(period.contains(at) for period in held):
        assert kept


@settings(max_examples=80, deadline=None)
@given(cases, st.lists(consents(), max_size=2), days, hours)
def test_what_is_kept_and_enforceable_is_held(
    orders: list[list[OrderVersion]], given: list[Consent], since: Any, later: Any
) -> None:
    """The cut takes away nothing else."""
    at = max(since, later)
    when = collecting(orders, given, since)
    during = Period(since, LAST)
    before = {
        one.name
        for one in all_held(Demands(orders), during, LAST)
        if one.during.contains(at)
        and any(s <= at and (e is None or at < e) for s, e in when[one.name.partition("/")[0]])
    }
    cut = Demands(cut_to(orders, when, since))
    after = {one.name for one in all_held(cut, during, LAST) if one.during.contains(at)}
    assert after == before
