"""Where everybody within reach was last: a map, and a table with the same."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from tipstaff.records.last_heard import LATE, LastFix, PlaceLine
from tipstaff.services.fleet_health import last_positions
from tipstaff.web import words
from tipstaff.web.callers import calling
from tipstaff.web.paging import numbered
from tipstaff.web.trail_shape import pixels_of

#: More would be no picture: filter instead.
MOST: Final = 2000
#: So many stand in a page of the table.
_ROWS: Final = 200


class Known(StrEnum):
    """Whether it is known where somebody is."""

    NOW = "now"
    LATE = "late"
    NOT = "not"


WORDS: Final = {
    Known.NOW: "Known",
    Known.LATE: "Late: where they were, not where they are",
    Known.NOT: "Not known",
}


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
    """The map and the table; `mine`: of one's own cases alone, `state`: of those alone."""
    now, given = timezone.now(), _given(request)
    lines = _lines(request, given, now)
    counts = {one: sum(state is one for _, state in lines) for one in Known}
    part = numbered(request, len(lines), _ROWS)
    shown: dict[str, Any] = {
        "lines": part.of(lines, _ROWS),
        "page": part,
        "counts": counts,
        "given": given,
        "query": request.GET.urlencode(),
        "states": [(one.value, WORDS[one]) for one in Known],
        "state_words": WORDS,
        "now": now,
        "words": words,
        "live": "positions",
    }
    return render(request, "live_map.html.jinja", shown)


@require_GET
def data(request: HttpRequest) -> HttpResponse:
    """The same as GeoJSON, for the map."""
    now = timezone.now()
    lines = _lines(request, _given(request), now)
    features = [
        _feature(line, line.fix, state, now) for line, state in lines if line.fix is not None
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})


def _given(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "") for name in ("mine", "state")}


def _lines(
    request: HttpRequest, given: dict[str, str], now: datetime
) -> list[tuple[PlaceLine, Known]]:
    who = calling(request, "last_positions")
    found = last_positions(**who, mine=given["mine"] == "yes", limit=MOST)
    told = [(line, known(line, now)) for line in found]
    return [one for one in told if given["state"] in {"", one[1].value}]


def _feature(line: PlaceLine, fix: LastFix, state: Known, now: datetime) -> dict[str, Any]:
    latitude, longitude = fix.lat_e7 / 1e7, fix.lon_e7 / 1e7
    radius_m = 0 if fix.precision_cm is None else fix.precision_cm / 100
    off = f"within {radius_m:.0f} m" if radius_m else "nobody said how exactly"
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
        "properties": {
            "kind": "last",
            "state": "known" if state is Known.NOW else "unknown",
            "pixels": pixels_of(radius_m, latitude),
            "words": f"{line.wearer}: {words.ago(fix.at, now)}, {off}. {WORDS[state]}.",
        },
    }
