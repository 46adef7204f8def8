"""Absences to decide, of everybody within reach, the longest asked first."""

from __future__ import annotations

from datetime import datetime
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from tipstaff.domain.legal_bases import CONDITION_WORDS
from tipstaff.records.absence_lists import WaitingLine
from tipstaff.services.absences import list_absences
from tipstaff.web.callers import calling
from tipstaff.web.listings import A_PAGE, Cell, Line, Listing, Some, by_key, to_person
from tipstaff.web.paging import after_parts, aware
from tipstaff.web.person_offers import PersonOffer
from tipstaff.web.times import span_words, uk_time

_NAME: Final = "absences"


def _absences(request: HttpRequest) -> Some:
    after: Any = after_parts(request, aware, str, UUID)
    found = list_absences(**calling(request, "list_absences"), limit=A_PAGE, after=after)
    now = timezone.now()
    key = attrgetter("asked_at", "reference", "subject")
    return by_key(request, [_line(one, now) for one in found], found, key)


def _line(one: WaitingLine, now: datetime) -> Line:
    what = "a condition" if one.kind is None else CONDITION_WORDS[one.kind].partition(" (")[0]
    return Line(
        (
            to_person(one.wearer),
            Cell(f"{what[:1].upper()}{what[1:]}", f"{one.condition} of order {one.order}"),
            Cell(span_words(one.starts_at, one.ends_at), _how_near(one, now)),
            one.reason,
            Cell(uk_time(one.asked_at), f"By {one.asked_by}"),
            Cell("Decide", href=_decide(one), needs="decide_absence", names=_named(one)),
        )
    )


def _how_near(one: WaitingLine, now: datetime) -> str:
    if one.ends_at <= now:
        return "It is over: an approval excuses it afterwards too"
    return "It has begun" if one.starts_at <= now else ""


def _named(one: WaitingLine) -> str:
    return f"{one.wearer}, absence from {uk_time(one.starts_at)}"


def _decide(one: WaitingLine) -> str:
    offer = PersonOffer("decide-absence", "Decide", one.wearer, one.reference)
    return offer.address(reverse("listing", kwargs={"name": _NAME}))


LISTINGS: Final = (
    Listing(
        _NAME, "list_absences", "Absences to decide",
        ("Person", "Away from", "When", "Why", "Asked", "Decision"), _absences,
        "No absence waits for a decision.",
        "Asked for and not decided, the longest waiting first. Whoever asked for one does not "
        "decide it.",
    ),
)  # fmt: skip
