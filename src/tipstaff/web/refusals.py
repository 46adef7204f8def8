"""A use case that refuses, or cannot be done now, as a page that says what to do."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from tipstaff.services.access import RefusedError

#: What needs an approval, in a page's words: how to ask for one stands beside it.
_BEYOND: Final = "This goes beyond what your role does by routine: it needs an approval"


class Refusals:
    """Middleware: one place where what use cases raise becomes an answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, raised: Exception) -> HttpResponse | None:
        """A page for a refusal; None for everything else, which is a fault of ours."""
        if not isinstance(raised, RefusedError):
            return None
        shown = {
            "title": "You may not do this",
            "action": _sentence(raised.action),
            "needs_approval": raised.code == "needs_approval",
        }
        page = render_to_string("error.html.jinja", shown, request)
        return HttpResponse(page, status=HTTPStatus.FORBIDDEN)


def refused(refusal: RefusedError, field: str) -> dict[str, Any]:
    """What a page that asks for something shows of a refusal, beside what was asked for.

    What an approval would open is said beside `field`; what none would, above the form alone.
    """
    approval = refusal.code == "needs_approval"
    where = field if approval else "main"
    words = _BEYOND if approval else _sentence(refusal.action)
    return {"problems": {where: words}, "needs_approval": approval}


def _sentence(words: str) -> str:
    text = words[:1].upper() + words[1:]
    return text if text.endswith((".", "?", "!")) else f"{text}."
