"""The outbox as its deliverers see it: notices are claimed under a lease, and settled under it.

A lease runs out by itself, so a deliverer that died holds nothing up for long. Only who holds it
says where a notice stands; that something was sent is recorded by whoever sent it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Q

from tipstaff.domain.deliveries import LEASE, WAITING, AttemptCode, NoticeState
from tipstaff.domain.notices import About, NoticeKey, about_of
from tipstaff.domain.protocols import Means, Recipient, Severity
from tipstaff.records.models import LimitedWearer, Notice, NoticeAttempt

#: Attempts by which a contact has a notice.
HAS_IT: Final = (AttemptCode.ACCEPTED, AttemptCode.DELIVERED)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A notice that one deliverer has, while `lease` holds. `again`: it may have been sent before.

    `wearer` is a row; `reference` theirs, empty where it is of limited access. Of answers there is
    a `run` and a `force` (identifier), and no wearer.
    """

    notice: UUID
    lease: UUID
    wearer: UUID | None = field(repr=False)
    subject_ref: UUID | None = field(repr=False)
    reference: str = field(repr=False)
    alert: int
    key: NoticeKey
    means: Means
    late: bool
    severity: Severity
    kind: About
    queued_at: datetime
    tried_from: datetime
    failures: int
    again: bool
    run: UUID | None = None
    force: str | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """How an attempt at a contact ended; `contact` None where there was none to try."""

    contact: UUID | None
    at: datetime
    code: AttemptCode
    reference: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a notice stands from now on. `due_at`: when it is looked at next."""

    state: NoticeState
    due_at: datetime | None = None
    failures: int = 0
    reason: str = ""


def claim(now: datetime, most: int, means: Collection[Means] = tuple(Means)) -> list[Claimed]:
    """Take up to `most` notices that are due, the most severe first; nobody else has them then.

    Those of some `means` alone: what one provider holds up is not to hold up the others.
    """
    lease = uuid4()
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    with transaction.atomic(durable=True):
        due = Notice.objects.filter(free, state__in=WAITING, due_at__lte=now, means__in=means)
        rows = list(
            due.select_for_update(skip_locked=True, of=("self",))
            .select_related("wearer", "force")
            .order_by("-severity", "due_at", "id")[:most]
        )
        wearers = {row.wearer_id for row in rows if row.wearer_id is not None}
        limited = set(
            LimitedWearer.objects.filter(wearer__in=wearers).values_list("wearer", flat=True)
        )
        Notice.objects.filter(id__in=[row.id for row in rows]).update(
            state=NoticeState.SENDING, lease=lease, leased_until=now + LEASE
        )
    return [_claimed(row, lease, row.wearer_id in limited) for row in rows]


def renew(claimed: Claimed, now: datetime) -> bool:
    """Hold a notice for longer; False where another deliverer has it by now, or it was erased."""
    return _update(claimed, leased_until=now + LEASE)


def record(notice: UUID, attempt: Attempt) -> bool:
    """Put an attempt on record for good; False where the notice was erased meanwhile."""
    try:
        with transaction.atomic(durable=True):
            write(notice, attempt)
    except IntegrityError:
        if Notice.objects.filter(id=notice).exists():
            raise
        return False
    return True


def write(notice: UUID, attempt: Attempt) -> None:
    """Write an attempt in the caller's transaction."""
    NoticeAttempt.objects.create(
        notice_id=notice,
        contact_id=attempt.contact,
        at=attempt.at,
        code=attempt.code,
        reference=attempt.reference,
        words=attempt.words,
    )


def settle(claimed: Claimed, standing: Standing, now: datetime) -> bool:
    """Say where a notice stands and let go of it; False where another deliverer has it by now."""
    over = standing.state not in WAITING
    return _update(
        claimed,
        state=standing.state,
        due_at=standing.due_at,
        failures=standing.failures,
        reason=standing.reason,
        lease=None,
        leased_until=None,
        settled_at=now if over else None,
    )


