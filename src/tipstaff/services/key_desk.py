"""Where a supplier's program is asked for its key: who it is, or why it is turned away.

The intake keeps one desk a process. It is told the time; it writes to the database once a day for
each key that is used, and once a minute where any was refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from threading import Lock
from typing import Final
from uuid import uuid4

from django.db import transaction

from tipstaff.domain.periods import to_micros
from tipstaff.domain.purposes import Operation, Phase, Purpose
from tipstaff.domain.rate_limits import Bucket, BucketStore, Rate, Taken, take
from tipstaff.domain.refusal_counts import MinuteOfRefusals, RefusalCounts
from tipstaff.domain.supplier_details import SupplierDetails, is_active
from tipstaff.domain.supplier_keys import (
    KEYS,
    KeyCode,
    KeyScope,
    SupplierKey,
    refusal,
    use_refusal,
)
from tipstaff.records import audit, supplier_facts, supplier_keys
from tipstaff.records.chain import Entry
from tipstaff.services.sealing import seal
from tipstaff.services.supplier_keys import pepper

#: The only codes that tell who presents a key more than that it does not work.
TOLD: Final = frozenset({KeyCode.OUTSIDE_SCOPE, KeyCode.TOO_OFTEN})


#: A key, and what is known of its supplier, as far as either is on record.
KeyOnRecord = tuple[SupplierKey | None, SupplierDetails | None]


@dataclass(frozen=True, slots=True)
class KnownSupplier:
    """Whose key it was. All that is done with it is done to this supplier's devices alone."""

    supplier: str
    key_id: str
    scopes: frozenset[KeyScope]


@dataclass(frozen=True, slots=True)
class KeyRefused:
    """Why it was turned away, for our own eyes, and what may be told.

    `told` is None where no more may be told than that the key does not work. `wait_s`: after how
    long to come again, where it came too often.
    """

    code: KeyCode
    told: KeyCode | None = None
    wait_s: int = 0


class BucketsInMemory:
    """Buckets of one process, by key id. Several processes each give the whole rate."""

    def __init__(self) -> None:
        self._buckets: dict[str, Bucket] = {}
        self._lock = Lock()

    def take(self, name: str, rate: Rate, now_us: int) -> Taken:
        """See `BucketStore`."""
        with self._lock:
            taken = take(self._buckets.get(name), rate, now_us)
            self._buckets[name] = taken.bucket
            return taken


@dataclass(slots=True)
class KeyDesk:
    """The desk of one process, with the buckets and the counts of refusals that it keeps."""

    buckets: BucketStore = field(default_factory=BucketsInMemory)
    look_up: Callable[[str], KeyOnRecord] = field(default_factory=lambda: on_record)
    refusals: RefusalCounts = field(default_factory=RefusalCounts)
    _pepper: bytes = field(default_factory=pepper, repr=False)
    _lock: Lock = field(default_factory=Lock)
    #: By key, the last day on which its use was noted; `look_up` may tell of an older one.
    _noted: dict[str, date] = field(default_factory=dict)

    def authenticate_key(
        self, presented: str, scope: KeyScope, source: str, now: datetime
    ) -> KnownSupplier | KeyRefused:
        """Whose key it is, if it may be used for this from the address `source`; else why not.

        As many statements and digests for an id that nobody has as for one that is known. A token
        is taken only once the secret has proved right: others cannot use a supplier's up.
        """
        parts = KEYS.parts_of(presented)
        key, details = self.look_up(parts[0])
        code = refusal(key, parts, self._pepper, now)
        if key is None or code is not None:
            return self._refuse(key, code or KeyCode.UNKNOWN_KEY, now)
        code = _barred(key, details, scope, source, now)
        if code is not None:
            return self._refuse(key, code, now)
        taken = self.buckets.take(key.key_id, key.rate, to_micros(now))
        if not taken.given:
            return self._refuse(key, KeyCode.TOO_OFTEN, now, -(-taken.wait_us // 1_000_000))
        self._note_use(key, now.astimezone(UTC).date())
        return KnownSupplier(key.supplier, key.key_id, key.scopes)

    def _note_use(self, key: SupplierKey, day: date) -> None:
        known = self._noted.get(key.key_id, key.last_used_on)
        if known is None or known < day:
            supplier_keys.used_on(key.key_id, day)
            self._noted[key.key_id] = day

    def flush(self, now: datetime) -> None:
        """Write the refusals of a minute that is over into the audit; to be called now and then."""
        with self._lock:
            over = self.refusals.take(now)
        _record(over)

    def close(self) -> None:
        """Write what was counted so far: before the process ends."""
        with self._lock:
            over = self.refusals.take_now()
        _record(over)

    def _refuse(
        self, key: SupplierKey | None, code: KeyCode, now: datetime, wait_s: int = 0
    ) -> KeyRefused:
        with self._lock:
            # of an id that nobody has nothing is kept: it could be anything, even a secret
            over = self.refusals.note("" if key is None else key.key_id, code.value, now)
        _record(over)
        return KeyRefused(code, code if code in TOLD else None, wait_s)


def on_record(key_id: str) -> KeyOnRecord:
    """The key of that id, and what is known of its supplier."""
    key = supplier_keys.find(key_id)
    return key, supplier_facts.details_of("" if key is None else key.supplier)


def _barred(
    key: SupplierKey,
    details: SupplierDetails | None,
    scope: KeyScope,
    source: str,
    now: datetime,
) -> KeyCode | None:
    if details is None or not is_active(details, now):
        return KeyCode.SUPPLIER_NOT_ACTIVE
    return use_refusal(key, scope, source)


def _record(over: MinuteOfRefusals | None) -> None:
    if over is None:
        return
    entry = Entry(
        entry_id=uuid4(),
        at=over.minute,
        request_ref=uuid4(),
        actor_ref=None,
        role="",
        operation=Operation.REFUSAL,
        phase=Phase.SERVED,
        use_case="authenticate_key",
        purpose=Purpose.SYSTEM_ADMINISTRATION,
        authority="",
        extent={"minute": over.minute.isoformat(), "refused": _lines(over.counts.items())},
        rows=sum(over.counts.values()),
    )
    with transaction.atomic(durable=True):
        audit.append(entry)
    seal()


def _lines(counts: Iterable[tuple[tuple[str, str], int]]) -> list[dict[str, object]]:
    return [{"key": name, "code": code, "times": times} for (name, code), times in sorted(counts)]
