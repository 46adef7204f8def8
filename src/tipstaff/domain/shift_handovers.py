"""A shift hands what is open to the next: the list as it stood, by whom, and who took it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from tipstaff.domain.protocols import Severity
from tipstaff.domain.transitions import AlertState


class HandoverCode(StrEnum):
    """Why a handover is refused."""

    NOT_KNOWN = "NOT_KNOWN"
    ONESELF = "ONESELF"
    TAKEN = "TAKEN"


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """An alert that needs a person when a shift hands over, as it stood then.

    `alert` is the key of its row, `changed` whether its evidence changed and nobody has looked.
    """

    alert: UUID
    state: AlertState
    severity: Severity
    revision: int
    changed: bool


def digest_of(lines: Iterable[OpenAlert]) -> str:
    """The SHA-256 of what is handed over, in order: the audit of who handed over names it."""
    told = sha256()
    for one in lines:
        changed = "changed" if one.changed else "stands"
        text = f"{one.alert} {one.state} {int(one.severity)} {one.revision} {changed}\n"
        told.update(text.encode())
    return told.hexdigest()
