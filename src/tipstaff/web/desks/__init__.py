"""The desks: lists and acts of a kind of work, as data. A new one is a line in its module here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tipstaff.web.acts import Act
from tipstaff.web.desks import (
    absences,
    accounts,
    approvals,
    casework,
    centre,
    notices,
    oversight,
    referrals,
    retention,
    suppliers,
)
from tipstaff.web.listings import Listing


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk: its lists, and pages of their own that belong to it (page, words, use case, hint)."""

    name: str
    title: str
    listings: tuple[Listing, ...]
    pages: tuple[tuple[str, str, str, str], ...] = ()


#: Offered to those whose desk it is; every role that sees alerts comes to it from an alert.
_PROTOCOLS: Final = tuple(
    ("protocols", "Who is told of which alert: the protocols", use_case,
     "Step by step, by kind of alert: who, how, after how long, and what ends it")
    for use_case in ("hand_over_shift", "list_notice_contacts")
)  # fmt: skip
DESKS: Final[Mapping[str, Desk]] = {
    one.name: one
    for one in (
        Desk("caseload", "Caseload",
             (*absences.LISTINGS, *referrals.LISTINGS, *casework.LISTINGS, *approvals.LISTINGS), (
            ("board", "Board of the shift", "show_board",
             "Who is to be fitted, reviewed, visited: a page to print"),
            ("partner_summary", "Summary for a partner agency", "partner_summary",
             "How it goes under a joint plan, and nothing of where anybody was"),
        )),
        Desk("centre", "Monitoring centre", (*centre.LISTINGS,), (
            ("fleet_health", "Feeds and devices", "fleet_health", "Which are out, late or silent"),
            ("handover", "Hand over or take over a shift", "hand_over_shift",
             "What is open, as it stands, from one account to another"),
            _PROTOCOLS[0],
        )),
        Desk("administration", "Administration",
             (*accounts.LISTINGS, *suppliers.LISTINGS, *notices.LISTINGS), (
            ("quarantine", "Messages that could not be read", "count_unread",
             "Why, of whom, how many; and to have them read again"),
            ("eligibility_rules", "Who may be tagged: the rules", "list_eligibility_rules",
             "What is in force for which scheme, since when, by which law; two versions compared"),
            ("retention_rules", "What is kept how long: the rules", "show_retention_policy",
             "In words, by the legal basis of an order"),
            _PROTOCOLS[1],
            ("doctor", "What is wrong with this installation", "examine",
             "Each check, and how to mend what it finds"),
        )),
        Desk("oversight", "Oversight", (*oversight.LISTINGS, *retention.LISTINGS), (
            ("misuse", "Search for misuse", "search_misuse",
             "Looks that a supervisor should ask about"),
        )),
    )
}  # fmt: skip
LISTINGS: Final[Mapping[str, tuple[Desk, Listing]]] = {
    listing.name: (desk, listing) for desk in DESKS.values() for listing in desk.listings
}
ACTS: Final[Mapping[str, Act]] = {
    act.name: act
    for part in (
        accounts,
        approvals,
        casework,
        centre,
        notices,
        oversight,
        referrals,
        retention,
        suppliers,
    )
    for act in part.ACTS
}
