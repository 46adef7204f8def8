"""The board of a shift: several lists of what is due, looked at as one.

Each list is the one that its own use case shows, within that use case's reach.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID

from tipstaff.domain.outages import FeedOutage
from tipstaff.domain.protocols import Severity
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.wall_time import wall_time
from tipstaff.records import alert_pages, case_lists, feed_outages, plan_pages, wearers
from tipstaff.records.alert_pages import AlertLine, AlertsWanted
from tipstaff.records.case_lists import ReviewLine
from tipstaff.records.permits import PermitLine
from tipstaff.records.plan_pages import DueLine, ReviewsWanted, TaskLine, TasksWanted
from tipstaff.records.reach import ListReach
from tipstaff.services.access import Access, admit_to, also_to
from tipstaff.services.case_recording import clock
from tipstaff.services.limited_access import list_reach
from tipstaff.services.permits import waiting_for
from tipstaff.services.recording import reading
from tipstaff.services.releases import ListedRelease, not_fitted, to_come

_LINE = TypeVar("_LINE")
#: Reviews are on it so long before they are due.
AHEAD: Final = timedelta(days=28)
_ALERTS: Final = 50
_LINES: Final = 200


@dataclass(frozen=True, slots=True, repr=False)
class Board:
    """What waits; None: a list that the actor has not. At most 200 lines each, 50 alerts."""

    alerts: tuple[AlertLine, ...] | None = None
    outages: tuple[FeedOutage, ...] | None = None
    unfitted: tuple[ListedRelease, ...] | None = None
    releases: tuple[ListedRelease, ...] | None = None
    reviews: tuple[ReviewLine, ...] | None = None
    plan_reviews: tuple[DueLine, ...] | None = None
    tasks: tuple[TaskLine, ...] | None = None
    approvals: tuple[PermitLine, ...] | None = None


def show_board(*, actor: str, purpose: Purpose, authority: str) -> Board:
    """Urgent alerts and what is due, of those within reach; the audit names all who stand on it."""
    access = admit_to(actor, purpose, authority, "show_board")
    with reading(access, extent={}) as looked:
        board = _Looked(access, list_reach(access), clock()).board()
        lists = {one.name: getattr(board, one.name) for one in fields(board)}
        counts = {name: len(lines) for name, lines in lists.items() if lines is not None}
        looked.subjects = _subjects(board)
        looked.extent["lists"] = counts
        looked.rows = sum(counts.values())
    return board


@dataclass(frozen=True, slots=True)
class _Looked:
    """An admitted look: what grants open is read once, the reach is that of each list."""

    access: Access
    grants: ListReach
    now: datetime

    def board(self) -> Board:
        """Every list that the actor has."""
        now, until = self.now, wall_time(self.now + AHEAD).date()
        return Board(
            alerts=self._list("list_alerts", self._alerts),
            outages=self._list("list_outages", lambda _reach: tuple(feed_outages.going_on())),
            unfitted=self._list(
                "list_releases", lambda reach: not_fitted(reach, now=now, limit=_LINES)
            ),
            releases=self._list(
                "list_releases", lambda reach: to_come(reach, since=now, now=now, limit=_LINES)
            ),
            reviews=self._list(
                "list_reviews_due",
                lambda reach: case_lists.reviews_due(until, now=now, limit=_LINES, reach=reach),
            ),
            plan_reviews=self._list(
                "list_plan_reviews",
                lambda reach: plan_pages.plan_reviews(
                    ReviewsWanted(reach, until, limit=_LINES), now=now
                ),
            ),
            tasks=self._list(
                "list_tasks",
                lambda reach: plan_pages.tasks(TasksWanted(reach, limit=_LINES), now=now),
            ),
            approvals=self._approvals(),
        )

    def _list(
        self, use_case: str, lines: Callable[[ListReach], tuple[_LINE, ...]]
    ) -> tuple[_LINE, ...] | None:
        had = also_to(self.access, use_case)
        return None if had is None else lines(replace(self.grants, reach=had.reach))

    def _alerts(self, reach: ListReach) -> tuple[AlertLine, ...]:
        urgent = AlertsWanted(reach, at_least=Severity.MEDIUM, limit=_ALERTS)
        return alert_pages.page(urgent, now=self.now)

    def _approvals(self) -> tuple[PermitLine, ...] | None:
        had = also_to(self.access, "list_permits")
        return None if had is None else waiting_for(had)[:_LINES]


def _subjects(board: Board) -> set[UUID]:
    found = {line.subject_ref for line in board.alerts or ()}
    found |= {line.subject_ref for line in board.plan_reviews or ()}
    found |= {line.subject_ref for line in board.tasks or ()}
    found |= {one.line.subject_ref for one in _releases(board)}
    found |= {one.order.subject_ref for one in board.reviews or ()}
    names = {one.asked.name for one in board.approvals or () if one.asked.name}
    return found | wearers.subject_refs(names)


def _releases(board: Board) -> Iterator[ListedRelease]:
    yield from board.unfitted or ()
    yield from board.releases or ()
