"""Who may be searched for which crime, by the law in force and the case records as known now.

Where there are case records, they decide, and whoever they do not mention is not searched. Only an
instance without any can be told to search all devices, by name and with an authority.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np

from tipstaff.domain.crimes import Crime
from tipstaff.domain.periods import Period, to_micros
from tipstaff.domain.search_facts import Consent, CrimeFacts, OrderFacts
from tipstaff.domain.search_orders import facts_of, victims_of
from tipstaff.domain.search_pairs import REASONS, Permissions, Person, permissions
from tipstaff.domain.searchable import SearchPolicy
from tipstaff.matching.inputs import ALWAYS
from tipstaff.matching.permits import Permits
from tipstaff.matching.readable import Span
from tipstaff.records import law, search_records
from tipstaff.records.search_records import CaseFacts
from tipstaff.services.access import Access, refuse
from tipstaff.services.search_consents import consents_at

#: What a manifest says where all devices were searched.
EVERYBODY: Final = "all"


@dataclass(frozen=True, slots=True)
class Law:
    """The policy, and what the case records say of everybody, at `searched_at`."""

    policy: SearchPolicy
    searched_at: datetime
    cases: Mapping[str, CaseFacts]
    consents: Mapping[str, tuple[Consent, ...]]

    @property
    def limited(self) -> frozenset[str]:
        """Wearers of limited access."""
        return frozenset(name for name, facts in self.cases.items() if facts.limited)


@dataclass(frozen=True, slots=True)
class Judged:
    """Who may be searched, of some wearers, for some crimes in the order of their keys.

    `spans`: the times of each wearer from which fixes may be read. `said` goes into the manifest.
    """

    permits: Permits
    spans: tuple[tuple[Span, ...], ...]
    said: Mapping[str, Any]


def check(access: Access, *, everybody: bool) -> None:
    """Refuse a search of all devices where case records decide, and one by law without any."""
    on_record = search_records.any_on_record()
    if everybody and on_record:
        refuse(access, "case_records_decide")
    if everybody and not access.authority:
        refuse(access, "all_needs_authority")
    if not everybody and not on_record:
        refuse(access, "nobody_searchable")


def policy_name() -> str:
    """The policy by which is searched, in a word."""
    policy = law.shipped_policy()
    return f"{policy.policy_id}-{policy.version}"


def law_at(now: datetime) -> Law:
    """The law in force, and every case record as it is known now."""
    cases = search_records.all_known(now=now)
    return Law(law.shipped_policy(), now, cases, consents_at(cases, known_at=now))


def judge(
    told: Law, crimes: Sequence[Crime], wearers: Sequence[str], *, seen: frozenset[str]
) -> Judged:
    """Who of `wearers` may be searched for each of `crimes`, which are in the order of their keys.

    `seen`: the wearers of whom those who will read the answers may know.
    """
    people = _people(told, wearers, seen)
    facts = [
        CrimeFacts(c.crime_type, c.force, Period(c.start, c.end), told.searched_at) for c in crimes
    ]
    found = permissions(told.policy, facts, people)
    permits = Permits(found.codes, tuple(REASONS), np.ones(len(wearers), np.bool_))
    said = {
        "policy": told.policy.policy_id,
        "version": told.policy.version,
        "digest": _digest(told, crimes, wearers, found),
    }
    return Judged(permits, tuple(_spans(told.policy, people, found)), said)


def _people(told: Law, wearers: Sequence[str], seen: frozenset[str]) -> list[Person]:
    """Each wearer as the law sees them.

    Somebody with an order whom any order protects is never searched, whoever may know of that
    order; somebody without is not searched anyway, and only orders that may be known of say why.
    """
    protected = {
        name: frozenset(v for one in facts.orders for shown in one for v in victims_of(shown.order))
        for name, facts in told.cases.items()
    }
    by_any = frozenset().union(*protected.values())
    by_seen = frozenset().union(*(v for name, v in protected.items() if name in seen))
    return [_person(told, name, name in by_any, name in by_seen) for name in wearers]


def _person(told: Law, name: str, by_any: bool, by_seen: bool) -> Person:  # noqa: FBT001
    facts = told.cases.get(name, CaseFacts())
    victim = by_any if facts.orders else by_seen
    born_on = None if facts.record is None else facts.record.born_on
    consents = told.consents.get(name, ())
    orders = tuple(
        one
        for shown in facts.orders
        for one in facts_of(shown, born_on=born_on, victim=victim, consents=consents)
    )
    return Person(orders, bool(facts.orders), victim)


def _spans(
    policy: SearchPolicy, people: Iterable[Person], found: Permissions
) -> Iterable[tuple[Span, ...]]:
    """By person, the times of the orders that permitted something."""
    number = 0
    for person in people:
        own = zip(person.orders, found.used[number:].tolist(), strict=False)
        yield tuple(_span(policy, order) for order, used in own if used)
        number += len(person.orders)


def _span(policy: SearchPolicy, order: OrderFacts) -> Span:
    """When an order was in force; where every rule for it asks for consent, that as well."""
    first, last = to_micros(order.start), to_micros(order.end or ALWAYS.end)
    by_consent = all(rule.consent for rule in policy.rules if order.basis in rule.bases)
    if order.consent is not None and by_consent:
        first = max(first, to_micros(order.consent.given_at))
        last = min(last, to_micros(order.consent.ends_at or ALWAYS.end))
    return first, last


def _digest(told: Law, crimes: Sequence[Crime], wearers: Sequence[str], found: Permissions) -> str:
    """SHA-256 over the policy, who was permitted what, and the versions of records that said so."""
    digest = hashlib.sha256(f"{told.policy.policy_id}\0{told.policy.version}".encode())
    for crime in crimes:
        digest.update(f"\0{crime.force}\0{crime.reference}\0{crime.version}".encode())
    for name in wearers:
        versions = told.cases.get(name, CaseFacts()).versions
        digest.update(f"\0{name}\0{' '.join(sorted(versions))}".encode())
    digest.update(found.codes.tobytes())
    return digest.hexdigest()
