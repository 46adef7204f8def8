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
    # of devices
    NO_POSITION = "no_position"
    CHARGER = "charger"
    HOME_UNIT = "home_unit"
    CLOCK = "clock"


class Step(StrEnum):
    """How the state of a thing moved."""

    BEGAN = "began"
    GREW = "grew"
    ENDED = "ended"
    # after the end of a silence: what came late tells of all of it
    FILLED = "filled"


class Level(IntEnum):
    """How far the evidence goes; of a battery or a silence, how far it has gone.

    A line between two fixes alone is never more than suspected.
    """

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
    # of devices
    STRAP_CUT = "strap_cut"
    CUT_ON_CHARGER = "cut_on_charger"
    CASE_OPENED = "case_opened"
    OPENED_ON_CHARGER = "opened_on_charger"
    STAYED_OPEN = "stayed_open"
    TAMPER_CLEARED = "tamper_cleared"
    BATTERY_LOW = "battery_low"
    BATTERY_CRITICAL = "battery_critical"
    BATTERY_DEAD = "battery_dead"
    WILL_NOT_LAST = "will_not_last"
    CHARGED = "charged"
    NOT_CHARGED = "not_charged"
    ON_CHARGER = "on_charger"
    CHARGER_TO_BLAME = "charger_to_blame"
    NO_RISE = "no_rise"
    CHARGER_FLAPS = "charger_flaps"
    CHARGER_WORKS = "charger_works"
    NOT_HEARD = "not_heard"
    HEARD_AGAIN = "heard_again"
    NO_POSITION_KNOWN = "no_position_known"
    POSITION_AGAIN = "position_again"
    FILLED_LATE = "filled_late"
    LOST_AT_ONCE = "lost_at_once"
    LOST_AGAIN = "lost_again"
    OTHERS_SEEN = "others_seen"
    SAYS_JAMMED = "says_jammed"
    POSITIONS_BACK = "positions_back"
    OTHERS_LOST = "others_lost"
    CLOCK_LONG_AGO = "clock_long_ago"
    CLOCK_ROLLED_OVER = "clock_rolled_over"
    CLOCK_AHEAD = "clock_ahead"
    CLOCK_HOUR_AHEAD = "clock_hour_ahead"
    FROZEN = "frozen"
    FROZEN_ELSEWHERE = "frozen_elsewhere"
    DRIFTS = "drifts"
    STRAP_FLAPS = "strap_flaps"
    SAYS_FAULT = "says_fault"
    UNKNOWN_CODE = "unknown_code"
    CLOCK_RIGHT = "clock_right"
    NO_FAULT_SINCE = "no_fault_since"
    HOME_POWER_OFF = "home_power_off"
    HOME_MOVED = "home_moved"
    HOME_FAULT = "home_fault"
    HOME_IS_WELL = "home_is_well"
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
    RECORD_DAMAGED = "record_damaged"


WHY_WORDS: Final[dict[Why, str]] = {
    Why.FIX_INSIDE: "positions say so",
    Why.FIX_OUTSIDE: "a position says otherwise",
    Why.LINE_CROSSES: "the line between two positions crosses it; no position lies in it",
    Why.INSIDE_AT_START: "it was so when the hours began",
    Why.PERIOD_ENDED: "the hours, the condition or the activation ended",
    # of devices
    Why.STRAP_CUT: "the device says that its strap was cut",
    Why.CUT_ON_CHARGER: "the device says that its strap was cut, while on its charger",
    Why.CASE_OPENED: "the device says that its case was opened",
    Why.OPENED_ON_CHARGER: "the device says that its case was opened, while on its charger",
    Why.STAYED_OPEN: "it did not pass with the charger",
    Why.TAMPER_CLEARED: "the device says that it is whole again, and it stayed so",
    Why.BATTERY_LOW: "the battery is low",
    Why.BATTERY_CRITICAL: "the battery is nearly empty",
    Why.BATTERY_DEAD: "the battery is empty",
    Why.WILL_NOT_LAST: "the battery will not last to the end of the next demand",
    Why.CHARGED: "the battery was charged",
    Why.NOT_CHARGED: "no charging was reported in the time agreed",
    Why.ON_CHARGER: "it was put on its charger",
    Why.CHARGER_TO_BLAME: "its charger does not charge",
    Why.NO_RISE: "on the charger the battery did not rise",
    Why.CHARGER_FLAPS: "the charger comes and goes",
    Why.CHARGER_WORKS: "the charger charges",
    Why.NOT_HEARD: "nothing was heard of the device",
    Why.HEARD_AGAIN: "the device was heard again",
    Why.NO_POSITION_KNOWN: "the device is heard but tells no position",
    Why.POSITION_AGAIN: "a position is known again",
    Why.FILLED_LATE: "what came late tells of all of it",
    Why.LOST_AT_ONCE: "good positions ended at once, while the device is heard",
    Why.LOST_AGAIN: "it is not the first such loss there or at that hour",
    Why.OTHERS_SEEN: "others near it have positions",
    Why.SAYS_JAMMED: "the device says that it is being jammed",
    Why.POSITIONS_BACK: "positions are back",
    Why.OTHERS_LOST: "others near it have no positions either",
    Why.CLOCK_LONG_AGO: "the device's clock is before its time",
    Why.CLOCK_ROLLED_OVER: "the device's clock is off by a round of satellite weeks",
    Why.CLOCK_AHEAD: "the device's clock is ahead of ours",
    Why.CLOCK_HOUR_AHEAD: "the device's clock is an hour ahead of ours",
    Why.FROZEN: "its satellite position never moved",
    Why.FROZEN_ELSEWHERE: "its satellite position stands still while networks place it elsewhere",
    Why.DRIFTS: "its positions jump faster than anything moves",
    Why.STRAP_FLAPS: "its strap is reported cut and whole again and again",
    Why.SAYS_FAULT: "the device says that it is faulty",
    Why.UNKNOWN_CODE: "the device reported a code that is not known",
    Why.CLOCK_RIGHT: "its clock has been right for long enough",
    Why.NO_FAULT_SINCE: "nothing was wrong with it for long enough",
    Why.HOME_POWER_OFF: "the home unit has no mains power",
    Why.HOME_MOVED: "the home unit was moved",
    Why.HOME_FAULT: "the home unit says that it is faulty",
    Why.HOME_IS_WELL: "the home unit is in order again",
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
    Why.RECORD_DAMAGED: "a record of the wearer is not what was recorded: nothing can be watched",
}

#: Why something ended that the facts did not end.
WITH_THE_PERIOD: Final = frozenset({Why.PERIOD_ENDED, Why.OUT_AT_END, Why.OUT_THROUGHOUT})
#: Kinds of findings that are about what we knew, not about what was so.
KNOWLEDGE: Final = frozenset(
    {
        FindingKind.SILENCE,
        FindingKind.WHEREABOUTS,
        FindingKind.NO_POSITION,
        FindingKind.CLOCK,
    }
)


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
    """One step at `at`. `condition` is the condition's reference; of a device, the device's.

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
