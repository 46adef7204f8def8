"""Search by place and time: who was near, with a purpose said for that search and its approval."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from tipstaff.domain.periods import Period, to_micros
from tipstaff.services.access import RefusedError, Who
from tipstaff.services.trails import FixesFound, near
from tipstaff.web.callers import purpose_said
from tipstaff.web.given_times import local_input, read_period
from tipstaff.web.purposes import asking
from tipstaff.web.refusals import refused
from tipstaff.web.trail_shape import place_features

LONGEST: Final = timedelta(hours=48)
WIDEST_M: Final = 10_000.0
_FIELDS: Final = ("latitude", "longitude", "radius", "from", "to")
_HOUR: Final = timedelta(hours=1)
#: What is said of a search is kept under this name, beside what is said of people.
ABOUT: Final = "a place"


@dataclass(frozen=True, slots=True)
class Asked:
    """A circle and a period."""

    latitude: float
    longitude: float
    radius_m: float
    period: Period


@dataclass(frozen=True, slots=True)
class Near:
    """Somebody who was near: how many fixes, when, how close; `wearer` is empty for nobody's."""

    wearer: str
    device: str
    fixes: int
    first: datetime
    last: datetime
    nearest_m: float


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """The form; with an answer once a place and a time are given."""
    who = purpose_said(request, "near", ABOUT)
    if who is None:
        return asking(request, "near", ABOUT)
    asked, problems = _asked(request)
    shown: dict[str, Any] = {
        "given": _given(request),
        "problems": problems,
        "purpose": who["purpose"],
        "query": request.GET.urlencode(),
        "asked": asked,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    if asked is not None:
        try:
            found = _found(who, asked)
        except RefusedError as refusal:
            shown |= refused(refusal, "latitude")
            status = HTTPStatus.FORBIDDEN
        else:
            shown |= {"people": people(found), "locked": found.locked}
    return render(request, "search.html.jinja", shown, status=status)


@require_GET
def data(request: HttpRequest) -> HttpResponse:
    """The circle and the fixes in it, for the map."""
    who = purpose_said(request, "near", ABOUT)
    asked, _problems = _asked(request)
    if who is None or asked is None:
        raise Http404
    found = _found(who, asked)
    return JsonResponse(
        place_features(found.table, asked.latitude, asked.longitude, asked.radius_m)
    )


def people(found: FixesFound) -> list[Near]:
    """Who was near, the closest first: by wearer, and devices of nobody by themselves."""
    table = found.table
    at = pc.cast(table["fix_time"], pa.int64()).to_numpy()
    keys = table["device_key"].to_numpy()
    away = table["distance_m"].to_numpy() if "distance_m" in table.column_names else None
    owner = np.full(len(keys), "", dtype=object)
    for worn in found.worn:
        inside = (at >= to_micros(worn.start)) & (at < to_micros(worn.end))
        owner[inside & (keys == worn.device_key)] = worn.wearer
    groups = Counter(zip(owner.tolist(), keys.tolist(), strict=True))
    told = []
    for (wearer, key), count in groups.items():
        own = (owner == wearer) & (keys == key)
        nearest = float("nan") if away is None else float(away[own].min())
        told.append(
            Near(wearer, found.names.get(key, ""), count, _instant(at[own].min()),
                 _instant(at[own].max()), nearest)
        )  # fmt: skip
    return sorted(told, key=lambda one: (one.nearest_m, one.wearer, one.device))


def _instant(micros: int) -> datetime:
    return datetime.fromtimestamp(int(micros) / 1e6, UTC)


def _found(who: Who, asked: Asked) -> FixesFound:
    return near(
        **who, latitude=asked.latitude, longitude=asked.longitude, radius_m=asked.radius_m,
        period=asked.period,
    )  # fmt: skip


def _given(request: HttpRequest) -> dict[str, str]:
    now = timezone.now().replace(second=0, microsecond=0)
    usual = {"from": local_input(now - _HOUR), "to": local_input(now), "radius": "200"}
    return {name: request.GET.get(name, usual.get(name, "")) for name in _FIELDS}


def _asked(request: HttpRequest) -> tuple[Asked | None, dict[str, str]]:
    """What is asked for; None where nothing is, or something is wrong: by field."""
    if not any(name in request.GET for name in _FIELDS):
        return None, {}
    given = _given(request)
    problems: dict[str, str] = {}
    numbers: dict[str, float] = {}
    for name, low, high, words in (
        ("latitude", -90.0, 90.0, "Enter a latitude in degrees"),
        ("longitude", -180.0, 180.0, "Enter a longitude in degrees"),
        ("radius", 1.0, WIDEST_M, "Enter from 1 to 10,000 metres"),
    ):
        try:
            numbers[name] = float(given[name])
        except ValueError:
            numbers[name] = float("nan")
        if not low <= numbers[name] <= high:
            problems[name] = words
    period, wrong = read_period(given, LONGEST, "48 hours")
    problems |= wrong
    if problems or period is None:
        return None, problems
    place = (numbers["latitude"], numbers["longitude"], numbers["radius"])
    return Asked(*place, period), {}
