"""The wearer's own pages: opened with a one-time code, apart from every account of staff."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from http import HTTPStatus
from io import BytesIO
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tipstaff.domain.orders import OrderStatus
from tipstaff.domain.own_sights import sights
from tipstaff.domain.own_week import days_from, own_days, standing
from tipstaff.records import attempts
from tipstaff.services import own_codes
from tipstaff.services.own_tables import own_tables
from tipstaff.web import own_session
from tipstaff.web.lockout import count_own_code, is_barred
from tipstaff.web.own_session import Opened, own, page, texts_of

#: How far back the record tells of kept hours.
_DAYS: Final = timedelta(days=28)


@require_http_methods(["GET", "POST"])
def opened(request: HttpRequest) -> HttpResponse:
    """Ask for a reference and a code; the answer never says which of them was wrong."""
    if request.method != "POST":
        return page(request, "open")
    wearer, words = request.POST.get("who", "").strip(), texts_of(request).words
    name = f"own {wearer}"
    if is_barred(request, name):
        own_codes.refuse_own_page(wearer)
        minutes = round(settings.AXES_COOLOFF_TIME * 60)
        problem = words["locked"].format(minutes=minutes)
        return page(request, "open", status=HTTPStatus.TOO_MANY_REQUESTS, problem=problem)
    account = own_codes.open_own_page(wearer, request.POST.get("code", ""))
    if account is None:
        count_own_code(request, name)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return page(request, "open", status=status, problem=words["wrong"], who=wearer)
    attempts.forget(name)
    own_session.open_for(request, account, wearer)
    return HttpResponseRedirect(reverse("own_week"))


@require_POST
def closed(request: HttpRequest) -> HttpResponse:
    """Close the page."""
    own_session.close(request)
    return HttpResponseRedirect(reverse("own_open"))


@require_GET
@own
def week(request: HttpRequest, opened: Opened) -> HttpResponse:
    """The next seven days, by the clock on the wall, and what holds always."""
    found = opened.found
    during = days_from(found.today)
    asked = [one for one in found.ahead if one.status is OrderStatus.ACTIVE]
    return page(
        request,
        "week",
        opened,
        days=own_days(asked, found.absences, found.today),
        always=standing(asked, found.today),
        during=during,
        in_force=any(
            one.starts_at < during.end and (one.ends_at is None or one.ends_at > during.start)
            for one in asked
        ),
    )


@require_GET
@own
def record(request: HttpRequest, opened: Opened) -> HttpResponse:
    """What is recorded and was decided about the wearer."""
    since = timezone.now() - _DAYS
    periods = [one for one in opened.found.watching.periods if one.start >= since]
    return page(request, "record", opened, periods=periods)


@require_GET
@own
def seen(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Who has looked, as far as it may be told; and who can see what."""
    return page(request, "seen", opened, sights=sights())


@require_GET
@own
def copy(request: HttpRequest, opened: Opened) -> HttpResponse:
    """What the wearer may take along."""
    return page(request, "copy", opened)


@require_POST
@own
def tables(_request: HttpRequest, opened: Opened) -> HttpResponse:
    """The tables of the pages, in one file."""
    files = own_tables(**opened.who, wearer=opened.wearer)
    if files is None:
        raise Http404
    body = BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    disposition = {"Content-Disposition": 'attachment; filename="my-data.zip"'}
    return HttpResponse(body.getvalue(), content_type="application/zip", headers=disposition)
