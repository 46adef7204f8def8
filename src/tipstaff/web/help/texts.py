"""The texts of help, from the data files beside this module: read once, linked to the words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from markupsafe import Markup, escape

from tipstaff.domain.findings import FindingKind

_LINK: Final = re.compile(r"\[([^\]|]+)(?:\|([^\]]+))?\]")
_STRESSED: Final = re.compile(r"\*([^*]+)\*")


@dataclass(frozen=True, slots=True)
class About:
    """What a kind of page shows, what it cannot show, and what to do next; words are links."""

    shows: Markup
    cannot: Markup
    next: Markup


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do on the first day, and the page where."""

    words: str
    address: str
    said: str


@dataclass(frozen=True, slots=True)
class FirstDay:
    """What a role comes for, and where to begin."""

    said: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the glossary: its anchor, and what it means."""

    word: str
    anchor: str
    meaning: Markup


@cache
def words() -> tuple[Word, ...]:
    """The words that pages explain, by letter."""
    return tuple(Word(one, anchor(one), _stressed(said)) for one, said in _words().items())


@cache
def abouts(address: str) -> Mapping[str, About]:
    """What stands under "About this page", by kind of page; `address`: where the words stand."""
    return {
        kind: About(**{name: linked(text, address) for name, text in told.items()})
        for kind, told in _read("about").items()
    }


@cache
def calls(kind: FindingKind) -> tuple[str, ...]:
    """What to say to a wearer of whom there is an alert of this kind, in order."""
    told = _read("calls")
    every = told["every"]
    return (*every["first"], *told[kind.value]["ask"], *every["last"])


@cache
def first_days() -> Mapping[str, FirstDay]:
    """The first day of each role, by the role's name."""
    return {
        role: FirstDay(told["said"], tuple(Step(*one) for one in told["steps"]))
        for role, told in _read("first_days").items()
    }


def linked(text: str, address: str) -> Markup:
    """A text with its words in [brackets] as links to what they mean; ValueError for no word."""
    made, at = Markup(""), 0
    for found in _LINK.finditer(text):
        word = found[2] or found[1]
        if word not in _words():
            raise ValueError(word)
        made += _stressed(text[at : found.start()])
        made += Markup('<a class="govuk-link" href="{}#{}">{}</a>').format(
            address, anchor(word), found[1]
        )
        at = found.end()
    return made + _stressed(text[at:])


def anchor(word: str) -> str:
    """A word as the name of its place on the page of words."""
    return re.sub(r"[^a-z0-9]+", "-", word.lower()).strip("-")


def _stressed(text: str) -> Markup:
    """A text with what stands between *stars* stressed, and nothing else taken as HTML."""
    return Markup(_STRESSED.sub(r"<em>\1</em>", str(escape(text))))  # noqa: S704 (escaped above)


@cache
def _words() -> Mapping[str, str]:
    return _read("words")


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((resources.files(__package__) / f"{name}.toml").read_text("utf-8"))
