"""Findings: what the engine concluded from facts about one condition of a wearer, or their device.

A finding is a step: something began, its evidence grew, or it ended. What belongs to one visit is
put together as an episode elsewhere; here nothing looks back. *World* findings depend on what was
so, as far as facts tell; *knowledge* findings on what we knew when.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Final


class FindingKind(StrEnum):
    """What a finding is about: one for each rule of the engine."""

    ZONE = "zone"
    CURFEW = "curfew"
    WHEREABOUTS = "whereabouts"  # whether the wearer is where they must be is not known
    ATTENDANCE = "attendance"
    STRAP = "strap"
    CASE = "case"
    BATTERY = "battery"
    CHARGING = "charging"
    SILENCE = "silence"
    SHIELDING = "shielding"
    EQUIPMENT = "equipment"


class Step(StrEnum):
    """How the state of a thing moved."""

    BEGAN = "began"
    GREW = "grew"
    ENDED = "ended"


class Level(IntEnum):
    """How far the evidence goes. A line between two fixes alone is never more than suspected."""

    SUSPECTED = 1
    PROBABLE = 2
    CONFIRMED = 3


class Why(StrEnum):
    """What made the step."""

    FIX_INSIDE = "fix_inside"
    FIX_OUTSIDE = "fix_outside"
    LINE_CROSSES = "line_crosses"
    INSIDE_AT_START = "inside_at_start"
    PERIOD_ENDED = "period_ended"
    OUT_AT_START = "out_at_start"
    LEFT_DURING = "left_during"
    FOUND_AWAY = "found_away"
    SURER = "surer"
    RETURNED = "returned"
    RETURNED_LATE = "returned_late"
    OUT_AT_END = "out_at_end"
    OUT_THROUGHOUT = "out_throughout"
    NOT_KNOWN = "not_known"
    KNOWN_AGAIN = "known_again"
    NOT_ATTENDED = "not_attended"


WHY_WORDS: Final[dict[Why, str]] = {
    Why.FIX_INSIDE: "positions say so",
    Why.FIX_OUTSIDE: "a position says otherwise",
    Why.LINE_CROSSES: "the line between two positions crosses it; no position lies in it",
    Why.INSIDE_AT_START: "it was so when the hours began",
    Why.PERIOD_ENDED: "the hours, the condition or the activation ended",
    Why.OUT_AT_START: "away when the curfew started, and after its grace",
    Why.LEFT_DURING: "was at home and left",
    Why.FOUND_AWAY: "away, after it was not known where they were",
    Why.SURER: "more than network positions says so",
    Why.RETURNED: "at home again",
    Why.RETURNED_LATE: "at home, after the curfew had started",
    Why.OUT_AT_END: "still away when the curfew ended",
    Why.OUT_THROUGHOUT: "away for the whole of the curfew",
    Why.NOT_KNOWN: "nothing says where they are: ask the tag for a position",
    Why.KNOWN_AGAIN: "it is known again",
    Why.NOT_ATTENDED: "cannot have been there for the time it takes",
}

#: Why something ended that the facts did not end.
WITH_THE_PERIOD: Final = frozenset({Why.PERIOD_ENDED, Why.OUT_AT_END, Why.OUT_THROUGHOUT})
#: Kinds of findings that are about what we knew, not about what was so.
KNOWLEDGE: Final = frozenset({FindingKind.SILENCE, FindingKind.WHEREABOUTS})


class Outcome(StrEnum):
    """What a period came to: a curfew kept or broken, a venue attended or not, or no telling."""

    KEPT = "kept"
    BROKEN = "broken"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, order=True)
class PeriodOutcome:
    """What a period in which to be somewhere came to, told at its end.

    Times are elapsed seconds; unknown is apart from absence. `first_there` and `last_there` are the
    first and last instants at which they were known to be there, None where they never were.
    """

    at: datetime
    kind: FindingKind
    condition: str
    start: datetime
    outcome: Outcome
    absent_s: float
    unknown_s: float
    first_there: datetime | None = None
    last_there: datetime | None = None


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One step at `at`. `condition` is the reference of the condition, empty for a device's state.

    `since` is when what began began: the fix before which nothing says so, or the start of hours.
    `probability` is that of the forbidden state after the step; None where none is worked out.
    """

    at: datetime
    kind: FindingKind
    condition: str
    step: Step
    level: Level
    why: Why
    since: datetime
    probability: float | None = None


#: What the engine tells.
Told = Finding | PeriodOutcome
