"""Carriers: what each takes to an address, and how it says what became of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Final, Protocol
from uuid import UUID

from tipstaff.domain.deliveries import AttemptCode
from tipstaff.notices.letters import Letter, Told

#: Seconds without an answer after which a carrier gives up.
PATIENCE_S: Final = 10.0
_LONGEST: Final = 200
_UNSAFE: Final = re.compile(r"[^\x20-\x7e]+")
_ADDRESS: Final = re.compile(r"\S*@\S*")


@dataclass(frozen=True, slots=True)
class Message:
    """A notice on its way to one address.

    `message_id` is the same however often it is sent, so that a receiver can drop repeats. `again`:
    it may have been sent before, and we may not know it.
    """

    message_id: UUID
    told: Told
    letter: Letter
    at: datetime
    again: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of it: a code, the provider's reference, and what is safe of its words."""

    code: AttemptCode
    reference: str = ""
    words: str = ""


class Carrier(Protocol):
    """Takes a message to an address. What goes wrong is a value; it raises nothing expected."""

    gives_receipts: ClassVar[bool]

    def send(self, message: Message, address: str) -> Sent:
        """Send it once."""
        ...

    def receipt(self, reference: str) -> Sent | None:
        """What became of it since it was accepted; None where that is not known (yet)."""
        ...


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret that shows itself to nobody by accident."""

    value: str = field(repr=False)


def safe(text: str) -> str:
    """The part of a provider's words that may be kept: short, plain, without addresses."""
    return _ADDRESS.sub("…", _UNSAFE.sub(" ", text)).strip()[:_LONGEST]
