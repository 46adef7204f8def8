"""The cards of the home page: one line each, counted by a use case that the role has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.urls import reverse

from tipstaff.domain.orders import OrderStatus
from tipstaff.domain.protocols import Queue, Severity
from tipstaff.services import absences, alert_lists, order_reviews, permits, plan_lists, releases
from tipstaff.services.alert_lists import QueueWanted
from tipstaff.services.case_view import list_orders
from tipstaff.web.callers import calling, may

#: A list is looked at so far for its count; what is more says so.
_MOST: Final = 100


@dataclass(frozen=True, slots=True)
class Shown:
    """A card as it is shown: `many` is how a person would say the count."""

    words: str
    none: str
    count: int
    address: str

    @property
    def many(self) -> str:
        """The count, or that there are more than were counted."""
        return f"{_MOST} or more" if self.count >= _MOST else str(self.count)


@dataclass(frozen=True, slots=True)
class Lead:
    """A page that a card may lead to, and the use case without which it is closed."""

    use_case: str
    page: str
    query: str = ""
    listing: str = ""

    @property
    def address(self) -> str:
        """Where it is."""
        named = {"name": self.listing} if self.listing else {}
        return reverse(self.page, kwargs=named) + self.query


@dataclass(frozen=True, slots=True)
class Card:
    """What may wait: its words, what to say of nothing, and how it is counted."""

    words: str
    none: str
    use_case: str
    leads: tuple[Lead, ...]
    count: Callable[[HttpRequest], int]

    def shown(self, request: HttpRequest) -> Shown:
        """The card with its count; it leads to the first of its pages that the role has."""
        leads = (one.address for one in self.leads if may(request, one.use_case))
        return Shown(self.words, self.none, self.count(request), next(leads, ""))


def _urgent(request: HttpRequest) -> int:
    return _alerts(request, QueueWanted(at_least=Severity.HIGH, queue=Queue.LIVE, limit=_MOST))


def _open(request: HttpRequest) -> int:
    return _alerts(request, QueueWanted(limit=_MOST))


def _mine(request: HttpRequest) -> int:
    me = request.user.get_username()
    return _alerts(request, QueueWanted(holder=me, limit=_MOST))


def _alerts(request: HttpRequest, wanted: QueueWanted) -> int:
    return len(alert_lists.list_alerts(**calling(request, "list_alerts"), wanted=wanted))


def _outages(request: HttpRequest) -> int:
    return len(alert_lists.list_outages(**calling(request, "list_outages")))


def _reviews(request: HttpRequest) -> int:
    who = calling(request, "list_reviews_due")
    return len(order_reviews.list_reviews_due(**who, limit=_MOST))


def _unfitted(request: HttpRequest) -> int:
    return len(releases.list_alarms(**calling(request, "list_releases"), limit=_MOST))


def _releases(request: HttpRequest) -> int:
    return len(releases.list_releases(**calling(request, "list_releases"), limit=_MOST))


def _tasks(request: HttpRequest) -> int:
    return len(plan_lists.list_tasks(**calling(request, "list_tasks"), limit=_MOST))


def _absences(request: HttpRequest) -> int:
    return len(absences.list_absences(**calling(request, "list_absences"), limit=_MOST))


def _referrals(request: HttpRequest) -> int:
    who = calling(request, "list_orders")
    return len(list_orders(**who, status=OrderStatus.REFERRED, limit=_MOST))


def _permits(request: HttpRequest) -> int:
    return len(permits.list_permits(**calling(request, "list_permits"), limit=_MOST))


def _alerts_with(query: str) -> tuple[Lead, ...]:
    return (Lead("list_alerts", "alerts", query),)


def _list(use_case: str, name: str) -> tuple[Lead, ...]:
    return (Lead(use_case, "listing", listing=name),)


CARDS: Final = (
    Card("High or critical, in the live queue", "No high or critical alert needs a person",
         "list_alerts", _alerts_with("?queue=live&at_least=HIGH"), _urgent),
    Card("Alerts that need a person", "No alert needs a person",
         "list_alerts", _alerts_with(""), _open),
    Card("Alerts in your hands", "No alert is in your hands",
         "list_alerts", _alerts_with("?holder=me"), _mine),
    Card("Feeds that are out", "No feed is out", "list_outages",
         (Lead("fleet_health", "fleet_health"), Lead("list_alerts", "alerts")), _outages),
    Card("Released and not fitted", "Nobody is released and not fitted",
         "list_releases", _list("list_releases", "not-fitted"), _unfitted),
    Card("Releases to come", "No release is to come",
         "list_releases", _list("list_releases", "releases"), _releases),
    Card("Absences to decide", "No absence waits for a decision",
         "list_absences", _list("list_absences", "absences"), _absences),
    Card("Referrals to decide", "No referral waits for a decision",
         "record_order", _list("list_orders", "referrals"), _referrals),
    Card("Orders whose review is due", "No review is due",
         "list_reviews_due", _list("list_reviews_due", "reviews"), _reviews),
    Card("Open tasks", "No task is open", "list_tasks", _list("list_tasks", "tasks"), _tasks),
    Card("Approvals waiting", "No approval waits",
         "list_permits", _list("list_permits", "approvals"), _permits),
)  # fmt: skip
