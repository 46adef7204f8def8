"""The outbox as the monitoring sees it: notices are put in, and the keys of all are read.

What is in it is on the way: `records.notice_sending` has what happens to it then.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from tipstaff.domain.deliveries import NoticeState
from tipstaff.domain.notices import About, NoticeKey, OfAnswers
from tipstaff.domain.protocols import Means, Recipient, Severity
from tipstaff.records import bulk
from tipstaff.records.chunks import chunked
from tipstaff.records.models import Force, Notice
from tipstaff.records.wearers import keys_by_ref


@dataclass(frozen=True, slots=True)
class QueuedNotice:
    """A notice to be sent. `wearer` is their `subject_ref`; `alert` the number within them."""

    wearer: UUID = field(repr=False)
    alert: int
    key: NoticeKey
    means: Means
    late: bool
    severity: Severity
    kind: About
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class AnswersNotice:
    """A notice about the answers of a run on a force's crimes; nothing in it is about a person.

    Of a daily digest `run` is the name of its day (`domain.daily_digests`).
    """

    run: UUID
    force: str
    about: OfAnswers
    step: str
    recipient: Recipient
    means: Means
    severity: Severity
    queued_at: datetime


def queue(notices: Sequence[QueuedNotice]) -> int:
    """Put notices into the outbox, in the caller's transaction; how many were not there before.

    One whose wearer and key are there is left as it is. So is one whose wearer is not on record:
    they were erased meanwhile.
    """
    rows = keys_by_ref(notice.wearer for notice in notices)
    made = [_row(notice, rows[notice.wearer]) for notice in notices if notice.wearer in rows]
    count = 0
    for some in chunked(made):
        bulk.insert_new(Notice, map(vars, some))
        count += Notice.objects.filter(id__in=[row.id for row in some]).count()
    return count


def queue_of_answers(notices: Sequence[AnswersNotice]) -> int:
    """Put notices about answers into the outbox, as `queue` does; how many were not there before.

    Their forces must be on record.
    """
    forces = dict(
        Force.objects.filter(identifier__in={notice.force for notice in notices}).values_list(
            "identifier", "id"
        )
    )
    made = [_row_of_answers(notice, forces[notice.force]) for notice in notices]
    bulk.insert_new(Notice, map(vars, made))
    return Notice.objects.filter(id__in=[row.id for row in made]).count()


def keys_of(wearers: Collection[UUID]) -> dict[UUID, set[NoticeKey]]:
    """The keys of all notices about wearers, by their `subject_ref`; of each at least none.

    In one statement for each 500 wearers.
    """
    found: dict[UUID, set[NoticeKey]] = {wearer: set() for wearer in wearers}
    for chunk in chunked(found):
        rows = Notice.objects.filter(wearer__subject_ref__in=chunk).values_list(
            "wearer__subject_ref", "episode", "revision", "step", "recipient"
        )
        for wearer, episode, revision, step, recipient in rows:
            found[wearer].add(NoticeKey(episode, revision, step, Recipient(recipient)))
    return found


def _row_of_answers(notice: AnswersNotice, force: Any) -> Any:
    return Notice(
        run=notice.run,
        force_id=force,
        alert=0,
        episode=0,
        revision=0,
        step=notice.step,
        recipient=notice.recipient,
        means=notice.means,
        late=False,
        severity=int(notice.severity),
        kind=notice.about,
        queued_at=notice.queued_at,
        state=NoticeState.QUEUED,
        due_at=notice.queued_at,
        tried_from=notice.queued_at,
    )


def _row(notice: QueuedNotice, wearer: UUID) -> Any:
    """A row; a place in a queue is delivered by being there."""
    done = notice.means is Means.QUEUE
    return Notice(
        wearer_id=wearer,
        alert=notice.alert,
        episode=notice.key.episode,
        revision=notice.key.revision,
        step=notice.key.step,
        recipient=notice.key.recipient,
        means=notice.means,
        late=notice.late,
        severity=int(notice.severity),
        kind=notice.kind,
        queued_at=notice.queued_at,
        state=NoticeState.DELIVERED if done else NoticeState.QUEUED,
        due_at=None if done else notice.queued_at,
        tried_from=notice.queued_at,
        settled_at=notice.queued_at if done else None,
    )
