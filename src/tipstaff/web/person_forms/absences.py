"""An absence of a person's: asked for, then decided or cancelled by who sees which one it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from django.utils import timezone

from tipstaff.domain.absences import Absence
from tipstaff.domain.orders import NOT_YET_MADE, OVER, Order
from tipstaff.matching import uk_times
from tipstaff.services.access import Who
from tipstaff.services.case_view import CaseView
from tipstaff.web.acts import Act, Done, Field, Given, Kind
from tipstaff.web.cases import all_of
from tipstaff.web.desks import ACTS
from tipstaff.web.person_forms.conditions import (
    Demanded,
    among,
    chosen,
    conditions_of,
    words_of_condition,
)
from tipstaff.web.person_forms.form import PersonForm, to_the_person
from tipstaff.web.times import span_words, uk_time


def when(one: Absence) -> str:
    """From when to when somebody is to be away."""
    same = uk_times.day(one.starts_at) == uk_times.day(one.ends_at)
    said = span_words(one.starts_at, one.ends_at)
    return f"on {said}" if same else f"from {said}"


def waits(one: Absence) -> bool:
    """Whether nobody has decided or cancelled it."""
    return one.decision is None and one.cancelled_at is None


def can_be_cancelled(one: Absence, now: datetime) -> bool:
    """Whether it is approved and its time is still to come, in part at least."""
    approved = one.decision is not None and one.decision.approved
    return approved and one.cancelled_at is None and one.ends_at > now


def kept_from(found: CaseView) -> list[Demanded]:
    """The conditions from which the person may be let off: those of orders that stand."""
    return conditions_of(found, _stands)


def _stands(order: Order) -> bool:
    return order.status not in NOT_YET_MADE | OVER


def _ask(found: CaseView, wearer: str, _about: str) -> Act | None:
    known, act = kept_from(found), ACTS["ask-absence"]
    if not known:
        return None

    def do(who: Who, given: Given) -> Done:
        order, condition = chosen(given.text("condition"))
        return act.do(who, given.also(wearer=wearer, order=order, condition=condition))

    which = Field("condition", "Away from what", Kind.CHOICE, options=among(known))
    filled = {"condition": [known[0].value]} if len(known) == 1 else {}
    asked = [one for one in act.fields if one.name not in {"wearer", "order", "condition"}]
    return replace(
        act, do=do, fields=(which, *asked), about=(("Person", wearer),), filled=filled,
        back_values=to_the_person(wearer),
    )  # fmt: skip


def _decide(found: CaseView, wearer: str, about: str) -> Act | None:
    one = _named(found, about)
    if one is None or not waits(one):
        return None
    act = _of(ACTS["decide-absence"], found, wearer, one)
    radios = [replace(f, kind=Kind.ONE) if f.kind is Kind.CHOICE else f for f in act.fields]
    return replace(act, fields=tuple(radios))


def _cancel(found: CaseView, wearer: str, about: str) -> Act | None:
    one = _named(found, about)
    if one is None or not can_be_cancelled(one, timezone.now()):
        return None
    return _of(ACTS["cancel-absence"], found, wearer, one)


def _of(act: Act, found: CaseView, wearer: str, one: Absence) -> Act:
    filled = {"wearer": [wearer], "reference": [one.reference]}
    return replace(act, about=_told(found, wearer, one), filled=filled)


def _told(found: CaseView, wearer: str, one: Absence) -> tuple[tuple[str, str], ...]:
    known = (
        ("Person", wearer),
        ("Away from", words_of_condition(found, one.order, one.condition, hours=True)),
        ("From", uk_time(one.starts_at)),
        ("To", uk_time(one.ends_at)),
        ("Why", one.reason),
        ("Asked", f"By {one.asked_by}, {uk_time(one.asked_at)}"),
    )
    made = one.decision
    if made is None:
        return known
    said = "Approved" if made.approved else "Refused"
    return (*known, ("Decision", f"{said} by {made.by}, {uk_time(made.at)}: {made.reason}"))


def _named(found: CaseView, reference: str) -> Absence | None:
    return next((one for one in all_of(found, Absence) if one.reference == reference), None)


FORMS: Final[tuple[PersonForm, ...]] = (
    PersonForm("ask-absence", "ask_absence", _ask),
    PersonForm("decide-absence", "decide_absence", _decide),
    PersonForm("cancel-absence", "cancel_absence", _cancel),
)
