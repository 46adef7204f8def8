"""Lists of the desks: each is a use case, its columns, and what may be done about a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from tipstaff.web.paging import Numbered, next_after
from tipstaff.web.person_offers import PersonOffer

#: So many lines has a page of a list.
A_PAGE: Final = 200
_ROW = TypeVar("_ROW")


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
class Some:
    """Some lines of a list that has more: the pages beside them, and what to say of them."""

    lines: Sequence[Line]
    before: str = ""
    next: str = ""
    said: str = ""

    @property
    def before_words(self) -> str:
        """Where the page before leads: of a list with numbers one back, else to the beginning."""
        return "Page before" if self.said else "First page"


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice above a list: its name in the address, its label, and the choices.

    Choices that change as time goes are asked for at each look.
    """

    name: str
    label: str
    options: tuple[tuple[str, str], ...] | Callable[[], tuple[tuple[str, str], ...]]
    every: str = "All"

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """What there is to choose now."""
        return self.options() if callable(self.options) else self.options


@dataclass(frozen=True, slots=True)
class Listing:
    """A list: `lines` asks the use case; `none` is said of an empty one; `acts` stand above it."""

    name: str
    use_case: str
    title: str
    heads: tuple[str, ...]
    lines: Callable[[HttpRequest], Sequence[Line] | Some]
    none: str
    intro: str = ""
    acts: tuple[Offer, ...] = ()
    filters: tuple[Filter, ...] = ()


def cut(lines: Sequence[Line], most: int) -> Some:
    """The lines of a list that shows so many and has no pages: where it may have more, it says."""
    more = f"The first {most} are shown; there may be more." if len(lines) >= most else ""
    return Some(lines, said=more)


def by_key(
    request: HttpRequest, lines: Sequence[Line], found: Sequence[_ROW], key: Callable[[_ROW], Any]
) -> Some:
    """The lines of a page of `A_PAGE`; it goes on after the key of the last that was `found`."""
    first = request.GET.copy()
    before = f"?{first.urlencode()}" if first.pop("after", None) else ""
    return Some(lines, before, next_after(request, found, A_PAGE, key))


def by_number(lines: Sequence[Line], page: Numbered) -> Some:
    """The lines of a page of a list that is counted."""
    said = f"Page {page.at} of {page.pages}." if page.pages > 1 else ""
    return Some(lines, page.before, page.next, said)


def to_person(wearer: str) -> Cell:
    """A wearer's reference, which leads to their page."""
    return Cell(wearer, href=reverse("person", kwargs={"wearer": wearer}), needs="show_case")
