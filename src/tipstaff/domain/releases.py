"""From release to fitting: who is to be fitted by when, and what became of it.

A release is the plan that a prison or a court hands over; visits are made under it to fit a device.
What state a release is in is computed from them and from the time, never typed in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from tipstaff.domain.orders import Officer


class ReleasePlace(StrEnum):
    """From where somebody is released."""

    PRISON = "prison"
    COURT = "court"


@dataclass(frozen=True, slots=True, repr=False)
class Release:
    """A release under an order, at `released_at`, to be fitted at `address` by `fit_by`.

    `order` and `address` are references in the wearer's case. `officer` is the prison offender
    manager, or who answers at court. `cancelled`: why nobody is to be fitted after all; empty: they
    are.
    """

    reference: str
    wearer: str
    order: str
    place: ReleasePlace
    place_name: str
    released_at: datetime
    officer: Officer
    address: str
    fit_by: datetime
    cancelled: str = ""


class Outcome(StrEnum):
    """What became of a visit to fit a device."""

    APPOINTED = "appointed"
    ATTEMPTED = "attempted"
    FITTED = "fitted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, repr=False)
class Visit:
    """One visit under a release (`release`: its reference): planned, or how it went.

    `at` is the time of the appointment or of the visit; `device` the supplier's number of what was
    fitted. `reason`: why it could not be done, or was refused.
    """

    reference: str
    wearer: str
    release: str
    outcome: Outcome
    at: datetime
    by: Officer
    device: str = ""
    reason: str = ""


class Stage(StrEnum):
    """Where a release stands."""

    CANCELLED = "cancelled"
    TO_COME = "to come"
    DUE = "due"
    APPOINTED = "appointed"
    ATTEMPTED = "attempted"
    REFUSED = "refused"
    FITTED = "fitted"
    FITTED_LATE = "fitted late"
    OVERDUE = "overdue"


_OPEN: Final = {
    Outcome.APPOINTED: Stage.APPOINTED,
    Outcome.ATTEMPTED: Stage.ATTEMPTED,
    Outcome.REFUSED: Stage.REFUSED,
}


@dataclass(frozen=True, slots=True)
class FittingState:
    """Where a release stands at an instant, and whether that is an alarm: unfitted when due."""

    stage: Stage
    alarm: bool = False


def fitting_state(release: Release, visits: Iterable[Visit], now: datetime) -> FittingState:
    """Where a release stands at `now`. From `fit_by` on whoever is not fitted is an alarm.

    The alarm says that somebody is out without a tag; whose fault it is it does not say. An
    appointment does not put it off, and a refusal does not end it.
    """
    if release.cancelled:
        return FittingState(Stage.CANCELLED)
    mine = [visit for visit in visits if visit.release == release.reference]
    plain = plain_state(release.released_at, release.fit_by, fitted_at(release, mine), now)
    if plain.stage not in {Stage.DUE, Stage.TO_COME}:
        return plain
    told = [v for v in mine if v.outcome is Outcome.APPOINTED or v.at <= now]
    last = max(told, key=lambda visit: (visit.at, visit.reference), default=None)
    stage = None if last is None else _OPEN.get(last.outcome)
    return plain if stage is None else FittingState(stage)


def plain_state(
    released_at: datetime, fit_by: datetime, fitted: datetime | None, now: datetime
) -> FittingState:
    """Where a release stands at `now`, by its times alone."""
    if fitted is not None and fitted <= now:
        return FittingState(Stage.FITTED if fitted < fit_by else Stage.FITTED_LATE)
    if now >= fit_by:
        return FittingState(Stage.OVERDUE, alarm=True)
    return FittingState(Stage.TO_COME if now < released_at else Stage.DUE)


def fitted_at(release: Release, visits: Iterable[Visit]) -> datetime | None:
    """When a device was first fitted under a release; None: not yet."""
    return min(
        (
            visit.at
            for visit in visits
            if visit.release == release.reference and visit.outcome is Outcome.FITTED
        ),
        default=None,
    )


@dataclass(frozen=True, slots=True, repr=False)
class FittingAlarm:
    """That somebody was not fitted by `due_at`, as it was known when it was raised.

    `reference` is that of the release. `retracted_at`: when it came to be known that there was no
    cause for it, and `retracted_why`; None: it stands, also after a late fitting, as what happened.
    """

    reference: str
    wearer: str
    due_at: datetime
    raised_at: datetime
    retracted_at: datetime | None = None
    retracted_why: str = ""


def alarm_to_record(
    release: Release, visits: Iterable[Visit], on_record: FittingAlarm | None, now: datetime
) -> FittingAlarm | None:
    """The alarm as it has to be recorded now; None where what is on record is right.

    Raised once for a deadline, however often this is asked. It is retracted when it comes to be
    known that the device was fitted in time, or that nobody was to be fitted by then.
    """
    listed = tuple(visits)
    stands = on_record is not None and on_record.retracted_at is None
    if fitting_state(release, listed, now).alarm:
        if stands and on_record is not None and on_record.due_at == release.fit_by:
            return None
        return FittingAlarm(release.reference, release.wearer, release.fit_by, now)
    why = _no_cause(release, listed, now)
    if not stands or on_record is None or not why:
        return None
    return replace(on_record, retracted_at=now, retracted_why=why)


def _no_cause(release: Release, visits: Iterable[Visit], now: datetime) -> str:
    """Why there is no cause for an alarm; empty where there was one: the fitting came late."""
    if release.cancelled:
        return "The release was cancelled."
    if now < release.fit_by:
        return "The deadline was put off."
    fitted = fitted_at(release, visits)
    in_time = fitted is not None and fitted < release.fit_by
    return "It came to be known that a device was fitted in time." if in_time else ""
