"""What pages have to say of what was done: shown on every page until it is read."""

from __future__ import annotations

from enum import StrEnum
from typing import Final
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

_KEY: Final = "said"
_MOST: Final = 8


class Tone(StrEnum):
    """Whether it was done, or was not."""

    DONE = "done"
    PROBLEM = "problem"


def say(request: HttpRequest, words: str, tone: Tone = Tone.DONE) -> None:
    """Say something on every page from now on. Sessions are kept: no name and no place in it."""
    waiting = [*request.session.get(_KEY, []), {"id": uuid4().hex, "words": words, "tone": tone}]
    request.session[_KEY] = waiting[-_MOST:]


def waiting(request: HttpRequest) -> list[dict[str, str]]:
    """What was said and not read yet, the oldest first."""
    found: list[dict[str, str]] = request.session.get(_KEY, [])
    return found


@require_POST
def read(request: HttpRequest, one: str) -> HttpResponse:
    """It was read; back to where they were."""
    request.session[_KEY] = [said for said in waiting(request) if said["id"] != one]
    return HttpResponseRedirect(back(request))


def back(request: HttpRequest) -> str:
    """The page of ours that a form came from; else home."""
    asked = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) and asked.startswith("/"):
        return asked
    return reverse("home")
