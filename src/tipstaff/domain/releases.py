"""From release to fitting: who is to be fitted by when, and what became of it.

A release is the plan that a prison or a court hands over; visits are made under it to fit a device.
What state a release is in is computed from them and from the time, never typed in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
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
    mine = [f for f in visits if f.release == release.reference]
    fitted = fitted_at(release, mine)
    if fitted is not None and fitted <= now:
        return FittingState(Stage.FITTED if fitted < release.fit_by else Stage.FITTED_LATE)
    if now >= release.fit_by:
        return FittingState(Stage.OVERDUE, alarm=True)
    told = [f for f in mine if f.outcome is Outcome.APPOINTED or f.at <= now]
    last = max(told, key=lambda f: (f.at, f.reference), default=None)
    if last is not None and last.outcome in _OPEN:
        return FittingState(_OPEN[last.outcome])
    return FittingState(Stage.TO_COME if now < release.released_at else Stage.DUE)


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
    cause for it, and `retracted_why`; None: it stands as what happened, also after a late fitting.
    """

    reference: str
    wearer: str
    due_at: datetime
    raised_at: datetime
    retracted_at: datetime | None = None
    retracted_why: str = ""
