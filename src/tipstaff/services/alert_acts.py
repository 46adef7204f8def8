"""What people do to an alert: each act is added to those before it, none is ever changed.

Whoever acts says what they had before them (`mark`). If somebody acted meanwhile, or the evidence
moved, nothing is done and they are told what.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime

from tipstaff.domain import access_policy
from tipstaff.domain.access_facts import Asked
from tipstaff.domain.alerts import (
    Alert,
    AlertCode,
    AlertOutcome,
    Decision,
    Reached,
    decided,
    shared,
    with_detail,
)
from tipstaff.domain.notices import notices_of_sharing
from tipstaff.domain.problems import Problem
from tipstaff.domain.protocols import Recipient
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.transitions import Act
from tipstaff.records import (
    accounts,
    alert_pages,
    alert_rows,
    notice_contacts,
    outbox,
    reach,
    wearers,
)
from tipstaff.records.alert_pages import FoundAlert
from tipstaff.records.alert_rows import AlertChange
from tipstaff.records.shipped_monitoring import shipped_protocols
from tipstaff.services.access import Access, admit_to
from tipstaff.services.alert_round import queued
from tipstaff.services.case_recording import clock
from tipstaff.services.limited_access import as_seen
from tipstaff.services.recording import Looked, changing


@dataclass(frozen=True, slots=True)
class OnAlert:
    """An alert by its wearer's reference and its number, and what the actor had before them."""

    wearer: str = field(repr=False)
    number: int
    mark: str


@dataclass(frozen=True, slots=True)
class SeenSince:
    """What the actor had not before them: what others did, and whether the evidence moved.

    `names` are those of the accounts, by reference.
    """

    decisions: tuple[Decision, ...]
    evidence_moved: bool
    mark: str
    names: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Acted:
    """What became of it: the alert's mark since, or the problems for which nothing was done.

    `unreached`: those with whom it was shared who have no contact; their notice comes back dead.
    """

    mark: str = ""
    unreached: tuple[Recipient, ...] = ()
    problems: tuple[Problem, ...] = ()
    since: SeenSince | None = None


@dataclass(frozen=True, slots=True)
class _Doing:
    act: Act
    words: str = ""
    outcome: AlertOutcome | None = None
    reached: Reached | None = None
    to: str | None = None
    shared_with: tuple[Recipient, ...] = ()


def acknowledge_alert(*, actor: str, purpose: Purpose, authority: str, on: OnAlert) -> Acted:
    """Say that somebody looks at it: what nobody acknowledges goes to the shift's lead."""
    access = admit_to(actor, purpose, authority, "acknowledge_alert")
    return _act(access, on, _Doing(Act.ACKNOWLEDGE))


def take_alert(*, actor: str, purpose: Purpose, authority: str, on: OnAlert) -> Acted:
    """Take it in hand."""
    access = admit_to(actor, purpose, authority, "take_alert")
    return _act(access, on, _Doing(Act.TAKE_IN_HAND))


def note_alert(*, actor: str, purpose: Purpose, authority: str, on: OnAlert, words: str) -> Acted:
    """Add a note; to a closed one too."""
    access = admit_to(actor, purpose, authority, "note_alert")
    return _act(access, on, _Doing(Act.NOTE, words))


def contact_wearer(
    *, actor: str, purpose: Purpose, authority: str, on: OnAlert, reached: Reached, words: str
) -> Acted:
    """Record an attempt to reach the wearer, what came of it, and what was said."""
    access = admit_to(actor, purpose, authority, "contact_wearer")
    return _act(access, on, _Doing(Act.CONTACT, words, reached=reached))


def hand_over_alert(
    *, actor: str, purpose: Purpose, authority: str, on: OnAlert, to: str, words: str
) -> Acted:
    """Put it into the hands of the account `to`, who may act on this alert, and say why."""
    access = admit_to(actor, purpose, authority, "hand_over_alert")
    return _act(access, on, _Doing(Act.HAND_OVER, words, to=to))


def share_alert(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    on: OnAlert,
    shared_with: Collection[Recipient],
    words: str,
) -> Acted:
    """Share it with those who are told of alerts, or escalate it to the shift lead, and say why.

    Each is sent a notice in the same transaction. The words stay on the alert's page.
    """
    access = admit_to(actor, purpose, authority, "share_alert")
    return _act(access, on, _Doing(Act.SHARE, words, shared_with=tuple(shared_with)))


def see_alert(
    *, actor: str, purpose: Purpose, authority: str, on: OnAlert, words: str = ""
) -> Acted:
    """Say that one has looked at evidence that changed after somebody had acted on it."""
    access = admit_to(actor, purpose, authority, "see_alert")
    return _act(access, on, _Doing(Act.SEEN, words))


