"""Messages that could not be read: how many of which kind, and the bytes of one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from tipstaff.positions.inbox_again import UnreadKind
from tipstaff.services.unread_messages import count_unread, show_unread
from tipstaff.web.callers import calling, purpose_said
from tipstaff.web.listings import Offer
from tipstaff.web.purposes import asking
from tipstaff.web.unread_words import feed_words, shown, what_helps, why

_LAST: Final = 2**31 - 1


@require_GET
def kinds(request: HttpRequest) -> HttpResponse:
    """Each kind: why, of whom, how many, since when; and to have them read again."""
    found = count_unread(**calling(request, "count_unread"))
    page: dict[str, Any] = {
        "kinds": [_kind(one, request.path) for one in found.kinds],
        "messages": sum(one.messages for one in found.kinds),
        "held": found.held,
    }
    return render(request, "quarantine.html.jinja", page)


@require_GET
def message(request: HttpRequest, number: int) -> HttpResponse:
    """One message with its bytes; asks first why somebody looks, for it may tell of a person."""
    about = f"message {number}"
    who = purpose_said(request, "show_unread", about)
    if who is None:
        return asking(request, "show_unread", about)
    found = show_unread(**who, number=number) if number <= _LAST else None
    if found is None:
        raise Http404
    page: dict[str, Any] = {
        "found": found,
        "came": moment(found.received_us),
        "why": why(found.reason),
        "helps": what_helps(found.reason),
        "feed": feed_words(found.feed),
        "shown": shown(found.raw),
        "again": Offer("replay-unread", "Read it again", {"number": str(number)}).address(
            reverse("quarantine")
        ),
    }
    return render(request, "quarantine_message.html.jinja", page)


def moment(micros: int) -> datetime:
    """A time as the inbox keeps it."""
    return datetime.fromtimestamp(micros / 1e6, UTC)


def _kind(one: UnreadKind, back: str) -> dict[str, Any]:
    said = {"supplier": one.supplier, "feed": one.feed, "reason": one.reason}
    return {
        "kind": one,
        "why": why(one.reason),
        "helps": what_helps(one.reason),
        "feed": feed_words(one.feed),
        "first": moment(one.first_us),
        "last": moment(one.last_us),
        "messages": f"{reverse('listing', kwargs={'name': 'unread'})}?{urlencode(said)}",
        "again": Offer("replay-unread", "Read them again", said).address(back),
    }
