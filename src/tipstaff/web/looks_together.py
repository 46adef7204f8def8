"""A page looks at many things: what it served is written at once, before the page is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from tipstaff.services.recording import together

#: What only looks.
_LOOKS: Final = frozenset({"GET", "HEAD"})


class LooksTogether:
    """Middleware: the looks of a page that changes nothing are served together."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; what is streamed afterwards is looked at by itself."""
        if request.method not in _LOOKS:
            return self.get_response(request)
        with together():
            return self.get_response(request)