def close_alert(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    on: OnAlert,
    outcome: AlertOutcome,
    words: str,
) -> Acted:
    """Close it with what it turned out to be, in a sentence: the named decision of a person."""
    access = admit_to(actor, purpose, authority, "close_alert")
    return _act(access, on, _Doing(Act.CLOSE, words, outcome))


def _act(access: Access, on: OnAlert, doing: _Doing) -> Acted:
    extent = {"number": on.number, "act": doing.act.value}
    with changing(access, extent=extent) as looked:
        now = clock()
        looked.subjects = wearers.subject_refs([on.wearer])
        whom = as_seen(access, on.wearer)
        alert_pages.hold(whom)
        found = alert_pages.find(whom, on.number)
        if found is None:
            action = "name an alert that 'tipstaff alerts list' shows"
            return _refused(looked, Problem(AlertCode.NOT_KNOWN, "alert", action))
        alert = found.kept.value
        if alert.mark != on.mark:
            return _too_late(looked, alert, on.mark)
        to, problem = _handed(access, on.wearer, doing, now)
        after = problem or _after(access, alert, doing, to, now)
        if isinstance(after, Problem):
            return _refused(looked, after)
        _keep(found, after)
        looked.rows = 1
        looked.extent |= {"alert": str(found.ref), "mark": after.mark}
        unreached = _told(looked, found, after, now)
    return Acted(after.mark, unreached)


def _after(access: Access, alert: Alert, doing: _Doing, to: str, now: datetime) -> Alert | Problem:
    by = str(access.actor_ref)
    if doing.act is Act.SHARE:
        return shared(alert, by, now, doing.words.strip(), doing.shared_with)
    after = decided(alert, doing.act, by, now, doing.words.strip(), doing.outcome)
    if isinstance(after, Problem):
        return after
    return with_detail(after, to=to, reached=doing.reached)


def _keep(found: FoundAlert, after: Alert) -> None:
    before = len(found.kept.value.decisions)
    alert_rows.store([AlertChange(found.row, replace(found.kept, value=after), before)])


def _told(looked: Looked, found: FoundAlert, after: Alert, now: datetime) -> tuple[Recipient, ...]:
    """Queue the notices of sharing it, if it was shared; who of them has no contact."""
    whom = after.decisions[-1].shared_with
    if not whom:
        return ()
    looked.extent["shared_with"] = [one.value for one in whom]
    reached = notice_contacts.reached(found.row, whom, now)
    notices = notices_of_sharing(after, shipped_protocols(), reached)
    outbox.queue([queued(found.subject_ref, after, notice, now) for notice in notices])
    known = {recipient for recipient, _means in reached}
    return tuple(one for one in whom if one not in known)


def _handed(
    access: Access, wearer: str, doing: _Doing, now: datetime
) -> tuple[str, Problem | None]:
    """The account that it is handed over to: one that may take it, and sees this wearer."""
    if doing.to is None:
        return "", None
    account = accounts.standing(doing.to, now)
    if account is not None:
        asked = Asked("take_alert", access.purpose)
        grants = reach.grants_of(account.ref, now=now)
        facts = reach.facts_of([wearer], account, now=now)[wearer]
        if account.active and access_policy.sees(account, asked, facts, (), grants, now):
            return str(account.ref), None
    action = "name an account that acts on alerts and sees this wearer"
    return "", Problem(AlertCode.NOBODY, "to", action)


def _refused(looked: Looked, problem: Problem) -> Acted:
    looked.extent["problems"] = [str(problem.code)]
    return Acted(problems=(problem,))


def _too_late(looked: Looked, alert: Alert, mark: str) -> Acted:
    """Somebody acted, or the evidence moved, since the actor looked: what they have not seen."""
    decisions, revision = _parts(mark)
    later = alert.decisions[decisions:]
    since = SeenSince(
        later,
        alert.told.revision != revision,
        alert.mark,
        alert_pages.names_of(_accounts(later)),
    )
    action = "look at what changed since, then decide"
    refused = _refused(looked, Problem(AlertCode.CHANGED_SINCE, "mark", action))
    return replace(refused, since=since)


def _accounts(decisions: tuple[Decision, ...]) -> set[str]:
    return {ref for one in decisions for ref in (one.by, one.to) if ref}


def _parts(mark: str) -> tuple[int, int]:
    """Decisions and revision of a mark; one that is none saw nothing."""
    first, _, second = mark.partition(".")
    if first.isdecimal() and second.isdecimal():
        return int(first), int(second)
    return 0, 0
