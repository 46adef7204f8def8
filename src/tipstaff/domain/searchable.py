"""May a crime be matched against this wearer? Deny by default; a rule that permits is named.

A policy is data: rules, each of which permits something. What no rule permits is refused, with the
reason. Whatever a policy says, a victim's device is never searched, and what is not known (legal
basis, conditions, date of birth) is refused, never guessed.

Times. A rule permits searches *made* from its `start` up to its `end`, for crimes whose window
begins no earlier than `crimes_from`: a rule that has ended permits nothing more, not even for old
crimes. The whole window must lie within the order, and, where the rule asks for consent, within
the consent. Consent withdrawn ends searching at that instant, for earlier crimes too: data
collected while it held may be on record, but nobody may look for new suspects in them. Consent that
merely ran out still covers the crimes of its time. What was disclosed before is another matter
(Criminal Procedure and Investigations Act 1996). Consent given again covers no crime before it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from tipstaff.domain.legal_bases import ZONE_KINDS, ConditionKind, LegalBasis
from tipstaff.domain.local_time import local_date
from tipstaff.domain.periods import Period
from tipstaff.domain.search_facts import CrimeFacts, OrderFacts, Scope
from tipstaff.domain.search_reasons import Reason
from tipstaff.domain.terms import ADULT_YEARS, reaches_age


@dataclass(frozen=True, slots=True)
class SearchRule:
    """Permits searching on these bases.

    `start` and `end` bound the day of the search, `crimes_from` that of the crime; `end` is the
    first day no longer in force; None: no bound. Days are local. `scheme`: only orders made under
    that eligibility rule. One of `conditions` must be part of the order. `children`: whether people
    under 18 at the crime are in.
    """

    rule_id: str
    bases: frozenset[LegalBasis]
    crime_types: Scope
    forces: Scope
    source: str
    start: date | None = None
    end: date | None = None
    crimes_from: date | None = None
    scheme: str | None = None
    conditions: frozenset[ConditionKind] = frozenset({ConditionKind.TRAIL})
    consent: bool = False
    children: bool = False


@dataclass(frozen=True, slots=True)
class SearchPolicy:
    """A version of who may be searched. A used version is never changed."""

    policy_id: str
    version: int
    title: str
    source: str
    rules: tuple[SearchRule, ...]


@dataclass(frozen=True, slots=True)
class Permission:
    """Whether a wearer may be searched for a crime, why, and by which rule.

    `rule_id` names the rule that permits; in a refusal the rule that came nearest, None where no
    rule is for the basis.
    """

    allowed: bool
    reason: Reason
    rule_id: str | None = None


def may_search(policy: SearchPolicy, order: OrderFacts, crime: CrimeFacts) -> Permission:
    """The first rule that permits; else a refusal by the rule that came nearest."""
    if order.victims_device:
        return Permission(allowed=False, reason=Reason.VICTIMS_DEVICE)
    if order.basis is None:
        return Permission(allowed=False, reason=Reason.BASIS_NOT_KNOWN)
    refusals = []
    for rule in (rule for rule in policy.rules if order.basis in rule.bases):
        found = [check(rule, order, crime) for check in CHECKS]
        reason = next((each for each in found if each is not None), None)
        if reason is None:
            return Permission(allowed=True, reason=Reason.PERMITTED, rule_id=rule.rule_id)
        refused = Permission(allowed=False, reason=reason, rule_id=rule.rule_id)
        refusals.append((found.index(reason), refused))
    none = Permission(allowed=False, reason=Reason.BASIS_NOT_SEARCHED)
    return max(refusals, key=lambda refusal: refusal[0], default=(0, none))[1]


def _in_force(rule: SearchRule, order: OrderFacts, crime: CrimeFacts) -> Reason | None:
    del order
    day = local_date(crime.searched_at)
    early = rule.start is not None and day < rule.start
    late = rule.end is not None and day >= rule.end
    return Reason.RULE_NOT_IN_FORCE if early or late else None


def _scheme(rule: SearchRule, order: OrderFacts, crime: CrimeFacts) -> Reason | None:
    del crime
    return Reason.OTHER_SCHEME if rule.scheme not in {None, order.scheme} else None


def _conditions(rule: SearchRule, order: OrderFacts, crime: CrimeFacts) -> Reason | None:
    del crime
    held = order.conditions
    if held is None:
        return Reason.CONDITIONS_NOT_KNOWN
    if held & rule.conditions:
        return None
    if held == {ConditionKind.CURFEW}:
        return Reason.CURFEW_ONLY
    return Reason.ZONE_ONLY if held and held <= ZONE_KINDS else Reason.NO_SEARCHED_CONDITION


def _age(rule: SearchRule, order: OrderFacts, crime: CrimeFacts) -> Reason | None:
    if rule.children:
        return None
    if order.born_on is None:
        return Reason.AGE_NOT_KNOWN
    adult_on = reaches_age(order.born_on, ADULT_YEARS)
    return Reason.CHILD if local_date(crime.window.start) < adult_on else None


def _order_period(rule: SearchRule, order: OrderFacts, crime: CrimeFacts) -> Reason | None:
    del rule
    within = _within(crime.window, order.start, order.end)
    return None if within else Reason.ORDER_NOT_IN_FORCE


def _crime_date(rule: SearchRule, order: OrderFacts, crime: CrimeFacts) -> Reason | None:
    del order
    first = rule.crimes_from
    early = first is not None and local_date(crime.window.start) < first
    return Reason.CRIME_TOO_EARLY if early else None


def _crime_type(rule: SearchRule, order: OrderFacts, crime: CrimeFacts) -> Reason | None:
    del order
    covered = rule.crime_types.covers(crime.crime_type)
    return None if covered else Reason.CRIME_TYPE_NOT_SEARCHED


def _force(rule: SearchRule, order: OrderFacts, crime: CrimeFacts) -> Reason | None:
    del order
    return None if rule.forces.covers(crime.force) else Reason.FORCE_NOT_SERVED


def _consent(rule: SearchRule, order: OrderFacts, crime: CrimeFacts) -> Reason | None:
    consent = order.consent
    if not rule.consent:
        return None
    if consent is None:
        return Reason.NO_CONSENT
    if not consent.written:
        return Reason.CONSENT_NOT_WRITTEN
    named = consent.crime_types.covers(crime.crime_type) and consent.forces.covers(crime.force)
    if not (consent.crime_matching and named):
        return Reason.CONSENT_DOES_NOT_COVER
    if not _within(crime.window, consent.given_at, consent.ends_at):
        return Reason.CONSENT_NOT_IN_FORCE
    withdrawn_at = consent.withdrawn_at
    withdrawn = withdrawn_at is not None and withdrawn_at <= crime.searched_at
    return Reason.CONSENT_WITHDRAWN if withdrawn else None


def _within(window: Period, start: datetime, end: datetime | None) -> bool:
    """Whether every instant of a window, its last included, is from `start` to before `end`."""
    return start <= window.start and (end is None or window.end < end)


Check = Callable[[SearchRule, OrderFacts, CrimeFacts], Reason | None]
#: Asked in this order, what a rule is about first; the first that refuses gives the reason.
CHECKS: Final[tuple[Check, ...]] = (
    _scheme,
    _crime_type,
    _force,
    _in_force,
    _crime_date,
    _conditions,
    _age,
    _order_period,
    _consent,
)
