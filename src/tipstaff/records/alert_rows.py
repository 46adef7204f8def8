"""Alerts and decisions as rows, and back: exactly the values that were stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from tipstaff.domain.alerts import (
    Alert,
    AlertOutcome,
    Decision,
    EpisodeNow,
    Evidence,
    Reached,
)
from tipstaff.domain.findings import FindingKind, Level
from tipstaff.domain.protocols import Queue, Recipient, Route
from tipstaff.domain.transitions import Act, AlertState
from tipstaff.domain.zones import Harm
from tipstaff.records import bulk
from tipstaff.records.models import Alert as AlertRow
from tipstaff.records.models import AlertDecision
from tipstaff.records.shipped_monitoring import shipped_protocols


@dataclass(frozen=True, slots=True)
class KeptAlert:
    """An alert as it stands, on what condition, and when the clock alone may make a notice due."""

    value: Alert
    condition: str
    next_notice_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AlertChange:
    """An alert to be stored: its wearer's row, and how many of its decisions are stored already."""

    wearer: UUID
    kept: KeptAlert
    decided_before: int = 0


def row_id(wearer: UUID, number: int) -> UUID:
    """The key of an alert's row, from the key of its wearer's row and its number."""
    return uuid5(wearer, f"alert {number}")


def alert_of(row: Any, decisions: Iterable[Any], wearer: UUID) -> KeptAlert:
    """The value of a row with its decisions in order; `wearer` is the audit's reference."""
    told = EpisodeNow(
        row.episode, row.told_revision, Level(row.told_level), Evidence(row.told_evidence),
        row.told_goes_on,
    )  # fmt: skip
    opened = EpisodeNow(
        row.episode, row.opened_revision, Level(row.opened_level), goes_on=row.opened_goes_on
    )
    value = Alert(
        number=row.number,
        wearer=str(wearer),
        kind=FindingKind(row.kind),
        harm=None if row.harm is None else Harm(row.harm),
        route=Route(Queue(row.queue), row.late),
        opened_at=row.opened_at,
        opened=opened,
        told=told,
        state=AlertState(row.state),
        decisions=tuple(_decision_of(one) for one in decisions),
        changed=row.changed,
        seen=row.seen,
        follows=row.follows,
        followed_by=row.followed_by,
    )
    return KeptAlert(value, row.condition, row.next_notice_at)


def _decision_of(row: Any) -> Decision:
    return Decision(
        row.at, row.by, Act(row.act), row.revision, Level(row.level), row.words,
        AlertOutcome(row.outcome) if row.outcome else None, row.to,
        Reached(row.reached) if row.reached else None,
        tuple(Recipient(one) for one in row.shared_with),
    )  # fmt: skip


def store(changes: Sequence[AlertChange]) -> None:
    """Store alerts as they now stand, with the decisions that are new.

    Raises IntegrityError where somebody else stored a decision of that number meanwhile.
    """
    if changes:
        bulk.upsert(AlertRow, map(_row, changes), key=("wearer_id", "number"))
        bulk.insert(AlertDecision, (row for change in changes for row in _decisions(change)))


def _row(change: AlertChange) -> dict[str, Any]:
    one = change.kept.value
    return {
        "id": row_id(change.wearer, one.number),
        "wearer_id": change.wearer,
        "number": one.number,
        "kind": one.kind,
        "harm": None if one.harm is None else int(one.harm),
        "queue": one.route.queue,
        "late": one.route.late,
        "opened_at": one.opened_at,
        "episode": one.opened.episode,
        "opened_revision": one.opened.revision,
        "opened_level": int(one.opened.level),
        "opened_goes_on": one.opened.goes_on,
        "told_revision": one.told.revision,
        "told_level": int(one.told.level),
        "told_evidence": one.told.evidence,
        "told_goes_on": one.told.goes_on,
        "state": one.state,
        "changed": one.changed,
        "seen": one.seen,
        "follows": one.follows,
        "followed_by": one.followed_by,
        **_for_lists(change.kept),
    }


def _for_lists(kept: KeptAlert) -> dict[str, Any]:
    one = kept.value
    severity = shipped_protocols().severity(one.kind, one.told.level, one.harm)
    return {
        "condition": kept.condition,
        "severity": int(severity),
        "needs_a_person": one.needs_a_person,
        "holder": UUID(one.holder) if one.holder else None,
        "next_notice_at": kept.next_notice_at,
        "outcome": one.outcome or "",
        "closed_at": one.closed_at,
    }


def _decisions(change: AlertChange) -> Iterator[dict[str, Any]]:
    alert = row_id(change.wearer, change.kept.value.number)
    decisions = change.kept.value.decisions
    for place, one in enumerate(decisions[change.decided_before :], change.decided_before + 1):
        yield {
            "id": uuid4(),
            "alert_id": alert,
            "number": place,
            "at": one.at,
            "by": one.by,
            "act": one.act,
            "revision": one.revision,
            "level": int(one.level),
            "words": one.words,
            "outcome": one.outcome or "",
            "to": one.to,
            "reached": one.reached or "",
            "shared_with": list(one.shared_with),
        }
