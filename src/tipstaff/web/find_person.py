"""What somebody may look up of one person, and how: by a number of theirs, or by their reference.

For roles without a list of people this is their page of people; others come to it from their list.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tipstaff.domain.identifiers import Identifier, IdentifierKind, read_identifier
from tipstaff.services.find_wearer import find_wearer
from tipstaff.web.callers import calling, may

KIND_WORDS: Final = {
    IdentifierKind.PNC: "PNC number, of the police",
    IdentifierKind.CRO: "CRO number, of the criminal record",
    IdentifierKind.NOMIS: "Prison number (NOMIS)",
    IdentifierKind.CRN: "CRN, of probation (Delius)",
}


@dataclass(frozen=True, slots=True)
class Look:
    """A page about one person that opens by their reference, and the use case that it needs."""

    name: str
    words: str
    use_case: str
    page: str
    said: str


@dataclass(frozen=True, slots=True)
class Way:
    """Another page that may answer the question."""

    words: str
    use_case: str
    page: str
    said: str
    act: str = ""

    @property
    def address(self) -> str:
        """Where it is."""
        return reverse(self.page, kwargs={"name": self.act} if self.act else {})


LOOKS: Final = (
    Look("person", "Their page", "show_case", "person", "Orders, hours, how each day was kept"),
    Look("trail", "Their trail", "trail", "trail",
         "You are asked why. Beyond your role’s routine it needs an approval"),
    Look("looked", "Who looked at them", "looked_at", "person_looked",
         "When, in which role and what for"),
)  # fmt: skip
WAYS: Final = (
    Way("Summary for a partner agency", "partner_summary", "partner_summary",
        "How it goes under a joint plan, by the person’s reference; never where they were."),
    Way("Who was near a place?", "near", "search",
        "By place and time, where you have no person in mind. It needs an approval."),
    Way("Ask for an approval", "ask_permit", "act",
        "For one person or place, one period and one purpose. Somebody else decides it.",
        "ask-approval"),
)  # fmt: skip
#: Without one of these there is nothing to look up.
NEEDED: Final = (
    "find_wearer", *(one.use_case for one in LOOKS), "partner_summary", "near"
)  # fmt: skip


@require_http_methods(["GET", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """The ways that are open; a number looked up (never in an address); or on to a page."""
    if not any(may(request, one) for one in NEEDED):
        raise PermissionDenied
    if request.method == "POST":
        return _found(request)
    if "wearer" in request.GET:
        return _opened(request)
    return _page(request, {})


def _opened(request: HttpRequest) -> HttpResponse:
    """On to the page asked for, whoever it is about: that page says whether they may see it."""
    wearer = request.GET["wearer"].strip()
    looks = {one.name: one for one in _looks(request)}
    chosen = looks.get(request.GET.get("look", ""))
    problems = {}
    if not wearer:
        problems["wearer"] = "Enter the person’s reference"
    if chosen is None:
        problems["look"] = "Choose what you want to look at"
    if problems or chosen is None:
        return _page(request, problems)
    return HttpResponseRedirect(reverse(chosen.page, kwargs={"wearer": wearer}))


def _found(request: HttpRequest) -> HttpResponse:
    """Whose number it is, of those within reach."""
    if not may(request, "find_wearer"):
        raise PermissionDenied
    kind = next((one for one in IdentifierKind if one.value == request.POST.get("kind")), None)
    if kind is None:
        return _page(request, {"kind": "Choose what kind of number it is"})
    read = read_identifier(kind, request.POST.get("number", ""), this_year=timezone.now().year)
    if not isinstance(read, Identifier):
        return _page(request, {"number": f"{read.action[:1].upper()}{read.action[1:]}"})
    found = find_wearer(**calling(request, "find_wearer"), identifier=read)
    return _page(request, {}, found)


def _looks(request: HttpRequest) -> list[Look]:
    return [one for one in LOOKS if may(request, one.use_case)]


def _page(
    request: HttpRequest, problems: dict[str, str], found: tuple[str, ...] | None = None
) -> HttpResponse:
    looks = _looks(request)
    shown: dict[str, Any] = {
        "kinds": [(one.value, KIND_WORDS[one]) for one in IdentifierKind],
        "looks": looks,
        "ways": [one for one in WAYS if may(request, one.use_case)],
        "may_find": may(request, "find_wearer"),
        "has_list": may(request, "list_orders"),
        "given": (request.POST or request.GET).dict(),
        "problems": problems,
        "found": found,
        "first": looks[0] if looks else None,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    return render(request, "find_person.html.jinja", shown, status=status)
