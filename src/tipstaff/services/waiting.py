"""How much waits for somebody on the lists that they have, and what is new: numbers alone.

Each number is counted from the rows that its list shows, within the reach of that list's use case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from tipstaff.domain.orders import OrderStatus
from tipstaff.domain.protocols import Queue, Severity
from tipstaff.domain.purposes import Purpose
from tipstaff.records import (
    absence_lists,
    alert_pages,
    audit,
    case_lists,
    feed_outages,
    last_heard,
    plan_pages,
    release_lists,
)
from tipstaff.records.alert_pages import AlertsWanted
from tipstaff.records.case_lists import ListWanted
from tipstaff.records.plan_pages import TasksWanted
from tipstaff.records.reach import ListReach
from tipstaff.services.access import Access, admit_to, also_to
from tipstaff.services.case_recording import clock, today_at
from tipstaff.services.limited_access import list_reach
from tipstaff.services.permits import waiting_for
from tipstaff.services.recording import reading

#: A list is counted so far; what is more says so.
MOST: Final = 100


class Waits(StrEnum):
    """What may wait for somebody. `NEW_ALERTS`: those opened since they last looked."""

    NEW_ALERTS = "new_alerts"
    URGENT_ALERTS = "urgent_alerts"
    ALERTS = "alerts"
    OWN_ALERTS = "own_alerts"
    OUTAGES = "outages"
    UNFITTED = "unfitted"
    RELEASES = "releases"
    ABSENCES = "absences"
    REFERRALS = "referrals"
    REVIEWS = "reviews"
    TASKS = "tasks"
    DEVICES = "devices"
    APPROVALS = "approvals"


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many lines each list has, up to 100; a list that they have not is not in.

    `since`: the minute in which they last looked before; None where they never did, or no time was
    given before which to look. Then nothing is counted as new.
    """

    counts: dict[Waits, int]
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Look:
    """The list's own use case, whom it reaches, the instant, and when they last looked."""

    access: Access
    reach: ListReach
    now: datetime
    since: datetime | None


def count_waiting(
    *, actor: str, purpose: Purpose, authority: str, before: datetime | None = None
) -> Waiting:
    """How much waits on each list of the actor's, and what is new since they last looked.

    `before`: the last look is that of before then, as before they signed in. Nobody is shown, so
    the audit names nobody: it holds the numbers.
    """
    access = admit_to(actor, purpose, authority, "count_waiting")
    with reading(access, extent={}) as looked:
        now = clock()
        since = _last_look(access, before)
        look = _Look(access, list_reach(access), now, since)
        found = {
            waits: counted
            for waits, (use_case, count) in _COUNTED.items()
            if (counted := _count(look, use_case, count)) is not None
        }
        looked.extent["waiting"] = {waits.value: many for waits, many in found.items()}
        looked.rows = len(found)
    return Waiting(found, since)


def _last_look(access: Access, before: datetime | None) -> datetime | None:
    """The minute of it: pages say no more, and lists are asked by it."""
    if before is None:
        return None
    found = audit.last_home_look(access.actor_ref, before=before)
    return None if found is None else found.replace(second=0, microsecond=0)


def _count(look: _Look, use_case: str, count: Callable[[_Look], int | None]) -> int | None:
    had = also_to(look.access, use_case)
    if had is None:
        return None
    return count(replace(look, access=had, reach=replace(look.reach, reach=had.reach)))


def _alerts(look: _Look, wanted: AlertsWanted) -> int:
    return alert_pages.count(replace(wanted, reach=look.reach, limit=MOST), now=look.now)


def _urgent(look: _Look) -> int:
    return _alerts(look, AlertsWanted(look.reach, Queue.LIVE, at_least=Severity.HIGH))


def _open(look: _Look) -> int:
    return _alerts(look, AlertsWanted(look.reach))


def _new(look: _Look) -> int | None:
    if look.since is None:
        return None
    return _alerts(look, AlertsWanted(look.reach, opened_after=look.since))


def _own(look: _Look) -> int:
    return _alerts(look, AlertsWanted(look.reach, holder=look.access.actor_ref))


def _outages(_look: _Look) -> int:
    return len(feed_outages.going_on()[:MOST])


def _unfitted(look: _Look) -> int:
    return release_lists.count_unfitted(now=look.now, most=MOST, reach=look.reach)


def _releases(look: _Look) -> int:
    return release_lists.count_upcoming(now=look.now, most=MOST, reach=look.reach)


def _absences(look: _Look) -> int:
    return absence_lists.count(look.reach, now=look.now, most=MOST)


def _referrals(look: _Look) -> int:
    wanted = ListWanted(look.reach, status=OrderStatus.REFERRED, limit=MOST)
    return case_lists.count_orders(wanted, now=look.now)


def _reviews(look: _Look) -> int:
    day = today_at(look.now)
    return case_lists.count_reviews_due(day, now=look.now, most=MOST, reach=look.reach)


def _tasks(look: _Look) -> int:
    return plan_pages.count_tasks(TasksWanted(look.reach, limit=MOST), now=look.now)


def _devices(look: _Look) -> int:
    return min(MOST, sum(fleet.silent for fleet in last_heard.fleets(look.now)))


def _approvals(look: _Look) -> int:
    return len(waiting_for(look.access)[:MOST])


#: Of each thing that waits: the use case whose list has it, and how it is counted there.
_COUNTED: Final[Mapping[Waits, tuple[str, Callable[[_Look], int | None]]]] = {
    Waits.NEW_ALERTS: ("list_alerts", _new),
    Waits.URGENT_ALERTS: ("list_alerts", _urgent),
    Waits.ALERTS: ("list_alerts", _open),
    Waits.OWN_ALERTS: ("list_alerts", _own),
    Waits.OUTAGES: ("list_outages", _outages),
    Waits.UNFITTED: ("list_releases", _unfitted),
    Waits.RELEASES: ("list_releases", _releases),
    Waits.ABSENCES: ("list_absences", _absences),
    Waits.REFERRALS: ("list_orders", _referrals),
    Waits.REVIEWS: ("list_reviews_due", _reviews),
    Waits.TASKS: ("list_tasks", _tasks),
    Waits.DEVICES: ("fleet_health", _devices),
    Waits.APPROVALS: ("list_permits", _approvals),
}
