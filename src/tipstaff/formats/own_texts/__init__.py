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
#: What every file has beside `words`: texts by the codes of what they say.
TABLES: Final = (
    "rules", "days", "months", "forms", "periods", "alerts", "outcomes", "roles", "operations",
    "purposes", "sights", "problems",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OwnTexts:
    """One form: its language for a browser, its name, that it awaits a reviewer, its texts."""

    form: str
    language: str
    name: str
    review: str
    words: Mapping[str, str]
    tables: Mapping[str, Mapping[str, str]]

    def of(self, table: str, code: str) -> str:
        """The text of a code."""
        return self.tables[table][code]


@cache
def own_texts(form: str) -> OwnTexts:
    """The texts of a form; English for any other name."""
    known = form if form in FORMS else FORMS[0]
    told = tomllib.loads(files(__name__).joinpath(f"{known}.toml").read_text(encoding="utf-8"))
    tables = {table: told[table] for table in TABLES}
    return OwnTexts(known, told["language"], told["name"], told["review"], told["words"], tables)