def done_with(claimed: Claimed) -> dict[UUID, AttemptCode]:
    """Contacts that need no attempt more: they have it, or refused it since it was last queued."""
    found: dict[UUID, AttemptCode] = {}
    rows = NoticeAttempt.objects.filter(notice=claimed.notice, contact__isnull=False)
    for contact, code, at in rows.order_by("at", "id").values_list("contact", "code", "at"):
        if code in HAS_IT:
            found[contact] = AttemptCode(code)
        elif code == AttemptCode.BOUNCED:
            found.pop(contact, None)
        if code in {AttemptCode.REFUSED, AttemptCode.BOUNCED} and at >= claimed.tried_from:
            found[contact] = AttemptCode(code)
    return found


def receipts_due(
    now: datetime, most: int, means: Collection[Means] = tuple(Means)
) -> list[Claimed]:
    """Notices that were accepted and of which a receipt is to be asked now, held under a lease."""
    lease = uuid4()
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    with transaction.atomic(durable=True):
        due = Notice.objects.filter(free, state=NoticeState.SENT, due_at__lte=now, means__in=means)
        rows = list(
            due.select_for_update(skip_locked=True, of=("self",))
            .select_related("wearer", "force")
            .order_by("due_at", "id")[:most]
        )
        ids = [row.id for row in rows]
        Notice.objects.filter(id__in=ids).update(lease=lease, leased_until=now + LEASE)
    return [_claimed(row, lease, limited=True) for row in rows]


def accepted_by(notice: UUID) -> dict[UUID, str]:
    """Contacts whose provider accepted it and gave no receipt so far: the provider's reference."""
    found: dict[UUID, str] = {}
    rows = NoticeAttempt.objects.filter(notice=notice, contact__isnull=False)
    for contact, code, ref in rows.order_by("at", "id").values_list("contact", "code", "reference"):
        if code == AttemptCode.ACCEPTED:
            found[contact] = ref
        elif code in {AttemptCode.DELIVERED, AttemptCode.BOUNCED}:
            found.pop(contact, None)
    return found


def retry(notice: UUID, now: datetime) -> bool:
    """Queue a dead notice anew; whether it was dead."""
    rows = Notice.objects.filter(id=notice, state=NoticeState.DEAD)
    anew: dict[str, Any] = {"state": NoticeState.QUEUED, "due_at": now, "tried_from": now}
    return rows.update(**anew, failures=0, reason="", settled_at=None) == 1


def oldest_waiting(now: datetime) -> timedelta | None:
    """How long the notice that has waited longest is due; None where none waits."""
    rows = Notice.objects.filter(state__in=WAITING, due_at__lte=now)
    first = rows.order_by("tried_from").values_list("tried_from", flat=True).first()
    return None if first is None else now - first


def counts(states: Iterable[NoticeState]) -> dict[NoticeState, int]:
    """How many notices are in each of these states."""
    return {state: Notice.objects.filter(state=state).count() for state in states}


def _update(claimed: Claimed, **columns: Any) -> bool:
    """Write columns of a notice if its lease is still the claimed one's; whether it was."""
    held = Notice.objects.filter(id=claimed.notice, lease=claimed.lease)
    return held.update(**columns) == 1


def _claimed(row: Any, lease: UUID, limited: bool) -> Claimed:  # noqa: FBT001
    return Claimed(
        notice=row.id,
        lease=lease,
        wearer=row.wearer_id,
        subject_ref=None if row.wearer is None else row.wearer.subject_ref,
        reference="" if limited or row.wearer is None else row.wearer.reference,
        alert=row.alert,
        key=NoticeKey(row.episode, row.revision, row.step, Recipient(row.recipient)),
        means=Means(row.means),
        late=row.late,
        severity=Severity(row.severity),
        kind=about_of(row.kind),
        queued_at=row.queued_at,
        tried_from=row.tried_from,
        failures=row.failures,
        again=row.state != NoticeState.QUEUED or row.tried_from != row.queued_at,
        run=row.run,
        force=None if row.force is None else row.force.identifier,
    )
