"""What went wrong, as `application/problem+json` (RFC 9457). None tells anything of anybody."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Schema
from ninja.errors import HttpError, ValidationError
from pydantic import Field

from tipstaff.domain.problems import Problem
from tipstaff.services.access import RefusedError

PREFIX: Final = "/api/"
MEDIA_TYPE: Final = "application/problem+json"
_URN: Final = "urn:tipstaff:problem:"
#: What is said of a status where nothing nearer is known.
_DETAILS: Final = {
    HTTPStatus.BAD_REQUEST: "The request could not be read: send JSON in UTF-8.",
    HTTPStatus.UNAUTHORIZED: "Send a token that works: Authorization: Bearer TOKEN.",
    HTTPStatus.FORBIDDEN: "This may not be done.",
    HTTPStatus.NOT_FOUND: "There is nothing here that you may see.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not take that method.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many requests: come again later.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something went wrong here. Nothing was stored.",
}


#: Messages of pydantic that quote the value, or a part of it.
_INSTEAD: Final = {"uuid_parsing": "Input should be a valid UUID"}


class Fault(Schema):
    """One thing wrong with what was sent: where, its code, and what to do."""

    pointer: str = Field(description="A JSON pointer into what was sent; the first step says where")
    code: str
    detail: str


class ProblemAnswer(Schema):
    """What went wrong. `code` is for programs, `detail` for people."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    problems: list[Fault] = Field(default_factory=list)


class ApiError(Exception):
    """An answer that is a problem."""

    def __init__(
        self, status: HTTPStatus, code: str, detail: str = "", faults: Iterable[Fault] = ()
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail or _DETAILS.get(status, status.phrase)
        self.faults = list(faults)
        self.headers: dict[str, str] = {}


def answer(error: ApiError) -> HttpResponse:
    """The problem as it is sent."""
    told = ProblemAnswer(
        type=_URN + error.code.lower().replace("_", "-"),
        title=error.status.phrase,
        status=error.status.value,
        detail=error.detail,
        code=error.code,
        problems=error.faults,
    )
    response = JsonResponse(told.model_dump(), status=error.status, content_type=MEDIA_TYPE)
    for name, value in error.headers.items():
        response[name] = value
    return response


def of_status(status: HTTPStatus) -> HttpResponse:
    """What is said of a status by itself."""
    return answer(ApiError(status, status.name))


def not_found() -> ApiError:
    """There is none, or none that may be seen: which of them is not told."""
    return ApiError(HTTPStatus.NOT_FOUND, "NOT_FOUND")


def refused_by(problems: Iterable[Problem], *, within: str = "body") -> ApiError:
    """What a use case found wrong, each under a pointer; 422."""
    faults = [
        Fault(pointer=_pointer(within, one.where), code=str(one.code), detail=one.action)
        for one in problems
    ]
    return ApiError(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        faults[0].code if faults else "NOT_DONE",
        "Nothing was done. What is wrong stands in 'problems'.",
        faults,
    )


def of_exception(_request: HttpRequest, raised: Exception | type[Exception]) -> HttpResponse:
    """What use cases and django-ninja raise, as an answer."""
    if isinstance(raised, RefusedError):
        return answer(ApiError(HTTPStatus.FORBIDDEN, raised.code, raised.action))
    if isinstance(raised, ApiError):
        return answer(raised)
    if isinstance(raised, ValidationError):
        return answer(_invalid(raised.errors))
    if isinstance(raised, Http404):
        return answer(not_found())
    status = HTTPStatus(raised.status_code if isinstance(raised, HttpError) else 500)
    return of_status(status)


def _invalid(errors: Iterable[dict[str, Any]]) -> ApiError:
    """What the schema found wrong; what was sent is not said again: it may be about somebody."""
    faults = [
        Fault(
            pointer="/" + "/".join(str(step) for step in _steps(error)),
            code=str(error.get("type", "invalid")),
            detail=_words(error),
        )
        for error in errors
    ]
    return ApiError(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "INVALID",
        "The request is not as the schema has it. What is wrong stands in 'problems'.",
        faults,
    )


def _steps(error: dict[str, Any]) -> tuple[Any, ...]:
    """Where it is, without the name that the body has in the program."""
    where = tuple(error.get("loc", ()))
    return where[1:] if where[:2] == ("body", "body") else where


def _words(error: dict[str, Any]) -> str:
    """The message, which names what was expected; where it would repeat what was sent, ours."""
    kind = str(error.get("type", ""))
    return _INSTEAD.get(kind, str(error.get("msg", "Invalid")))


def _pointer(within: str, where: str) -> str:
    """`rows[2].end` as a JSON pointer."""
    steps = where.replace("[", ".").replace("]", "").split(".") if where else []
    return "/".join(["", within, *steps])
