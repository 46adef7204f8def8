"""The audit log: append, seal, read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import DataError, connection, transaction
from django.db.models import Q, QuerySet

from tipstaff.domain.purposes import Phase
from tipstaff.records.chain import GENESIS, Entry, Head, NotReadable, entry_hash, has_floats
from tipstaff.records.models import AuditEntry
from tipstaff.records.models.audit import HOME_LOOK

#: Any fixed number: the name of the lock that lets one sealer work at a time on PostgreSQL.
_SEALER_LOCK = 5_110_417
#: The instant and the id of an entry, by which a list of them goes on.
After = tuple[datetime, UUID]


def append(entry: Entry) -> None:
    """Write an entry, not sealed, in the transaction of the caller."""
    if has_floats(entry.extent):
        raise ValueError("an audit entry's extent holds no floating-point numbers")
    AuditEntry.objects.create(
        id=entry.entry_id,
        at=entry.at,
        request_ref=entry.request_ref,
        actor_ref=entry.actor_ref,
        role=entry.role,
        operation=entry.operation,
        phase=entry.phase,
        use_case=entry.use_case,
        purpose=entry.purpose,
        authority=entry.authority,
        subject_refs=list(entry.subject_refs),
        extent=dict(entry.extent),
        rows=entry.rows,
        ciphertext=entry.ciphertext,
    )


def last_home_look(actor_ref: UUID, *, before: datetime) -> datetime | None:
    """When an actor was last shown what waits for them, before an instant; None: never."""
    return home_looks(actor_ref, before).first()


def home_looks(actor_ref: UUID, before: datetime) -> QuerySet[AuditEntry, datetime]:
    """When an actor was shown what waits for them, the last first, by an index."""
    rows = AuditEntry.objects.filter(
        actor_ref=actor_ref, use_case=HOME_LOOK, phase=Phase.SERVED, at__lt=before
    )
    return rows.order_by("-at").values_list("at", flat=True)


@dataclass(frozen=True, slots=True)
class Sealed:
    """The chain's end before and after entries were chained."""

    before: Head
    head: Head


def seal() -> Sealed | None:
    """Chain every committed entry that is not chained yet; None where there was none.

    Runs in a transaction of its own, after the one that wrote the entries: the chain is then no
    lock that use cases wait for.
    """
    with transaction.atomic(durable=True):
        return chain()


def chain() -> Sealed | None:
    """The same in the caller's transaction: others chain nothing until that ends.

    For a transaction that writes entries and nothing else: it is then short, and one commit does.
    """
    _one_sealer_at_a_time()
    head = _last()
    before = head
    for row in _not_chained():
        digest = entry_hash(_entry(row), head.sequence + 1, head.hash)
        AuditEntry.objects.filter(id=row.id).update(
            sequence=head.sequence + 1, previous_hash=head.hash, hash=digest
        )
        head = Head(head.sequence + 1, digest)
    return None if head == before else Sealed(before, head)


def sealed() -> Iterator[Entry | NotReadable]:
    """Every sealed entry, in order; `NotReadable` in place of one that cannot be read as one."""
    rows = AuditEntry.objects.filter(sequence__isnull=False).order_by("sequence", "id")
    read = 0
    try:
        for row in rows.iterator(chunk_size=1000):
            entry = _entry(row)
            read += 1
            yield entry
    except _UNREADABLE:  # altered by hand: from here on one at a time
        yield from _one_at_a_time(read)


def not_sealed() -> int:
    """How many entries wait for the sealer."""
    return AuditEntry.objects.filter(sequence__isnull=True).count()


def first_hash() -> str:
    """The hash of the first entry, by which an instance is known; empty before there is one."""
    row = AuditEntry.objects.filter(sequence=1).first()
    return "" if row is None or row.hash is None else row.hash


def count_sealed() -> int:
    """How many entries are chained."""
    return AuditEntry.objects.filter(sequence__isnull=False).count()


