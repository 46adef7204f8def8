"""The wearer's own page: a code that opens it, what is on it, and what they may do there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from tipstaff.domain.absences import Absence
from tipstaff.domain.case_kinds import CaseValue, Kind
from tipstaff.domain.consents import Consent
from tipstaff.domain.looked_at import Line
from tipstaff.domain.orders import OVER, Order
from tipstaff.domain.own_codes import GOOD_FOR, OwnCode, as_written, new_code
from tipstaff.domain.plan_work import Channel, Contact, Party
from tipstaff.domain.problems import Problem
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import Role
from tipstaff.domain.wearers import Wearer
from tipstaff.formats.own_view import OWN
from tipstaff.records import accounts, case_versions, own_codes, wearers
from tipstaff.records.accounts import PostFact
from tipstaff.records.case_versions import showing
from tipstaff.services.access import admit_to
from tipstaff.services.case_recording import RecordedCase, clock, record_told, told
from tipstaff.services.limited_access import as_seen, sees
from tipstaff.services.looked_at import told_of
from tipstaff.services.own_alerts import OwnWatching, own_watching
from tipstaff.services.recording import changing, reading


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A code that was issued, to be handed over; or why none was."""

    code: str = field(default="", repr=False)
    ends_at: datetime | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class OwnPage:
    """What a wearer sees of themselves: nothing of others, and no look that may not be told."""

    wearer: Wearer | None
    orders: tuple[Order, ...]
    consents: tuple[Consent, ...]
    absences: tuple[Absence, ...]
    watching: OwnWatching
    looks: tuple[Line, ...]


def issue_own_code(*, actor: str, purpose: Purpose, authority: str, wearer: str) -> IssuedCode:
    """Issue a code for a wearer's own page, good once within a day; the one before ends.

    Whoever issues it hands it over to the wearer, whom they know. Their account is made with it.
    """
    access = admit_to(actor, purpose, authority, "issue_own_code", wearer)
    with changing(access, extent={}) as looked:
        looked.subjects = wearers.subject_refs([wearer])
        row = wearers.keys_of([as_seen(access, wearer)]).get(wearer)
        if row is None:
            action = "name a wearer on record, whom you may see"
            looked.extent["problems"] = [OwnCode.WEARER_NOT_KNOWN.value]
            return IssuedCode(problems=(Problem(OwnCode.WEARER_NOT_KNOWN, "wearer", action),))
        now, code = clock(), new_code()
        _ensure_account(wearer, now, access.actor_ref)
        ends_at = now + GOOD_FOR
        own_codes.issue(row, code, at=now, by=access.actor_ref, ends_at=ends_at)
        looked.rows = 1
    return IssuedCode(code, ends_at)


def open_own_page(wearer: str, code: str) -> str | None:
    """The wearer's account, if that is their code; None otherwise, whatever is wrong with it.

    Asked before anybody is known: each look that follows is in the audit, under that account.
    """
    with transaction.atomic(durable=True):
        opened = own_codes.use(wearer.strip(), as_written(code), at=clock())
    return account_of(wearer.strip()) if opened else None


def account_of(wearer: str) -> str | None:
    """The name of a wearer's own account: random, since names of accounts are shown to others."""
    found = wearers.subject_refs([wearer])
    return f"own-{next(iter(found)).hex[:20]}" if found else None


def own_page(*, actor: str, purpose: Purpose, authority: str, wearer: str) -> OwnPage | None:
    """What is on a wearer's own page; None for anybody but themselves."""
    access = admit_to(actor, purpose, authority, "own_page", wearer)
    subjects = frozenset(wearers.subject_refs([wearer]))
    with reading(access, extent={}, subjects=subjects) as looked:
        subject = next(iter(subjects), None)
        if subject is None or not sees(access, wearer):
            return None
        values = _own_values(wearer, clock())
        watching = own_watching(subject)
        looks = told_of(subject, leave_out=access.request_ref)
        looked.rows = len(values) + len(watching.alerts)
    people = [one for one in values if isinstance(one, Wearer)]
    return OwnPage(
        people[0] if people else None,
        tuple(o for o in values if isinstance(o, Order) and o.status not in OVER),
        tuple(one for one in values if isinstance(one, Consent)),
        tuple(one for one in values if isinstance(one, Absence)),
        watching,
        looks,
    )


def ask_change(
    *, actor: str, purpose: Purpose, authority: str, wearer: str, words: str
) -> RecordedCase:
    """A wearer asks for something: it stands in the contact log, where their officer reads it."""
    access = admit_to(actor, purpose, authority, "ask_change", wearer)
    now, said = clock(), words.strip()
    with changing(access, extent={"of": "contact"}) as looked:
        looked.subjects = wearers.subject_refs([wearer])
        if not said or not sees(access, wearer):
            code = OwnCode.WEARER_NOT_KNOWN if said else OwnCode.NOTHING_ASKED
            looked.extent["problems"] = [code.value]
            problem = Problem(code, "words", "write what you ask for, on your own page")
            return RecordedCase(None, new=False, problems=(problem,))
        contact = Contact(
            f"own-{uuid4().hex[:12]}", wearer, now, "the wearer, on their own page",
            Channel.MESSAGE, Party.WEARER, said,
        )  # fmt: skip
        return record_told(access, told(contact), (), looked, now)


def _own_values(wearer: str, now: datetime) -> list[CaseValue]:
    """The wearer's records as they stand, each as the wearer's own copy has it."""
    found = case_versions.find(wearer, now=now)
    if found is None:
        return []
    values = []
    for subject in case_versions.known_of(found.row, known_at=now):
        shown = showing(subject.versions, valid_at=now, known_at=now)
        own = OWN.get(Kind(subject.kind))
        value = None if shown is None or own is None else own(shown.value)
        if value is not None:
            values.append(value)
    return values


def _ensure_account(wearer: str, now: datetime, by: UUID) -> None:
    name = account_of(wearer)
    if name is None or accounts.ref_of(name) is not None:
        return
    user = accounts.add(name)
    if user is not None:
        post = PostFact(Role.WEARER.value, "The wearer", now, wearer=wearer)
        accounts.appoint(user, post, at=now, by=by, reason="their own page")
