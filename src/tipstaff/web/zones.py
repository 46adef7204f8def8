"""A wearer's zones: drawn or written, looked at before they count, recorded as a version."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import time
from http import HTTPStatus
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from tipstaff.domain.conditions import ZoneCondition
from tipstaff.domain.orders import Order
from tipstaff.domain.periods import Period, from_micros
from tipstaff.domain.problems import Problem
from tipstaff.domain.timetables import Hours, Row, Timetable, Weekday
from tipstaff.domain.wall_time import wall_time
from tipstaff.domain.zone_geojson import shape_from_geojson, shape_to_geojson
from tipstaff.domain.zones import Circle, Corridor, Harm, Shape, Zone, ZoneKind
from tipstaff.services.cases import record_order
from tipstaff.services.zone_preview import preview_zone
from tipstaff.web import words
from tipstaff.web.callers import calling, may
from tipstaff.web.cases import case_of
from tipstaff.web.conditions_in_words import hours_in_words, zone_words
from tipstaff.web.said import Tone, say
from tipstaff.web.zone_shapes import zones_of

NEW: Final = "new"
_HARMS: Final = {Harm.LOW: "Low", Harm.MEDIUM: "Medium", Harm.HIGH: "High"}
_KINDS: Final = {ZoneKind.EXCLUSION: "Stay out of it", ZoneKind.INCLUSION: "Stay within it"}


@dataclass(frozen=True, slots=True)
class Given:
    """What was entered: the zone, or what is wrong, by field."""

    zone: Zone | None
    problems: dict[str, str]


@require_GET
def zones(request: HttpRequest, wearer: str) -> HttpResponse:
    """The zones of a wearer's orders, on a map and in words."""
    orders = _orders(request, wearer)
    shown: dict[str, Any] = {
        "wearer": wearer,
        "lines": [
            (order, one, zone_words(one.zone), hours_in_words(one.zone.schedule))
            for order, _version in orders
            for one in order.conditions
            if isinstance(one, ZoneCondition)
        ],
        "orders": [order for order, _version in orders],
        "harms": _HARMS,
        "may_draw": may(request, "record_order") and may(request, "preview_zone"),
    }
    return render(request, "zones.html.jinja", shown)


@require_GET
def data(request: HttpRequest, wearer: str) -> JsonResponse:
    """The zones of orders in force now, for the map."""
    now = timezone.now()
    orders = [order for order, _version in _orders(request, wearer)]
    features = zones_of(orders, Period(now, now.replace(year=now.year + 1)))
    return JsonResponse({"type": "FeatureCollection", "features": features})


@require_http_methods(["GET", "POST"])
def draw(request: HttpRequest, wearer: str, order: str, condition: str) -> HttpResponse:
    """Draw a zone, or change one: what it would mean first, then a version of the order."""
    held, version = _order(request, wearer, order)
    before = _condition(held, condition)
    posted = request.POST.dict() if request.method == "POST" else {}
    given = dict(posted) or _filled(before)
    days = request.POST.getlist("days")
    read = _read(given, days, before) if posted else Given(None, {})
    impact = None
    if read.zone is not None:
        who = calling(request, "preview_zone")
        impact = preview_zone(**who, wearer=wearer, zone=read.zone)
        read = Given(read.zone, read.problems | _told(impact.problems))
    if posted.get("what") == "save" and read.zone is not None and not read.problems:
        if posted.get("version") != str(version):
            say(request, "Nothing was recorded: somebody changed the order while you drew. This is "
                "how it stands now.", Tone.PROBLEM)  # fmt: skip
            return HttpResponseRedirect(request.get_full_path())
        problems = _save(request, held, condition, read.zone, given)
        if not problems:
            say(request, "The zone was recorded. It is watched from now on.")
            return HttpResponseRedirect(reverse("zones", kwargs={"wearer": wearer}))
        read = Given(read.zone, problems)
    shown: dict[str, Any] = {
        "wearer": wearer,
        "order": held,
        "condition": condition,
        "version": version,
        "given": given,
        "days": days or _days(before),
        "problems": read.problems,
        "impact": impact if impact is not None and not impact.problems else None,
        "visits": [] if impact is None else [
            (from_micros(v.start_us), from_micros(v.end_us), words.LEVEL[v.level])
            for v in impact.visits
        ],
        "kinds": [(one.value, said) for one, said in _KINDS.items()],
        "harms": [(one.name.lower(), said) for one, said in _HARMS.items()],
        "weekdays": [(one.name.lower(), one.name.capitalize()) for one in Weekday],
    }  # fmt: skip
    status = HTTPStatus.UNPROCESSABLE_ENTITY if read.problems else HTTPStatus.OK
    return render(request, "zone_drawing.html.jinja", shown, status=status)


def _orders(request: HttpRequest, wearer: str) -> list[tuple[Order, int]]:
    """The orders that show now, each with the number of its latest version."""
    found = case_of(request, wearer)
    return [
        (one.shown.value, len(one.changes))
        for one in found.orders
        if one.shown is not None and isinstance(one.shown.value, Order)
    ]


