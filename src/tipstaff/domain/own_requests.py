"""What wearers ask for on their own page, as staff read it in the contact log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

#: Records that a wearer made on their own page have references that begin so.
OWN_PREFIX: Final = "own-"
#: By whom they were made, as the contact log and an absence say it.
BY_WEARER: Final = "the wearer, on their own page"
LONGEST: Final = 2000


class About(StrEnum):
    """What a wearer asks for. An absence is a record of its own, which somebody decides."""

    ADDRESS = "address"
    DATA = "data"
    COPY = "copy"
    OTHER = "other"


ABOUT_WORDS: Final[dict[About, str]] = {
    About.ADDRESS: "a new address",
    About.DATA: "something wrong in their data, or a complaint about it",
    About.COPY: "a copy of all that is held about them",
    About.OTHER: "something else",
}


class AskCode(StrEnum):
    """Why nothing was asked."""

    NOTHING_ASKED = "NOTHING_ASKED"
    TOO_LONG = "TOO_LONG"


@dataclass(frozen=True, slots=True, repr=False)
class Asked:
    """Something that a wearer asked for, in words. `away`: from when to when, of an absence.

    `answered`: the absence was decided or cancelled; of anything else, a contact with the wearer
    was recorded since. Whether that contact was about it, only those who spoke know.
    """

    wearer: str
    reference: str
    at: datetime
    words: str
    away: tuple[datetime, datetime] | None = None
    answered: bool = False


def note_of(about: About, words: str) -> str:
    """What stands in the contact log."""
    return f"Asks for {ABOUT_WORDS[about]}: {words}"
