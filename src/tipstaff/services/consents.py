"""Consents: recorded, withdrawn with effect at once, copied for the person, asked by matching."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from tipstaff.domain.case_kinds import CaseValue, Kind
from tipstaff.domain.consent_checks import ConsentCode
from tipstaff.domain.consent_texts import ConsentText, Copy, Language, copy_of
from tipstaff.domain.consents import Consent, ConsentKind, Withdrawal, WithdrawnBy
from tipstaff.domain.intake_gate import supports
from tipstaff.domain.intake_words import WearerFacts
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.orders import Order
from tipstaff.domain.problems import Problem
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.withdrawals import WHY, before, ended_orders, restored, withdrawal_problems
from tipstaff.records import activations, case_sets, case_versions, cases, law, wearers
from tipstaff.records.cases import Told
from tipstaff.services.access import Access, admit_to
from tipstaff.services.case_reach import known_to
from tipstaff.services.case_recording import RecordedCase, clock, record_told, told
from tipstaff.services.case_rules import Known, When, known_of, problems_of
from tipstaff.services.cases import orders_lacking
from tipstaff.services.limited_access import as_seen
from tipstaff.services.recording import Looked, changing, reading


@dataclass(frozen=True, slots=True)
class WithdrawnConsent:
    """What a withdrawal did, by references; or why it was refused and nothing was changed.

    `still_supported_by`: orders of the wearer, neither voluntary nor restored, under which the tag
    is still worn; the activations go on for them. `consequences`: what active orders now lack.
    """

    at: datetime
    problems: tuple[Problem, ...] = ()
    orders_ended: tuple[str, ...] = ()
    licences_restored: tuple[str, ...] = ()
    activations_ended: int = 0
    still_supported_by: tuple[str, ...] = ()
    consequences: tuple[Problem, ...] = ()


def record_consent(
    *, actor: str, purpose: Purpose, authority: str, consent: Consent, reason: str = ""
) -> RecordedCase:
    """Record a consent of a case whose wearer is on record. It holds from when it was given.

    One that is on record is never changed: another takes its place, or it is withdrawn.
    """
    access = admit_to(actor, purpose, authority, "record_consent")
    what = told(consent, reason)
    with changing(access, extent={"of": "consent"}) as looked:
        wearers.lock(consent.wearer)
        now = clock()
        known = known_to(access, consent.wearer, now)
        found = (*problems_of(consent, known, When(now)), *told_elsewhere(consent, known))
        return record_told(access, what, found, looked, now)


def told_elsewhere(value: CaseValue, known: Known) -> Iterator[Problem]:
    """Why a consent cannot be told as it is, given what is on record of it.

    A withdrawal told as a mere version would change no order and end no activation.
    """
    if not isinstance(value, Consent):
        return
    before_it = known.consents.get(value.reference)
    if before_it is None or before_it == value:
        return
    if value.withdrawn is not None and replace(value, withdrawn=None) == before_it:
        action = "withdraw it with 'tipstaff consent withdraw', so that collection stops at once"
        yield Problem(ConsentCode.WITHDRAWN_ELSEWHERE, "withdrawn", action)
        return
    action = "a consent on record is not changed: record another one that supersedes it"
    yield Problem(ConsentCode.CONSENT_CHANGED, "reference", action)


def withdraw_consent(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    wearer: str,
    reference: str,
    how: WithdrawnBy,
    told_to: str,
    at: datetime | None = None,
) -> WithdrawnConsent:
    """Withdraw a consent: everything that follows from it holds from `at` (None: from now on).

    One transaction: the consent, the orders that rest on it, the licence that comes back, and the
    activations. What matching and the intake ask shows it with the commit.
    """
    access = admit_to(actor, purpose, authority, "withdraw_consent")
    return _withdraw(access, wearer, reference, (how, told_to), at)


def withdraw_own(
    *, actor: str, purpose: Purpose, authority: str, wearer: str, reference: str
) -> WithdrawnConsent:
    """A wearer takes their own consent back, from this instant on, by their own page."""
    access = admit_to(actor, purpose, authority, "withdraw_own", wearer)
    how = (WithdrawnBy.IN_WRITING, "the wearer's own page")
    return _withdraw(access, wearer, reference, how, None)


def _is_own(consent: Consent | None) -> bool:
    return consent is not None and consent.kind is ConsentKind.VOLUNTARY


def _withdraw(
    access: Access, wearer: str, reference: str, told: tuple[WithdrawnBy, str], at: datetime | None
) -> WithdrawnConsent:
    with changing(access, extent={"of": "consent"}) as looked:
        wearers.lock(wearer)
        now = clock()
        moment = at or now
        known = known_to(access, wearer, now)
        consent = known.consents.get(reference)
        if access.use_case == "withdraw_own" and not _is_own(consent):
            consent = None  # a householder's or a victim's is theirs to take back
        listed = tuple(known.consents.values())
        found = tuple(withdrawal_problems(consent, listed, moment, now))
        looked.subjects = wearers.subject_refs([wearer])
        if found or consent is None:
            looked.extent["problems"] = len(found)
            return WithdrawnConsent(moment, problems=found)
        withdrawal = Withdrawal(moment, *told)
        return _carry_out(access, consent, withdrawal, known, now, looked)


def copy_for(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    wearer: str,
    reference: str,
    language: Language | None = None,
) -> Copy | None:
    """The person's copy of a consent, in the language in which it was put to them, or another.

    None where there is none to be seen, or its words are not ours. Where a text is not there in
    the person's own language the copy is in English.
    """
    access = admit_to(actor, purpose, authority, "copy_consent")
    now = clock()
    whom = as_seen(access, wearer)
    subjects = frozenset(wearers.subject_refs([wearer]))
    with reading(access, extent={"of": "consent"}, subjects=subjects) as looked:
        consents = case_sets.standing([whom], {Kind.CONSENT}, valid_at=now).get(whom, ())
        consent = next((c for c in consents if _is(c, reference)), None)
        if not isinstance(consent, Consent):
            return None
        text = next((t for t in law.shipped_consent_texts() if t.name == consent.text), None)
        looked.rows = int(text is not None)
        return None if text is None else copy_of(consent, text, language or _own(consent))


def consent_texts() -> tuple[ConsentText, ...]:
    """Every version of every text of consent. About nobody: no audit entry."""
    return law.shipped_consent_texts()


def _carry_out(
    access: Access,
    consent: Consent,
    withdrawal: Withdrawal,
    known: Known,
    now: datetime,
    looked: Looked,
) -> WithdrawnConsent:
    since, withdrawn = withdrawal.at, replace(consent, withdrawn=withdrawal)
    ended = ended_orders(consent, known.orders.values(), withdrawal)
    licences = tuple(_restored(ended, known, now))
    values: tuple[CaseValue, ...] = (withdrawn, *ended, *licences)
    what = [Told(value, since, None, WHY) for value in values]
    done = cases.record(what, at=now, by=access.actor_ref)
    touched = {name for order in ended for name in (order.reference, order.restores)}
    voluntary = consent.kind is ConsentKind.VOLUNTARY
    others = _supporting(known, touched, since) if voluntary else ()
    stop = voluntary and not others
    closed = activations.end_all(consent.wearer, since, now) if stop else 0
    looked.rows = sum(one.new for one in done) + closed
    looked.extent |= {"subject": str(done[0].subject), "orders": len(ended), "activations": closed}
    after = known_of([consent.wearer], now)[consent.wearer]
    return WithdrawnConsent(
        at=since,
        orders_ended=tuple(order.reference for order in ended),
        licences_restored=tuple(order.reference for order in licences),
        activations_ended=closed,
        still_supported_by=others,
        consequences=orders_lacking(after, now),
    )


def _restored(ended: Iterable[Order], known: Known, now: datetime) -> Iterator[Order]:
    """The licences that come back, with what they said just before the voluntary order began."""
    for order in ended:
        licence = known.orders.get(order.restores)
        subject = case_versions.subject_of(order.wearer, Kind.ORDER, order.restores)
        if licence is None or subject is None:
            continue
        original = case_versions.as_of(subject, valid_at=before(order), known_at=now)
        if original is not None and isinstance(original.value, Order):
            back = restored(licence, original.value)
            if back is not None:
                yield back


def _supporting(known: Known, touched: set[str], at: datetime) -> tuple[str, ...]:
    """The orders under which the tag is worn whatever became of the voluntary ones.

    A licence that comes back is none of them: whether it demands a tag is for a person to decide,
    by a fitting of its own.
    """
    left = (
        (name, timeline)
        for name, timeline in sorted(known.timelines.items())
        if name not in touched and timeline[-1].basis is not LegalBasis.VOLUNTARY
    )
    return tuple(name for name, timeline in left if supports(WearerFacts({name: timeline}), at))


def _is(value: CaseValue, reference: str) -> bool:
    return isinstance(value, Consent) and value.reference == reference


def _own(consent: Consent) -> Language:
    spoken = consent.language.partition("-")[0]
    return Language(spoken) if spoken in set(Language) else Language.ENGLISH
