"""The gate over drawn cases: its steps say what it says, and nothing is kept after a withdrawal."""

from __future__ import annotations

from bisect import bisect_right
from datetime import timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from made_cases import consent, utc

from tipstaff.domain.consents import Consent, ConsentKind, Withdrawal, WithdrawnBy
from tipstaff.domain.intake_gate import (
    DeviceVerdicts,
    may_collect,
    supported,
    verdict_steps,
)
from tipstaff.domain.intake_words import (
    DeviceFacts,
    GateReason,
    IntakePolicy,
    LateFixes,
    Verb,
    Verdict,
    WearerFacts,
    WithVictim,
    Worn,
)
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.order_life import StatusStretch
from tipstaff.domain.orders import OrderStatus
from tipstaff.domain.periods import to_micros

DAYS = 12
EPOCH = utc("2026-03-01")
PEOPLE = ("V1", "V2")
days = st.integers(0, DAYS).map(lambda n: EPOCH + timedelta(days=n))


any_basis = st.sampled_from(LegalBasis)


@st.composite
def orders(draw: Any, bases: Any = any_basis) -> tuple[StatusStretch, ...]:
    """One order in stretches apart from one another, with gaps between some of them."""
    cuts = sorted(draw(st.sets(days, min_size=1, max_size=4)))
    basis = draw(bases)
    found = []
    for index, start in enumerate(cuts):
        following = cuts[index + 1] if index + 1 < len(cuts) else None
        end = draw(st.sampled_from([following, following or start + timedelta(days=1)]))
        status = draw(st.sampled_from(OrderStatus))
        begins, ends = draw(days), draw(st.none() | days)
        restores = draw(st.sampled_from(["", "O0", "O1"]))
        found.append(StatusStretch(start, end, status, basis, begins, ends, restores))
    return tuple(found)


@st.composite
def devices(draw: Any) -> DeviceFacts:
    """One that wearers had, or victims whom orders of theirs protect, one after the other."""
    cuts = sorted(draw(st.sets(days, min_size=2, max_size=4)))
    spans, whose = list(pairwise(cuts)), st.sampled_from("WX")
    if draw(st.booleans()):
        worn = tuple(Worn(a, b, draw(whose)) for a, b in spans)
        return DeviceFacts(worn, (), {name: draw(wearers()) for name in "WX"})
    had = tuple(
        WithVictim(a, b, draw(st.sampled_from(PEOPLE)), draw(whose), "O0") for a, b in spans
    )
    return DeviceFacts((), had, {name: draw(wearers()) for name in "WX"})


@st.composite
def consents(draw: Any, reference: str, others: list[str]) -> Consent:
    """A consent that may end, be withdrawn, or take the place of another, whoever's."""
    given_at = draw(days)
    later = days.filter(lambda day: day >= given_at)
    withdrawn = draw(st.none() | later)
    back = None if withdrawn is None else Withdrawal(withdrawn, WithdrawnBy.IN_PERSON, "x")
    kind, person = ConsentKind.VOLUNTARY, ""
    if draw(st.booleans()):
        kind, person = ConsentKind.VICTIM, draw(st.sampled_from(PEOPLE))
    return consent(
        reference, given_at=given_at, withdrawn=back, ends_at=draw(st.none() | later), kind=kind,
        person=person, supersedes=draw(st.sampled_from(["", *others])),
    )  # fmt: skip


@st.composite
def wearers(draw: Any) -> WearerFacts:
    names = [f"C{n}" for n in range(draw(st.integers(0, 3)))]
    given = tuple(draw(consents(name, names[:n])) for n, name in enumerate(names))
    listed = draw(st.lists(orders(), max_size=3))
    return WearerFacts({f"O{n}": o for n, o in enumerate(listed)}, given, draw(st.booleans()))


policies = st.builds(
    IntakePolicy, st.just("x"), st.just(1), st.just("x"), *[st.sampled_from(LateFixes)] * 2
)
hours = st.integers(-5, 24 * DAYS + 30).map(lambda n: EPOCH + timedelta(hours=n))


