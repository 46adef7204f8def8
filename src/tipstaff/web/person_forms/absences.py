"""An absence of a person's: decided or cancelled by somebody who sees which one it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from django.utils import timezone

from tipstaff.domain.absences import Absence
from tipstaff.matching import uk_times
from tipstaff.services.case_view import CaseView
from tipstaff.web.acts import Act, Kind
from tipstaff.web.cases import all_of, order_of
from tipstaff.web.conditions_in_words import condition_words
from tipstaff.web.desks import ACTS
from tipstaff.web.person_forms.form import PersonForm
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
        ("Away from", _condition(found, one)),
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


def _condition(found: CaseView, one: Absence) -> str:
    order = order_of(found, one.order)
    conditions = () if order is None else order.conditions
    asked = next((each for each in conditions if each.reference == one.condition), None)
    named = f"{one.condition} of order {one.order}"
    if asked is None:
        return named
    words, hours = condition_words(asked)
    told = f"{words}: {'; '.join(hours)}" if hours else words
    return f"{told} ({named})"


def _named(found: CaseView, reference: str) -> Absence | None:
    return next((one for one in all_of(found, Absence) if one.reference == reference), None)


FORMS: Final[tuple[PersonForm, ...]] = (
    PersonForm("decide-absence", "decide_absence", _decide),
    PersonForm("cancel-absence", "cancel_absence", _cancel),
)
