"""Many pairs at once: the same answers as the law of searching gives to each pair by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from drawn_searches import START, crimes, orders, policies
from hypothesis import given
from hypothesis import strategies as st

from tipstaff.domain.search_facts import CrimeFacts, OrderFacts
from tipstaff.domain.search_pairs import CODE_OF, REASONS, Person, permissions
from tipstaff.domain.search_reasons import Reason
from tipstaff.domain.searchable import SearchPolicy, may_search

people = st.builds(
    Person,
    st.lists(orders, max_size=3).map(tuple),
    st.booleans(),
    st.sampled_from([False] * 9 + [True]),
)


def in_force(order: OrderFacts, crime: CrimeFacts) -> bool:
    ends_after = order.end is None or crime.window.end < order.end
    return order.start <= crime.window.start and ends_after


def expected(policy: SearchPolicy, person: Person, crime: CrimeFacts) -> Reason:
    """The nearest reason of the orders in force; what is said without one else."""
    held = [order for order in person.orders if in_force(order, crime)]
    found = [may_search(policy, order, crime).reason for order in held]
    if person.victim:
        found.append(Reason.VICTIMS_DEVICE)
    elif not held:
        found = [Reason.ORDER_NOT_IN_FORCE if person.on_record else Reason.BASIS_NOT_KNOWN]
    return min(found, key=REASONS.index)


@given(policies, st.lists(crimes(), min_size=1, max_size=4), st.lists(people, max_size=4))
def test_every_pair_is_answered_as_by_itself(
    policy: SearchPolicy, asked: list[CrimeFacts], wearers: list[Person]
) -> None:
    wearers = [
        replace(p, orders=tuple(replace(o, victims_device=True) for o in p.orders))
        if p.victim
        else p
        for p in wearers
    ]
    found = permissions(policy, asked, wearers)
    for c, crime in enumerate(asked):
        told = [REASONS[code] for code in found.codes[c]]
        assert told == [expected(policy, person, crime) for person in wearers]
    every = [order for person in wearers for order in person.orders]
    for used, order in zip(found.used, every, strict=True):
        permits = [in_force(order, c) and may_search(policy, order, c).allowed for c in asked]
        assert used == any(permits)


def test_every_reason_has_its_place() -> None:
    assert set(REASONS) == set(Reason)
    assert len(CODE_OF) == len(REASONS)
    assert CODE_OF[Reason.PERMITTED] == 0


@given(policies, crimes(), orders)
def test_an_order_more_never_takes_a_permission_away(
    policy: SearchPolicy, crime: CrimeFacts, order: OrderFacts
) -> None:
    late = replace(order, start=START + timedelta(days=900), end=None)
    one = permissions(policy, [crime], [Person((order,), on_record=True)]).codes[0, 0]
    both = permissions(policy, [crime], [Person((late, order), on_record=True)]).codes[0, 0]
    assert one == both or CODE_OF[Reason.PERMITTED] not in {one, both}
