"""Pages for what went wrong. None says more than what to do."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from tipstaff.web.api import problems

_TEXTS: Final = {
    HTTPStatus.BAD_REQUEST: (
        "The request could not be read",
        "Go back and try again. If you came by a link, check that it is whole.",
    ),
    HTTPStatus.FORBIDDEN: (
        "You may not see this page",
        "If you need it for your work, ask an administrator.",
    ),
    HTTPStatus.NOT_FOUND: (
        "Page not found",
        "If you typed the address, check it. If you pasted it, check that it is whole.",
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        "Something went wrong here",
        "Nothing that you entered was stored. Try again; if it happens again, tell an "
        "administrator when it did.",
    ),
}


def bad_request(request: HttpRequest, exception: Any) -> HttpResponse:  # noqa: ARG001
    """400."""
    return _answer(request, HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Any) -> HttpResponse:  # noqa: ARG001
    """403."""
    return _answer(request, HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Any) -> HttpResponse:  # noqa: ARG001
    """404: also for what somebody may not know to exist."""
    return _answer(request, HTTPStatus.NOT_FOUND)


def failed(request: HttpRequest) -> HttpResponse:
    """500: without a word of what failed, and without asking who is signed in: that may be it."""
    if request.path.startswith(problems.PREFIX):
        return problems.of_status(HTTPStatus.INTERNAL_SERVER_ERROR)
    return _page(None, HTTPStatus.INTERNAL_SERVER_ERROR)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """A form that did not come from a page of ours, or from one that was open for too long."""
    words = (
        "This form is no longer good",
        "It was open for too long, or your browser does not send cookies. Open the page again.",
    )
    return _render(request, HTTPStatus.FORBIDDEN, words)


def _answer(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    """A problem for programs, a page for people."""
    if request.path.startswith(problems.PREFIX):
        return problems.of_status(status)
    return _page(request, status)


def _page(request: HttpRequest | None, status: HTTPStatus) -> HttpResponse:
    return _render(request, status, _TEXTS[status])


def _render(
    request: HttpRequest | None, status: HTTPStatus, words: tuple[str, str]
) -> HttpResponse:
    title, action = words
    shown = {"title": title, "action": action}
    return HttpResponse(render_to_string("error.html.jinja", shown, request), status=status)
