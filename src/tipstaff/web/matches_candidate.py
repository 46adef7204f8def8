"""One candidate of a crime: the trail, then the reviewer's own reading, and only then strength."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from tipstaff.documents import answer_words
from tipstaff.documents.crime_map import scene_radii_m
from tipstaff.documents.report import caps_of
from tipstaff.documents.run_view import GAP_S, CrimeView, FixView
from tipstaff.domain.readings import READING_WORDS, Reading, TrailReading
from tipstaff.services.readings import record_reading
from tipstaff.web.callers import calling, may
from tipstaff.web.matches import Reviewed, reviewed
from tipstaff.web.said import say
from tipstaff.web.times import uk_time
from tipstaff.web.trail_shape import circle, feature, pixels_of

#: Told apart by the colour-blind (Okabe and Ito); the popup and the table say who it is.
_COLOURS: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")


@require_http_methods(["GET", "POST"])
def candidate(request: HttpRequest, run: UUID, number: int, wearer: str) -> HttpResponse:
    """A candidate's trail; what the program makes of it once the reviewer has read it."""
    found = reviewed(request, run)
    view = found.crime(number)
    row = _row(view, wearer)
    problems: dict[str, str] = {}
    if request.method == "POST":
        problems = _read(request, run, view, wearer)
        if not problems:
            say(request, "Your reading was recorded. This is what the program makes of the trail.")
            here = {"run": run, "number": number, "wearer": wearer}
            return HttpResponseRedirect(reverse("matched_candidate", kwargs=here))
    shown = _shown(found, number, view, row) | {
        "run": run,
        "number": number,
        "wearer": wearer,
        "problems": problems,
        "given": request.POST,
        "may_read": may(request, "record_reading"),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    return render(request, "matches_candidate.html.jinja", shown, status=status)


@require_GET
def compare(request: HttpRequest, run: UUID, number: int) -> HttpResponse:
    """Two candidates side by side; of one whom the reviewer has not read, the trail alone."""
    found = reviewed(request, run)
    view = found.crime(number)
    who = [request.GET.get(name, "") for name in ("a", "b")]
    sides = [(one, _shown(found, number, view, _row(view, one))) for one in who]
    shown = {"run": run, "number": number, "c": found.page(number), "sides": sides}
    return render(request, "matches_compare.html.jinja", shown)


@require_GET
def data(request: HttpRequest, run: UUID, number: int) -> HttpResponse:
    """The scene and the trails of the crime for the map: of one wearer, or of all candidates."""
    view = reviewed(request, run).crime(number)
    who = request.GET.getlist("wearer") or sorted(view.trails)
    features = list(_scene(view))
    for index, one in enumerate(who):
        fixes = view.trails.get(one, ())
        features += _trail(one, fixes, _COLOURS[index % len(_COLOURS)])
    return JsonResponse({"type": "FeatureCollection", "features": features})


def _row(view: CrimeView, wearer: str) -> dict[str, Any]:
    found = next((row for row in view.candidates if row["wearer_id"] == wearer), None)
    if found is None:
        raise Http404
    return found


def _shown(found: Reviewed, number: int, view: CrimeView, row: dict[str, Any]) -> dict[str, Any]:
    page = found.page(number)
    wearer = row["wearer_id"]
    of = (*view.key, wearer)
    own = next((one for one in found.found.own if one.of == of), None)
    return {
        "c": page,
        "crime": view,
        "card": answer_words.card(row, caps_of(found.view.manifest)),
        "trail": page.trails.get(wearer),
        "own": own,
        "others": [one for one in found.found.others if one.of == of],
        "readings": [(one.value, words) for one, words in READING_WORDS.items()],
        "reading_words": READING_WORDS,
    }


def _read(request: HttpRequest, run: UUID, view: CrimeView, wearer: str) -> dict[str, str]:
    """Record what was read; what is wrong with it, by field."""
    chosen = next((one for one in Reading if one.value == request.POST.get("reading")), None)
    if chosen is None:
        return {"reading": "Choose what the trail tells you"}
    told = TrailReading(
        *view.key, wearer, chosen, request.POST.get("words", ""), "", datetime.now(UTC)
    )
    done = record_reading(**calling(request, "record_reading"), run_id=run, told=told)
    return {one.where: f"{one.action[:1].upper()}{one.action[1:]}" for one in done.problems}


def _scene(view: CrimeView) -> Iterator[dict[str, Any]]:
    if view.latitude is None or view.longitude is None:
        return
    inner, outer = scene_radii_m(view.rounding_m)
    for radius, words in ((outer, "999 of 1,000"), (inner, "95 of 100")):
        said = f"The scene lies within in {words} cases"
        ring = circle(view.latitude, view.longitude, radius)
        yield feature("Polygon", [ring], kind="scene", words=said)


def _trail(wearer: str, fixes: Sequence[FixView], colour: str) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    runs: list[list[FixView]] = []
    for fix in fixes:
        if runs and (fix.at - runs[-1][-1].at).total_seconds() <= GAP_S:
            runs[-1].append(fix)
        else:
            if runs:
                ends = [_place(runs[-1][-1]), _place(fix)]
                told.append(feature("LineString", ends, kind="gap"))
            runs.append([fix])
    told += [
        feature("LineString", [_place(fix) for fix in one], kind="trail", colour=colour)
        for one in runs
        if len(one) > 1
    ]
    return told + [_fix(wearer, fix, colour) for fix in fixes]


def _fix(wearer: str, fix: FixView, colour: str) -> dict[str, Any]:
    off = "nobody said how exactly" if fix.radius_m is None else f"within {fix.radius_m:.0f} m"
    return feature(
        "Point",
        _place(fix),
        kind="fix",
        at=fix.at.timestamp(),
        colour=colour,
        pixels=pixels_of(fix.radius_m or 0.0, fix.latitude),
        words=f"{wearer}, {uk_time(fix.at)}, {off}",
    )


def _place(fix: FixView) -> list[float]:
    return [fix.longitude, fix.latitude]
