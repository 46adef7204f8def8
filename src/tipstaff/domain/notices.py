"""Notices: who is to be told of an alert now. Each is known by its key, so none is sent twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from tipstaff.domain.alerts import Alert, Evidence
from tipstaff.domain.findings import FindingKind
from tipstaff.domain.pauses import Pause, covering, is_paused, told_from
from tipstaff.domain.protocols import Means, Protocols, ProtocolStep, Recipient
from tipstaff.domain.transitions import AlertState

#: The step by which everyone who was told is told again that the evidence changed.
CHANGED: Final = "evidence_changed"
#: What steps begin with by which a person's decision to share an alert is told.
SHARED: Final = "shared-"
_HOW_FAR: Final = tuple(AlertState)
_RECIPIENTS: Final = tuple(Recipient)
_SENT: Final = (Means.EMAIL, Means.TEXT, Means.WEBHOOK)


class OfAnswers(StrEnum):
    """What a notice is about that is about no alert: answers of a match, a day's crime files."""

    EXCLUSION_WITHDRAWN = "exclusion_withdrawn"
    DAILY_DIGEST = "daily_digest"


#: What a notice is about.
About = FindingKind | OfAnswers


def about_of(kind: str) -> About:
    """What a notice is about, by the word that is on record; ValueError for any other."""
    return OfAnswers(kind) if kind in set(OfAnswers) else FindingKind(kind)


class NoticeKey(NamedTuple):
    """What makes two notices one: episode, revision, step and recipient."""

    episode: int
    revision: int
    step: str
    recipient: Recipient


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice to be sent, and by what means."""

    key: NoticeKey
    means: Means
    late: bool = False


def notices_due(
    alert: Alert,
    protocols: Protocols,
    sent: Collection[NoticeKey],
    now: datetime,
    pauses: Iterable[Pause] = (),
) -> tuple[Notice, ...]:
    """The notices of an alert that are due now and were not sent, in the order of the protocol.

    `sent`: the keys of all notices about the episode. The times of steps count from the opening, or
    from the end of a pause that held then; after a pause, only what still goes on is told.
    """
    again = _told_again(alert, protocols, sent)
    about = covering(pauses, protocols, alert.kind, alert.harm, alert.wearer)
    if alert.told.evidence is not Evidence.STANDS or is_paused(about, now):
        return again
    start = told_from(alert.opened_at, about)
    if start > alert.opened_at and not alert.told.goes_on:
        return again
    due = (
        Notice(_key(alert, step), step.means, alert.route.late)
        for step in _steps(alert, protocols)
        if start + step.after <= now and not _is_so_far(alert, step)
    )
    return again + tuple(n for n in due if not _is_sent(alert, n.key, sent))


def next_notice_at(
    alert: Alert,
    protocols: Protocols,
    sent: Collection[NoticeKey],
    now: datetime,
    pauses: Iterable[Pause] = (),
) -> datetime | None:
    """When the next notice falls due if nothing happens till then; None where none will."""
    about = covering(pauses, protocols, alert.kind, alert.harm, alert.wearer)
    start = told_from(alert.opened_at, about)
    times = {start + step.after for step in _steps(alert, protocols)}
    times |= {pause.end for pause in about}
    for at in sorted(time for time in times if time > now):
        if notices_due(alert, protocols, sent, at, pauses):
            return at
    return None


@dataclass(frozen=True, slots=True)
class ToCome:
    """A step of the protocol that has not been reached, and when it is if nothing happens."""

    at: datetime
    step: ProtocolStep


def steps_to_come(
    alert: Alert, protocols: Protocols, now: datetime, pauses: Iterable[Pause] = ()
) -> tuple[ToCome, ...]:
    """What the protocol does next if nobody does anything, in the order of time."""
    if alert.told.evidence is not Evidence.STANDS:
        return ()
    about = covering(pauses, protocols, alert.kind, alert.harm, alert.wearer)
    start = told_from(alert.opened_at, about)
    if start > alert.opened_at and not alert.told.goes_on:
        return ()
    found = (ToCome(start + step.after, step) for step in _steps(alert, protocols))
    ahead = (one for one in found if one.at > now and not _is_so_far(alert, one.step))
    return tuple(sorted(ahead, key=lambda one: one.at))


def called_for(alert: Alert, protocols: Protocols, now: datetime) -> tuple[ProtocolStep, ...]:
    """The steps of the protocol that were reached and that nobody has done with."""
    if alert.told.evidence is not Evidence.STANDS:
        return ()
    return tuple(
        step
        for step in _steps(alert, protocols)
        if alert.opened_at + step.after <= now and not _is_so_far(alert, step)
    )


def notices_of_sharing(
    alert: Alert, protocols: Protocols, reached: Collection[tuple[Recipient, Means]]
) -> tuple[Notice, ...]:
    """The notices of the alert's last decision, by which it was shared: one to each recipient.

    Their step has the alert's number and the decision's, so that one decision is told once. By a
    means by which the recipient is `reached`: what the protocol uses for them, if they are; whom
    nothing reaches is told by that all the same, which comes back dead and is loud.
    """
    step = f"{SHARED}{alert.number}-{len(alert.decisions)}"
    revision = max(alert.opened.revision, alert.changed)
    keys = [
        NoticeKey(alert.opened.episode, revision, step, to)
        for to in alert.decisions[-1].shared_with
    ]
    found = []
    for key in keys:
        usual = _means(alert, protocols, key)
        usable = [m for m in (usual, *_SENT) if (key.recipient, m) in reached]
        found.append(Notice(key, usable[0] if usable else usual, alert.route.late))
    return tuple(found)


def _steps(alert: Alert, protocols: Protocols) -> list[ProtocolStep]:
    """The steps that are for an alert of this queue and severity."""
    severity = protocols.severity(alert.kind, alert.told.level, alert.harm)
    return [
        step
        for step in protocols.kinds[alert.kind].steps
        if step.queue is alert.route.queue and severity >= step.at_least
    ]


def _key(alert: Alert, step: ProtocolStep) -> NoticeKey:
    """A notice's key, at the revision whose evidence it tells: the last that changed anything.

    Who is told for the first time after the evidence changed knows of the change by that.
    """
    revision = max(alert.opened.revision, alert.changed)
    return NoticeKey(alert.opened.episode, revision, step.name, step.to)


def _is_sent(alert: Alert, key: NoticeKey, sent: Iterable[NoticeKey]) -> bool:
    """Whether the alert's step was told to its recipient, at whatever revision of the alert."""
    return any(
        (one.step, one.recipient) == (key.step, key.recipient)
        and one.revision >= alert.opened.revision
        for one in sent
    )


