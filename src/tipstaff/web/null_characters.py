"""Null characters in what a page was asked or sent: nobody types one, PostgreSQL keeps none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

from tipstaff.web.gate import BY_TOKEN


class NullCharacters:
    """Middleware: such a request is a bad one. Operations of the API say so of each field."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Raise BadRequest; None where there is nothing of the kind."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        if not name.startswith(f"{BY_TOKEN}:") and any("\x00" in one for one in _told(request)):
            raise BadRequest
        return None


def _told(request: HttpRequest) -> Iterator[str]:
    yield request.path
    for values in (request.GET, request.POST):
        for name, given in values.lists():
            yield name
            yield from given
