"""How feeds, suppliers' devices and the worker's chores fare; about no wearer."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from tipstaff.services.fleet_health import fleet_health
from tipstaff.web.callers import calling

_DEVICES: Final = 200


@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """The page; what is wrong stands first."""
    found = fleet_health(**calling(request, "fleet_health"))
    shown: dict[str, Any] = {
        "found": found,
        "still": found.still[:_DEVICES],
        "more": max(0, len(found.still) - _DEVICES),
        "now": timezone.now(),
    }
    return render(request, "fleet.html.jinja", shown)
