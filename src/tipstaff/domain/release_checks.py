"""What is wrong with a release or a visit, told to the person who entered it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from enum import StrEnum

from tipstaff.domain.problems import Problem
from tipstaff.domain.releases import Outcome, Release, Visit
from tipstaff.domain.wall_time import FIRST_DAY, LAST_DAY
from tipstaff.domain.wearers import Wearer


class ReleaseCode(StrEnum):
    """Why a release or a visit is refused."""

    RELEASE_OF_ANOTHER = "RELEASE_OF_ANOTHER"
    RELEASE_OUT_OF_RANGE = "RELEASE_OUT_OF_RANGE"
    DEADLINE_BEFORE_RELEASE = "DEADLINE_BEFORE_RELEASE"
    ORDER_NOT_KNOWN = "ORDER_NOT_KNOWN"
    ADDRESS_NOT_ON_RECORD = "ADDRESS_NOT_ON_RECORD"
    RELEASE_NOT_KNOWN = "RELEASE_NOT_KNOWN"
    DEVICE_MISSING = "DEVICE_MISSING"
    DEVICE_NOT_EXPECTED = "DEVICE_NOT_EXPECTED"
    REASON_MISSING = "REASON_MISSING"
    VISIT_IN_FUTURE = "VISIT_IN_FUTURE"


def check_release(release: Release, wearer: Wearer, orders: Collection[str]) -> tuple[Problem, ...]:
    """Everything wrong with a release; `orders` are the references of the wearer's."""
    return (*_whose(release.wearer, wearer), *_release(release, wearer, orders))


def check_visit(
    visit: Visit, wearer: Wearer, releases: Collection[str], now: datetime
) -> tuple[Problem, ...]:
    """Everything wrong with a visit; `releases` are the references of the wearer's."""
    return (*_whose(visit.wearer, wearer), *_visit(visit, releases, now))


def _whose(named: str, wearer: Wearer) -> Iterator[Problem]:
    if named != wearer.reference:
        action = "it names another wearer: put the reference right"
        yield Problem(ReleaseCode.RELEASE_OF_ANOTHER, "wearer", action)


def _release(release: Release, wearer: Wearer, orders: Collection[str]) -> Iterator[Problem]:
    for where, moment in (("released_at", release.released_at), ("fit_by", release.fit_by)):
        if not FIRST_DAY <= moment.date() <= LAST_DAY:
            action = f"write a day from {FIRST_DAY} to {LAST_DAY}"
            yield Problem(ReleaseCode.RELEASE_OUT_OF_RANGE, where, action)
    if release.fit_by <= release.released_at:
        action = "nobody can be fitted before they are released: put the two times right"
        yield Problem(ReleaseCode.DEADLINE_BEFORE_RELEASE, "fit_by", action)
    if release.order not in orders:
        action = "name the order by its reference, or record it first"
        yield Problem(ReleaseCode.ORDER_NOT_KNOWN, "order", action)
    if release.address not in {address.reference for address in wearer.addresses}:
        action = "name the address by its reference in the wearer's record, or add it there"
        yield Problem(ReleaseCode.ADDRESS_NOT_ON_RECORD, "address", action)


def _visit(visit: Visit, releases: Collection[str], now: datetime) -> Iterator[Problem]:
    if visit.release not in releases:
        action = "name the release by its reference, or record it first"
        yield Problem(ReleaseCode.RELEASE_NOT_KNOWN, "release", action)
    fitted = visit.outcome is Outcome.FITTED
    if fitted and not visit.device:
        action = "say which device was fitted, by the supplier's number"
        yield Problem(ReleaseCode.DEVICE_MISSING, "device", action)
    if visit.device and not fitted:
        action = "nothing was fitted: leave the device out"
        yield Problem(ReleaseCode.DEVICE_NOT_EXPECTED, "device", action)
    if visit.outcome in {Outcome.ATTEMPTED, Outcome.REFUSED} and not visit.reason.strip():
        action = "say why it could not be done, or was refused"
        yield Problem(ReleaseCode.REASON_MISSING, "reason", action)
    if visit.outcome is not Outcome.APPOINTED and visit.at > now:
        action = "this visit is still to come: record an appointment"
        yield Problem(ReleaseCode.VISIT_IN_FUTURE, "at", action)
