"""Ends a session at its limits, whatever the browser's cookie says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from tipstaff.domain.session_limits import SessionLimits as Limits
from tipstaff.domain.session_limits import has_run_out
from tipstaff.records.sessions import SEEN_AT, SIGNED_IN_AT

#: A session is written again only so often: each writing takes the database's lock.
_NOTED_EVERY: Final = timedelta(seconds=30)


class SessionLimits:
    """Middleware: a session that ran out is removed, one in use is noted."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.limits = Limits(
            idle=timedelta(seconds=settings.SESSION_COOKIE_AGE),
            whole=timedelta(seconds=settings.SESSION_ABSOLUTE_AGE),
        )

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at the clock, then answer."""
        if SIGNED_IN_AT in request.session:
            self._check(request, timezone.now())
        return self.get_response(request)

    def _check(self, request: HttpRequest, now: datetime) -> None:
        session = request.session
        seen_at = datetime.fromisoformat(session[SEEN_AT])
        if has_run_out(datetime.fromisoformat(session[SIGNED_IN_AT]), seen_at, now, self.limits):
            session.flush()
            request.user = AnonymousUser()
        elif now - seen_at >= _NOTED_EVERY and not _asked_by_itself(request):
            session[SEEN_AT] = now.isoformat()


def _asked_by_itself(request: HttpRequest) -> bool:
    """Whether a page that lies open asked, and nobody did: it keeps no session alive."""
    of_itself = request.method == "GET" and "HX-Request" in request.headers
    return of_itself or request.path == reverse("live")
