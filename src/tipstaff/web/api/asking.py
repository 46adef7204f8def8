"""Who asks the API, by which token, why, and under which authority."""

from __future__ import annotations

from functools import lru_cache
from http import HTTPStatus
from typing import Any, Final, cast

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from tipstaff.domain.api_tokens import ApiToken, Doing, Group, covers
from tipstaff.domain.purposes import AUTHORITY_LENGTH, Purpose
from tipstaff.services import presented
from tipstaff.services.access import Who
from tipstaff.services.api_tokens import pepper
from tipstaff.services.token_desk import TokenDesk, TokenRefused
from tipstaff.web.api.problems import ApiError, Fault

PURPOSE: Final = "Tipstaff-Purpose"
AUTHORITY: Final = "Tipstaff-Authority"


def desk() -> TokenDesk:
    """Where tokens are shown, one desk a process."""
    return _desk(pepper())


@lru_cache(maxsize=1)
def _desk(secret: bytes) -> TokenDesk:
    return TokenDesk(secret)


class Token(HttpBearer):
    """A token that may be used for operations of a group, to look or to act."""

    def __init__(self, group: Group, doing: Doing) -> None:
        super().__init__()
        self.group, self.doing = group, doing

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken:
        """The token, where it works and covers the operation; says who asks from then on."""
        found = desk().authenticate(token, timezone.now())
        if isinstance(found, TokenRefused):
            raise _turned_away(found)
        if not covers(found.scopes, self.group, self.doing):
            detail = f"This needs a token of the scope {self.doing} or {self.group}:{self.doing}."
            raise ApiError(HTTPStatus.FORBIDDEN, "OUTSIDE_SCOPE", detail)
        presented.say(found.token_id)
        asked: Any = request
        asked.who = Who(
            actor=found.username, purpose=_purpose(request), authority=_authority(request)
        )
        return found


def who(request: HttpRequest) -> Who:
    """The caller of the use case, as the headers say."""
    return cast(Who, cast(Any, request).who)


def _turned_away(found: TokenRefused) -> ApiError:
    if found.wait_s:
        error = ApiError(HTTPStatus.TOO_MANY_REQUESTS, "TOO_MANY_REQUESTS")
        error.headers["Retry-After"] = str(found.wait_s)
        return error
    return unauthorized()


def unauthorized() -> ApiError:
    """No token, or one that does not work: why is not told."""
    error = ApiError(HTTPStatus.UNAUTHORIZED, "UNAUTHORIZED")
    error.headers["WWW-Authenticate"] = 'Bearer realm="tipstaff"'
    return error


def _purpose(request: HttpRequest) -> Purpose:
    said = request.headers.get(PURPOSE, "")
    try:
        return Purpose(said)
    except ValueError:
        known = ", ".join(Purpose)
        raise _header_fault(PURPOSE, "PURPOSE", f"Say why: one of {known}.") from None


def _authority(request: HttpRequest) -> str:
    """The authority: UTF-8 where the header is that, else as its bytes are."""
    said = request.headers.get(AUTHORITY, "")
    try:
        text = said.encode("latin-1").decode()
    except UnicodeError:
        text = said
    if len(text) > AUTHORITY_LENGTH or not (text.isprintable() or not text):
        detail = f"At most {AUTHORITY_LENGTH} characters on one line."
        raise _header_fault(AUTHORITY, "AUTHORITY", detail)
    return text


def _header_fault(name: str, code: str, detail: str) -> ApiError:
    fault = Fault(pointer=f"/header/{name}", code=code, detail=detail)
    return ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, code, f"{name}: {detail}", [fault])
