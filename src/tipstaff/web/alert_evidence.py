"""The evidence of an alert as a map, a chart and a table with the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tipstaff.domain.geodesy import from_e7
from tipstaff.domain.periods import from_micros, to_micros
from tipstaff.monitoring.events import DeviceEvent, EventKind
from tipstaff.monitoring.facts import Fix
from tipstaff.services.alert_evidence import AlertEvidence, show_evidence
from tipstaff.web.callers import calling
from tipstaff.web.state_words import spoken
from tipstaff.web.times import uk_time
from tipstaff.web.trail_shape import feature, pixels_of
from tipstaff.web.zone_shapes import outline_feature

FOUND_BY: Final = {1: "satellites", 4: "radio", 5: "the mobile network", 6: "Wi-Fi"}
_WIDTH: Final = 640
_HEIGHT: Final = 200
_LEFT: Final = 60
_ROWS: Final = 300
_LEVELS: Final = ("suspected", "probable", "confirmed")


@dataclass(frozen=True, slots=True)
class Chart:
    """Probability against time as points of a drawing; `marks` are times along the bottom."""

    line: str
    dots: tuple[tuple[float, float, str], ...]
    levels: tuple[tuple[float, str], ...]
    marks: tuple[tuple[float, str], ...]
    began: float
    ended: float


def reported(events: Iterable[DeviceEvent]) -> list[str]:
    """What a device reported, what it repeats in turn once: units repeat what they hear."""
    alike = groupby(events, lambda one: (one.kind, one.level_pct))
    return [_in_turn(list(same)) for _kind, same in alike]


def _in_turn(same: list[DeviceEvent]) -> str:
    first, last = same[0], same[-1]
    words = "battery" if first.kind is EventKind.BATTERY_LEVEL else spoken(first.kind)
    level = f", {first.level_pct}%" if first.level_pct >= 0 else ""
    when = uk_time(from_micros(first.at_us))
    if len(same) > 1:
        when += f" to {uk_time(from_micros(last.at_us))}, {len(same)} times"
    return f"{when}: {words}{level}"


@require_GET
def evidence(request: HttpRequest, wearer: str, number: int) -> HttpResponse:
    """The page: where they were, how sure, and how the evidence grew and went."""
    found = _found(request, wearer, number)
    probabilities = {one.at_us: one.probability for one in found.course}
    rows = [_row(fix, probabilities.get(fix.at_us)) for fix in found.fixes]
    shown: dict[str, Any] = {
        "wearer": wearer,
        "number": number,
        "found": found,
        "rows": rows[:_ROWS],
        "more": max(0, len(rows) - _ROWS),
        "events": reported(found.events),
        "chart": chart(found),
        "levels": list(zip(_LEVELS, found.levels, strict=True)) if found.levels else [],
    }
    return render(request, "alert_evidence.html.jinja", shown)


@require_GET
def data(request: HttpRequest, wearer: str, number: int) -> JsonResponse:
    """Fixes, their circles and the zone, for the map."""
    found = _found(request, wearer, number)
    features: list[dict[str, Any]] = []
    if found.outline is not None:
        said = "Zone to stay within" if found.keep_in else "Zone to stay out of"
        features.append(outline_feature(found.outline, keep_in=found.keep_in, words=said))
    places = [_place(fix) for fix in found.fixes]
    if len(places) > 1:
        features.append(feature("LineString", places, kind="trail"))
    features += [_feature(fix, place) for fix, place in zip(found.fixes, places, strict=True)]
    return JsonResponse({"type": "FeatureCollection", "features": features})


def chart(found: AlertEvidence) -> Chart | None:
    """The probability after each fix; None where none is worked out."""
    if not found.course or found.levels is None:
        return None
    low, high = to_micros(found.period.start), to_micros(found.period.end)
    span = max(1, high - low)

    def x(at_us: float) -> float:
        return round(_LEFT + (_WIDTH - _LEFT - 10) * min(1.0, max(0.0, (at_us - low) / span)), 1)

    dots = tuple(
        (
            x(one.at_us),
            _y(one.probability),
            f"{uk_time(from_micros(one.at_us))}, {_share(one.probability)}",
        )
        for one in found.course
    )
    step = span // 4
    marks = tuple((x(low + n * step), _clock(from_micros(low + n * step))) for n in range(5))
    end = high if found.ended is None else to_micros(found.ended)
    return Chart(
        " ".join(f"{a},{b}" for a, b, _words in dots), dots,
        tuple((_y(level), word) for word, level in zip(_LEVELS, found.levels, strict=True)),
        marks, x(to_micros(found.began)), x(end),
    )  # fmt: skip


def _y(probability: float) -> float:
    return round(10 + (_HEIGHT - 40) * (1 - probability), 1)


def _clock(instant: datetime) -> str:
    return uk_time(instant).rpartition(" ")[2]


def _share(probability: float) -> str:
    if probability > 0.99:
        return "over 99%"
    return "under 1%" if probability < 0.01 else f"{probability:.0%}"


def _found(request: HttpRequest, wearer: str, number: int) -> AlertEvidence:
    found = show_evidence(**calling(request, "show_evidence"), wearer=wearer, number=number)
    if found is None:
        raise Http404
    return found


def _row(fix: Fix, probability: float | None) -> dict[str, Any]:
    return {
        "at": from_micros(fix.at_us),
        "came": from_micros(fix.ingested_us) if fix.ingested_us else None,
        "radius": None if fix.radius_cm < 0 else round(fix.radius_cm / 100),
        "by": FOUND_BY.get(fix.mechanism, "Not said"),
        "latitude": float(from_e7(fix.lat_e7)),
        "longitude": float(from_e7(fix.lon_e7)),
        "share": "" if probability is None else _share(probability),
    }


def _place(fix: Fix) -> list[float]:
    return [float(from_e7(fix.lon_e7)), float(from_e7(fix.lat_e7))]


def _feature(fix: Fix, place: list[float]) -> dict[str, Any]:
    radius = max(0.0, fix.radius_cm / 100)
    off = f"within {radius:.0f} m" if fix.radius_cm >= 0 else "nobody said how exactly"
    by = FOUND_BY.get(fix.mechanism)
    said = f"{uk_time(from_micros(fix.at_us))}, {off}{f', found by {by}' if by else ''}"
    return feature(
        "Point", place, kind="fix", at=fix.at_us / 1e6, words=said,
        pixels=pixels_of(radius, place[1]),
    )  # fmt: skip
