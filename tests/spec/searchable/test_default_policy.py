"""Who may be searched under the shipped policy: basis by basis, then fact by fact, as tables.

Each line of a table: a name, what differs in the order and in the crime from one that is permitted,
and the reason. PERMITTED alone means yes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tipstaff.domain.crimes import CrimeType
from tipstaff.domain.forces import NATIONAL_FORCES
from tipstaff.domain.legal_bases import ConditionKind, LegalBasis
from tipstaff.domain.periods import Period
from tipstaff.domain.search_facts import Consent, CrimeFacts, OrderFacts, Scope
from tipstaff.domain.search_reasons import REASON_WORDS, Reason
from tipstaff.domain.searchable import may_search
from tipstaff.records.law import shipped_policy

POLICY = shipped_policy()
K, R = ConditionKind, Reason
TRAIL = frozenset({K.TRAIL})
SECOND = timedelta(seconds=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


CRIME = CrimeFacts(
    crime_type="BIAD",
    force="Derbyshire",
    window=Period(at("2026-01-30T22:00"), at("2026-01-31T06:30")),
    searched_at=at("2026-02-02T09:00"),
)
LICENCE = OrderFacts(
    basis=LegalBasis.LICENCE,
    conditions=TRAIL,
    start=at("2025-11-03T10:00"),
    end=at("2026-11-03T00:00"),
    born_on=date(1990, 5, 17),
    victims_device=False,
    scheme="acquisitive-crime",
)
CONSENT = Consent(
    written=True,
    crime_matching=True,
    crime_types=Scope(frozenset({"BIAD", "RB"})),
    forces=Scope(frozenset({"Derbyshire", "Dorset"})),
    given_at=at("2025-11-03T10:00"),
    ends_at=at("2026-11-03T00:00"),
)
VOLUNTARY = replace(LICENCE, basis=LegalBasis.VOLUNTARY, scheme=None, consent=CONSENT)

#: Every basis, in three orders: a trail under the scheme, a trail with written consent, both.
BASES = {
    LegalBasis.COURT_BAIL: "- - -",
    LegalBasis.HOME_DETENTION_CURFEW: "yes - yes",
    LegalBasis.LICENCE: "yes - yes",
    LegalBasis.PAROLE: "yes - yes",
    LegalBasis.POST_SENTENCE_SUPERVISION: "- - -",
    LegalBasis.COMMUNITY_ORDER: "- - -",
    LegalBasis.SUSPENDED_SENTENCE: "- - -",
    LegalBasis.YOUTH_ORDER: "- - -",
    LegalBasis.DOMESTIC_ABUSE_PROTECTION_ORDER: "- - -",
    LegalBasis.TEMPORARY_LICENCE: "- - -",
    LegalBasis.IMMIGRATION_BAIL: "- - -",
    LegalBasis.VOLUNTARY: "- yes yes",
    LegalBasis.CHECKPOINT: "- yes yes",
}


@pytest.mark.parametrize("basis", LegalBasis)
def test_basis_by_basis(basis: LegalBasis) -> None:
    orders = [
        replace(LICENCE, basis=basis),
        replace(VOLUNTARY, basis=basis),
        replace(LICENCE, basis=basis, consent=CONSENT),
    ]
    found = [may_search(POLICY, order, CRIME) for order in orders]
    assert " ".join("yes" if each.allowed else "-" for each in found) == BASES[basis]
    if BASES[basis] == "- - -":
        assert {each.reason for each in found} == {Reason.BASIS_NOT_SEARCHED}
        assert {each.rule_id for each in found} == {None}


def window(start: str, end: str) -> dict[str, Any]:
    return {"window": Period(at(start), at(end))}


def consent(**facts: Any) -> dict[str, Any]:
    return {"consent": replace(CONSENT, **facts)}


Line = tuple[str, OrderFacts, dict[str, Any], dict[str, Any], Reason]
OUT_BY_DEFAULT: list[Line] = [
    ("a curfew only", LICENCE, {"conditions": frozenset({K.CURFEW})}, {}, R.CURFEW_ONLY),
    ("a zone only", LICENCE, {"conditions": frozenset({K.EXCLUSION_ZONE})}, {}, R.ZONE_ONLY),
    ("zones only", LICENCE, {"conditions": frozenset({K.EXCLUSION_ZONE, K.INCLUSION_ZONE})}, {},
     R.ZONE_ONLY),
    ("a curfew and a zone", LICENCE, {"conditions": frozenset({K.CURFEW, K.EXCLUSION_ZONE})}, {},
     R.NO_SEARCHED_CONDITION),
    ("no condition", LICENCE, {"conditions": frozenset()}, {}, R.NO_SEARCHED_CONDITION),
    ("conditions not known", LICENCE, {"conditions": None}, {}, R.CONDITIONS_NOT_KNOWN),
    ("a trail and a curfew", LICENCE, {"conditions": TRAIL | {K.CURFEW}}, {}, R.PERMITTED),
    ("a curfew only, voluntary", VOLUNTARY, {"conditions": frozenset({K.CURFEW})}, {},
     R.CURFEW_ONLY),
    ("a victim's device", LICENCE, {"victims_device": True}, {}, R.VICTIMS_DEVICE),
    ("a victim's device, consent", VOLUNTARY, {"victims_device": True}, {}, R.VICTIMS_DEVICE),
    ("basis not known", LICENCE, {"basis": None}, {}, R.BASIS_NOT_KNOWN),
    ("a licence outside the scheme", LICENCE, {"scheme": None}, {}, R.OTHER_SCHEME),
    ("a licence of another scheme", LICENCE, {"scheme": "temporary-release"}, {}, R.OTHER_SCHEME),
]  # fmt: skip
AGE: list[Line] = [
    ("18 on the day of the crime", LICENCE, {"born_on": date(2008, 1, 30)}, {}, R.PERMITTED),
    ("18 the day after it began", LICENCE, {"born_on": date(2008, 1, 31)}, {}, R.CHILD),
    ("18 now, a child then", VOLUNTARY, {"born_on": date(2008, 2, 1)}, {}, R.CHILD),
    ("age not known", LICENCE, {"born_on": None}, {}, R.AGE_NOT_KNOWN),
    ("18 by local time, not by UTC", LICENCE, {"born_on": date(2008, 7, 1)},
     window("2026-06-30T23:30", "2026-06-30T23:40") | {"searched_at": at("2026-07-02T09:00")},
     R.PERMITTED),
]  # fmt: skip
ORDER: list[Line] = [
    ("begins with the window", LICENCE, {"start": CRIME.window.start}, {}, R.PERMITTED),
    ("begins a second later", LICENCE, {"start": CRIME.window.start + SECOND}, {},
     R.ORDER_NOT_IN_FORCE),
    ("ends a second after the window", LICENCE, {"end": CRIME.window.end + SECOND}, {},
     R.PERMITTED),
    ("ends with the window", LICENCE, {"end": CRIME.window.end}, {}, R.ORDER_NOT_IN_FORCE),
    ("has no end yet", LICENCE, {"end": None}, {}, R.PERMITTED),
    ("is over when the search is made", LICENCE, {"end": at("2026-02-01T00:00")}, {},
     R.PERMITTED),
]  # fmt: skip
TYPES: list[Line] = [
    *((f"{t.value}", LICENCE, {}, {"crime_type": t.value}, R.PERMITTED) for t in CrimeType),
    ("another type", LICENCE, {}, {"crime_type": "assault"}, R.CRIME_TYPE_NOT_SEARCHED),
    ("a type consented to", VOLUNTARY, {}, {"crime_type": "RB"}, R.PERMITTED),
    ("a type not consented to", VOLUNTARY, {}, {"crime_type": "TFP"}, R.CONSENT_DOES_NOT_COVER),
]
FORCES: list[Line] = [
    *((f"{name}", LICENCE, {}, {"force": name}, R.PERMITTED) for name in NATIONAL_FORCES),
    *((f"{name}", LICENCE, {}, {"force": name}, R.FORCE_NOT_SERVED)
      for name in ("Dorset", "Northamptonshire", "Cambridgeshire")),
    ("a force consented to", VOLUNTARY, {}, {"force": "Dorset"}, R.PERMITTED),
    ("a force not consented to", VOLUNTARY, {}, {"force": "Kent"}, R.CONSENT_DOES_NOT_COVER),
]  # fmt: skip
CONSENTS: list[Line] = [
    ("all is well", VOLUNTARY, {}, {}, R.PERMITTED),
    ("none", VOLUNTARY, {"consent": None}, {}, R.NO_CONSENT),
    ("by word of mouth", VOLUNTARY, consent(written=False), {}, R.CONSENT_NOT_WRITTEN),
    ("to a tag, not to matching", VOLUNTARY, consent(crime_matching=False), {},
     R.CONSENT_DOES_NOT_COVER),
    ("names no type", VOLUNTARY, consent(crime_types=Scope()), {}, R.CONSENT_DOES_NOT_COVER),
    ("names no force", VOLUNTARY, consent(forces=Scope()), {}, R.CONSENT_DOES_NOT_COVER),
    ("given as the window begins", VOLUNTARY, consent(given_at=CRIME.window.start), {},
     R.PERMITTED),
    ("given a second later", VOLUNTARY, consent(given_at=CRIME.window.start + SECOND), {},
     R.CONSENT_NOT_IN_FORCE),
    ("runs out a second after the window", VOLUNTARY, consent(ends_at=CRIME.window.end + SECOND),
     {}, R.PERMITTED),
    ("runs out with the window", VOLUNTARY, consent(ends_at=CRIME.window.end), {},
     R.CONSENT_NOT_IN_FORCE),
    ("ran out before the search", VOLUNTARY, consent(ends_at=CRIME.searched_at - SECOND), {},
     R.PERMITTED),
    ("no end agreed", VOLUNTARY, consent(ends_at=None), {}, R.PERMITTED),
    ("withdrawn a second after the search", VOLUNTARY,
     consent(withdrawn_at=CRIME.searched_at + SECOND), {}, R.PERMITTED),
    ("withdrawn as the search is made", VOLUNTARY, consent(withdrawn_at=CRIME.searched_at), {},
     R.CONSENT_WITHDRAWN),
    ("withdrawn after the crime", VOLUNTARY, consent(withdrawn_at=CRIME.window.end + SECOND), {},
     R.CONSENT_WITHDRAWN),
    ("withdrawn before the crime", VOLUNTARY, consent(withdrawn_at=CRIME.window.start - SECOND), {},
     R.CONSENT_WITHDRAWN),
    ("given again after the crime", VOLUNTARY, consent(given_at=CRIME.window.end + SECOND), {},
     R.CONSENT_NOT_IN_FORCE),
]  # fmt: skip


def dated(crime: str, searched: str, force: str) -> dict[str, Any]:
    begins = at(crime)
    return {
        "window": Period(begins, begins + timedelta(minutes=5)),
        "searched_at": at(searched),
        "force": force,
    }


EARLY = replace(LICENCE, start=at("2018-01-01T00:00"))
EARLY_CONSENT = replace(
    VOLUNTARY, start=EARLY.start, consent=replace(CONSENT, given_at=at("2018-01-01T00:00"))
)
#: Midnight is local: in summer 23:00 UTC.
DATES: list[Line] = [
    ("first crime of the first six", EARLY, {},
     dated("2021-04-11T23:00", "2021-04-12T09:00", "Cheshire"), R.PERMITTED),
    ("a minute before", EARLY, {}, dated("2021-04-11T22:59", "2021-04-12T09:00", "Cheshire"),
     R.CRIME_TOO_EARLY),
    ("first crime of the thirteen", EARLY, {},
     dated("2021-09-28T23:00", "2021-09-29T09:00", "Durham"), R.PERMITTED),
    ("a minute before, the thirteen", EARLY, {},
     dated("2021-09-28T22:59", "2021-09-29T09:00", "Durham"), R.CRIME_TOO_EARLY),
    ("the first six on that day", EARLY, {},
     dated("2021-09-28T22:59", "2021-09-29T09:00", "Cheshire"), R.PERMITTED),
    ("searched a minute before the rule", EARLY, {},
     dated("2021-04-11T22:00", "2021-04-11T22:59", "Cheshire"), R.RULE_NOT_IN_FORCE),
    ("the thirteen, searched before their rule", EARLY, {},
     dated("2021-09-28T21:00", "2021-09-28T22:59", "Durham"), R.RULE_NOT_IN_FORCE),
    ("first crime under consent", EARLY_CONSENT, {},
     dated("2018-05-24T23:00", "2018-05-25T09:00", "Dorset"), R.PERMITTED),
    ("a minute before, consent", EARLY_CONSENT, {},
     dated("2018-05-24T22:59", "2018-05-25T09:00", "Dorset"), R.CRIME_TOO_EARLY),
]  # fmt: skip
EVERY: list[Line] = [
    (f"{title}: {line[0]}", *line[1:])
    for title, table in (
        ("out by default", OUT_BY_DEFAULT), ("age", AGE), ("order", ORDER), ("type", TYPES),
        ("force", FORCES), ("consent", CONSENTS), ("dates", DATES),
    )
    for line in table
]  # fmt: skip


@pytest.mark.parametrize(
    ("order", "facts", "crime", "reason"), [c[1:] for c in EVERY], ids=[c[0] for c in EVERY]
)
def test_a_line(
    order: OrderFacts, facts: dict[str, Any], crime: dict[str, Any], reason: Reason
) -> None:
    found = may_search(POLICY, replace(order, **facts), replace(CRIME, **crime))
    assert found.reason is reason
    assert found.allowed is (reason is Reason.PERMITTED)


def test_the_permitting_rule_is_named() -> None:
    assert may_search(POLICY, VOLUNTARY, CRIME).rule_id == "written-consent"
    assert may_search(POLICY, LICENCE, CRIME).rule_id == "acquisitive-crime-thirteen-areas"
    in_cheshire = replace(CRIME, force="Cheshire")
    assert may_search(POLICY, LICENCE, in_cheshire).rule_id == "acquisitive-crime-six-areas"


def test_the_shipped_rules_leave_out_what_is_out_by_default() -> None:
    assert not any(rule.children for rule in POLICY.rules)
    assert {rule.conditions for rule in POLICY.rules} == {TRAIL}
    assert all(rule.scheme or rule.consent for rule in POLICY.rules)


def test_every_reason_is_told_in_these_tables_and_has_words() -> None:
    assert {line[4] for line in EVERY} | {Reason.BASIS_NOT_SEARCHED} == set(Reason)
    assert set(REASON_WORDS) == set(Reason)
