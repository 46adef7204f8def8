"""Looking through the values of a TOML file: every fault gathered, with where and what to do."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final, TypeVar

MOST: Final = 1200
Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class TomlFault:
    """One thing wrong with a file: where, what, and what to do."""

    where: str
    what: str
    action: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.action}"


def toml_values(source: bytes) -> dict[str, Any] | TomlFault:
    """The values of a TOML file, or what is wrong with it as a whole."""
    try:
        return tomllib.loads(source.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        return TomlFault("file", f"is not TOML ({error})", "mend the line named")


class Checker:
    """Walks the TOML values and gathers every fault, so that a user mends them all at once.

    Each method takes where the value stands and the value, and hands back one that can be used;
    where the value cannot be, it notes a fault and hands back a stand-in.
    """

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values
        self.faults: list[TomlFault] = []

    def fault(self, where: str, what: str, action: str) -> None:
        """Note a fault."""
        self.faults.append(TomlFault(where, what, action))

    def choice(self, where: str, value: Any, allowed: Any) -> Any:
        """`value` if it is one of `allowed`, else a fault and the first of them."""
        if isinstance(value, str | int) and value in allowed:
            return value
        self.fault(where, f"{value!r} is not known", f"use one of {', '.join(map(str, allowed))}")
        return next(iter(allowed))

    def table(self, name: str) -> dict[str, Any]:
        """The table of that name, empty where there is none."""
        value = self.values.get(name, {})
        if isinstance(value, dict):
            return value
        self.fault(name, "must be a table", f"write [{name}] and its keys below it")
        return {}

    def tables(self, name: str) -> list[dict[str, Any]]:
        """The list of tables of that name: one at least, else a fault."""
        value = self.values.get(name)
        if isinstance(value, list) and value and all(isinstance(x, dict) for x in value):
            return value
        self.fault(name, "must be one table or more", f"write [[{name}]] and its keys below it")
        return []

    def text(self, where: str, value: Any) -> str:
        """A printable text that is not empty."""
        if isinstance(value, str) and value.strip() and value.isprintable():
            return value.strip()
        self.fault(where, "is missing or not a text", "write it in quotes, on one line")
        return ""

    def texts(self, where: str, value: Any) -> tuple[str, ...]:
        """One text or a list of them, none empty."""
        listed = [value] if isinstance(value, str) else value
        if isinstance(listed, list) and listed and all(isinstance(x, str) and x for x in listed):
            return tuple(listed)
        self.fault(where, "must be a name or a list of names", "write it in quotes")
        return ()

    def words(self, where: str, value: Any, kind: type[Word]) -> tuple[Word, ...]:
        """One member of an enumeration or a list of them, by their values."""
        allowed = [word.value for word in kind]
        return tuple(kind(self.choice(where, x, allowed)) for x in self.texts(where, value))

    def count(self, where: str, value: Any) -> int:
        """A whole number from 1 to `MOST`."""
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MOST:
            return value
        self.fault(where, f"must be a whole number from 1 to {MOST}", "write for instance 12")
        return 1

    def flag(self, where: str, value: Any) -> bool:
        """True or false."""
        if isinstance(value, bool):
            return value
        self.fault(where, "must be true or false", "write true or false, without quotes")
        return False

    def day(self, where: str, value: Any) -> date:
        """A date without a time."""
        if type(value) is date:  # a TOML date-time would be a date too
            return value
        self.fault(where, "must be a date", "write for instance 2022-10-26, without quotes")
        return date.max

    def known_fields(self, where: str, names: Iterable[str], allowed: Iterable[str]) -> None:
        """A fault for each name that is not `allowed`; `where` is empty at the top of the file."""
        known = tuple(allowed)
        for name in names:
            if name not in known:
                place = f"{where}.{name}" if where else name
                self.fault(place, "is not a field here", f"use one of {', '.join(known)}")

    def test(self, where: str, value: Any, action_of: Callable[[Any], str | None]) -> None:
        """A fault where `action_of` the value says what to do about it; each place once."""
        action = action_of(value)
        if action and not any(fault.where == where for fault in self.faults):
            self.fault(where, f"{value!r} cannot be used", action)
