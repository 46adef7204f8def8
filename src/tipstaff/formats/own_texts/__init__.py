"""What wearers read on their own page: a TOML file for English, Welsh and Easy Read each."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

#: Names of the forms, in the order in which they are offered.
FORMS: Final = ("en", "cy", "easy")


@dataclass(frozen=True, slots=True)
class OwnTexts:
    """One form: its language for a browser, its name, that it awaits a reviewer, its words."""

    form: str
    language: str
    name: str
    review: str
    words: Mapping[str, str]


@cache
def own_texts(form: str) -> OwnTexts:
    """The texts of a form; English for any other name."""
    known = form if form in FORMS else FORMS[0]
    told = tomllib.loads(files(__name__).joinpath(f"{known}.toml").read_text(encoding="utf-8"))
    return OwnTexts(known, told["language"], told["name"], told["review"], told["words"])
