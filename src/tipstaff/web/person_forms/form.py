"""A form about one person: made of what is on record of them, so that it offers what there is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.urls import reverse

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


@dataclass(frozen=True, slots=True)
class PersonOffer:
    """A form offered on a page of a person: its words, what it is about, what it is filled with."""

    form: str
    words: str
    wearer: str
    about: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    def address(self, back: str) -> str:
        """The page of the form, which leads back to the one it was offered on."""
        which = {"wearer": self.wearer, "name": self.form}
        page = "person_act"
        if self.about:
            page, which = "person_act_about", which | {"about": self.about}
        return f"{reverse(page, kwargs=which)}?{urlencode({**self.values, 'next': back})}"


def choices(given: Sequence[tuple[str, str]]) -> Options:
    """The choices of a field, made of what is on record."""
    return lambda _request: given


def to_the_person(wearer: str) -> Callable[[Given], dict[str, str]]:
    """Back to the person's page."""
    return lambda _given: {"wearer": wearer}
