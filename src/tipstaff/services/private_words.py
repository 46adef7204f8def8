"""Which words of an audit entry may tell of a person, and how they are enciphered and read.

An authority is free text and may name somebody; a place may be a home. They are under the keys of
the subjects the entry is about, so that they go when a subject is erased. Who, when, what, why and
for how long stay in clear: they name people by random references alone, whose link to a person goes
with the erasure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final
from uuid import UUID, uuid4

from tipstaff import settings
from tipstaff.records import entry_cipher, subject_keys
from tipstaff.records.chain import Entry
from tipstaff.records.entry_cipher import MOST_SUBJECTS, Bound, Keys, Lock
from tipstaff.services.instance import open_instance

#: Parts of an extent that may tell of a person, and why; no use case enciphers anything itself.
PRIVATE_EXTENT: Final[Mapping[str, str]] = {
    "lat_e7": "a place may be somebody's home",
    "lon_e7": "a place may be somebody's home",
    "radius_cm": "with a place it says how near",
    "place": "a place may be somebody's home",
    "area": "an area may be somebody's street",
    "address": "an address is somebody's",
    "postcode": "a postcode may be a single house",
    "name": "a name",
    "reason": "free text may name somebody",
    "note": "free text may name somebody",
}
_AUTHORITY: Final = "authority"
_EXTENT: Final = "extent"


class Words(StrEnum):
    """What became of an entry's enciphered words."""

    NONE = "none"
    READ = "read"
    ERASED = "erased"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Told:
    """An entry as it can be read, and what became of its enciphered words.

    NONE: there were none. ERASED: a subject's key was destroyed. UNREADABLE: a key is lost, or the
    entry is not what was written; `tipstaff audit verify` tells which.
    """

    entry: Entry
    words: Words


def private(entry: Entry) -> Entry:
    """The entry with its private words enciphered, for `records.audit.append`.

    Keys of subjects are made where there are none: call it in the transaction that appends.
    """
    inside = {name: value for name, value in entry.extent.items() if name in PRIVATE_EXTENT}
    if not inside and not entry.authority:
        return entry
    clear = {name: value for name, value in entry.extent.items() if name not in inside}
    words = {_AUTHORITY: entry.authority, _EXTENT: inside}
    text = entry_cipher.encipher(words, _keys_for(entry), _bound(entry))
    return replace(entry, authority="", extent=clear, ciphertext=text)


def told(entries: Iterable[Entry]) -> list[Told]:
    """Each entry with its private words again, where the keys still stand."""
    listed = list(entries)
    wanted = {ref for entry in listed if _under_subjects(entry) for ref in _refs(entry) or []}
    held = subject_keys.held(wanted)
    return [_told(entry, held) for entry in listed]


def _told(entry: Entry, held: Mapping[UUID, bytes | None]) -> Told:
    refs = _refs(entry)
    if not entry.ciphertext or refs is None:
        return Told(entry, Words.UNREADABLE if entry.ciphertext else Words.NONE)
    lock = Lock.SUBJECTS if _under_subjects(entry) else Lock.INSTANCE
    parts = [held.get(ref) for ref in refs] if lock is Lock.SUBJECTS else [_own()]
    keys = [part for part in parts if part is not None]
    if len(keys) < len(parts):
        destroyed = any(ref in held and held[ref] is None for ref in refs)
        return Told(entry, Words.ERASED if destroyed else Words.UNREADABLE)
    words = entry_cipher.decipher(entry.ciphertext, Keys(lock, keys), _bound(entry))
    if words is None:
        return Told(entry, Words.UNREADABLE)
    return Told(_with(entry, words), Words.READ)


def _with(entry: Entry, words: Mapping[str, Any]) -> Entry:
    return replace(
        entry, authority=str(words[_AUTHORITY]), extent={**entry.extent, **words[_EXTENT]}
    )


def _keys_for(entry: Entry) -> Keys:
    """The keys of up to twenty subjects; else, or where one was destroyed, the instance's.

    Keys are asked for of nobody too: a look at nobody takes as many statements as one at somebody.
    """
    refs = _refs(entry) or []
    if len(refs) <= MOST_SUBJECTS:
        held = subject_keys.ensured(refs) if refs else subject_keys.held([uuid4()])
        keys = [key for key in (held[ref] for ref in refs) if key is not None]
        if refs and len(keys) == len(refs):
            return Keys(Lock.SUBJECTS, keys)
    return Keys(Lock.INSTANCE, [_own()])


def _own() -> bytes:
    open_instance()
    return settings.load().audit_key_file.read_bytes().strip()


def _under_subjects(entry: Entry) -> bool:
    return entry_cipher.lock_of(entry.ciphertext) is Lock.SUBJECTS


def _refs(entry: Entry) -> list[UUID] | None:
    """The subjects by whose keys an entry is enciphered, in order; None where one is no key's."""
    try:
        return [UUID(ref) for ref in sorted(entry.subject_refs)]
    except (ValueError, AttributeError, TypeError):
        return None


def _bound(entry: Entry) -> Bound:
    return Bound(entry.entry_id, entry.request_ref, entry.subject_refs)
