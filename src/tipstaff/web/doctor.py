"""What is wrong with this installation, and how to mend it, as a page."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tipstaff.domain.examined import Verdict
from tipstaff.services.doctor import examine
from tipstaff.web.callers import calling

_WORDS: Final = {
    Verdict.WRONG: "Wrong",
    Verdict.LOOK: "Look at it",
    Verdict.WELL: "Well",
}
_TAGS: Final = {Verdict.WRONG: "red", Verdict.LOOK: "yellow", Verdict.WELL: "green"}


@require_GET
def doctor(request: HttpRequest) -> HttpResponse:
    """Every check, the worst first."""
    found = examine(**calling(request, "examine"))
    shown = {
        "found": found,
        "wrong": sum(one.verdict is Verdict.WRONG for one in found),
        "words": _WORDS,
        "tags": _TAGS,
        "well": Verdict.WELL,
    }
    return render(request, "doctor.html.jinja", shown)