@settings(max_examples=150, deadline=None)
@given(devices(), hours, hours, policies)
def test_the_steps_say_what_the_gate_says(
    device: DeviceFacts, fix: Any, received: Any, policy: IntakePolicy
) -> None:
    steps = verdict_steps(device, received, policy)
    at = bisect_right([start for start, _verdict in steps], fix) - 1
    assert steps[at][1] == may_collect(device, fix, received, policy)


@settings(max_examples=400, deadline=None)
@given(devices(), st.lists(st.tuples(hours, hours), min_size=1, max_size=30), policies)
def test_what_is_worked_out_once_is_what_the_gate_says_of_each(
    device: DeviceFacts, messages: Any, policy: IntakePolicy
) -> None:
    known = DeviceVerdicts(device, policy)
    for fix, received in messages:
        said = known.of(to_micros(fix), to_micros(received))
        assert said == may_collect(device, fix, received, policy)


def test_a_victims_consent_ends_though_anothers_is_said_to_have_taken_its_place() -> None:
    def day(n: int) -> Any:
        return EPOCH + timedelta(days=n)

    victims: dict[str, Any] = {"kind": ConsentKind.VICTIM}
    given = (
        consent("C1", person="V1", given_at=day(0), ends_at=day(8), **victims),
        consent("C2", person="V2", given_at=day(2), supersedes="C1", **victims),
    )
    order = (StatusStretch(day(0), None, OrderStatus.ACTIVE, LegalBasis.LICENCE, day(0), None, ""),)
    had = WithVictim(day(0), day(99), "V1", "W", "O0")
    device = DeviceFacts((), (had,), {"W": WearerFacts({"O0": order}, given)})
    policy = IntakePolicy("x", 1, "x", LateFixes.DROP, LateFixes.DROP)
    known = DeviceVerdicts(device, policy)
    verbs = [known.of(*[to_micros(day(n))] * 2).verb for n in (6, 9)]
    assert verbs == [Verb.KEEP, Verb.QUARANTINE]


@settings(max_examples=150, deadline=None)
@given(st.lists(orders(st.just(LegalBasis.VOLUNTARY)), min_size=1, max_size=3), days, hours, hours)
def test_nothing_is_kept_once_consent_is_withdrawn(
    listed: Any, withdrawn: Any, fix: Any, received: Any
) -> None:
    """Whatever the orders say, and whenever the fix was made."""
    back = Withdrawal(withdrawn, WithdrawnBy.IN_PERSON, "x")
    given = consent(given_at=EPOCH - timedelta(days=9), withdrawn=back)
    facts = WearerFacts({f"O{n}": order for n, order in enumerate(listed)}, (given,))
    worn = Worn(EPOCH - timedelta(days=99), EPOCH + timedelta(days=99), "W")
    drop = IntakePolicy("x", 1, "x", LateFixes.DROP, LateFixes.DROP)
    verdict = may_collect(DeviceFacts((worn,), (), {"W": facts}), fix, received, drop)
    if received >= withdrawn or fix >= withdrawn:
        assert verdict.verb is not Verb.KEEP


@settings(max_examples=150, deadline=None)
@given(wearers(), hours, hours)
def test_when_orders_support_collection_is_when_the_gate_keeps(
    facts: WearerFacts, since: Any, later: Any
) -> None:
    """What is watched goes by `supported`, what is kept by the gate: never by two laws."""
    at = max(since, later)
    worn = Worn(since, EPOCH + timedelta(days=99), "W")
    drop = IntakePolicy("x", 1, "x", LateFixes.DROP, LateFixes.DROP)
    verdict = may_collect(DeviceFacts((worn,), (), {"W": facts}), at, at, drop)
    when = supported(facts, since)
    inside = any(
        start <= at and (end is None or at < end) for each in when.values() for start, end in each
    )
    assert inside is (verdict == Verdict(Verb.KEEP, GateReason.IN_FORCE))
    for each in when.values():
        ends = [end or EPOCH + timedelta(days=99) for _start, end in each]
        edges = [
            edge for stretch in zip((s for s, _ in each), ends, strict=True) for edge in stretch
        ]
        assert all(one < other for one, other in pairwise(edges))
