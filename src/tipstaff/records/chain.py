"""The audit chain, pure: each entry's hash covers its facts and the hash of the entry before it.

Changing, removing, inserting or reordering sealed entries breaks the chain at that place. Cutting
off its end, or writing all of it anew, does not: heads kept outside the database find those.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

#: What the first entry names as the hash before it.
GENESIS: Final = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One audit entry; `sequence`, `previous_hash` and `hash` are None until it is sealed.

    `extent` holds words, whole numbers, lists and tables of them: no floating-point numbers, whose
    text would depend on the database. `ciphertext` holds words that may tell of a person, as
    `records.entry_cipher` wrote them; the hash covers it, so the chain holds after an erasure.
    """

    entry_id: UUID
    at: datetime
    request_ref: UUID
    actor_ref: UUID | None
    role: str
    operation: str
    phase: str
    use_case: str
    purpose: str
    authority: str
    subject_refs: tuple[str, ...] = ()
    extent: Mapping[str, Any] = field(default_factory=dict)
    rows: int | None = None
    ciphertext: str = ""
    sequence: int | None = None
    previous_hash: str | None = None
    hash: str | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain at some time: what is kept outside the database."""

    sequence: int
    hash: str


@dataclass(frozen=True, slots=True)
class NotReadable:
    """Stands for a sealed row that holds something else than an entry."""


@dataclass(frozen=True, slots=True)
class ChainFault:
    """Where the chain does not hold, and how."""

    sequence: int
    code: str


def canonical(entry: Entry, sequence: int, previous_hash: str) -> bytes:
    """The bytes that are hashed: sorted keys, no spaces, UTC microseconds."""
    facts: dict[str, object] = {
        "actor_ref": None if entry.actor_ref is None else str(entry.actor_ref),
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "authority": entry.authority,
        "entry_id": str(entry.entry_id),
        "extent": entry.extent,
        "operation": entry.operation,
        "phase": entry.phase,
        "previous_hash": previous_hash,
        "purpose": entry.purpose,
        "request_ref": str(entry.request_ref),
        "role": entry.role,
        "rows": entry.rows,
        "sequence": sequence,
        "subject_refs": list(entry.subject_refs),
        "use_case": entry.use_case,
    }
    if entry.ciphertext:  # entries from before there was any keep the hash they have
        facts["ciphertext"] = entry.ciphertext
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return text.encode("ascii")


def entry_hash(entry: Entry, sequence: int, previous_hash: str) -> str:
    """SHA-256, in hexadecimal, of the entry in its place."""
    return hashlib.sha256(canonical(entry, sequence, previous_hash)).hexdigest()


def has_floats(value: object) -> bool:
    """Whether a floating-point number is anywhere in `value`."""
    if isinstance(value, Mapping):
        return any(has_floats(item) for item in value.values())
    if isinstance(value, list | tuple):
        return any(has_floats(item) for item in value)
    return isinstance(value, float)


def faults(
    entries: Iterable[Entry | NotReadable], heads: Mapping[int, str]
) -> Iterator[ChainFault]:
    """Every place where sealed `entries`, in the order of their sequence, do not hold.

    `heads` are hashes by sequence kept outside; one beyond the last entry says that the end is
    missing. A reported place does not hide later ones: the walk goes on from what is stored.
    """
    expected, previous = 1, GENESIS
    for entry in entries:
        if isinstance(entry, NotReadable):
            yield ChainFault(expected, "not_readable")
            expected, previous = expected + 1, ""
            continue
        sequence = -1 if entry.sequence is None else entry.sequence
        if sequence != expected:
            yield ChainFault(expected, "missing" if sequence > expected else "out_of_order")
        if entry.previous_hash != previous and previous:
            yield ChainFault(sequence, "not_linked")
        if not _holds(entry, sequence):
            yield ChainFault(sequence, "changed")
        if heads.get(sequence, entry.hash) != entry.hash:
            yield ChainFault(sequence, "differs_from_head")
        expected, previous = sequence + 1, entry.hash or ""
    for sequence in sorted(sequence for sequence in heads if sequence >= expected):
        yield ChainFault(sequence, "missing_at_end")


def _holds(entry: Entry, sequence: int) -> bool:
    """Whether the entry's hash is that of its facts; a fact that has no text is none of ours."""
    try:
        return entry.hash == entry_hash(entry, sequence, entry.previous_hash or "")
    except TypeError:
        return False
