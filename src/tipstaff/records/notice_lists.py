"""Notices in a list: what became of each, the latest first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Count

from tipstaff.domain.daily_digests import day_of_name
from tipstaff.domain.deliveries import NoticeState
from tipstaff.domain.notices import About, OfAnswers, about_of
from tipstaff.domain.protocols import Means, Recipient, Severity
from tipstaff.records.models import LimitedWearer, Notice, NoticeAttempt

#: What a list shows at most.
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """How an attempt ended, with the provider's reference: the proof."""

    at: datetime
    code: str
    reference: str
    words: str


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice and its latest attempt. `wearer` is empty where it is of limited access.

    Of answers there is a `run`, and no wearer.
    """

    ref: UUID
    wearer: str = field(repr=False)
    subject_ref: UUID | None = field(repr=False)
    alert: int
    step: str
    recipient: Recipient
    means: Means
    severity: Severity
    kind: About
    queued_at: datetime
    state: NoticeState
    reason: str
    due_at: datetime | None
    last: AttemptLine | None
    run: UUID | None = None
    day: date | None = None


def listed(states: Collection[NoticeState], most: int = MOST) -> list[NoticeLine]:
    """Notices that were sent anywhere, in those states, the latest first; three statements."""
    rows = list(
        Notice.objects.filter(state__in=states)
        .exclude(means=Means.QUEUE)
        .select_related("wearer")
        .order_by("-queued_at", "id")[: min(most, MOST)]
    )
    wearers = [row.wearer_id for row in rows if row.wearer_id is not None]
    limited = set(LimitedWearer.objects.filter(wearer__in=wearers).values_list("wearer", flat=True))
    last = _last([row.id for row in rows])
    return [
        NoticeLine(
            ref=row.id,
            wearer="" if row.wearer is None or row.wearer_id in limited else row.wearer.reference,
            subject_ref=None if row.wearer is None else row.wearer.subject_ref,
            alert=row.alert,
            step=row.step,
            recipient=Recipient(row.recipient),
            means=Means(row.means),
            severity=Severity(row.severity),
            kind=about_of(row.kind),
            queued_at=row.queued_at,
            state=NoticeState(row.state),
            reason=row.reason,
            due_at=row.due_at,
            last=last.get(row.id),
            run=row.run if _day(row) is None else None,
            day=_day(row),
        )
        for row in rows
    ]


def _day(row: Notice) -> date | None:
    """The day of a daily digest; None of any other notice."""
    digest = row.kind == OfAnswers.DAILY_DIGEST
    return day_of_name(row.run) if digest and row.run is not None else None


def last_digest() -> date | None:
    """The last day of which a daily digest was queued."""
    rows = Notice.objects.filter(kind=OfAnswers.DAILY_DIGEST)
    names = rows.order_by().values_list("run", flat=True).distinct()
    return max((day_of_name(name) for name in names if name is not None), default=None)


def subject_of(notice: UUID) -> UUID | None:
    """The reference of whom a notice is about; None where there is none, or it is about nobody."""
    rows = Notice.objects.filter(id=notice)
    return rows.values_list("wearer__subject_ref", flat=True).first()


def _last(notices: list[UUID]) -> dict[UUID, AttemptLine]:
    rows = NoticeAttempt.objects.filter(notice__in=notices).order_by("at", "id")
    return {row.notice_id: AttemptLine(row.at, row.code, row.reference, row.words) for row in rows}


def counts() -> dict[NoticeState, int]:
    """How many notices that are sent anywhere stand in each state that is not the end of it."""
    waiting = [one for one in NoticeState if one is not NoticeState.DELIVERED]
    rows = Notice.objects.filter(state__in=waiting).exclude(means=Means.QUEUE)
    found = dict(rows.values_list("state").annotate(count=Count("id")).order_by())
    return {one: found.get(one.value, 0) for one in waiting}
