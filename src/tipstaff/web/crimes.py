"""Crime files: which came, what became of them, sending one, and sending one urgent crime."""

from __future__ import annotations

from http import HTTPStatus
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tipstaff.domain.batches import ChangeKind
from tipstaff.domain.crimes import CRIME_TYPE_WORDS, CrimeType
from tipstaff.formats.crimes import MAX_FILE_BYTES, Mode
from tipstaff.formats.crimes_writing import report_errors
from tipstaff.services.crime_lists import list_batches, list_crimes
from tipstaff.services.crimes import ImportedCrimes, import_crimes
from tipstaff.web import urgent_crime
from tipstaff.web.callers import calling
from tipstaff.web.paging import after_parts, aware, next_after
from tipstaff.web.said import say

_LINES: Final = 50
#: Rows with something wrong that a page lists; the file to take away has all.
MOST_PROBLEMS: Final = 200
KIND_WORDS: Final = {"": "First", "R": "Replacement", "A": "Addition"}
STATUS_WORDS: Final = {
    "SUCCESSFUL": "Taken in, every row",
    "PARTIAL": "Taken in, but for some rows",
    "ERROR": "Not taken in: every row is wrong",
    "FAILED": "Not taken in: the file could not be read",
}
CHANGE_WORDS: Final = {
    ChangeKind.NEW: "new",
    ChangeKind.CHANGED: "changed",
    ChangeKind.RESENT: "sent again in another series",
    ChangeKind.UNCHANGED: "unchanged",
    ChangeKind.WITHDRAWN: "withdrawn",
    ChangeKind.IN_DOUBT: "absent, kept in doubt",
    ChangeKind.SUPERSEDED: "superseded",
}


@require_GET
def batches(request: HttpRequest) -> HttpResponse:
    """The crime files that came, the last first, and where to send one."""
    after: Any = after_parts(request, aware, UUID)
    lines = list_batches(**calling(request, "list_batches"), after=after, limit=_LINES)
    shown: dict[str, Any] = {
        "lines": lines,
        "next": next_after(request, lines, _LINES, attrgetter("received_at", "ref")),
        "kinds": KIND_WORDS,
        "statuses": STATUS_WORDS,
        "most": MAX_FILE_BYTES // 1024**2,
    }
    return render(request, "crimes.html.jinja", shown)


@require_GET
def batch(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One crime file: its crimes, and whether they were matched."""
    found = list_crimes(**calling(request, "list_crimes"), batch=ref)
    if found is None:
        raise Http404
    shown = {
        "batch": found.batch,
        "crimes": found.crimes,
        "kinds": KIND_WORDS,
        "statuses": STATUS_WORDS,
        "types": {one.value: words for one, words in CRIME_TYPE_WORDS.items()},
    }
    return render(request, "crimes_batch.html.jinja", shown)


@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Take in a file that was chosen, and say row by row what is wrong with it."""
    file = request.FILES.get("file")
    mode = Mode.LENIENT if request.POST.get("lenient") else Mode.STRICT
    if not isinstance(file, UploadedFile) or not file.size:
        return _asked_again(request, "Choose a file that is not empty")
    if file.size > MAX_FILE_BYTES:
        return _asked_again(request, f"Choose a file of at most {MAX_FILE_BYTES // 1024**2} MB")
    who = calling(request, "import_crimes")
    done = import_crimes(**who, content=file.read(), mode=mode)
    return told(request, done)


def told(request: HttpRequest, done: ImportedCrimes) -> HttpResponse:
    """What became of a file, with what is wrong beside each row."""
    wrong = [("error", one) for one in done.file.errors]
    wrong += [("warning", one) for one in done.file.warnings]
    shown: dict[str, Any] = {
        "done": done,
        "file": done.file,
        "wrong": wrong[:MOST_PROBLEMS],
        "more": max(0, len(wrong) - MOST_PROBLEMS),
        "report": report_errors(done.file).decode() if wrong else "",
        "changes": [(CHANGE_WORDS[kind], count) for kind, count in done.changes.items()],
        "statuses": STATUS_WORDS,
    }
    status = HTTPStatus.OK if done.file.crimes else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "crimes_sent.html.jinja", shown, status=status)


@require_POST
def errors(request: HttpRequest) -> HttpResponse:
    """What was wrong with a file, as a file: the page that told it hands it in again."""
    answer = HttpResponse(request.POST.get("report", ""), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="errors.csv"'
    return answer


def _asked_again(request: HttpRequest, problem: str) -> HttpResponse:
    lines = list_batches(**calling(request, "list_batches"), limit=_LINES)
    shown: dict[str, Any] = {
        "lines": lines,
        "next": "",
        "kinds": KIND_WORDS,
        "statuses": STATUS_WORDS,
        "most": MAX_FILE_BYTES // 1024**2,
        "problems": {"file": problem},
    }
    return render(request, "crimes.html.jinja", shown, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@require_http_methods(["GET", "POST"])
def urgent(request: HttpRequest) -> HttpResponse:
    """One crime by hand: taken in at once and, by whoever may match, answered at once."""
    given = request.POST.dict() if request.method == "POST" else {}
    forces = urgent_crime.forces_of(request)
    read = urgent_crime.read(given, forces) if given else None
    if isinstance(read, bytes):
        done = import_crimes(**calling(request, "import_crimes"), content=read)
        if done.file.crimes:
            return _answered(request, done)
        return told(request, done)
    shown: dict[str, Any] = {
        "given": given,
        "problems": read or {},
        "forces": forces,
        "types": [(one.value, CRIME_TYPE_WORDS[one]) for one in CrimeType],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if read else HTTPStatus.OK
    return render(request, "crimes_urgent.html.jinja", shown, status=status)


def _answered(request: HttpRequest, done: ImportedCrimes) -> HttpResponse:
    run = urgent_crime.match_at_once(request, done)
    if run is None:
        say(request, "The crime was taken in. The hub is told when it is matched.")
        return HttpResponseRedirect(reverse("crimes"))
    say(request, "The crime was taken in and matched.")
    return HttpResponseRedirect(reverse("matched_crime", kwargs={"run": run, "number": 1}))
