"""What wearers do on their own pages: take their consent back, ask for something."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tipstaff.domain.absences import absence_period
from tipstaff.domain.conditions import Attendance, Condition, Curfew, TreatmentAppointment
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.orders import Order, OrderStatus
from tipstaff.domain.own_requests import About
from tipstaff.domain.periods import Period
from tipstaff.domain.problems import Problem
from tipstaff.formats.own_texts import OwnTexts
from tipstaff.services import consents, own_requests
from tipstaff.services.consents import WithdrawnConsent
from tipstaff.services.own_page import OwnPage, to_take_back
from tipstaff.services.own_requests import Away
from tipstaff.web.own_session import Opened, own, page, say, texts_of

#: Kinds of condition from which somebody asks to be away.
_AWAY_FROM: Final = (Curfew, Attendance, TreatmentAppointment)


@require_GET
@own
def consent(request: HttpRequest, opened: Opened) -> HttpResponse:
    """What one's own consent is for, and what follows from taking it back."""
    return page(request, "consent", opened, **_follows(opened.found))


@require_http_methods(["GET", "POST"])
@own
def withdraw(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Ask once more; then take the consent back."""
    standing = to_take_back(opened.found.consents)
    if not standing:
        return HttpResponseRedirect(reverse("own_consent"))
    if request.method != "POST":
        return page(request, "withdraw", opened, **_follows(opened.found))
    texts = texts_of(request)
    for one in standing:
        done = consents.withdraw_own(**opened.who, wearer=opened.wearer, reference=one.reference)
        say(request, *_outcome(texts, done))
    return HttpResponseRedirect(reverse("own_consent"))


def _follows(found: OwnPage) -> dict[str, Any]:
    """Orders that end, licences that come back, and whether another order stands."""
    ending = [one for one in found.orders if one.basis is LegalBasis.VOLUNTARY]
    back = {one.restores for one in ending if one.restores}
    left = [one for one in found.orders if one.basis is not LegalBasis.VOLUNTARY]
    return {
        "standing": to_take_back(found.consents),
        "ending": ending,
        "licences": sorted(back),
        "others": [one for one in left if one.reference not in back],
    }


def _outcome(texts: OwnTexts, done: WithdrawnConsent) -> Iterable[str]:
    words = texts.words
    if done.problems:
        return [words["withdrawn_not"]]
    kept = [words["withdrawn_keep"].format(order=name) for name in done.still_supported_by]
    back = [words["withdrawn_back"].format(order=name) for name in done.licences_restored]
    return [words["withdrawn"], *(kept or [words["withdrawn_off"]]), *back]


@require_GET
@own
def change(request: HttpRequest, opened: Opened) -> HttpResponse:
    """What can be asked for."""
    return _forms(request, opened)


@require_POST
@own
def ask(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Ask the officer for something, in words."""
    about = next((one for one in About if one.value == request.POST.get("about")), About.OTHER)
    said = request.POST.get("words", "")
    who = opened.who
    done = own_requests.ask_change(**who, wearer=opened.wearer, about=about, words=said)
    if done.problems:
        return _forms(request, opened, {"words": _problem(request, done.problems)})
    say(request, texts_of(request).words["sent"])
    return HttpResponseRedirect(reverse("own_change"))


@require_POST
@own
def ask_away(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Ask for an absence; somebody else decides it."""
    given = request.POST
    chosen = _choices(opened.found).get(given.get("which", ""))
    period = _period(given.get("starts_at", ""), given.get("ends_at", ""))
    if chosen is None:
        code = "CONDITION_NOT_KNOWN"
        return _forms(request, opened, {"which": texts_of(request).of("problems", code)})
    if period is None:
        return _forms(request, opened, {"starts_at": texts_of(request).of("problems", "NO_TIME")})
    if not isinstance(period, Period):
        return _forms(request, opened, {period[0].where: _problem(request, period)})
    order, condition = chosen
    away = Away(order.reference, condition.reference, period, given.get("reason", ""))
    done = own_requests.ask_own_absence(**opened.who, wearer=opened.wearer, away=away)
    if done.problems:
        return _forms(request, opened, {done.problems[0].where: _problem(request, done.problems)})
    say(request, texts_of(request).words["away_sent"])
    return HttpResponseRedirect(reverse("own_change"))


def _forms(
    request: HttpRequest, opened: Opened, problems: Mapping[str, str] | None = None
) -> HttpResponse:
    """Both forms, with what was entered; `problems` by the field that each is about."""
    fields = {"which", "starts_at", "ends_at", "reason", "words"}
    told = {name if name in fields else "reason": why for name, why in (problems or {}).items()}
    return page(
        request,
        "change",
        opened,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if told else HTTPStatus.OK,
        problem=bool(told),
        problems=told,
        given=request.POST,
        choices=_choices(opened.found),
        about=tuple(About),
    )


def _choices(found: OwnPage) -> dict[str, tuple[Order, Condition]]:
    return {
        f"{order.reference} {one.reference}": (order, one)
        for order in found.orders
        if order.status is OrderStatus.ACTIVE
        for one in order.conditions
        if isinstance(one, _AWAY_FROM)
    }


def _period(starts: str, ends: str) -> Period | tuple[Problem, ...] | None:
    try:
        first, last = datetime.fromisoformat(starts.strip()), datetime.fromisoformat(ends.strip())
    except ValueError:
        return None
    if first.tzinfo is not None or last.tzinfo is not None:
        return None
    return absence_period(first, last)


def _problem(request: HttpRequest, problems: tuple[Problem, ...]) -> str:
    texts = texts_of(request)
    told = texts.tables["problems"]
    return told.get(str(problems[0].code), told["other"])
