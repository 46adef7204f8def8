"""How the personal words of an audit entry are enciphered: AES-256-GCM under a key of that entry.

The entry's key is derived (HKDF, SHA-256) from the keys of all its subjects and from its id: no
two entries share one, and without any one of those keys there is none. The chain is over the
ciphertext. What is bound to it and cannot be exchanged: the entry, its request and its subjects.
"""

from __future__ import annotations

import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

#: An entry on more people than this is under the instance's key: one erasure would close it to all.
MOST_SUBJECTS: Final = 20
KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12


class Lock(StrEnum):
    """Whose keys an entry's words are under; a ciphertext begins with it."""

    SUBJECTS = "s1"
    INSTANCE = "i1"


@dataclass(frozen=True, slots=True)
class Bound:
    """What a ciphertext belongs to: it opens with nothing else."""

    entry_id: UUID
    request_ref: UUID
    subject_refs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys an entry is under: all subjects', in the order of their references, or one."""

    lock: Lock
    parts: Sequence[bytes] = field(repr=False)


def new_key() -> bytes:
    """A random key."""
    return secrets.token_bytes(KEY_BYTES)


def encipher(words: Mapping[str, Any], keys: Keys, bound: Bound) -> str:
    """`words` as a ciphertext in ASCII."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    plain = json.dumps(words, sort_keys=True, separators=(",", ":")).encode()
    sealed = AESGCM(_derived(keys, bound)).encrypt(nonce, plain, _beside(keys.lock, bound))
    return f"{keys.lock}.{b64encode(nonce + sealed).decode('ascii')}"


def decipher(ciphertext: str, keys: Keys, bound: Bound) -> dict[str, Any] | None:
    """The words again; None where key, entry or ciphertext is not the one it was made with."""
    try:
        content = b64decode(ciphertext.partition(".")[2], validate=True)
        nonce, sealed = content[:_NONCE_BYTES], content[_NONCE_BYTES:]
        plain = AESGCM(_derived(keys, bound)).decrypt(nonce, sealed, _beside(keys.lock, bound))
    except (ValueError, InvalidTag):
        return None
    return dict(json.loads(plain))


def lock_of(ciphertext: str) -> Lock | None:
    """Whose keys a ciphertext is under; None where that cannot be read."""
    word = ciphertext.partition(".")[0]
    return Lock(word) if word in set(Lock) else None


def _derived(keys: Keys, bound: Bound) -> bytes:
    info = f"tipstaff audit {keys.lock} {len(keys.parts)}".encode()
    kdf = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=bound.entry_id.bytes, info=info)
    return kdf.derive(b"".join(keys.parts))


def _beside(lock: Lock, bound: Bound) -> bytes:
    return " ".join(
        (lock, str(bound.entry_id), str(bound.request_ref), *bound.subject_refs)
    ).encode()
