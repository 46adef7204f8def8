"""Properties of who may be searched, for any policy: deny by default, and less is never more."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime, timedelta

from drawn_searches import crimes, instants, orders, policies
from hypothesis import assume, given
from hypothesis import strategies as st

from tipstaff.domain.legal_bases import ConditionKind, LegalBasis
from tipstaff.domain.periods import Period
from tipstaff.domain.search_facts import CrimeFacts, OrderFacts, Scope
from tipstaff.domain.search_reasons import Reason
from tipstaff.domain.searchable import SearchPolicy, SearchRule, may_search


@given(policies, orders, crimes())
def test_denied_by_default(policy: SearchPolicy, order: OrderFacts, crime: CrimeFacts) -> None:
    """Only a rule for the basis can permit; nothing known to be out ever comes in."""
    found = may_search(policy, order, crime)
    assert found.allowed is (found.reason is Reason.PERMITTED)
    for_basis = [rule for rule in policy.rules if order.basis in rule.bases]
    if not for_basis:
        assert not found.allowed
        assert found.rule_id is None
    if order.victims_device or order.basis is None or order.conditions is None:
        assert not found.allowed
    assert not may_search(replace(policy, rules=()), order, crime).allowed


@given(policies, orders, crimes())
def test_a_permission_names_a_rule_that_permits_by_itself(
    policy: SearchPolicy, order: OrderFacts, crime: CrimeFacts
) -> None:
    alone = [may_search(replace(policy, rules=(rule,)), order, crime) for rule in policy.rules]
    found = may_search(policy, order, crime)
    assert found.allowed is any(each.allowed for each in alone)
    assert found == next((each for each in alone if each.allowed), found)
    if not found.allowed and not order.victims_device and order.basis is not None:
        assert found.reason in {each.reason for each in alone} | {Reason.BASIS_NOT_SEARCHED}


@given(policies, orders, crimes(), st.data())
def test_knowing_less_never_permits_more(
    policy: SearchPolicy, order: OrderFacts, crime: CrimeFacts, data: st.DataObject
) -> None:
    names = ["basis", "conditions", "born_on", "scheme", "consent"]
    assert set(names) <= {f.name for f in fields(OrderFacts)}
    less = replace(order, **dict.fromkeys(data.draw(st.sets(st.sampled_from(names)))))
    if may_search(policy, less, crime).allowed:
        assert may_search(policy, order, crime).allowed


@given(policies, orders, crimes(), instants(0, 300))
def test_consent_withdrawn_ends_searching_whatever_the_crime(
    policy: SearchPolicy, order: OrderFacts, crime: CrimeFacts, withdrawn_at: datetime
) -> None:
    assume(order.consent is not None)
    assert order.consent is not None
    asked = replace(policy, rules=tuple(replace(rule, consent=True) for rule in policy.rules))
    withdrawn = replace(order, consent=replace(order.consent, withdrawn_at=withdrawn_at))
    kept = replace(order, consent=replace(order.consent, withdrawn_at=None))
    found = may_search(asked, withdrawn, crime)
    if crime.searched_at >= withdrawn_at:
        assert not found.allowed
    else:
        assert found == may_search(asked, kept, crime)


@given(policies, orders, crimes())
def test_a_narrower_window_is_searched_where_the_wider_is(
    policy: SearchPolicy, order: OrderFacts, crime: CrimeFacts
) -> None:
    middle = crime.window.start + (crime.window.end - crime.window.start) / 2
    narrower = replace(crime, window=Period(middle, middle))
    if may_search(policy, order, crime).allowed:
        assert may_search(policy, order, narrower).allowed


@given(orders, crimes(), st.integers(-1, 1))
def test_a_day_on_either_side_of_a_rules_dates(
    order: OrderFacts, crime: CrimeFacts, by: int
) -> None:
    """Winter days, when local midnight is midnight in UTC."""
    open_rule = SearchRule(
        "1", frozenset(LegalBasis), Scope(everything=True), Scope(everything=True), "s",
        conditions=frozenset(ConditionKind), children=True,
    )  # fmt: skip
    edge = crime.searched_at.date() + timedelta(days=by)
    starting, ending = replace(open_rule, start=edge), replace(open_rule, end=edge)
    allowed = may_search(SearchPolicy("p", 1, "t", "s", (open_rule,)), order, crime).allowed
    for rule, in_force in ((starting, by <= 0), (ending, by > 0)):
        found = may_search(SearchPolicy("p", 1, "t", "s", (rule,)), order, crime)
        assert found.allowed is (allowed and in_force)
