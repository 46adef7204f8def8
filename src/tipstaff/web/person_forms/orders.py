"""Orders: somebody referred for a voluntary tag, and every decision about an order after that."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final
from uuid import uuid4

from tipstaff.domain.conditions import Trail
from tipstaff.domain.legal_bases import BASIS_WORDS, LegalBasis
from tipstaff.domain.order_life import TRANSITIONS
from tipstaff.domain.orders import (
    NOT_YET_MADE,
    OVER,
    Decision,
    Officer,
    Order,
    OrderStatus,
    review_due,
)
from tipstaff.domain.wall_time import wall_time
from tipstaff.formats.order_json import ORDER
from tipstaff.services.access import Who
from tipstaff.services.case_view import CaseView
from tipstaff.services.cases import record_order
from tipstaff.web.acts import Act, Done, Field, Given, Kind
from tipstaff.web.cases import order_of, orders_of
from tipstaff.web.person_forms.fittings import now
from tipstaff.web.person_forms.form import PersonForm, choices, to_the_person
from tipstaff.web.state_words import said
from tipstaff.web.times import day_words, uk_time
from tipstaff.web.written import unkept

#: What each step is called where somebody chooses it.
_STEPS: Final = {
    "found suitable": "Suitable for a tag",
    "found unsuitable": "Not suitable for a tag",
    "referred again": "Referred again",
    "found unsuitable after all": "Not suitable after all",
    "made": "The order is made: monitoring begins with it",
    "suspended": "Suspended",
    "resumed": "Resumed",
    "revoked": "Revoked",
    "ended": "Ended",
}
_GOES_ON: Final = "Monitoring goes on as it is"
_TRAIL: Final = Trail("whereabouts")
#: What somebody may be referred for: the others are made by a court or a prison.
AGREED: Final = (LegalBasis.VOLUNTARY, LegalBasis.CHECKPOINT)


def _refer(found: CaseView, wearer: str, _about: str) -> Act:
    known = [order for order, _ in orders_of(found)]
    agreed = [(one.value, said(one)) for one in AGREED]
    licences = [(o.reference, o.reference) for o in known if o.basis is LegalBasis.LICENCE]

    def do(who: Who, given: Given) -> Done:
        order = Order(
            f"vol-{uuid4().hex[:8]}", wearer, given.the(LegalBasis, "basis"),
            given.text("issued_by"),
            given.the_moment("starts_at"), Officer(given.text("name"), given.text("issued_by")),
            given.text("force"), OrderStatus.REFERRED, given.moment("ends_at"),
            conditions=(_TRAIL,), restores=given.text("restores"),
        )  # fmt: skip
        why = given.text("reason")
        return Done(unkept(ORDER, order) or record_order(**who, order=order, reason=why).problems)

    fields = (
        Field("basis", "For what", Kind.ONE, options=choices(agreed)),
        Field("name", "Who refers them", where="officer.name"),
        Field("issued_by", "For which team or organisation"),
        Field("force", "Force"),
        Field("starts_at", "From when a tag is asked for", Kind.MOMENT),
        Field("ends_at", "Until when", Kind.MOMENT, needed=False),
        *([Field("restores", "Licence that would be relaxed for it", Kind.CHOICE, needed=False,
                 options=choices(licences))] if licences else []),
        Field("reason", "Why they are referred", Kind.WORDS),
    )  # fmt: skip
    filled = {"starts_at": now()}
    if known:
        filled["force"] = [known[-1].force]
    return Act(
        "refer", "record_order", "Refer the person for a tag", "Refer them", do,
        "They were referred. Nothing is collected until the order is made, with their consent.",
        "person", fields, back_values=to_the_person(wearer), filled=filled,
    )  # fmt: skip


def _decide(found: CaseView, wearer: str, about: str) -> Act | None:
    order = order_of(found, about)
    if order is None or order.status in OVER:
        return None
    steps = steps_of(order)

    def do(who: Who, given: Given) -> Done:
        decided = _decided(order, given)
        why, at = given.text("reasons"), given.the_moment("at")
        wrong = unkept(ORDER, decided)
        done = wrong or record_order(**who, order=decided, reason=why, valid_from=at).problems
        return Done(done)

    fields = [
        Field("status", "Decision", Kind.ONE, options=choices(steps)),
        Field("by", "Who decided it", where="decision.by.name"),
        Field("organisation", "Their organisation", where="decision.by.organisation"),
        Field("at", "When", Kind.MOMENT, where="decision.at"),
        Field("reasons", "Why", Kind.WORDS, where="decision.reasons"),
    ]
    if order.status not in NOT_YET_MADE:
        fields.append(Field(
            "next_review", "Next review by", Kind.DAY, needed=False, where="reviews",
            hint="A day of review that is not set yet",
        ))  # fmt: skip
    return Act(
        "decide-order", "record_order", _title(order), "Record the decision", do,
        "The decision was recorded.", "person", tuple(fields),
        back_values=to_the_person(wearer), about=_told(wearer, order),
        filled={"at": now(), "organisation": [order.officer.organisation]},
    )  # fmt: skip


def steps_of(order: Order) -> list[tuple[str, str]]:
    """What can be decided about an order as it stands."""
    on = [] if order.status in NOT_YET_MADE else [(order.status.value, _GOES_ON)]
    ways = [one for one in TRANSITIONS if one.start is order.status]
    return [*on, *((one.end.value, _STEPS[one.name]) for one in ways)]


def decide_words(order: Order) -> str:
    """What the decision about an order is called where it is offered."""
    what = "referral" if _is_asked_for(order) else "order"
    return f"Decide on {what} {order.reference}"


def _is_asked_for(order: Order) -> bool:
    return order.status in NOT_YET_MADE and order.basis in AGREED


def _title(order: Order) -> str:
    return "Decide on a referral" if _is_asked_for(order) else "Decide about an order"


def _decided(order: Order, given: Given) -> Order:
    status, at = given.the(OrderStatus, "status"), given.the_moment("at")
    by = Officer(given.text("by"), given.text("organisation"))
    decision = Decision(status, by, at, given.text("reasons"))
    reviews = _reviews(order, given.day("next_review"))
    if status in OVER:  # what was to be reviewed after that is not
        reviews = tuple(day for day in reviews if day <= wall_time(at).date())
        return replace(order, status=status, decision=decision, ends_at=at, reviews=reviews)
    return replace(order, status=status, decision=decision, reviews=reviews)


def _reviews(order: Order, fresh: date | None) -> tuple[date, ...]:
    if fresh is None or fresh in order.reviews:
        return order.reviews
    return tuple(sorted((*order.reviews, fresh)))


def _told(wearer: str, order: Order) -> tuple[tuple[str, str], ...]:
    due, basis = review_due(order), BASIS_WORDS[order.basis]
    until = "no end is set" if order.ends_at is None else f"to {uk_time(order.ends_at)}"
    return (
        ("Person", wearer),
        ("Order", f"{order.reference}: {basis}"),
        ("Stands now", said(order.status)),
        (
            "Asked for" if order.status in NOT_YET_MADE else "In force",
            f"From {uk_time(order.starts_at)}, {until}",
        ),
        *([("Review due", day_words(due))] if due else []),
    )


FORMS: Final[tuple[PersonForm, ...]] = (
    PersonForm("refer", "record_order", _refer),
    PersonForm("decide-order", "record_order", _decide),
)
