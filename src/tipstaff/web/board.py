"""The board of a shift: what waits, of whom, by when. One page, to look at and to print."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from tipstaff.services.shift_board import Board, show_board
from tipstaff.web import words
from tipstaff.web.callers import calling
from tipstaff.web.desks import LISTINGS
from tipstaff.web.desks.approvals import waiting_lines
from tipstaff.web.desks.casework import plan_review_lines, release_lines, review_lines, task_lines
from tipstaff.web.listings import Line

#: Lists of the board, in its order: what of it, by which list's title and columns, as which rows.
_LISTS: Final[tuple[tuple[str, str, Callable[..., list[Line]]], ...]] = (
    ("unfitted", "not-fitted", release_lines),
    ("releases", "releases", release_lines),
    ("reviews", "reviews", review_lines),
    ("plan_reviews", "plan-reviews", plan_review_lines),
    ("tasks", "tasks", task_lines),
    ("approvals", "approvals", waiting_lines),
)


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Urgent alerts and what is due, of those within reach."""
    found = show_board(**calling(request, "show_board"))
    shown: dict[str, Any] = {
        "alerts": found.alerts or (),
        "outages": found.outages or (),
        "lists": list(_lists(found)),
        "words": words,
        "now": timezone.now(),
    }
    return render(request, "board.html.jinja", shown)


def _lists(found: Board) -> Any:
    for part, name, rows in _LISTS:
        lines = getattr(found, part)
        if lines is not None:
            yield LISTINGS[name][1], rows(lines)
