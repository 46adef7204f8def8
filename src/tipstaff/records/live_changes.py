"""Of whom anything has changed that live monitoring goes by: asked every few seconds.

Whatever changes a record writes its entry into the audit in the same transaction, and names the
wearers. Entries get their number one after another, in transactions of the sealer's own and only
once they are committed: who has seen a number has seen all before it, however long a change took.
Clocks decide nothing. Those that have no number yet are looked at beside them, so that a change is
seen as soon as it is committed.

Rather too many are named than too few: an unchanged stamp of a life says that it is nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from tipstaff.domain.purposes import Operation, Phase
from tipstaff.records import audit
from tipstaff.records.beliefs import as_known
from tipstaff.records.models import Activation, AuditEntry

_CHANGES: Final = (Operation.COLLECTION, Operation.ALTERATION, Operation.ERASURE)
#: What is written here of positions, crimes and looks changes no life, and comes often.
_NOTHING: Final = frozenset(
    {"import_positions", "take_in_file", "drain_inbox", "import_crimes", "examine_look"}
)
#: What is said of devices names no wearer: those who wear one that was described lately are meant.
_OF_DEVICES: Final = frozenset({"register_device", "describe_device", "import_devices"})
#: Longer than a use case takes from reading the clock to writing its entry.
_LATELY: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Mark:
    """How far changes were seen: the last number, and entries seen without one, by their ids."""

    sequence: int
    seen: frozenset[UUID] = frozenset()


class _Change(NamedTuple):
    entry_id: UUID
    use_case: str
    at: datetime
    subject_refs: list[str]


def changed_since(mark: Mark | None) -> tuple[Mark, frozenset[UUID]]:
    """The wearers (the audit's references) of whom anything changed since, and the next mark.

    Without a mark nobody: take the first one before loading all lives. Two statements beside that
    for the mark, by indices, however much is on record; one more after devices were described.
    """
    last = audit.last_sequence()
    waiting = list(_changes(sequence__isnull=True))
    seen = frozenset(change.entry_id for change in waiting)
    if mark is None:
        return Mark(last, seen), frozenset()
    sealed = _changes(sequence__gt=mark.sequence, sequence__lte=last)
    new = [one for one in (*sealed, *waiting) if one.entry_id not in mark.seen]
    return Mark(last, seen), frozenset(_wearers(new))


def _changes(**which: Any) -> Iterator[_Change]:
    rows = AuditEntry.objects.filter(operation__in=_CHANGES, phase=Phase.SERVED, **which)
    rows = rows.exclude(use_case__in=_NOTHING)
    yield from map(_Change._make, rows.values_list("id", "use_case", "at", "subject_refs"))


def _wearers(changes: Iterable[_Change]) -> Iterator[UUID]:
    described: list[datetime] = []
    for change in changes:
        yield from map(UUID, change.subject_refs)
        if change.use_case in _OF_DEVICES:
            described.append(change.at)
    if described:
        since = min(described) - _LATELY
        rows = Activation.objects.filter(as_known(None), device__facts__recorded_at__gte=since)
        yield from rows.values_list("wearer__subject_ref", flat=True)
