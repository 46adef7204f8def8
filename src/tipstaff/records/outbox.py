"""The outbox: notices queued with what they are about, in one transaction, each once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from tipstaff.domain.deliveries import DeliveryState
from tipstaff.domain.findings import FindingKind
from tipstaff.domain.notices import NoticeKey
from tipstaff.domain.protocols import Means, Recipient, Severity
from tipstaff.records.chunks import chunked
from tipstaff.records.models import Notice, Wearer

_KEY: Final = ("episode", "revision", "step", "recipient")


@dataclass(frozen=True, slots=True)
class QueuedNotice:
    """A notice to be sent: by `means`, about an alert of a wearer (the audit's reference)."""

    wearer: UUID
    alert: int
    key: NoticeKey
    means: Means
    late: bool
    severity: Severity
    kind: FindingKind
    queued_at: datetime


def queue(notices: Sequence[QueuedNotice]) -> int:
    """Put notices into the outbox, in the caller's transaction; how many were not there.

    A place in a queue is there as soon as it is committed: there is nothing to send. Notices of
    wearers who are on record no more are left out.
    """
    rows = _wearers({one.wearer for one in notices})
    made = [_row(one, rows[one.wearer]) for one in notices if one.wearer in rows]
    before = Notice.objects.filter(id__in=[one.id for one in made]).count() if made else 0
    Notice.objects.bulk_create(made, ignore_conflicts=True, batch_size=500)
    return len({one.id for one in made}) - before


def keys_of(wearers: Collection[UUID]) -> dict[UUID, set[NoticeKey]]:
    """The keys of all notices ever queued about each of some wearers."""
    found: dict[UUID, set[NoticeKey]] = {}
    for chunk in chunked(wearers):
        rows = Notice.objects.filter(wearer__subject_ref__in=chunk)
        for wearer, *key in rows.values_list("wearer__subject_ref", *_KEY):
            found.setdefault(wearer, set()).add(_key(key))
    return found


def _key(values: Sequence[Any]) -> NoticeKey:
    episode, revision, step, recipient = values
    return NoticeKey(episode, revision, step, Recipient(recipient))


def _wearers(references: Collection[UUID]) -> Mapping[UUID, UUID]:
    return dict(_pairs(references))


def _pairs(references: Collection[UUID]) -> Iterator[tuple[UUID, UUID]]:
    for chunk in chunked(references):
        rows = Wearer.objects.filter(subject_ref__in=chunk)
        yield from rows.values_list("subject_ref", "id")


def notice_id(wearer: UUID, key: NoticeKey) -> UUID:
    """The id of a notice, which follows from its key: whoever receives it twice can tell."""
    return uuid5(wearer, "/".join(map(str, key)))


def _row(one: QueuedNotice, wearer: UUID) -> Notice:
    is_there = one.means is Means.QUEUE
    return Notice(
        id=notice_id(one.wearer, one.key),
        wearer_id=wearer,
        alert=one.alert,
        episode=one.key.episode,
        revision=one.key.revision,
        step=one.key.step,
        recipient=one.key.recipient,
        means=one.means,
        late=one.late,
        severity=one.severity,
        kind=one.kind,
        queued_at=one.queued_at,
        state=DeliveryState.DELIVERED if is_there else DeliveryState.WAITING,
        due_at=None if is_there else one.queued_at,
    )
