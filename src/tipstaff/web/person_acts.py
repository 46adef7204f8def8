"""The page of a form about a person: what it is about stands above it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from tipstaff.web.act_pages import answered
from tipstaff.web.callers import may
from tipstaff.web.cases import case_of
from tipstaff.web.person_forms import FORMS


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, wearer: str, name: str, about: str = "") -> HttpResponse:
    """Show the form, or do what it says; 404 where there is nothing of the kind to do."""
    form = FORMS.get(name)
    if form is None:
        raise Http404
    if not may(request, form.use_case):
        raise PermissionDenied
    made = form.make(case_of(request, wearer), wearer, about)
    if made is None:
        raise Http404
    return answered(request, made)
