"""Lists of the desks: each is a use case, its columns, and what may be done about a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from tipstaff.web.person_offers import PersonOffer


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell: words, a second line below them, a page they lead to, a tag's tone.

    `needs`: the use case of that page; whoever may not use it is shown the words alone. `names`:
    what the link is about, for whoever hears links alone.
    """

    words: str
    below: str = ""
    href: str = ""
    needs: str = ""
    tag: str = ""
    number: bool = False
    names: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """An act offered beside a line, with what its form is filled with."""

    act: str
    words: str
    values: Mapping[str, str] = field(default_factory=dict)

    def address(self, back: str) -> str:
        """The page of the act, which leads back to the list."""
        query = urlencode({**self.values, "next": back})
        return f"{reverse('act', kwargs={'name': self.act})}?{query}"


@dataclass(frozen=True, slots=True)
class Line:
    """A row, and what may be done about it: forms of the desk, or of the person it is about."""

    cells: tuple[Cell | str, ...]
    offers: tuple[Offer | PersonOffer, ...] = ()


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice above a list: its name in the address, its label, and the choices."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    every: str = "All"


@dataclass(frozen=True, slots=True)
class Listing:
    """A list: `lines` asks the use case; `none` is said of an empty one; `acts` stand above it."""

    name: str
    use_case: str
    title: str
    heads: tuple[str, ...]
    lines: Callable[[HttpRequest], Sequence[Line]]
    none: str
    intro: str = ""
    acts: tuple[Offer, ...] = ()
    filters: tuple[Filter, ...] = ()


def to_person(wearer: str) -> Cell:
    """A wearer's reference, which leads to their page."""
    return Cell(wearer, href=reverse("person", kwargs={"wearer": wearer}), needs="show_case")
