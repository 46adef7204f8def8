"""Who looked at me: what a wearer is told of the looks at their data, and what is left out of it.

Left out are looks that protect a victim or belong to an investigation that is not known to be over
(Data Protection Act 2018, s.45(4)). Every report says so in the same sentence, whether anything was
left out or not, counts nothing else and numbers nothing: so it tells nobody that they are
investigated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tipstaff.domain.looks import Look
from tipstaff.domain.purposes import Operation, Purpose

#: Purposes that are left out, and why. One that is not known here is left out too.
LEFT_OUT: Final[Mapping[Purpose, str]] = {
    Purpose.CRIME_MATCHING: "it would tell that a crime is being investigated near the wearer",
    Purpose.LOCATE_FOR_ARREST: "it would tell of an arrest that is to come",
    Purpose.BREACH_INVESTIGATION: "it would tell what is suspected before the wearer is asked",
    Purpose.EXTERNAL_REQUEST: "most requests from outside serve an investigation",
    Purpose.COURT_DISCLOSURE: "disclosure is told by the court, in its own time",
    Purpose.VICTIM_SAFETY: "it would tell of a victim",
}
#: Purposes that are shown, and how they are said to the wearer.
SHOWN: Final[Mapping[Purpose, str]] = {
    Purpose.OFFENDER_MANAGEMENT: "to supervise you",
    Purpose.SUBJECT_ACCESS: "to give you what is held about you",
    Purpose.DATA_QUALITY: "to check or correct the data",
    Purpose.SYSTEM_ADMINISTRATION: "to run the system",
    Purpose.TRANSFER: "to hand your record to another operator",
    Purpose.EQUALITY_MONITORING: "to count whether monitoring falls unevenly on groups",
    Purpose.AUDIT: "to examine how data were used",
    Purpose.DEMONSTRATION: "to show or teach the program",
}
#: Use cases that are left out whatever their purpose, and why.
USE_CASES_LEFT_OUT: Final[Mapping[str, str]] = {
    "examine_look": "it tells that there was a look, which may be one that is left out",
}
#: What was done, in words to the wearer.
OPERATIONS: Final[Mapping[Operation, str]] = {
    Operation.COLLECTION: "recorded something about you",
    Operation.ALTERATION: "changed something about you",
    Operation.CONSULTATION: "looked at your data",
    Operation.DISCLOSURE: "gave your data to somebody else",
    Operation.COMBINATION: "compared your data with other data",
    Operation.ERASURE: "erased your data",
    Operation.EXPORT: "made a copy of your data",
}
#: In every report, whatever is in it.
NOTICE: Final = (
    "The law lets us leave out of this list any look that protects another person or belongs to an "
    "investigation. This sentence is in every such list, whether anything was left out or not."
)


@dataclass(frozen=True, slots=True)
class Line:
    """One look, as it is told. `begin` and `end`: the period of data that was looked into.

    `people` is how many the look concerned, the wearer included. `certain` is False where the data
    may have been seen and nothing says that they were.
    """

    at: datetime
    role: str
    organisation: str
    operation: str
    purpose: str
    begin: datetime | None
    end: datetime | None
    people: int
    certain: bool


def lines(
    looks: Iterable[Look],
    *,
    over: Callable[[Look], bool],
    organisation: Callable[[Look], str],
) -> tuple[Line, ...]:
    """The looks that are told, in the order of their times.

    `over` says of a look whether the investigation it belonged to is known to be over; looks for a
    victim are never told. `organisation` names that of the actor.
    """
    told = [look for look in looks if _told(look, over)]
    return tuple(
        _line(look, organisation(look))
        for look in sorted(told, key=lambda look: (look.at, look.request_ref))
    )


def _told(look: Look, over: Callable[[Look], bool]) -> bool:
    if look.use_case in USE_CASES_LEFT_OUT:
        return False
    if look.purpose in SHOWN and look.operation in OPERATIONS:
        return True
    live = look.purpose in LEFT_OUT and look.purpose != Purpose.VICTIM_SAFETY
    return live and look.operation in OPERATIONS and over(look)


_OVER: Final = "for an investigation that is over"


def _line(look: Look, organisation: str) -> Line:
    return Line(
        at=look.at,
        role=look.role,
        organisation=organisation,
        operation=OPERATIONS[Operation(look.operation)],
        purpose=SHOWN[Purpose(look.purpose)] if look.purpose in SHOWN else _OVER,
        begin=look.begin,
        end=look.end,
        people=len(look.subjects),
        certain=look.served,
    )
