"""In whose hands a case is: given to a person or a team, taken out of somebody's hands.

Whoever assigns cases may not list accounts and teams, so their names are entered; who holds the
case now is on record and is chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.http import HttpRequest
from django.utils import timezone

from tipstaff.domain.access_checks import AccessCode
from tipstaff.domain.problems import Problem
from tipstaff.records.assignments import Held
from tipstaff.services.access import Who
from tipstaff.services.assignments import list_assignments
from tipstaff.services.case_view import CaseView
from tipstaff.web.acts import Act, Done, Field, Given, Kind
from tipstaff.web.callers import calling
from tipstaff.web.desks import ACTS
from tipstaff.web.person_forms.form import PersonForm, choices, to_the_person
from tipstaff.web.state_words import said
from tipstaff.web.times import uk_time

_WHOM: Final = (("user", "A person, by the name with which they sign in"), ("team", "A team"))
_NOT_KNOWN: Final = {
    AccessCode.ACCOUNT_NOT_KNOWN: "nobody signs in with that name: ask them, or an administrator",
    AccessCode.TEAM_NOT_KNOWN: "no open team has that name: ask its members, or an administrator",
}


def holders_now(request: HttpRequest, wearer: str) -> list[Held]:
    """Those in whose hands the case is, or is to be."""
    now = timezone.now()
    found = list_assignments(**calling(request, "list_assignments"), wearer=wearer)
    return [one for one in found if _goes_on(one, now)]


def holder_words(one: Held) -> str:
    """Who holds it, as what, and since when."""
    who = one.user or f"Team {one.team}"
    until = "" if one.ends_at is None else f" to {uk_time(one.ends_at)}"
    return f"{who}, as {said(one.relation).lower()}, from {uk_time(one.starts_at)}{until}"


def _goes_on(one: Held, now: datetime) -> bool:
    return one.ended_at is None and (one.ends_at is None or one.ends_at > now)


def _assign(_found: CaseView, wearer: str, _about: str) -> Act:
    act = ACTS["assign"]

    def do(who: Who, given: Given) -> Done:
        named = {given.text("whom"): given.text("name")}
        done = act.do(who, given.also(wearer=wearer, **named))
        return replace(done, problems=tuple(_in_words(done.problems)))

    rest = {one.name: one for one in act.fields}
    fields = (
        rest["relation"],
        Field("whom", "To whom", Kind.ONE, options=choices(_WHOM)),
        Field("name", "Their name, or the team’s"),
        rest["reason"],
    )
    return replace(act, do=do, fields=fields, about=(("Person", wearer),),
                   back_values=to_the_person(wearer))  # fmt: skip


def _in_words(problems: Iterable[Problem]) -> Iterable[Problem]:
    """The problems of who was named stand beside the name."""
    for one in problems:
        named = one.where in {"user", "team"}
        action = next((words for code, words in _NOT_KNOWN.items() if code == one.code), one.action)
        yield replace(one, where="name", action=action) if named else one


def _end(_found: CaseView, wearer: str, about: str) -> Act:
    act = ACTS["end-assignment"]

    def held(request: HttpRequest) -> Sequence[tuple[str, str]]:
        return [(str(one.ref), holder_words(one)) for one in holders_now(request, wearer)]

    def do(who: Who, given: Given) -> Done:
        return act.do(who, given.also(wearer=wearer))

    whose = Field("assignment", "Out of whose hands", Kind.ONE, options=held)
    asked = [one for one in act.fields if one.name not in {"wearer", "assignment"}]
    return replace(
        act, do=do, fields=(whose, *asked), about=(("Person", wearer),),
        filled={"assignment": [about]}, back_values=to_the_person(wearer),
    )  # fmt: skip


FORMS: Final[tuple[PersonForm, ...]] = (
    PersonForm("assign", "assign_case", _assign),
    PersonForm("end-assignment", "end_assignment", _end),
)