def _order(request: HttpRequest, wearer: str, reference: str) -> tuple[Order, int]:
    for order, version in _orders(request, wearer):
        if order.reference == reference:
            return order, version
    raise Http404


def _condition(order: Order, reference: str) -> ZoneCondition | None:
    if reference == NEW:
        return None
    for one in order.conditions:
        if isinstance(one, ZoneCondition) and one.reference == reference:
            return one
    raise Http404


def _filled(before: ZoneCondition | None) -> dict[str, str]:
    """The form of a zone as it is."""
    if before is None:
        return {"kind": ZoneKind.EXCLUSION.value, "harm": "medium", "size": "100"}
    zone = before.zone
    rows = () if zone.schedule is None else zone.schedule.rows
    hours = rows[0].hours if rows else None
    return {
        "kind": zone.kind.value,
        "harm": zone.harm.name.lower(),
        "geometry": json.dumps(shape_to_geojson(zone.shape)),
        "size": f"{_size(zone.shape):.0f}",
        "from": "" if hours is None else f"{hours.start:%H:%M}",
        "to": "" if hours is None else f"{hours.end:%H:%M}",
    }


def _size(shape: Shape) -> float:
    if isinstance(shape, Circle):
        return shape.radius_m
    return shape.half_width_m if isinstance(shape, Corridor) else 100.0


def _days(before: ZoneCondition | None) -> list[str]:
    if before is None or before.zone.schedule is None:
        return []
    return [row.weekday.name.lower() for row in before.zone.schedule.rows]


def _read(given: dict[str, str], days: list[str], before: ZoneCondition | None) -> Given:
    """The zone that was entered, or what is wrong with it."""
    problems: dict[str, str] = {}
    shape = _shape(given)
    if isinstance(shape, Problem):
        problems["geometry"] = f"{shape.action[:1].upper()}{shape.action[1:]}"
    kind = next((one for one in ZoneKind if one.value == given.get("kind")), None)
    harm = next((one for one in Harm if one.name.lower() == given.get("harm")), None)
    if kind is None:
        problems["kind"] = "Choose what the zone means"
    if harm is None:
        problems["harm"] = "Choose how much harm a breach may do"
    schedule = _schedule(given, days, before)
    if isinstance(schedule, str):
        problems["from"] = schedule
    if problems or isinstance(shape, Problem) or kind is None or harm is None:
        return Given(None, problems)
    held = None if isinstance(schedule, str) else schedule
    return Given(Zone(kind, shape, harm, held), problems)


def _shape(given: dict[str, str]) -> Shape | Problem:
    try:
        geometry: Any = json.loads(given.get("geometry", "") or "null")
    except ValueError:
        geometry = None
    if isinstance(geometry, dict):
        try:
            size = float(given.get("size", ""))
        except ValueError:
            size = 0.0
        member = {"Point": "radius_m", "LineString": "half_width_m"}.get(str(geometry.get("type")))
        if member is not None and "address" not in geometry:
            geometry = geometry | {member: size}
    return shape_from_geojson(geometry)


def _schedule(
    given: dict[str, str], days: list[str], before: ZoneCondition | None
) -> Timetable | str | None:
    """Hours on chosen days; None: always; text: what is wrong."""
    if not days and not given.get("from") and not given.get("to"):
        return None
    chosen = [one for one in Weekday if one.name.lower() in days]
    try:
        start, end = (time.fromisoformat(given.get(name, "")) for name in ("from", "to"))
    except ValueError:
        return "Enter both hours, or none and no days: then it always holds"
    if not chosen:
        return "Choose the days on which these hours hold"
    old = None if before is None else before.zone.schedule
    first = wall_time(timezone.now()).date() if old is None else old.first_day
    one_offs = () if old is None else old.one_offs
    return Timetable(tuple(Row(day, Hours(start, end)) for day in chosen), first, one_offs=one_offs)


def _save(
    request: HttpRequest, order: Order, condition: str, zone: Zone, given: dict[str, str]
) -> dict[str, str]:
    """Record the order with the zone; what is wrong, by field."""
    reference = given.get("reference", "").strip() if condition == NEW else condition
    if not reference or (condition == NEW and _is_taken(order, reference)):
        return {"reference": "Enter a reference that no other condition of the order has"}
    if not given.get("reason", "").strip():
        return {"reason": "Say why the order is changed"}
    fresh = ZoneCondition(reference, zone)
    others = tuple(one for one in order.conditions if one.reference != reference)
    changed = replace(order, conditions=(*others, fresh))
    done = record_order(
        **calling(request, "record_order"), order=changed, reason=given["reason"].strip(),
        valid_from=timezone.now(),
    )  # fmt: skip
    return _told(done.problems)


def _is_taken(order: Order, reference: str) -> bool:
    return any(one.reference == reference for one in order.conditions)


def _told(problems: tuple[Problem, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in problems:
        name = "geometry" if "shape" in one.where or not one.where else "reason"
        found.setdefault(name, f"{one.action[:1].upper()}{one.action[1:]}")
    return found
