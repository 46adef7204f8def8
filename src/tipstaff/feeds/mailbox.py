"""An IMAP mailbox: each mail in its inbox is taken in, then moved to a folder of what was read.

A mail is moved after it was taken in and not before: whoever dies in between meets it again, and
it is known. Over-large mails are fetched no further than to see that they are.
"""

from __future__ import annotations

import imaplib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

#: Seconds after which a mailbox that says nothing is given up.
PATIENCE_S: Final = 60.0

#: Takes a mail in; whether it was not refused.
TakeIn = Callable[[bytes], bool]


class MailboxError(Exception):
    """The mailbox answers a command with no; what was taken in before stays so."""

    def __init__(self, command: str) -> None:
        self.action = f"The mailbox refused {command}. Look at its folders and rights; then again."
        super().__init__(self.action)


@dataclass(frozen=True, slots=True)
class ReadMailbox:
    """A mailbox that is signed in to, and the names of its folders for what was read."""

    connection: imaplib.IMAP4
    taken: str
    refused: str
    most_bytes: int

    def step(self, take_in: TakeIn) -> int:
        """Take in what is in the inbox, the oldest first; how many mails."""
        self._said("SELECT", self.connection.select("INBOX"))
        found = self._said("SEARCH", self.connection.uid("SEARCH", "ALL"))
        numbers = found[0].split() if found and found[0] else []
        for number in numbers:
            raw = self._fetch(number.decode("ascii"))
            where = self.taken if take_in(raw) else self.refused
            self._move(number.decode("ascii"), where)
        return len(numbers)

    def _fetch(self, number: str) -> bytes:
        """The mail; of one that is too large, one byte more than is allowed."""
        part = f"(BODY.PEEK[]<0.{self.most_bytes + 1}>)"
        for piece in self._said("FETCH", self.connection.uid("FETCH", number, part)):
            if isinstance(piece, tuple):
                return bytes(piece[1])
        raise MailboxError("FETCH")

    def _move(self, number: str, where: str) -> None:
        self._said("COPY", self.connection.uid("COPY", number, f'"{where}"'))
        self._said("STORE", self.connection.uid("STORE", number, "+FLAGS", r"(\Deleted)"))
        self._said("EXPUNGE", self.connection.expunge())

    @staticmethod
    def _said(command: str, answer: tuple[str, Any]) -> list[Any]:
        status, data = answer
        if status != "OK":
            raise MailboxError(command)
        return list(data or ())
