"""What all answers of the API have: an ETag, 304 where nothing changed, problems for refusals."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from tipstaff.services import presented
from tipstaff.web.api.problems import PREFIX, of_status

_SAFE: Final = frozenset({"GET", "HEAD"})


class ApiAnswers:
    """Middleware: for what lies below the API's address, and nothing else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        with presented.request():
            response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            allowed = response.headers.get("Allow", "")
            response = of_status(HTTPStatus.METHOD_NOT_ALLOWED)
            response["Allow"] = allowed
        if request.method in _SAFE and response.status_code == HTTPStatus.OK:
            return _conditional(request, response)
        return response


def _conditional(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """With a strong ETag of the body; without the body where the client has it."""
    if response.streaming:
        return response
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response["ETag"] = etag
    found = get_conditional_response(request, etag, None, response)
    return response if found is None else found
