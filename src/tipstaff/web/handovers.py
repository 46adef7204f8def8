"""A shift hands over what is open, as it stands; the next takes it over, and sees what is new."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tipstaff.domain.protocols import Queue
from tipstaff.services.shift_handovers import hand_over_shift, take_over_shift
from tipstaff.web import words
from tipstaff.web.callers import calling


@require_http_methods(["GET", "POST"])
def handover(request: HttpRequest) -> HttpResponse:
    """Both forms; what came of one of them, below."""
    shown: dict[str, Any] = {
        "words": words,
        "queues": [(one.value, words.QUEUE[one]) for one in Queue],
        "now": timezone.now(),
        "given": None,
        "taken": None,
    }
    said = request.POST.get("words", "")
    if request.POST.get("what") == "give":
        queue = next((q for q in Queue if q.value == request.POST.get("queue")), Queue.LIVE)
        who = calling(request, "hand_over_shift")
        shown["given"] = hand_over_shift(**who, queue=queue, words=said)
    elif request.POST.get("what") == "take":
        shown["taken"] = take_over_shift(**calling(request, "take_over_shift"), words=said)
    return render(request, "handover.html.jinja", shown)
