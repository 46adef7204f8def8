"""How chores went, and who does one now: one process at a time, on whichever machine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q

from tipstaff.records.models import ChoreRun


@dataclass(frozen=True, slots=True)
class ChoreFact:
    """How a chore went last. `failed`: the kind of error, empty where it went well."""

    name: str
    began_at: datetime | None = None
    ended_at: datetime | None = None
    failed: str = ""
    fails: int = 0


def known() -> dict[str, ChoreFact]:
    """Every chore that ever began, by name."""
    return {row.name: _fact(row) for row in ChoreRun.objects.all()}


def begin(name: str, *, before: datetime | None, now: datetime, until: datetime) -> UUID | None:
    """Take a chore that last began at `before`; None where somebody has it or took it meanwhile.

    It is held until it is ended, or until `until`: after that a process that died holds it no more.
    """
    lease = uuid4()
    with transaction.atomic(durable=True):
        if before is None:
            ChoreRun.objects.get_or_create(name=name)
        free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
        rows = ChoreRun.objects.filter(free, name=name, began_at=before)
        taken = rows.update(began_at=now, leased_until=until, lease=lease)
    return lease if taken else None


def free_all() -> None:
    """Nobody does any: called by the only worker of an instance, when it begins."""
    with transaction.atomic(durable=True):
        ChoreRun.objects.filter(lease__isnull=False).update(leased_until=None, lease=None)


def end(name: str, lease: UUID, *, now: datetime, failed: str = "") -> None:
    """It is done, or failed with that kind of error; whoever's lease is over says nothing more."""
    rows = ChoreRun.objects.filter(name=name, lease=lease)
    with transaction.atomic(durable=True):
        row = rows.select_for_update().first()
        if row is not None:
            fails = row.fails + 1 if failed else 0
            rows.update(ended_at=now, failed=failed, fails=fails, leased_until=None, lease=None)


def _fact(row: ChoreRun) -> ChoreFact:
    return ChoreFact(row.name, row.began_at, row.ended_at, row.failed, row.fails)
