"""What is wrong with a consent, told to the person who entered it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum

from tipstaff.domain.consents import Consent, ConsentKind, over_at
from tipstaff.domain.problems import Problem
from tipstaff.domain.wall_time import FIRST_DAY, LAST_DAY
from tipstaff.domain.wearers import Wearer


class ConsentCode(StrEnum):
    """Why a consent is refused, or an order for want of one."""

    CONSENT_OF_ANOTHER = "CONSENT_OF_ANOTHER"
    CONSENT_OUT_OF_RANGE = "CONSENT_OUT_OF_RANGE"
    CONSENT_IN_FUTURE = "CONSENT_IN_FUTURE"
    CONSENT_ENDS_BEFORE_GIVEN = "CONSENT_ENDS_BEFORE_GIVEN"
    WITHDRAWN_BEFORE_GIVEN = "WITHDRAWN_BEFORE_GIVEN"
    PERSON_MISSING = "PERSON_MISSING"
    PERSON_NOT_EXPECTED = "PERSON_NOT_EXPECTED"
    CONSENT_ADDRESS = "CONSENT_ADDRESS"
    CAPACITY_NOT_CONSIDERED = "CAPACITY_NOT_CONSIDERED"
    INTERPRETER_NOT_CONSIDERED = "INTERPRETER_NOT_CONSIDERED"
    SCOPE_EMPTY = "SCOPE_EMPTY"
    SCOPE_NOT_SAID = "SCOPE_NOT_SAID"
    MATCHING_NOT_WRITTEN = "MATCHING_NOT_WRITTEN"
    TEXT_NOT_KNOWN = "TEXT_NOT_KNOWN"
    SUPERSEDES_NOTHING = "SUPERSEDES_NOTHING"
    CONSENT_OVERLAPS = "CONSENT_OVERLAPS"
    CONSENT_NOT_KNOWN = "CONSENT_NOT_KNOWN"
    CONSENT_NOT_IN_FORCE = "CONSENT_NOT_IN_FORCE"
    CONSENT_CHANGED = "CONSENT_CHANGED"
    WITHDRAWN_ELSEWHERE = "WITHDRAWN_ELSEWHERE"
    NO_VOLUNTARY_CONSENT = "NO_VOLUNTARY_CONSENT"
    NO_HOUSEHOLDER_CONSENT = "NO_HOUSEHOLDER_CONSENT"
    NO_VICTIM_CONSENT = "NO_VICTIM_CONSENT"


def check_consent(
    consent: Consent, wearer: Wearer, others: Iterable[Consent], now: datetime
) -> tuple[Problem, ...]:
    """Everything wrong with a consent beside the `others` of the case; () where nothing is."""
    rest = [other for other in others if other.reference != consent.reference]
    return (
        *_whose(consent, wearer),
        *_times(consent, now),
        *_person(consent),
        *_address(consent, wearer),
        *_care(consent),
        *_scope(consent),
        *_beside(consent, rest),
    )


def _whose(consent: Consent, wearer: Wearer) -> Iterator[Problem]:
    if consent.wearer != wearer.reference:
        action = "the consent names another wearer: put the reference right"
        yield Problem(ConsentCode.CONSENT_OF_ANOTHER, "wearer", action)


def _times(consent: Consent, now: datetime) -> Iterator[Problem]:
    for where, moment in (("given_at", consent.given_at), ("ends_at", consent.ends_at)):
        if moment is not None and not FIRST_DAY <= moment.date() <= LAST_DAY:
            action = f"write a day from {FIRST_DAY} to {LAST_DAY}"
            yield Problem(ConsentCode.CONSENT_OUT_OF_RANGE, where, action)
    withdrawn = consent.withdrawn
    for where, moment in (
        ("given_at", consent.given_at),
        ("withdrawn.at", None if withdrawn is None else withdrawn.at),
    ):
        if moment is not None and moment > now:
            action = "this is still to come: record it when it has happened"
            yield Problem(ConsentCode.CONSENT_IN_FUTURE, where, action)
    if consent.ends_at is not None and consent.ends_at <= consent.given_at:
        action = "a consent ends after it is given: put the two right, or leave the end out"
        yield Problem(ConsentCode.CONSENT_ENDS_BEFORE_GIVEN, "ends_at", action)
    if withdrawn is not None and withdrawn.at < consent.given_at:
        action = "a consent is withdrawn after it is given: put the two right"
        yield Problem(ConsentCode.WITHDRAWN_BEFORE_GIVEN, "withdrawn.at", action)


def _person(consent: Consent) -> Iterator[Problem]:
    """A victim is known by a reference alone, so that no name can reach the wearer's papers."""
    if consent.kind is ConsentKind.VOLUNTARY:
        if consent.person:
            action = "the wearer consents for themselves: leave the person out"
            yield Problem(ConsentCode.PERSON_NOT_EXPECTED, "person", action)
    elif not consent.person:
        action = "name the householder, or give the victim's reference (never their name)"
        yield Problem(ConsentCode.PERSON_MISSING, "person", action)


