"""The cards of the home page: one line each, of what waits on a list that the role has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import HttpRequest
from django.urls import reverse

from tipstaff.services.waiting import MOST, Waits
from tipstaff.web.callers import may
from tipstaff.web.given_times import local_input
from tipstaff.web.times import uk_time

#: What waits and is counted by a use case of its own, beside `Waits`.
TO_READ: Final = "to_read"
#: Stands in a card's address for the minute in which they last looked.
SINCE: Final = "SINCE"


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
        return f"{MOST} or more" if self.count >= MOST else str(self.count)


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
    """What may wait: its words, what to say of nothing, and for which use case it waits."""

    words: str
    none: str
    use_case: str
    leads: tuple[Lead, ...]
    waits: str


def shown_of(card: Card, request: HttpRequest, count: int, since: datetime | None) -> Shown:
    """The card with its count; it leads to the first of its pages that the role has.

    `since`: when they last looked, for a card that counts what is new.
    """
    leads = (one.address for one in card.leads if may(request, one.use_case))
    said = {} if since is None else {"since": uk_time(since), "field": local_input(since)}
    return Shown(
        card.words.format(**said), card.none.format(**said), count,
        next(leads, "").replace(SINCE, said.get("field", "")),
    )  # fmt: skip


def _alerts_with(query: str) -> tuple[Lead, ...]:
    return (Lead("list_alerts", "alerts", query),)


def _list(use_case: str, name: str) -> tuple[Lead, ...]:
    return (Lead(use_case, "listing", listing=name),)


CARDS: Final = (
    Card("New since you last looked, {since}", "No new alert since you last looked, {since}",
         "list_alerts", _alerts_with(f"?opened_after={SINCE}"), Waits.NEW_ALERTS),
    Card("High or critical, in the live queue", "No high or critical alert needs a person",
         "list_alerts", _alerts_with("?queue=live&at_least=HIGH"), Waits.URGENT_ALERTS),
    Card("Alerts that need a person", "No alert needs a person",
         "list_alerts", _alerts_with(""), Waits.ALERTS),
    Card("Alerts in your hands", "No alert is in your hands",
         "list_alerts", _alerts_with("?holder=me"), Waits.OWN_ALERTS),
    Card("Candidates whose trail nobody has read, of four weeks",
         "No candidate’s trail waits to be read",
         "list_runs", (Lead("list_runs", "matches"),), TO_READ),
    Card("Feeds that are out", "No feed is out", "list_outages",
         (Lead("fleet_health", "fleet_health"), Lead("list_alerts", "alerts")), Waits.OUTAGES),
    Card("Devices that are silent", "No device is silent", "fleet_health",
         (Lead("fleet_health", "fleet_health"),), Waits.DEVICES),
    Card("Released and not fitted", "Nobody is released and not fitted",
         "list_releases", _list("list_releases", "not-fitted"), Waits.UNFITTED),
    Card("Releases to come", "No release is to come",
         "list_releases", _list("list_releases", "releases"), Waits.RELEASES),
    Card("Absences to decide", "No absence waits for a decision",
         "list_absences", _list("list_absences", "absences"), Waits.ABSENCES),
    Card("Referrals to decide", "No referral waits for a decision",
         "record_order", _list("list_orders", "referrals"), Waits.REFERRALS),
    Card("Orders whose review is due", "No review is due",
         "list_reviews_due", _list("list_reviews_due", "reviews"), Waits.REVIEWS),
    Card("Open tasks", "No task is open", "list_tasks", _list("list_tasks", "tasks"), Waits.TASKS),
    Card("Approvals waiting", "No approval waits",
         "list_permits", _list("list_permits", "approvals"), Waits.APPROVALS),
)  # fmt: skip
