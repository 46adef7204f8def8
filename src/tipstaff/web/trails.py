"""The trail of a person: asked for with a purpose, played back, in a table, and taken away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final

import pyarrow as pa
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET

from tipstaff.domain.name_kinds import NameKind
from tipstaff.domain.orders import Order
from tipstaff.domain.periods import Period
from tipstaff.formats.geojson import write_fixes
from tipstaff.formats.positions_writing import Known, write_csv
from tipstaff.formats.trail_documents import write_gpx, write_kml
from tipstaff.services.access import RefusedError, Who
from tipstaff.services.case_view import show_case
from tipstaff.services.trails import FixesFound, trail
from tipstaff.web.callers import calling, may, purpose_said
from tipstaff.web.given_times import local_input, read_period
from tipstaff.web.paging import page_asked
from tipstaff.web.purposes import asking
from tipstaff.web.refusals import refused
from tipstaff.web.times import uk_time
from tipstaff.web.trail_shape import columns, feature, stays, stretches
from tipstaff.web.zone_shapes import zones_of

#: A picture of more fixes than this is no picture; the period has to be shorter.
LONGEST: Final = timedelta(days=30)
_USUAL: Final = timedelta(days=1)
_ROWS: Final = 200
FORMATS: Final = {
    "csv": ("text/csv", write_csv),
    "geojson": ("application/geo+json", write_fixes),
    "gpx": ("application/gpx+xml", write_gpx),
    "kml": ("application/vnd.google-earth.kml+xml", write_kml),
}


@require_GET
def page(request: HttpRequest, wearer: str) -> HttpResponse:
    """The trail of a period: map, slider, and a table with the same."""
    who = purpose_said(request, "trail", wearer)
    if who is None:
        return asking(request, "trail", wearer)
    period, problems = _period(request)
    shown: dict[str, Any] = {
        "wearer": wearer,
        "purpose": who["purpose"],
        "period": period,
        "given": _given(request, period),
        "problems": problems,
        "query": request.GET.urlencode(),
        "formats": sorted(FORMATS),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    if not problems:
        try:
            shown |= _told(_found(who, wearer, period), page_asked(request))
        except RefusedError as refusal:
            shown |= refused(refusal, "from")
            status = HTTPStatus.FORBIDDEN
    return render(request, "trail.html.jinja", shown, status=status)


@require_GET
@gzip_page
def data(request: HttpRequest, wearer: str) -> HttpResponse:
    """The fixes of the period in columns, for the map."""
    who = purpose_said(request, "trail", wearer)
    period, problems = _period(request)
    if who is None or problems:
        raise Http404
    table = _found(who, wearer, period).table
    stopped = [
        feature(
            "Point", [one.longitude, one.latitude], kind="stop",
            words=f"Stayed from {uk_time(one.start)} to {uk_time(one.end)}",
        )
        for one in stays(table)
    ]  # fmt: skip
    told = {"zones": _zones(request, wearer, period), "stops": stopped}
    return JsonResponse(columns(table) | told)


@require_GET
def export(request: HttpRequest, wearer: str, form: str) -> HttpResponse | StreamingHttpResponse:
    """The trail as a file for other programs."""
    who = purpose_said(request, "trail", wearer)
    if who is None:
        return asking(request, "trail", wearer)
    period, problems = _period(request)
    if problems or form not in FORMATS:
        raise Http404
    kind, write = FORMATS[form]
    found = _found(who, wearer, period)
    pieces: Iterable[bytes] = write(found.table, Known(found.names, found.worn))
    answer = StreamingHttpResponse(iter(list(pieces)), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="trail.{form}"'
    return answer


def _zones(request: HttpRequest, wearer: str, period: Period) -> list[dict[str, Any]]:
    """The zones of the orders in force then, as they are known now."""
    if not may(request, "show_case"):
        return []
    who = calling(request, "show_case")
    found = show_case(**who, wearer=wearer, valid_at=period.end)
    shown = () if found is None else (one.shown for one in found.orders)
    orders = [one.value for one in shown if one is not None and isinstance(one.value, Order)]
    return zones_of(orders, period)


def _found(who: Who, wearer: str, period: Period) -> FixesFound:
    found = trail(**who, name=wearer, period=period, kind=NameKind.WEARER)
    if not isinstance(found, FixesFound):
        raise Http404
    return found


def _told(found: FixesFound, wanted: int) -> dict[str, Any]:
    table: pa.Table = found.table
    pages = max(1, -(-table.num_rows // _ROWS))
    at = min(wanted, pages)
    rows = table.slice((at - 1) * _ROWS, _ROWS).to_pylist()
    return {
        "count": table.num_rows,
        "locked": found.locked,
        "rows": rows,
        "at": at,
        "pages": pages,
        "stretches": stretches(table),
        "stays": stays(table),
    }


def _given(request: HttpRequest, period: Period) -> dict[str, str]:
    """What the fields hold: what was typed, be it right or wrong, else the period shown."""
    usual = {"from": local_input(period.start), "to": local_input(period.end)}
    if not any(request.GET.get(name) for name in usual):
        return usual
    return {name: request.GET.get(name, "") for name in usual}


def _period(request: HttpRequest) -> tuple[Period, dict[str, str]]:
    """The period asked for, else the last day; and what is wrong with what was given."""
    now = timezone.now().replace(second=0, microsecond=0)
    usual = Period(now - _USUAL, now)
    given = {name: request.GET.get(name, "") for name in ("from", "to")}
    if not any(given.values()):
        return usual, {}
    period, problems = read_period(given, LONGEST, "30 days")
    return period or usual, problems
