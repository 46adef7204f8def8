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


WHY_WORDS: Final[dict[Why, str]] = {
    Why.FIX_INSIDE: "positions say so",
    Why.FIX_OUTSIDE: "a position says otherwise",
    Why.LINE_CROSSES: "the line between two positions crosses it; no position lies in it",
    Why.INSIDE_AT_START: "it was so when the hours began",
    Why.PERIOD_ENDED: "the hours, the condition or the activation ended",
}


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