def last_sequence() -> int:
    """The sequence of the chain's end; 0 where nothing is chained, or no number stands there."""
    rows = AuditEntry.objects.filter(sequence__isnull=False).order_by("-sequence")
    last = rows.values_list("sequence", flat=True).first()
    return last if isinstance(last, int) else 0


def latest(limit: int, *, leave_out: UUID, after: After | None = None) -> list[Entry]:
    """The latest entries, newest first, those of one request left out.

    `after`: the instant and the id of the last line of the page before.
    """
    rows = AuditEntry.objects.exclude(request_ref=leave_out).order_by("-at", "-id")
    if after is not None:
        at, entry = after
        rows = rows.filter(Q(at__lt=at) | Q(id__lt=entry), at__lte=at)
    return [_entry(row) for row in rows[:limit]]


def of_requests(request_refs: Iterable[UUID]) -> list[Entry]:
    """The entries of some looks, oldest first; no more than one statement can carry."""
    rows = AuditEntry.objects.filter(request_ref__in=list(request_refs)).order_by("at", "id")
    return [_entry(row) for row in rows]


def of_request(request_ref: UUID) -> list[Entry]:
    """The entries of one look, oldest first."""
    rows = AuditEntry.objects.filter(request_ref=request_ref).order_by("at", "id")
    return [_entry(row) for row in rows]


def _one_at_a_time(skip: int) -> Iterator[Entry | NotReadable]:
    with connection.cursor() as cursor:
        cursor.execute(_KEYS)
        keys = [key for (key,) in cursor.fetchall()[skip:]]
    for key in keys:
        try:
            (row,) = AuditEntry.objects.raw(_BY_KEY, [key])
            entry: Entry | NotReadable = _entry(row)
        except _UNREADABLE:
            entry = NotReadable()
        yield entry


_KEYS: Final = (
    'SELECT "id" FROM "records_auditentry" WHERE "sequence" IS NOT NULL ORDER BY "sequence", "id"'
)
_BY_KEY: Final = 'SELECT * FROM "records_auditentry" WHERE "id" = %s'
#: What reading a row raises that holds something else than its columns are for.
_UNREADABLE: Final = (ValueError, TypeError, AttributeError, OverflowError, DataError)


def _one_sealer_at_a_time() -> None:
    # On SQLite the IMMEDIATE transaction is the lock.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SEALER_LOCK])


def _not_chained() -> list[AuditEntry]:
    """What waits, in the order of the chain.

    Sorted here: asked to sort them, SQLite goes through all of the log by time, where it was told
    of the log's size (ANALYZE) when that was small.
    """
    rows = AuditEntry.objects.filter(sequence__isnull=True)
    return sorted(rows, key=lambda row: (row.at, row.id))


def _last() -> Head:
    rows = AuditEntry.objects.filter(sequence__isnull=False).order_by("-sequence")
    sequence, digest = rows.values_list("sequence", "hash").first() or (None, None)
    return Head(0, GENESIS) if sequence is None or digest is None else Head(sequence, digest)


def _entry(row: AuditEntry) -> Entry:
    _require_kinds(row)
    return Entry(
        entry_id=row.id,
        at=row.at,
        request_ref=row.request_ref,
        actor_ref=row.actor_ref,
        role=row.role,
        operation=row.operation,
        phase=row.phase,
        use_case=row.use_case,
        purpose=row.purpose,
        authority=row.authority,
        subject_refs=tuple(row.subject_refs),
        extent=row.extent,
        rows=row.rows,
        ciphertext=row.ciphertext,
        sequence=row.sequence,
        previous_hash=row.previous_hash,
        hash=row.hash,
    )


def _require_kinds(row: Any) -> None:
    """TypeError where a column holds another kind of thing: a table read as a list would pass."""
    kinds = ((row.subject_refs, list), (row.extent, dict), (row.at, datetime))
    if not all(isinstance(value, kind) for value, kind in kinds):
        raise TypeError("a column of an audit entry holds something else")
    if row.sequence is not None and not isinstance(row.sequence, int):
        raise TypeError("the sequence of an audit entry is no number")
