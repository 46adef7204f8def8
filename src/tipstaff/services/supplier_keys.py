"""Suppliers' keys: issue, rotate, revoke, list. The key itself is in no record, audit or log."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from tipstaff import settings
from tipstaff.domain.problems import Problem
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.rate_limits import Rate
from tipstaff.domain.shown_secrets import ID_BYTES, SECRET_BYTES, digest_of
from tipstaff.domain.supplier_keys import KEYS, KeyScope, Network, SupplierKey
from tipstaff.records import supplier_facts, supplier_keys
from tipstaff.services.access import Access, admit_to
from tipstaff.services.case_recording import clock
from tipstaff.services.instance import open_instance
from tipstaff.services.recording import Looked, changing, reading

LONGEST_LIFE_DAYS: Final = 400
LONGEST_OVERLAP_DAYS: Final = 30
LONGEST_LABEL: Final = 100
#: A feed that sends every second stays within it.
USUAL_RATE: Final = Rate.per_minute(120, burst=60)


class KeyProblem(StrEnum):
    """Why a key is not issued, rotated or revoked."""

    SUPPLIER_NOT_KNOWN = "SUPPLIER_NOT_KNOWN"
    NO_SCOPE = "NO_SCOPE"
    LABEL = "LABEL"
    LIFE = "LIFE"
    OVERLAP = "OVERLAP"
    KEY_NOT_KNOWN = "KEY_NOT_KNOWN"
    KEY_OVER = "KEY_OVER"


_ACTIONS: Final = {
    KeyProblem.SUPPLIER_NOT_KNOWN: "describe the supplier first: none of that name is on record",
    KeyProblem.NO_SCOPE: "name at least one thing that the key may do",
    KeyProblem.LABEL: f"write what the key is for: 1 to {LONGEST_LABEL} characters on one line",
    KeyProblem.LIFE: f"let it live from 1 to {LONGEST_LIFE_DAYS} days",
    KeyProblem.OVERLAP: f"let the old one work on for 0 to {LONGEST_OVERLAP_DAYS} days",
    KeyProblem.KEY_NOT_KNOWN: "take the id of a key in the list: none of that id is on record",
    KeyProblem.KEY_OVER: "issue a new key: this one is revoked or has expired",
}


@dataclass(frozen=True, slots=True)
class WantedKey:
    """A key that is asked for: whose, what for, what it may do, from where, how often, how long."""

    supplier: str
    label: str
    scopes: frozenset[KeyScope]
    life_days: int = 365
    networks: tuple[Network, ...] = ()
    rate: Rate = USUAL_RATE


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A key that was just made. `presented` is the key itself: shown once, and kept nowhere."""

    key: SupplierKey
    presented: str = field(repr=False)


def issue_key(
    *, actor: str, purpose: Purpose, authority: str, wanted: WantedKey
) -> IssuedKey | Problem:
    """Make a key for a supplier."""
    access = admit_to(actor, purpose, authority, "issue_key")
    with changing(access, extent={}) as looked:
        code = _refusal(wanted)
        if code is not None:
            return _refused(code, looked)
        return _issue(access, wanted, clock(), looked)


def rotate_key(
    *, actor: str, purpose: Purpose, authority: str, key_id: str, overlap_days: int
) -> IssuedKey | Problem:
    """Make a key that may do what an old one may, which works on for some days and no more."""
    access = admit_to(actor, purpose, authority, "rotate_key")
    with changing(access, extent={}) as looked:
        now = clock()
        old = supplier_keys.find_held(key_id)
        if not 0 <= overlap_days <= LONGEST_OVERLAP_DAYS:
            return _refused(KeyProblem.OVERLAP, looked)
        if old is None:
            return _refused(KeyProblem.KEY_NOT_KNOWN, looked)
        if old.revoked_at is not None or old.expires_at <= now:
            return _refused(KeyProblem.KEY_OVER, looked)
        supplier_keys.end_at(key_id, now + timedelta(days=overlap_days))
        looked.extent |= {"old_key": key_id, "overlap_days": overlap_days}
        life = min(LONGEST_LIFE_DAYS, max(1, (old.expires_at - old.issued_at).days))
        wanted = WantedKey(old.supplier, old.label, old.scopes, life, old.networks, old.rate)
        return _issue(access, wanted, now, looked)


def revoke_key(*, actor: str, purpose: Purpose, authority: str, key_id: str) -> Problem | None:
    """Let a key work no longer, from this instant on and for good; None where that is done."""
    access = admit_to(actor, purpose, authority, "revoke_key")
    with changing(access, extent={}) as looked:
        if supplier_keys.find_held(key_id) is None:
            return _refused(KeyProblem.KEY_NOT_KNOWN, looked)
        looked.extent["key"] = key_id
        looked.rows = int(supplier_keys.revoke(key_id, clock()))
    return None


def list_keys(
    *, actor: str, purpose: Purpose, authority: str, supplier: str | None = None
) -> tuple[SupplierKey, ...]:
    """The keys on record, without what their secrets left behind."""
    access = admit_to(actor, purpose, authority, "list_keys")
    with reading(access, extent={}) as looked:
        found = tuple(replace(key, digest="") for key in supplier_keys.every(supplier))
        looked.rows = len(found)
    return found


def pepper() -> bytes:
    """What this instance makes digests of keys with."""
    return KEYS.pepper_of(settings.secret_key_of(open_instance()))


def _issue(access: Access, wanted: WantedKey, now: datetime, looked: Looked) -> IssuedKey:
    presented = KEYS.text(secrets.token_bytes(ID_BYTES), secrets.token_bytes(SECRET_BYTES))
    key_id, secret = KEYS.parts_of(presented)
    key = SupplierKey(
        key_id=key_id,
        supplier=wanted.supplier,
        label=wanted.label,
        scopes=wanted.scopes,
        issued_at=now,
        expires_at=now + timedelta(days=wanted.life_days),
        rate=wanted.rate,
        networks=wanted.networks,
        digest=digest_of(key_id, secret, pepper()),
    )
    supplier_keys.add(key, by=access.actor_ref)
    looked.extent |= {"key": key_id, "scopes": sorted(wanted.scopes)}
    looked.rows = 1
    return IssuedKey(replace(key, digest=""), presented)


def _refusal(wanted: WantedKey) -> KeyProblem | None:
    if supplier_facts.details_of(wanted.supplier) is None:
        return KeyProblem.SUPPLIER_NOT_KNOWN
    if not wanted.scopes:
        return KeyProblem.NO_SCOPE
    label = wanted.label
    if not (label.strip() and label.isprintable() and len(label) <= LONGEST_LABEL):
        return KeyProblem.LABEL
    return None if 1 <= wanted.life_days <= LONGEST_LIFE_DAYS else KeyProblem.LIFE


def _refused(code: KeyProblem, looked: Looked) -> Problem:
    looked.extent |= {"problems": 1, "code": code.value}
    return Problem(code, "", _ACTIONS[code])
