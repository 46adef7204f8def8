"""Pages beside the work: the account, and whether the program is alive."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST, require_safe

from tipstaff.records import sessions
from tipstaff.services import sign_in_entries
from tipstaff.web import who
from tipstaff.web.state_words import role_words
from tipstaff.web.token_pages import own_tokens


@require_safe
def health(_request: HttpRequest) -> HttpResponse:
    """That the program answers; nothing of what it holds or how it fares."""
    return HttpResponse("alive\n", content_type="text/plain", status=HTTPStatus.OK)


@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """One's own account: name, role, password, second factors, sessions."""
    me = who.account(request)
    shown: dict[str, Any] = {
        "sessions": sessions.of_account(me.ref, timezone.now()),
        "this_session": who.session(request),
        "factors": Authenticator.objects.filter(user_id=me.ref).order_by("type", "created_at"),
        "issuer": "openid",
        "tokens": own_tokens(request),
        "role": role_words,
    }
    return render(request, "account.html.jinja", shown)


@require_POST
def end_session(request: HttpRequest, ref: UUID) -> HttpResponse:
    """End one of one's own sessions on another browser."""
    me = who.account(request)
    if ref == who.session(request):
        raise Http404
    with sign_in_entries.own_changes(
        me, session=who.session(request), now=timezone.now()
    ) as changes:
        if sessions.end(me.ref, ref):
            changes.append(("end_session", {"session": str(ref)}))
    return HttpResponseRedirect(reverse("account"))