def _address(consent: Consent, wearer: Wearer) -> Iterator[Problem]:
    known = {address.reference for address in wearer.addresses}
    if consent.kind is ConsentKind.HOUSEHOLDER and consent.address not in known:
        action = "name the address by its reference in the wearer's record, or add it there"
        yield Problem(ConsentCode.CONSENT_ADDRESS, "address", action)
    if consent.kind is not ConsentKind.HOUSEHOLDER and consent.address:
        action = "only a householder's consent is about an address: leave it out"
        yield Problem(ConsentCode.CONSENT_ADDRESS, "address", action)


def _care(consent: Consent) -> Iterator[Problem]:
    """What was not thought of is no informed consent; what was found is for the person's file."""
    if not consent.capacity_considered:
        action = "consider whether the person can decide this, and record that you did"
        yield Problem(ConsentCode.CAPACITY_NOT_CONSIDERED, "capacity_considered", action)
    if not consent.interpreter_considered:
        action = "consider whether the person needs an interpreter, and record that you did"
        yield Problem(ConsentCode.INTERPRETER_NOT_CONSIDERED, "interpreter_considered", action)


def _scope(consent: Consent) -> Iterator[Problem]:
    scope = consent.scope
    if not scope.collection:
        action = "a consent that covers no collection is none: record the refusal as a note"
        yield Problem(ConsentCode.SCOPE_EMPTY, "scope.collection", action)
    named = all(s.everything or s.names for s in (scope.crime_types, scope.forces))
    if scope.crime_matching and not named:
        action = "say for which crime types and which forces crime matching was agreed"
        yield Problem(ConsentCode.SCOPE_NOT_SAID, "scope", action)
    if scope.crime_matching and not consent.written:
        action = "crime matching needs consent in writing: have it signed, or leave matching out"
        yield Problem(ConsentCode.MATCHING_NOT_WRITTEN, "written", action)


def _beside(consent: Consent, others: list[Consent]) -> Iterator[Problem]:
    if consent.supersedes:
        before = [c for c in others if c.reference == consent.supersedes and c.kind is consent.kind]
        if not any(c.given_at <= consent.given_at for c in before):
            action = "name an earlier consent of the same kind, or leave it out"
            yield Problem(ConsentCode.SUPERSEDES_NOTHING, "supersedes", action)
    if consent.kind is ConsentKind.VOLUNTARY and any(_overlap(consent, c, others) for c in others):
        action = "another voluntary consent is in force then: say that this one supersedes it"
        yield Problem(ConsentCode.CONSENT_OVERLAPS, "given_at", action)


def _overlap(one: Consent, other: Consent, others: list[Consent]) -> bool:
    """Two in force at once: whoever takes back one of them would still be monitored."""
    if other.kind is not one.kind:
        return False
    every = [one, *others]
    ends = [over_at(one, every), over_at(other, every)]
    first_end, second_end = ends
    return (second_end is None or one.given_at < second_end) and (
        first_end is None or other.given_at < first_end
    )
