"""Notices as people see to them: where everybody is told, what got through, what did not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from tipstaff.domain.access_checks import AccessCode, check_span, check_text
from tipstaff.domain.deliveries import WAITING, AttemptCode, NoticeState
from tipstaff.domain.findings import FindingKind
from tipstaff.domain.notice_checks import NoticeCode, check_address
from tipstaff.domain.problems import Problem
from tipstaff.domain.protocols import Means, Recipient, Severity
from tipstaff.domain.purposes import Purpose
from tipstaff.notices.carriers import Message
from tipstaff.notices.letters import Told, letter
from tipstaff.records import forces, notice_contacts, notice_lists, notice_sending
from tipstaff.records.notice_contacts import Contact, ContactLine
from tipstaff.records.notice_lists import NoticeLine
from tipstaff.records.notice_sending import HAS_IT
from tipstaff.services.access import admit_to
from tipstaff.services.account_outcomes import Outcome, clock, recorded, refused
from tipstaff.services.instance import open_instance
from tipstaff.services.notice_carriers import set_up
from tipstaff.services.recording import changing, reading

_TEST: Final = "test"
_LATE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A contact to be recorded: of a force or of all, from `starts_at` (None: now) on."""

    recipient: Recipient
    means: Means
    address: str = field(repr=False)
    force: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def add_notice_contact(
    *, actor: str, purpose: Purpose, authority: str, wanted: Wanted, reason: str = ""
) -> Outcome:
    """Record where a recipient is told of alerts."""
    access = admit_to(actor, purpose, authority, "add_notice_contact")
    extent = {"force": wanted.force, "recipient": wanted.recipient, "means": wanted.means}
    with changing(access, extent=extent) as looked:
        now = clock()
        start = wanted.starts_at or now
        problems = [
            *check_address(wanted.means, wanted.address),
            *check_span(start, wanted.ends_at),
            *check_text("reason", reason),
            *_force_problems(wanted.force),
        ]
        if problems:
            return refused(looked, problems)
        if wanted.force is not None:
            forces.ensure(wanted.force)
        contact = Contact(
            wanted.recipient, wanted.means, wanted.address, wanted.force, start, wanted.ends_at
        )
        made = notice_contacts.add(contact, reason=reason, at=now, by=access.actor_ref)
        return recorded(looked, made)


def end_notice_contact(
    *, actor: str, purpose: Purpose, authority: str, contact: UUID, reason: str
) -> Outcome:
    """End a contact: nobody is told there from now on."""
    access = admit_to(actor, purpose, authority, "end_notice_contact")
    with changing(access, extent={"contact": str(contact)}) as looked:
        problems = check_text("reason", reason, needed=True)
        if problems:
            return refused(looked, problems)
        by = access.actor_ref
        if not notice_contacts.end(contact, at=clock(), by=by, reason=reason):
            return refused(looked, [_no_contact()])
        return recorded(looked, contact)


def list_notice_contacts(*, actor: str, purpose: Purpose, authority: str) -> list[ContactLine]:
    """Contacts in the order of recording, ended ones too."""
    access = admit_to(actor, purpose, authority, "list_notice_contacts")
    with reading(access, extent={}) as looked:
        found = notice_contacts.every()
        looked.rows = len(found)
    return found


def try_notice_contact(*, actor: str, purpose: Purpose, authority: str, contact: UUID) -> Outcome:
    """Send a test to a contact, at once and once. It is about nobody, and not in the outbox."""
    access = admit_to(actor, purpose, authority, "try_notice_contact")
    now = clock()
    found = notice_contacts.find(contact, now)
    problems = [_no_contact()] if found is None else _send_test(found, now)
    with changing(access, extent={"contact": str(contact)}) as looked:
        return refused(looked, problems) if problems else recorded(looked, contact)


def list_notices(
    *, actor: str, purpose: Purpose, authority: str, dead: bool = False, most: int = 100
) -> list[NoticeLine]:
    """Notices by email, text and webhook, the latest first; `dead`: which did not get through.

    All that did not are shown: the reference alone is left out where a record is of limited access.
    """
    access = admit_to(actor, purpose, authority, "list_notices")
    states = (NoticeState.DEAD,) if dead else tuple(NoticeState)
    with reading(access, extent={"dead": dead}) as looked:
        found = notice_lists.listed(states, most=most)
        looked.subjects = {line.subject_ref for line in found if line.subject_ref is not None}
        looked.rows = len(found)
    return found


def retry_notice(
    *, actor: str, purpose: Purpose, authority: str, notice: UUID, reason: str
) -> Outcome:
    """Queue a notice anew that is dead; whoever has it already is not told again."""
    access = admit_to(actor, purpose, authority, "retry_notice")
    with changing(access, extent={"notice": str(notice)}) as looked:
        problems = check_text("reason", reason, needed=True)
        if problems:
            return refused(looked, problems)
        subject = notice_lists.subject_of(notice)
        looked.subjects = set() if subject is None else {subject}
        if not notice_sending.retry(notice, clock()):
            action = "name a notice that 'tipstaff notices dead' shows"
            return refused(looked, [Problem(NoticeCode.NOTICE_NOT_DEAD, "notice", action)])
        return recorded(looked, notice)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the outbox stands: numbers alone. `faults`: what is not set up, and why, by means."""

    counts: Mapping[NoticeState, int]
    waited: timedelta | None
    faults: Mapping[Means, str]

    @property
    def is_well(self) -> bool:
        """Whether nothing is dead, failing, or due for longer than a worker needs."""
        bad = self.counts[NoticeState.DEAD] + self.counts[NoticeState.RETRYING]
        return not bad and (self.waited is None or self.waited < _LATE)


def how_it_stands(now: datetime) -> Standing:
    """How the outbox stands; about nobody, so it asks for no purpose."""
    faults = set_up(open_instance()).faults
    counted = notice_sending.counts((*WAITING, NoticeState.DEAD))
    return Standing(counted, notice_sending.oldest_waiting(now), faults)


def _send_test(contact: Contact, now: datetime) -> list[Problem]:
    values = open_instance()
    carrier = set_up(values).carriers.get(contact.means)
    if carrier is None:
        action = "set this means up: 'tipstaff notices status' says what is missing"
        return [Problem(NoticeCode.NOT_SET_UP, "contact", action)]
    told = Told(
        notice=uuid4(),
        wearer="",
        alert=0,
        severity=Severity.INFORMATION,
        kind=FindingKind.EQUIPMENT,
        step=_TEST,
        recipient=contact.recipient,
        late=False,
        queued_at=now,
        words="This is a test of this address: there is no alert, nothing is to be done",
    )
    sent = carrier.send(Message(told.notice, told, letter(told, ""), now), contact.address)
    if sent.code in HAS_IT:
        return []
    what = "not set up" if sent.code is AttemptCode.NOT_SET_UP else sent.code.lower()
    return [Problem(NoticeCode.NOT_SENT, "contact", f"it was {what}, {sent.words}: put that right")]


def _no_contact() -> Problem:
    action = "name a contact in force that 'tipstaff notices contacts' shows"
    return Problem(NoticeCode.CONTACT_NOT_KNOWN, "contact", action)


def _force_problems(force: str | None) -> list[Problem]:
    if force is None or force in forces.every():
        return []
    action = "name a force that 'tipstaff forces list' shows, or record it first"
    return [Problem(AccessCode.FORCE_NOT_KNOWN, "force", action)]
