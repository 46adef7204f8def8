"""Keys by which a supplier's programs are known: what they are made of, and what each may do.

A key is shown once, when it is made: `tsk.ID.SECRET` (see `domain.shown_secrets`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final

from tipstaff.domain.rate_limits import Rate
from tipstaff.domain.shown_secrets import ShownSecrets, is_the_one

KEYS: Final = ShownSecrets("tsk", b"tipstaff supplier keys 1", "key")


class KeyScope(StrEnum):
    """What a key may be used for, on its own supplier's devices alone."""

    WRITE_POSITIONS = "positions:write"
    WRITE_EVENTS = "events:write"
    READ_DEVICES = "devices:read"


class KeyCode(StrEnum):
    """Why a key is refused. The last two may be told to whoever presents it, the others not."""

    NOT_A_KEY = "NOT_A_KEY"
    UNKNOWN_KEY = "UNKNOWN_KEY"
    SECRET_DIFFERS = "SECRET_DIFFERS"  # noqa: S105 (a word)
    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"
    SUPPLIER_NOT_ACTIVE = "SUPPLIER_NOT_ACTIVE"
    OUTSIDE_NETWORKS = "OUTSIDE_NETWORKS"
    OUTSIDE_SCOPE = "OUTSIDE_SCOPE"
    TOO_OFTEN = "TOO_OFTEN"


Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class SupplierKey:
    """A key as it is on record. `digest` stays out of `repr`, though nothing can be done with it.

    It works from `issued_at` up to, not including, `expires_at`, unless revoked before. `networks`:
    those it may be used from; none means any. `last_used_on` is a day and no more.
    """

    key_id: str
    supplier: str
    label: str
    scopes: frozenset[KeyScope]
    issued_at: datetime
    expires_at: datetime
    rate: Rate
    networks: tuple[Network, ...] = ()
    revoked_at: datetime | None = None
    last_used_on: date | None = None
    digest: str = field(default="", repr=False)


def refusal(
    key: SupplierKey | None, presented: tuple[str, str], pepper: bytes, now: datetime
) -> KeyCode | None:
    """Why these parts of a presented text are not a key that works; None where they are.

    As much is done for an id that is unknown as for one that is known.
    """
    same = is_the_one(None if key is None else key.digest, presented, pepper)
    if not presented[0]:
        return KeyCode.NOT_A_KEY
    if key is None:
        return KeyCode.UNKNOWN_KEY
    if not same:
        return KeyCode.SECRET_DIFFERS
    if key.revoked_at is not None and key.revoked_at <= now:
        return KeyCode.REVOKED
    return None if in_force(key, now) else KeyCode.EXPIRED


def in_force(key: SupplierKey, at: datetime) -> bool:
    """Whether a key worked at an instant: issued, not run out, not revoked."""
    revoked = key.revoked_at is not None and key.revoked_at <= at
    return not revoked and key.issued_at <= at < key.expires_at


def use_refusal(key: SupplierKey, scope: KeyScope, source: str) -> KeyCode | None:
    """Why a key that works may not be used for this, from this address; None where it may."""
    if key.networks and not _within(source, key.networks):
        return KeyCode.OUTSIDE_NETWORKS
    return None if scope in key.scopes else KeyCode.OUTSIDE_SCOPE


def read_network(text: str) -> Network | None:
    """The network that a text in CIDR notation names; None where it is none."""
    try:
        return ip_network(text.strip())
    except ValueError:
        return None


def _within(source: str, networks: tuple[Network, ...]) -> bool:
    try:
        address = ip_address(source)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return any(mapped in network for network in networks if network.version == mapped.version)
