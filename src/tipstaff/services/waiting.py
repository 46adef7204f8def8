"""How much waits for somebody on the lists that they have: numbers alone, in one look.

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
    case_lists,
    feed_outages,
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
    """What may wait for somebody."""

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
    APPROVALS = "approvals"


@dataclass(frozen=True, slots=True)
class _Look:
    """The list's own use case, whom it reaches, and the instant."""

    access: Access
    reach: ListReach
    now: datetime


def count_waiting(*, actor: str, purpose: Purpose, authority: str) -> dict[Waits, int]:
    """How many lines each list of the actor's has, up to 100; a list that they have not is not in.

    Nobody is shown, so the audit names nobody: it holds the numbers.
    """
    access = admit_to(actor, purpose, authority, "count_waiting")
    with reading(access, extent={}) as looked:
        reach, now = list_reach(access), clock()
        found = {
            waits: counted
            for waits, (use_case, count) in _COUNTED.items()
            if (counted := _count(access, use_case, reach, now, count)) is not None
        }
        looked.extent["waiting"] = {waits.value: many for waits, many in found.items()}
        looked.rows = len(found)
    return found


def _count(
    access: Access,
    use_case: str,
    reach: ListReach,
    now: datetime,
    count: Callable[[_Look], int],
) -> int | None:
    had = also_to(access, use_case)
    return None if had is None else count(_Look(had, replace(reach, reach=had.reach), now))


def _alerts(look: _Look, wanted: AlertsWanted) -> int:
    return alert_pages.count(replace(wanted, reach=look.reach, limit=MOST), now=look.now)


def _urgent(look: _Look) -> int:
    return _alerts(look, AlertsWanted(look.reach, Queue.LIVE, at_least=Severity.HIGH))


def _open(look: _Look) -> int:
    return _alerts(look, AlertsWanted(look.reach))


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


def _approvals(look: _Look) -> int:
    return len(waiting_for(look.access)[:MOST])


#: Of each thing that waits: the use case whose list has it, and how it is counted there.
_COUNTED: Final[Mapping[Waits, tuple[str, Callable[[_Look], int]]]] = {
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
    Waits.APPROVALS: ("list_permits", _approvals),
}
