"""Acts by form: each is a use case, its fields in the order of asking, and where it leads back to.

An act is data (`desks` has them); the page, the errors beside the fields and the way back are the
same for all. Whether somebody may do it, the use case decides; the page only does not offer it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, Final, TypeVar
from uuid import UUID

from django.http import HttpRequest

from tipstaff.domain.problems import Problem
from tipstaff.services.access import Who
from tipstaff.web.given_times import read_local
from tipstaff.web.state_words import said

_ANY = TypeVar("_ANY", bound=StrEnum)
Options = Callable[[HttpRequest], Sequence[tuple[str, str]]]


#: A number of more digits counts nothing here, and no database holds it.
_DIGITS: Final = 9


class Kind(StrEnum):
    """What is entered in a field.

    `known`: chosen on a page among what is on record, which a program names.
    """

    TEXT = "text"
    WORDS = "words"
    CHOICE = "choice"
    ONE = "one"
    KNOWN = "known"
    SEVERAL = "several"
    DAY = "day"
    MOMENT = "moment"
    HOUR = "hour"
    NUMBER = "number"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `where`: what a problem of the use case calls it, if not by its name."""

    name: str
    label: str = ""
    kind: Kind = Kind.TEXT
    hint: str = ""
    needed: bool = True
    options: Options | None = None
    where: str = ""


class Given:
    """What was entered, read by the kind of field; a missing value is None or empty."""

    def __init__(self, values: Mapping[str, Sequence[str]]) -> None:
        self._values = values

    def text(self, name: str) -> str:
        """The text of a field, without space round it."""
        found = self._values.get(name) or [""]
        return found[-1].strip()

    def several(self, name: str) -> list[str]:
        """What was ticked of a field."""
        return [one for one in self._values.get(name, ()) if one]

    def also(self, **values: str) -> Given:
        """The same, with what the form knows without asking."""
        return Given({**self._values, **{name: [value] for name, value in values.items()}})

    def day(self, name: str) -> date | None:
        """A day; None where it is none."""
        try:
            return date.fromisoformat(self.text(name))
        except ValueError:
            return None

    def moment(self, name: str) -> datetime | None:
        """An instant, entered as UK time; None where it is none."""
        return read_local(self.text(name))

    def hour(self, name: str) -> time | None:
        """A time of day by the clock on the wall; None where it is none."""
        try:
            found = time.fromisoformat(self.text(name))
        except ValueError:
            return None
        return None if found.tzinfo else found

    def number(self, name: str) -> int | None:
        """A whole number that is not negative; None where it is none, or one beyond all use."""
        text = self.text(name)
        whole = text.isascii() and text.isdecimal() and len(text) <= _DIGITS
        return int(text) if whole else None

    def key(self, name: str) -> UUID:
        """A key; one of nothing where it is none."""
        try:
            return UUID(self.text(name))
        except ValueError:
            return UUID(int=0)

    def the(self, kind: type[_ANY], name: str) -> _ANY:
        """The word of a field that `missing` has looked at."""
        return kind(self.text(name))

    def the_moment(self, name: str) -> datetime:
        """The instant of a field that `missing` has looked at; ValueError where it is none."""
        found = self.moment(name)
        if found is None:
            raise ValueError(name)
        return found

    def the_day(self, name: str) -> date:
        """The day of a field that `missing` has looked at."""
        return date.fromisoformat(self.text(name))

    def one(self, kind: type[_ANY], name: str) -> _ANY | None:
        """A word of an enumeration; None where it is none."""
        return next((one for one in kind if one.value == self.text(name)), None)


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an act: why it was refused, or what to say; `secret` is shown this once."""

    problems: tuple[Problem, ...] = ()
    words: str = ""
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """An act: the use case, what is asked for, and the page to which it leads back.

    `about`: what stands above the form, as pairs of a name and words, and `told` more of them, of
    what the link brought; `filled`: what the fields hold before anybody entered something.
    """

    name: str
    use_case: str
    title: str
    button: str
    do: Callable[[Who, Given], Done]
    done: str
    back: str
    fields: tuple[Field, ...] = ()
    warning: str = ""
    back_values: Callable[[Given], dict[str, str]] = field(default=lambda _given: {})
    about: tuple[tuple[str, str], ...] = ()
    filled: Mapping[str, Sequence[str]] = field(default_factory=dict)
    told: Callable[[Given], tuple[tuple[str, str], ...]] = field(default=lambda _given: ())


_MISSING: Final[Mapping[Kind, str]] = {
    Kind.CHOICE: "Choose one",
    Kind.ONE: "Choose one",
    Kind.KNOWN: "Choose one",
    Kind.SEVERAL: "Choose at least one",
    Kind.DAY: "Enter a day",
    Kind.MOMENT: "Enter a day and a time",
    Kind.HOUR: "Enter a time of day, as 19:00",
    Kind.NUMBER: "Enter a whole number",
}

#: What is read of a field of one value that is no text; None where it is none.
_READ: Final[Mapping[Kind, Callable[[Given, str], object]]] = {
    Kind.DAY: Given.day,
    Kind.MOMENT: Given.moment,
    Kind.HOUR: Given.hour,
    Kind.NUMBER: Given.number,
}


def missing(act: Act, given: Given, request: HttpRequest) -> dict[str, str]:
    """What is wrong with what was entered before anybody is asked, by field."""
    problems: dict[str, str] = {}
    for one in act.fields:
        if not _is_there(one, given, request) and (one.needed or given.text(one.name)):
            problems[one.name] = _MISSING.get(one.kind, "Enter something")
    return problems


def _is_there(one: Field, given: Given, request: HttpRequest) -> bool:
    if one.kind in _READ:
        return _READ[one.kind](given, one.name) is not None
    match one.kind:
        case Kind.CHOICE | Kind.ONE | Kind.KNOWN:
            return given.text(one.name) in dict(one.options(request) if one.options else ())
        case Kind.SEVERAL:
            known = dict(one.options(request) if one.options else ())
            ticked = given.several(one.name)
            return bool(ticked) and all(value in known for value in ticked)
        case _:
            return bool(given.text(one.name))


def told(act: Act, problems: Iterable[Problem]) -> dict[str, str]:
    """Problems of a use case by the field they belong to; those of none under the empty name."""
    found: dict[str, str] = {}
    names = {one.where or one.name: one.name for one in act.fields if one.kind is not Kind.HIDDEN}
    for problem in problems:
        part = problem.where.partition(".")[0].partition("[")[0]
        name = names.get(problem.where, names.get(part, ""))
        found.setdefault(name, f"{problem.action[:1].upper()}{problem.action[1:]}")
    return found


def words_of(kind: type[StrEnum], words: Mapping[Any, str] | None = None) -> Options:
    """The choices of an enumeration, in its order, in its own words where no others are given."""

    def options(_request: HttpRequest) -> list[tuple[str, str]]:
        return [(one.value, words[one] if words else said(one)) for one in kind]

    return options
