"""Matches: the runs, and of one its crimes with who could and who could not have been there.

What a reviewer is shown of a candidate before their own reading of the trail is what
`services.readings.review_run` lets them see.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tipstaff.documents import answer_words
from tipstaff.documents.crime_page import CrimePage, crime_page
from tipstaff.documents.report import caps_of
from tipstaff.documents.run_view import CrimeView, RunView, assemble
from tipstaff.documents.streets import Streets
from tipstaff.domain.readings import Read
from tipstaff.formats.run_files import UnreadableRun
from tipstaff.matching.changes import Change
from tipstaff.matching.outcomes import Outcome
from tipstaff.services.pending import list_changes
from tipstaff.services.readings import ReviewedRun, review_run
from tipstaff.services.runs import list_reserved, list_runs
from tipstaff.web.callers import calling, may
from tipstaff.web.trained import training_lacked

_RUNS: Final = 50
CHANGE_WORDS: Final = {
    Change.EXCLUSION_WITHDRAWN: "Exclusion withdrawn",
    Change.NEW_CANDIDATE: "New candidate",
    Change.CANDIDATE_GONE: "No longer a candidate",
    Change.STRENGTH_MOVED: "Strength moved",
    Change.EXCLUSION_NEW: "Newly excluded",
    Change.NO_LONGER_SEARCHED: "No longer searched",
    Change.OUTCOME_CHANGED: "Another answer",
    Change.DETAILS: "Details",
}


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A run as the reviewer sees it, laid out for pages."""

    found: ReviewedRun
    view: RunView

    @property
    def read(self) -> frozenset[Read]:
        """What the reviewer has read."""
        return frozenset(one.of for one in self.found.own)

    def crime(self, number: int) -> CrimeView:
        """A crime by its place in the run, counted from 1; 404 for none."""
        if not 0 < number <= len(self.view.crimes):
            raise Http404
        return self.view.crimes[number - 1]

    def page(self, number: int) -> CrimePage:
        """The same, in words and drawings."""
        caps = caps_of(self.view.manifest)
        return crime_page(self.crime(number), Streets(), f"crime-{number}", caps)

    def unread(self, crime: CrimeView) -> list[str]:
        """The candidates whose trail the reviewer has not read, by reference."""
        who = (row["wearer_id"] for row in crime.candidates)
        return sorted(one for one in who if (*crime.key, one) not in self.read)


def reviewed(request: HttpRequest, run: UUID) -> Reviewed:
    """A run as whoever is signed in sees it; 404 for one that they may not see."""
    found = review_run(**calling(request, "read_run"), run_id=run)
    if found is None:
        raise Http404
    if isinstance(found, UnreadableRun):
        raise Http404(found.what)
    tables = found.tables
    view = assemble(tables.results, tables.crimes, tables.facts, tables.manifest, complete=True)
    if isinstance(view, UnreadableRun):
        raise Http404(view.what)
    return Reviewed(found, view)


@require_GET
def matches(request: HttpRequest) -> HttpResponse:
    """The latest runs, newest first; reserved ones to a cleared reviewer.

    Without the training that reading one needs they are listed all the same, and the page says so.
    """
    lacked = training_lacked(request, "read_run")
    reserved = (
        list_reserved(**calling(request, "list_reserved"), limit=_RUNS)
        if may(request, "list_reserved") and not lacked
        else []
    )
    shown = {
        "lines": list_runs(**calling(request, "list_runs"), limit=_RUNS),
        "reserved": reserved,
        "lacked": lacked,
    }
    return render(request, "matches.html.jinja", shown)


@require_GET
def run(request: HttpRequest, run: UUID) -> HttpResponse:
    """A run: its crimes, each with what was found, and what is still to be read by the reviewer."""
    found = reviewed(request, run)
    crimes = [(n, c, found.unread(c)) for n, c in enumerate(found.view.crimes, 1)]
    shown: dict[str, Any] = {
        "run": run,
        "crimes": crimes,
        "manifest": found.view.manifest,
        "series": _series(found.view.crimes),
        "changed": _loud(request, run),
    }
    return render(request, "matches_run.html.jinja", shown)


@require_GET
def crime(request: HttpRequest, run: UUID, number: int) -> HttpResponse:
    """One crime: candidates, what the fixed circle says, and who is ruled out and why."""
    found = reviewed(request, run)
    view = found.crime(number)
    unread = found.unread(view)
    shown: dict[str, Any] = {
        "run": run,
        "number": number,
        "c": found.page(number),
        "crime": view,
        "unread": unread,
        "outcomes": [
            (Outcome.EXCLUDED.value, "Ruled out"),
            (Outcome.NOT_MONITORABLE.value, "Not monitorable"),
            (Outcome.CANNOT_EXCLUDE.value, "Cannot be excluded"),
        ],
    }
    return render(request, "matches_crime.html.jinja", shown)


@require_GET
def wearer(request: HttpRequest, run: UUID, wearer: str) -> HttpResponse:
    """One wearer against every crime of a run: a series at a glance."""
    found = reviewed(request, run)
    rows = []
    for number, view in enumerate(found.view.crimes, 1):
        answers = [
            row for told in view.answers.values() for row in told if row["wearer_id"] == wearer
        ]
        for row in answers:
            is_read = (*view.key, wearer) in found.read
            candidate = row["outcome"] == Outcome.CANDIDATE.value
            said = answer_words.card(row, caps_of(found.view.manifest)) if candidate else None
            rows.append((number, view, row, said if is_read else None))
    if not rows:
        raise Http404
    shown = {
        "run": run,
        "wearer": wearer,
        "rows": rows,
        "words": answer_words.OUTCOME_WORDS,
        "reasons": answer_words.REASONS,
    }
    return render(request, "matches_wearer.html.jinja", shown)


@require_GET
def changes(request: HttpRequest, run: UUID) -> HttpResponse:
    """What a match that was made again says otherwise, the worst first."""
    found = list_changes(**calling(request, "read_run"), run_id=run)
    if found is None:
        raise Http404
    shown = {
        "run": run,
        "changes": found,
        "kinds": CHANGE_WORDS,
        "loud": Change.EXCLUSION_WITHDRAWN,
        "words": answer_words.OUTCOME_WORDS | {"": "not searched"},
    }
    return render(request, "matches_changes.html.jinja", shown)


def _series(crimes: Iterable[CrimeView]) -> list[tuple[str, int]]:
    """Who is a candidate of more than one crime, and of how many; by reference."""
    counts: dict[str, int] = {}
    for one in crimes:
        for row in one.candidates:
            counts[row["wearer_id"]] = counts.get(row["wearer_id"], 0) + 1
    return sorted((who, count) for who, count in counts.items() if count > 1)


def _loud(request: HttpRequest, run: UUID) -> int:
    """How many answers the run says otherwise than those before it."""
    return len(list_changes(**calling(request, "read_run"), run_id=run) or ())
