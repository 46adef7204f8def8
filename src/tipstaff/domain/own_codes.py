"""One-time codes with which a wearer opens their own page: handed over by who knows them."""

from __future__ import annotations

import secrets
from datetime import timedelta
from enum import StrEnum
from typing import Final

#: Without letters and digits that look alike: 28 to the power of 8 codes.
ALPHABET: Final = "ABCDEFGHJKMNPQRTUVWXYZ346789"
LENGTH: Final = 8
GOOD_FOR: Final = timedelta(hours=24)
#: Wrong tries after which a code is good for nothing.
MOST_TRIES: Final = 5
#: How long a page of one's own stays open that nobody uses, and how long at most.
OPEN_FOR: Final = timedelta(minutes=30)
OPEN_AT_MOST: Final = timedelta(hours=2)


class OwnCode(StrEnum):
    """Why no code is issued."""

    WEARER_NOT_KNOWN = "WEARER_NOT_KNOWN"
    LIMITED_ACCESS = "LIMITED_ACCESS"


def new_code() -> str:
    """A new code, by chance."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def as_written(code: str) -> str:
    """A code as it was issued, whatever space or case somebody writes it with."""
    return "".join(code.split()).replace("-", "").upper()


def in_groups(code: str) -> str:
    """A code as it is shown and read out."""
    return f"{code[:4]} {code[4:]}"
