"""A reviewer's own reading of a trail, recorded before they are shown what the program makes of it.

Whoever has seen a number reads the trail by it. So the strength of a candidate, and their rank, are
shown to a reviewer only once that reviewer has said what the trail tells them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from tipstaff.domain.problems import Problem


class Reading(StrEnum):
    """What the trail tells a reviewer, by itself."""

    WAS_THERE = "was_there"
    COULD_HAVE_BEEN = "could_have_been"
    WAS_ELSEWHERE = "was_elsewhere"
    CANNOT_TELL = "cannot_tell"


READING_WORDS: Final[dict[Reading, str]] = {
    Reading.WAS_THERE: "The trail shows them at the scene",
    Reading.COULD_HAVE_BEEN: "They could have been at the scene",
    Reading.WAS_ELSEWHERE: "The trail shows them elsewhere",
    Reading.CANNOT_TELL: "I cannot tell from this trail",
}


class ReadingCode(StrEnum):
    """Why a reading is not recorded."""

    NO_SUCH_CANDIDATE = "NO_SUCH_CANDIDATE"
    READ_BEFORE = "READ_BEFORE"
    READING_WITHOUT_WORDS = "READING_WITHOUT_WORDS"


#: Force, reference and version of a crime, and the wearer's reference.
Read = tuple[str, str, int, str]


@dataclass(frozen=True, slots=True, repr=False)
class TrailReading:
    """One reading: of whom, for which crime version of a run, by which account, when and why."""

    force: str
    reference: str
    version: int
    wearer: str
    reading: Reading
    words: str
    by: str
    at: datetime

    @property
    def of(self) -> Read:
        """Which answer it is a reading of."""
        return self.force, self.reference, self.version, self.wearer


def check_words(words: str) -> tuple[Problem, ...]:
    """A reading says why: what in the trail tells it."""
    if words.strip():
        return ()
    action = "say in a sentence what in the trail tells you so"
    return (Problem(ReadingCode.READING_WITHOUT_WORDS, "words", action),)
