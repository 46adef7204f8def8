"""A form about one person: made of what is on record of them, so that it offers what there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tipstaff.services.case_view import CaseView
from tipstaff.web.acts import Act, Given, Options


@dataclass(frozen=True, slots=True)
class PersonForm:
    """A form: the use case that it is, and how it is made of a case for a wearer.

    `make` is given the reference of what the form is about, where it is about one of several; it
    answers None where there is no such thing to do.
    """

    name: str
    use_case: str
    make: Callable[[CaseView, str, str], Act | None]


def choices(given: Sequence[tuple[str, str]]) -> Options:
    """The choices of a field, made of what is on record."""
    return lambda _request: given


def to_the_person(wearer: str) -> Callable[[Given], dict[str, str]]:
    """Back to the person's page."""
    return lambda _given: {"wearer": wearer}
