"""Absences: times at which somebody need not keep a condition, asked for and decided by people.

Who asks never decides. An absence that was approved excuses its time, also when it was approved
afterwards; one that is cancelled excuses nothing from the cancellation on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from tipstaff.domain.orders import Order
from tipstaff.domain.periods import Period
from tipstaff.domain.problems import Problem
from tipstaff.domain.wall_time import FIRST_DAY, LAST_DAY, exists, first_reached, last_reached
from tipstaff.domain.zones import Place


class AbsenceCode(StrEnum):
    """Why an absence is refused as it was entered, or cannot be decided so."""

    ABSENCE_OF_ANOTHER = "ABSENCE_OF_ANOTHER"
    ABSENCE_ENDS_BEFORE_IT_BEGINS = "ABSENCE_ENDS_BEFORE_IT_BEGINS"
    ABSENCE_OUT_OF_RANGE = "ABSENCE_OUT_OF_RANGE"
    CONDITION_NOT_KNOWN = "CONDITION_NOT_KNOWN"
    ABSENCE_OUTSIDE_ORDER = "ABSENCE_OUTSIDE_ORDER"
    ABSENCE_OVERLAPS = "ABSENCE_OVERLAPS"
    ABSENCE_NOT_KNOWN = "ABSENCE_NOT_KNOWN"
    ASKER_DECIDES = "ASKER_DECIDES"
    DECIDED_BEFORE = "DECIDED_BEFORE"
    DECISION_WITHOUT_REASON = "DECISION_WITHOUT_REASON"
    CANCELLED_BEFORE_ASKED = "CANCELLED_BEFORE_ASKED"
    LOCAL_TIME_DOES_NOT_EXIST = "LOCAL_TIME_DOES_NOT_EXIST"
    LOCAL_TIME_COMES_TWICE = "LOCAL_TIME_COMES_TWICE"


@dataclass(frozen=True, slots=True, repr=False)
class AbsenceDecision:
    """What was decided, by whom, when, and why."""

    approved: bool
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, repr=False)
class Absence:
    """From `starts_at` up to, not including, `ends_at` away from a condition of an order.

    `condition` is its reference in the order. `place`: where the wearer will be, if said.
    `decision` None: nobody decided yet. `cancelled_at`: from when on it excuses nothing.
    """

    reference: str
    wearer: str
    order: str
    condition: str
    starts_at: datetime
    ends_at: datetime
    reason: str
    asked_by: str
    asked_at: datetime
    place: Place | None = None
    decision: AbsenceDecision | None = None
    cancelled_at: datetime | None = None


_STANDS_ALONE: Final = "another absence of this condition covers part of that time: cancel it first"


def absence_covers(
    absences: Iterable[Absence], order: str, condition: str, instant: datetime, known_at: datetime
) -> bool:
    """Whether an approved absence excuses `instant`, by what was decided up to `known_at`."""
    return any(
        absence.order == order
        and absence.condition == condition
        and absence.starts_at <= instant < absence.ends_at
        and _approved(absence, known_at)
        and not _cancelled(absence, instant, known_at)
        for absence in absences
    )


def check_absence(
    absence: Absence, order: Order | None, others: Iterable[Absence]
) -> tuple[Problem, ...]:
    """Everything wrong with an absence from a condition of `order` (None: there is none)."""
    return (
        *_times(absence),
        *_condition(absence, order),
        *_decided(absence),
        *_alone(absence, others),
    )


def absence_period(starts: datetime, ends: datetime) -> Period | tuple[Problem, ...]:
    """The period between two wall times of Great Britain, or what is wrong with them.

    A time that comes twice is refused where it is one end of an absence: an hour decides whether
    somebody is in breach, so a person has to say which is meant, with an offset.
    """
    found = [*_wall(starts, "starts_at"), *_wall(ends, "ends_at")]
    if found:
        return tuple(found)
    first, last = first_reached(starts), first_reached(ends)
    if last <= first:
        return (_backwards(),)
    return Period(first, last)


def _wall(moment: datetime, where: str) -> Iterator[Problem]:
    if not FIRST_DAY <= moment.date() <= LAST_DAY:
        yield _out_of_range(where)
    elif not exists(moment):
        action = "the clocks go forward that night and this time does not exist: write another"
        yield Problem(AbsenceCode.LOCAL_TIME_DOES_NOT_EXIST, where, action)
    elif first_reached(moment) != last_reached(moment):
        action = "this time comes twice that night: write it with its offset, +01:00 or +00:00"
        yield Problem(AbsenceCode.LOCAL_TIME_COMES_TWICE, where, action)


def _backwards() -> Problem:
    action = "an absence ends after it begins: put the two times right"
    return Problem(AbsenceCode.ABSENCE_ENDS_BEFORE_IT_BEGINS, "ends_at", action)


def _out_of_range(where: str) -> Problem:
    action = f"write a day from {FIRST_DAY} to {LAST_DAY}"
    return Problem(AbsenceCode.ABSENCE_OUT_OF_RANGE, where, action)


def _times(absence: Absence) -> Iterator[Problem]:
    for where in ("starts_at", "ends_at"):
        moment: datetime = getattr(absence, where)
        if not FIRST_DAY <= moment.date() <= LAST_DAY:
            yield _out_of_range(where)
    if absence.ends_at <= absence.starts_at:
        yield _backwards()
    if absence.cancelled_at is not None and absence.cancelled_at < absence.asked_at:
        action = "an absence is cancelled after it was asked for: put the two times right"
        yield Problem(AbsenceCode.CANCELLED_BEFORE_ASKED, "cancelled_at", action)


def _condition(absence: Absence, order: Order | None) -> Iterator[Problem]:
    if order is None or absence.condition not in {c.reference for c in order.conditions}:
        action = "name an order of the wearer's and a condition in it by their references"
        yield Problem(AbsenceCode.CONDITION_NOT_KNOWN, "condition", action)
        return
    if order.wearer != absence.wearer:
        action = "the absence names another wearer: put the reference right"
        yield Problem(AbsenceCode.ABSENCE_OF_ANOTHER, "wearer", action)
    late = order.ends_at is not None and absence.ends_at > order.ends_at
    if late or absence.starts_at < order.starts_at:
        action = "an absence lies within its order: put the times right"
        yield Problem(AbsenceCode.ABSENCE_OUTSIDE_ORDER, "starts_at", action)


def _decided(absence: Absence) -> Iterator[Problem]:
    decision = absence.decision
    if decision is None:
        return
    if decision.by.casefold() == absence.asked_by.casefold():
        action = "who asks does not decide: somebody else has to"
        yield Problem(AbsenceCode.ASKER_DECIDES, "decision.by", action)
    if not decision.reason.strip():
        action = "give the reason of the decision, of an approval too"
        yield Problem(AbsenceCode.DECISION_WITHOUT_REASON, "decision.reason", action)


def _alone(absence: Absence, others: Iterable[Absence]) -> Iterator[Problem]:
    if not _open(absence):
        return
    for other in others:
        same = (other.order, other.condition) == (absence.order, absence.condition)
        apart = other.ends_at <= absence.starts_at or absence.ends_at <= other.starts_at
        if other.reference != absence.reference and same and not apart and _open(other):
            yield Problem(AbsenceCode.ABSENCE_OVERLAPS, "starts_at", _STANDS_ALONE)
            return


def _open(absence: Absence) -> bool:
    """Whether it excuses something, or may still come to."""
    refused = absence.decision is not None and not absence.decision.approved
    return not refused and absence.cancelled_at is None


def _approved(absence: Absence, known_at: datetime) -> bool:
    decision = absence.decision
    return decision is not None and decision.approved and decision.at <= known_at


def _cancelled(absence: Absence, instant: datetime, known_at: datetime) -> bool:
    at = absence.cancelled_at
    return at is not None and at <= known_at and at <= instant
