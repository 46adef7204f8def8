"""Handovers of shifts as values: given once, taken once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from tipstaff.domain.protocols import Queue, Severity
from tipstaff.domain.shift_handovers import OpenAlert
from tipstaff.domain.transitions import AlertState
from tipstaff.records import bulk
from tipstaff.records.models import HandoverLine, ShiftHandover


@dataclass(frozen=True, slots=True)
class HandoverFact:
    """A handover: of which queue, by whom, in whose words; who took it."""

    ref: UUID
    queue: Queue
    given_at: datetime
    given_by: UUID
    words: str = field(repr=False)
    digest: str
    taken_at: datetime | None
    taken_by: UUID | None


@dataclass(frozen=True, slots=True)
class LineFact:
    """An alert as it stood when it was handed over, and whose it is."""

    was: OpenAlert
    wearer: str = field(repr=False)
    subject_ref: UUID
    number: int
    state: AlertState
    revision: int
    needs_a_person: bool


def give(
    queue: Queue, lines: Sequence[OpenAlert], digest: str, words: str, *, at: datetime, by: UUID
) -> UUID:
    """Record a handover with its lines, in their order."""
    row = ShiftHandover.objects.create(
        queue=queue, given_at=at, given_by=by, words=words, digest=digest
    )
    bulk.insert(
        HandoverLine,
        (
            {
                "id": uuid4(),
                "handover_id": row.id,
                "alert_id": one.alert,
                "place": place,
                "state": one.state,
                "severity": int(one.severity),
                "told_revision": one.revision,
                "changed": one.changed,
            }
            for place, one in enumerate(lines, start=1)
        ),
    )
    return row.id


def take(handover: UUID, words: str, *, at: datetime, by: UUID) -> bool:
    """Record that a handover was taken; False where it was before."""
    rows = ShiftHandover.objects.filter(id=handover, taken_at__isnull=True)
    return bool(rows.update(taken_at=at, taken_by=by, taken_words=words))


def find(handover: UUID | None) -> HandoverFact | None:
    """A handover; None: the last that nobody has taken. None where there is none."""
    rows = ShiftHandover.objects.order_by("-given_at", "id")
    rows = rows.filter(taken_at__isnull=True) if handover is None else rows.filter(id=handover)
    row = rows.first()
    if row is None:
        return None
    return HandoverFact(
        row.id, Queue(row.queue), row.given_at, row.given_by, row.words, row.digest,
        row.taken_at, row.taken_by,
    )  # fmt: skip


def lines_of(handover: UUID) -> tuple[LineFact, ...]:
    """What was handed over, in its order, with how each alert stands now."""
    rows = HandoverLine.objects.filter(handover=handover).select_related("alert__wearer")
    return tuple(
        LineFact(
            was=OpenAlert(
                row.alert_id, AlertState(row.state), Severity(row.severity), row.told_revision,
                row.changed,
            ),
            wearer=row.alert.wearer.reference,
            subject_ref=row.alert.wearer.subject_ref,
            number=row.alert.number,
            state=AlertState(row.alert.state),
            revision=row.alert.told_revision,
            needs_a_person=row.alert.needs_a_person,
        )
        for row in rows.order_by("place")
    )  # fmt: skip
