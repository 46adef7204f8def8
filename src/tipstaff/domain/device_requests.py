"""What is asked of a supplier about a device that somebody wears: where it is now, a message.

No supplier's interface for such requests is known to the program. A request is recorded, and a
person passes it to the supplier: what it says must never let anybody believe that it was sent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from tipstaff.domain.problems import Problem

#: The longest message that is taken: what a vibrating tag or its phone can show is less †.
LONGEST_MESSAGE: Final = 160


class RequestKind(StrEnum):
    """What is asked."""

    POSITION = "position"
    MESSAGE = "message"
    LOCATE_FOR_ARREST = "locate_for_arrest"


class RequestStep(StrEnum):
    """What became of a request, as somebody tells it."""

    PASSED = "passed"
    REFUSED = "refused"
    DONE = "done"
    FAILED = "failed"


class RequestCode(StrEnum):
    """Why a request is refused."""

    NO_DEVICE = "NO_DEVICE"
    NO_WORDS = "NO_WORDS"
    TOO_LONG = "TOO_LONG"
    NOT_KNOWN = "NOT_KNOWN"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of which supplier about which device; `words` of a message."""

    kind: RequestKind
    supplier: str
    device_id: str = field(repr=False)
    words: str = field(default="", repr=False)


def check_message(words: str) -> tuple[Problem, ...]:
    """Everything wrong with a message to a device."""
    found: list[Problem] = []
    if not words.strip():
        found.append(Problem(RequestCode.NO_WORDS, "words", "say what the device is to tell"))
    if len(words) > LONGEST_MESSAGE:
        action = f"write at most {LONGEST_MESSAGE} characters"
        found.append(Problem(RequestCode.TOO_LONG, "words", action))
    return tuple(found)
