"""Notices in the outbox, and the contacts that they go to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tipstaff.domain.findings import FindingKind
from tipstaff.domain.notices import NoticeKey
from tipstaff.domain.protocols import Means, Recipient, Severity

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def made_wearer(reference: str = "W1") -> UUID:
    """A wearer on record; their `subject_ref`."""
    from tipstaff.records.models import Wearer

    return Wearer.objects.create(reference=reference).subject_ref


def queued(wearer: UUID, episode: int = 1, **other: Any) -> Any:
    """A notice of the outbox."""
    from tipstaff.records.outbox import QueuedNotice

    to, step = other.pop("to", Recipient.CASE_MANAGER), other.pop("step", "manager")
    values: dict[str, Any] = {
        "wearer": wearer, "alert": episode, "key": NoticeKey(episode, 1, step, to),
        "means": Means.EMAIL, "late": False, "severity": Severity.HIGH,
        "kind": FindingKind.STRAP, "queued_at": NOW,
    }  # fmt: skip
    return QueuedNotice(**(values | other))


def contact(
    to: Recipient = Recipient.CASE_MANAGER,
    means: Means = Means.EMAIL,
    address: str = "manager@example.org",
    **other: Any,
) -> UUID:
    """A contact on record, by its id."""
    from tipstaff.records import forces, notice_contacts

    force = other.pop("force", None)
    if force is not None:
        forces.ensure(force)
    made = notice_contacts.Contact(to, means, address, force, NOW - timedelta(days=1), **other)
    return notice_contacts.add(made, reason="", at=NOW, by=UUID(int=1))


def states() -> list[tuple[str, str, str]]:
    """Step, state and reason of every notice, in order."""
    from tipstaff.records.models import Notice

    rows = Notice.objects.order_by("episode", "step", "recipient")
    return list(rows.values_list("step", "state", "reason"))


def attempts() -> list[tuple[str, str, str]]:
    """Code, reference and words of every attempt, in order."""
    from tipstaff.records.models import NoticeAttempt

    rows = NoticeAttempt.objects.order_by("at", "id")
    return list(rows.values_list("code", "reference", "words"))
