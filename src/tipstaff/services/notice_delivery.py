"""Deliver what is due from the outbox: claimed, sent, recorded; tried again, or dead and loud.

At least once: where the program dies between a provider's acceptance and our record of it, the
notice goes out again, under the same message id.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from django.db import transaction

from tipstaff.domain.daily_digests import DailyDigest, day_of_name, span_of
from tipstaff.domain.deliveries import (
    UNDELIVERED,
    AttemptCode,
    NoticeState,
    is_given_up,
    is_stuck,
    wait_after,
)
from tipstaff.domain.notices import NoticeKey, OfAnswers
from tipstaff.domain.protocols import Means, Recipient
from tipstaff.notices.carriers import Carrier, Message, Sent
from tipstaff.notices.letters import Since, Told, letter, since_of
from tipstaff.records import crime_lists, notice_contacts, notice_sending, outbox
from tipstaff.records.notice_alerts import as_it_stands
from tipstaff.records.notice_sending import HAS_IT, Attempt, Claimed, Standing
from tipstaff.records.outbox import AnswersNotice, QueuedNotice
from tipstaff.records.shipped_monitoring import shipped_protocols
from tipstaff.services.instance import open_instance
from tipstaff.services.notice_carriers import set_up

_log = logging.getLogger(__name__)
#: When a receipt is asked for first, and for how long it is asked.
_FIRST_RECEIPT: Final = timedelta(seconds=30)
_RECEIPTS_FOR: Final = timedelta(days=4)
#: By what means the shift lead is told that a notice did not get through, the surest first.
_MEANS: Final = (Means.TEXT, Means.EMAIL, Means.WEBHOOK)


@dataclass(frozen=True, slots=True)
class Post:
    """By what notices are sent: carriers by means, the console's origin, and the time.

    The time goes on from the one that was given while the work is done: a lease has to.
    """

    carriers: Mapping[Means, Carrier]
    console_url: str
    given: datetime
    began: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        """The time, aware UTC."""
        return self.given + timedelta(seconds=time.monotonic() - self.began)


def deliver_due(
    now: datetime, most: int = 20, means: Collection[Means] = tuple(Means)
) -> Counter[NoticeState]:
    """Send up to `most` notices that are due, and ask for receipts; how many came to what state.

    `now` is the time as it is: a lease given by an old one has run out before anything is sent.

    Safe to be run by several at once. A notice whose lease was lost meanwhile is not counted.
    """
    values = open_instance()
    post = Post(set_up(values).carriers, values.web_url, now)
    came_to: Counter[NoticeState] = Counter()
    for claimed in notice_sending.claim(now, most, means):
        state = _deliver(post, claimed)
        came_to.update([] if state is None else [state])
    for claimed in notice_sending.receipts_due(now, most, means):
        state = _ask_receipts(post, claimed)
        came_to.update([] if state is None else [state])
    return came_to


def _deliver(post: Post, claimed: Claimed) -> NoticeState | None:
    """Send one notice to every contact that does not have it; where it stands then."""
    contacts = _addresses(post, claimed, claimed.key.recipient, claimed.means)
    carrier = post.carriers.get(claimed.means)
    if not contacts:
        return _dead(post, claimed, AttemptCode.NO_CONTACT, tell=True)
    if carrier is None:
        return _dead(post, claimed, AttemptCode.NOT_SET_UP, tell=True)
    codes = notice_sending.done_with(claimed)
    for contact, address in contacts:
        if contact not in codes:
            if not notice_sending.renew(claimed, post.now()):
                return None
            message = _message(post, claimed, contact)
            sent = _sent(carrier, message, address)
            told = Attempt(contact, post.now(), sent.code, sent.reference, sent.words)
            if not notice_sending.record(claimed.notice, told):
                return None
            codes[contact] = sent.code
    return _settle(post, claimed, [codes[contact] for contact, _ in contacts], carrier)


def _sent(carrier: Carrier, message: Message, address: str) -> Sent:
    """What came of sending; a fault of ours is a failure too, so that it holds up no other."""
    try:
        return carrier.send(message, address)
    except Exception as error:
        _log.error("notice %s met a fault: %s", message.told.notice, type(error).__name__)
        return Sent(AttemptCode.FAILED, words=type(error).__name__)


def _settle(
    post: Post, claimed: Claimed, codes: list[AttemptCode], carrier: Carrier
) -> NoticeState | None:
    """Where a notice stands by how the attempts at its contacts ended, each the last."""
    now = post.now()
    if AttemptCode.FAILED in codes:
        return _failed(post, claimed)
    bad = [code for code in codes if code not in HAS_IT]
    if bad:
        return _dead(post, claimed, bad[0])
    arrived = all(code is AttemptCode.DELIVERED for code in codes)
    state = NoticeState.DELIVERED if arrived else NoticeState.SENT
    ask = carrier.gives_receipts and not arrived
    standing = Standing(state, now + _FIRST_RECEIPT if ask else None, claimed.failures)
    return state if notice_sending.settle(claimed, standing, now) else None


def _failed(post: Post, claimed: Claimed) -> NoticeState | None:
    """Try it again later, or give it up. That it fails for long is told meanwhile."""
    now, failures = post.now(), claimed.failures + 1
    if is_given_up(claimed.tried_from, failures, now):
        return _dead(post, claimed, AttemptCode.GIVEN_UP, tell=True)
    standing = Standing(NoticeState.RETRYING, now + wait_after(claimed.notice, failures), failures)
    stuck = is_stuck(claimed.tried_from, now)
    with transaction.atomic(durable=True):
        kept = notice_sending.settle(claimed, standing, now)
        if kept and stuck:
            _raise_undelivered(post, claimed)
    if kept and stuck:
        _log.error("notice %s failed %d times; it is tried on", claimed.notice, failures)
    return NoticeState.RETRYING if kept else None


def _dead(
    post: Post, claimed: Claimed, code: AttemptCode, *, tell: bool = False
) -> NoticeState | None:
    """Settle a notice as dead, and shout. `tell`: no attempt on record says why yet."""
    now = post.now()
    standing = Standing(NoticeState.DEAD, failures=claimed.failures, reason=code)
    with transaction.atomic(durable=True):
        if not notice_sending.settle(claimed, standing, now):
            return None
        if tell:
            notice_sending.write(claimed.notice, Attempt(None, now, code))
        _raise_undelivered(post, claimed)
    _log.error("notice %s is dead: %s", claimed.notice, code.value)
    return NoticeState.DEAD


def _raise_undelivered(post: Post, claimed: Claimed) -> bool:
    """Queue a notice to the shift lead that this one did not get through; whether it is new.

    Never about one that says so itself. Once for an alert and revision: the list has them all.
    """
    means = None if claimed.key.step == UNDELIVERED else _other_means(post, claimed)
    if means is None:
        return False
    if isinstance(claimed.kind, OfAnswers):
        return outbox.queue_of_answers([_undelivered_of_answers(post, claimed, means)]) == 1
    if claimed.subject_ref is None:
        return False
    key = NoticeKey(claimed.key.episode, claimed.key.revision, UNDELIVERED, Recipient.SHIFT_LEAD)
    told = QueuedNotice(
        wearer=claimed.subject_ref,
        alert=claimed.alert,
        key=key,
        means=means,
        late=claimed.late,
        severity=claimed.severity,
        kind=claimed.kind,
        queued_at=post.now(),
    )
    return outbox.queue([told]) == 1


def _addresses(
    post: Post, claimed: Claimed, recipient: Recipient, means: Means
) -> list[tuple[UUID, str]]:
    """Contacts of a recipient, by id and address: of the wearer's forces, or of the crimes'."""
    if claimed.wearer is not None:
        return notice_contacts.addresses(claimed.wearer, recipient, means, post.now())
    return notice_contacts.addresses_of_force(claimed.force or "", recipient, means, post.now())


def _undelivered_of_answers(post: Post, claimed: Claimed, means: Means) -> AnswersNotice:
    if claimed.run is None or claimed.force is None or not isinstance(claimed.kind, OfAnswers):
        raise ValueError("a notice about answers has a run and a force")
    return AnswersNotice(
        run=claimed.run,
        force=claimed.force,
        about=claimed.kind,
        step=UNDELIVERED,
        recipient=Recipient.SHIFT_LEAD,
        means=means,
        severity=claimed.severity,
        queued_at=post.now(),
    )


def _other_means(post: Post, claimed: Claimed) -> Means | None:
    """By what the shift lead can be told: another means than the one that failed, if there is one.

    None where only the very notice that failed could be sent again.
    """
    usable = [
        means
        for means in _MEANS
        if means in post.carriers and _addresses(post, claimed, Recipient.SHIFT_LEAD, means)
    ]
    others = [means for means in usable if means is not claimed.means]
    if others:
        return others[0]
    was_theirs = claimed.key.recipient is Recipient.SHIFT_LEAD
    return None if was_theirs or not usable else usable[0]


def _ask_receipts(post: Post, claimed: Claimed) -> NoticeState | None:
    """Ask what became of an accepted notice; None where nothing new is known."""
    carrier, bounced = post.carriers.get(claimed.means), False
    waiting = notice_sending.accepted_by(claimed.notice)
    for contact, reference in list(waiting.items()):
        told = None if carrier is None else carrier.receipt(reference)
        if told is not None and told.code in {AttemptCode.DELIVERED, AttemptCode.BOUNCED}:
            attempt = Attempt(contact, post.now(), told.code, told.reference, told.words)
            notice_sending.record(claimed.notice, attempt)
            bounced = bounced or told.code is AttemptCode.BOUNCED
            del waiting[contact]
    if bounced:
        return _dead(post, claimed, AttemptCode.BOUNCED)
    now = post.now()
    if not waiting:
        standing = Standing(NoticeState.DELIVERED, failures=claimed.failures)
    else:
        age = now - claimed.tried_from
        later = now + max(_FIRST_RECEIPT, age / 2) if age < _RECEIPTS_FOR else None
        standing = Standing(NoticeState.SENT, later, claimed.failures)
    kept = notice_sending.settle(claimed, standing, now)
    return standing.state if kept and not waiting else None


def _message(post: Post, claimed: Claimed, contact: UUID) -> Message:
    told = Told(
        notice=claimed.notice,
        wearer=claimed.reference,
        alert=claimed.alert,
        severity=claimed.severity,
        kind=claimed.kind,
        step=claimed.key.step,
        recipient=claimed.key.recipient,
        late=claimed.late,
        queued_at=claimed.queued_at,
        words=_words(claimed),
        since=_since(claimed),
        run=claimed.run,
        digest=_digest(claimed),
    )
    return Message(
        message_id=uuid5(claimed.notice, str(contact)),
        told=told,
        letter=letter(told, post.console_url),
        at=post.now(),
        again=claimed.again,
    )


def _digest(claimed: Claimed) -> DailyDigest | None:
    """What a daily digest tells, as it is now."""
    if claimed.kind is not OfAnswers.DAILY_DIGEST or claimed.run is None or claimed.force is None:
        return None
    day = day_of_name(claimed.run)
    files = crime_lists.counts(claimed.force, *span_of(day))
    return DailyDigest(day, claimed.force, tuple(files))


def _since(claimed: Claimed) -> Since:
    """What is so of the alert by now: this may go out after a later notice, or hours late."""
    alert = None if claimed.wearer is None else as_it_stands(claimed.wearer, claimed.alert)
    if alert is None:
        return Since.NOTHING
    return since_of(claimed.key.step, claimed.key.revision, alert)


def _words(claimed: Claimed) -> str:
    """What the protocol's step says is to be done; empty where it has no such step."""
    if isinstance(claimed.kind, OfAnswers):
        return ""
    steps = shipped_protocols().kinds[claimed.kind].steps
    wanted = (claimed.key.step, claimed.key.recipient)
    return next((step.words for step in steps if (step.name, step.to) == wanted), "")
