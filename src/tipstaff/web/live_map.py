"""Where everybody within reach was last: a map, and a table with the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET

from tipstaff.records.alert_pages import AlertLine
from tipstaff.records.last_heard import LATE, LastFix, PlaceLine
from tipstaff.services.alert_lists import QueueWanted, list_alerts
from tipstaff.services.fleet_health import last_positions
from tipstaff.services.zone_lists import MOST_PEOPLE, list_zones
from tipstaff.web import words
from tipstaff.web.callers import calling, may
from tipstaff.web.paging import numbered
from tipstaff.web.references import quoted_step
from tipstaff.web.trail_shape import pixels_of
from tipstaff.web.zone_shapes import zones_in_force

#: More would be no picture: filter instead.
MOST: Final = 1000
#: So many stand in a page of the table.
_ROWS: Final = 200
_SOMEBODY: Final = "0"


class Known(StrEnum):
    """Whether it is known where somebody is."""

    NOW = "now"
    LATE = "late"
    NOT = "not"


SHORT: Final = {Known.NOW: "Known", Known.LATE: "Late", Known.NOT: "Not known"}
WORDS: Final = SHORT | {Known.LATE: f"{SHORT[Known.LATE]}: where they were, not where they are"}
_ALERTS: Final = {"open": "With an open alert", "none": "Without one"}


@dataclass(frozen=True, slots=True)
class Shown:
    """Somebody on the map: where they were, and their most severe open alert."""

    line: PlaceLine
    state: Known
    alert: AlertLine | None


def known(line: PlaceLine, now: datetime) -> Known:
    """Whether a last position still says where somebody is, by their device's own plan."""
    if line.fix is None:
        return Known.NOT
    age = now - line.fix.at
    if age <= line.expected:
        return Known.NOW
    return Known.LATE if age <= LATE * line.expected else Known.NOT


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The map and the table; `mine`: of one's own cases alone; `state`, `alert`: of those alone."""
    now, given = timezone.now(), _given(request)
    lines, cut = _lines(request, given, now)
    paged = numbered(request, len(lines), _ROWS)
    shown: dict[str, Any] = {
        "lines": paged.of(lines, _ROWS),
        "page": paged,
        "most": MOST if cut else None,
        "counts": {one: sum(line.state is one for line in lines) for one in Known},
        "alerted": len({one.line.wearer for one in lines if one.alert is not None}),
        "given": given,
        "query": request.GET.urlencode(),
        "states": [(one.value, WORDS[one]) for one in Known],
        "alerts": list(_ALERTS.items()) if may(request, "list_alerts") else [],
        "may_open": may(request, "show_alert"),
        "may_zones": may(request, "list_zones"),
        "people": len(_people(lines)),
        "most_zoned": MOST_PEOPLE,
        "state_words": SHORT,
        "now": now,
        "words": words,
        "live": "positions",
    }
    part = "live_map_list.html.jinja" if "HX-Request" in request.headers else "live_map.html.jinja"
    return render(request, part, shown)


@require_GET
@gzip_page
def data(request: HttpRequest) -> HttpResponse:
    """The same as GeoJSON, for the map."""
    now, may_open = timezone.now(), may(request, "show_alert")
    lines, _cut = _lines(request, _given(request), now)
    people = reverse("person", kwargs={"wearer": _SOMEBODY}).removesuffix(_SOMEBODY)
    features = [
        _feature(one, one.line.fix, now, people, may_open=may_open)
        for one in lines
        if one.line.fix is not None
    ]
    return _collection(features)


@require_GET
def zones(request: HttpRequest) -> HttpResponse:
    """The zones in force of everybody shown, if they are few enough for a picture."""
    lines, _cut = _lines(request, _given(request), timezone.now())
    people = _people(lines)
    if len(people) > MOST_PEOPLE:
        told = f"Zones of at most {MOST_PEOPLE} people are drawn at once; {len(people)} are shown."
        return JsonResponse({"words": told}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _collection(_zones(request, people))


@require_GET
def zones_of(request: HttpRequest, wearer: str) -> HttpResponse:
    """The zones in force of one person."""
    return _collection(_zones(request, {wearer}))


def _zones(request: HttpRequest, people: set[str]) -> list[dict[str, Any]]:
    return zones_in_force(list_zones(**calling(request, "list_zones"), people=people))


def _collection(features: list[dict[str, Any]]) -> JsonResponse:
    return JsonResponse({"type": "FeatureCollection", "features": features})


def _given(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "") for name in ("mine", "state", "alert")}


def _people(lines: list[Shown]) -> set[str]:
    return {one.line.wearer for one in lines}


def _lines(request: HttpRequest, given: dict[str, str], now: datetime) -> tuple[list[Shown], bool]:
    """Who is shown; and whether there may be more than fit."""
    who = calling(request, "last_positions")
    found = last_positions(**who, mine=given["mine"] == "yes", limit=MOST)
    told = [(line, known(line, now)) for line in found]
    kept = [one for one in told if given["state"] in {"", one[1].value}]
    alerts = _alerts(request, frozenset(line.wearer for line, _state in kept))
    lines = [Shown(line, state, alerts.get(line.wearer)) for line, state in kept]
    if may(request, "list_alerts") and given["alert"] in _ALERTS:
        lines = [one for one in lines if (one.alert is not None) == (given["alert"] == "open")]
    return lines, len(found) == MOST


def _alerts(request: HttpRequest, people: frozenset[str]) -> dict[str, AlertLine]:
    """The most severe open alert of each of them, asked for at once."""
    if not people or not may(request, "list_alerts"):
        return {}
    wanted = QueueWanted(people=people, one_each=True)
    found = list_alerts(**calling(request, "list_alerts"), wanted=wanted)
    return {line.wearer: line for line in found}


def _feature(
    one: Shown, fix: LastFix, now: datetime, people: str, *, may_open: bool
) -> dict[str, Any]:
    """A point; `people` is the address of people, below which each has theirs."""
    latitude, longitude = fix.lat_e7 / 1e7, fix.lon_e7 / 1e7
    radius_m = 0 if fix.precision_cm is None else fix.precision_cm / 100
    off = f"within {radius_m:.0f} m" if radius_m else "nobody said how exactly"
    wearer, alert = one.line.wearer, one.alert
    said = f"{wearer}: {words.ago(fix.at, now)}, {off}. {WORDS[one.state]}."
    properties: dict[str, Any] = {
        "kind": "last",
        "wearer": wearer,
        "state": "known" if one.state is Known.NOW else "unknown",
        "pixels": pixels_of(radius_m, latitude),
        "page": people + quoted_step(wearer),
    }
    if alert is not None:
        said += f" Open alert: {_about(alert)}."
        properties["alert"] = int(alert.severity)
        if may_open:
            opened = {"wearer": wearer, "number": alert.number}
            properties["alert_page"] = reverse("alert", kwargs=opened)
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
        "properties": properties | {"words": said},
    }


def _about(alert: AlertLine) -> str:
    condition = f" {alert.condition}" if alert.condition else ""
    return f"{words.SEVERITY[alert.severity]}, {words.KIND[alert.kind]}{condition}"