def _is_so_far(alert: Alert, step: ProtocolStep) -> bool:
    """Whether it is over, or somebody has got so far with it, that a step is not called for."""
    if step.while_on and not alert.told.goes_on:
        return True
    if step.unless is None:
        return alert.state is AlertState.CLOSED
    return _HOW_FAR.index(AlertState(alert.state)) >= _HOW_FAR.index(step.unless)


def _told_again(
    alert: Alert, protocols: Protocols, sent: Collection[NoticeKey]
) -> tuple[Notice, ...]:
    """To everyone who was told of the episode before its evidence changed: that it has."""
    if not alert.changed:
        return ()
    told: dict[Recipient, Means] = {}
    for key in sorted(sent, key=lambda key: (_RECIPIENTS.index(key.recipient), key.step)):
        if key.step != CHANGED and key.revision < alert.changed:
            told.setdefault(key.recipient, _means(alert, protocols, key))
    episode = alert.opened.episode
    keys = [NoticeKey(episode, alert.changed, CHANGED, to) for to in told]
    return tuple(Notice(key, told[key.recipient]) for key in keys if key not in sent)


def has_told(alert: Alert, protocols: Protocols, sent: Iterable[NoticeKey]) -> bool:
    """Whether anybody was told of the episode by more than its place in a queue."""
    return any(_means(alert, protocols, key) is not Means.QUEUE for key in sent)


def _means(alert: Alert, protocols: Protocols, key: NoticeKey) -> Means:
    """By what a notice went.

    One of a step that the protocols do not have, as `deliveries.UNDELIVERED`: by what another step
    reaches its recipient, or by email.
    """
    steps = protocols.kinds[alert.kind].steps
    own = (s.means for s in steps if (s.name, s.to) == (key.step, key.recipient))
    others = (s.means for s in steps if s.to is key.recipient and s.means is not Means.QUEUE)
    return (*own, *others, Means.EMAIL)[0]
