"""A desk's page, and the page of each of its lists."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tipstaff.web.callers import may
from tipstaff.web.desks import ACTS, DESKS, LISTINGS, Desk
from tipstaff.web.listings import Offer, Some
from tipstaff.web.person_forms import FORMS
from tipstaff.web.person_offers import PersonOffer


@require_GET
def desk(request: HttpRequest, name: str) -> HttpResponse:
    """What of a desk the role has."""
    found = DESKS.get(name)
    if found is None:
        raise Http404
    if not has_anything(request, found):
        raise PermissionDenied
    shown = {
        "desk": found,
        "listings": [one for one in found.listings if may(request, one.use_case)],
        "pages": [(p, w, said) for p, w, use_case, said in found.pages if may(request, use_case)],
    }
    return render(request, "desk.html.jinja", shown)


@require_GET
def listing(request: HttpRequest, name: str) -> HttpResponse:
    """One list, with what the role may do about its lines."""
    if name not in LISTINGS:
        raise Http404
    desk, found = LISTINGS[name]
    some = found.lines(request)
    some = some if isinstance(some, Some) else Some(some)
    shown: dict[str, Any] = {
        "desk": desk if has_anything(request, desk) else None,
        "listing": found,
        "some": some,
        "lines": [(line.cells, _open_to(request, line.offers)) for line in some.lines],
        "offers": _open_to(request, found.acts),
        "here": request.get_full_path(),
    }
    shown["may_act"] = any(offers for _cells, offers in shown["lines"])
    return render(request, "listing.html.jinja", shown)


def has_anything(request: HttpRequest, desk: Desk) -> bool:
    """Whether the role has anything at a desk."""
    return any(may(request, one.use_case) for one in desk.listings) or any(
        may(request, use_case) for _page, _words, use_case, _said in desk.pages
    )


def _open_to(
    request: HttpRequest, offers: tuple[Offer | PersonOffer, ...] | tuple[Offer, ...]
) -> list[Offer | PersonOffer]:
    return [one for one in offers if may(request, _use_case(one))]


def _use_case(one: Offer | PersonOffer) -> str:
    return FORMS[one.form].use_case if isinstance(one, PersonOffer) else ACTS[one.act].use_case
