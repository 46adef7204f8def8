"""Single values to and from JSON, each with its JSON Schema. What is made of them: `json_records`.

A codec reads a plain value at a path, notes every fault there is and hands back the value or
`BROKEN`; it writes the value back so that reading gives an equal one. No fault repeats what was
written: it may be about a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import IntEnum, StrEnum
from functools import cache
from typing import Any, Final, Protocol, TypeVar

from tipstaff.formats.json_source import Broken, Reading

MOST_TEXT: Final = 2000
Schema = dict[str, Any]
Word = TypeVar("Word", bound=StrEnum)


class Codec(Protocol):
    """How one kind of value is read, written and described."""

    def read(self, value: object, where: str, reading: Reading) -> Any:
        """The value, or `BROKEN` with its faults noted."""

    def write(self, value: Any) -> Any:
        """The value as plain JSON."""

    def schema(self, shared: dict[str, Schema]) -> Schema:
        """Its JSON Schema; what several places use is put into `shared`."""


@dataclass(frozen=True, slots=True)
class Text:
    """Printable text of one line; `least` characters that are no spaces, at its ends none."""

    most: int = MOST_TEXT
    least: int = 1

    def read(self, value: object, where: str, reading: Reading) -> str | Broken:
        """The text, trimmed."""
        if not isinstance(value, str):
            return reading.fault(where, "must be text", "write it in quotes")
        if not value.isprintable():
            return reading.fault(where, "has characters that do not print", "write one plain line")
        text = value.strip()
        if len(text) < self.least:
            return reading.fault(where, "is empty", "write it, or leave the field out")
        if len(text) > self.most:
            return reading.fault(where, "is too long", f"write {self.most} characters at most")
        return text

    def write(self, value: Any) -> Any:
        """The text itself."""
        return value

    def schema(self, shared: dict[str, Schema]) -> Schema:  # noqa: ARG002
        """A string with its lengths."""
        return {"type": "string", "minLength": self.least, "maxLength": self.most}


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    def read(self, value: object, where: str, reading: Reading) -> bool | Broken:
        """The flag; 1 and "yes" are none."""
        if isinstance(value, bool):
            return value
        return reading.fault(where, "must be true or false", "write it without quotes")

    def write(self, value: Any) -> Any:
        """The flag itself."""
        return value

    def schema(self, shared: dict[str, Schema]) -> Schema:  # noqa: ARG002
        """A boolean."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Count:
    """A whole number from 1 on."""

    most: int = 10_000

    def read(self, value: object, where: str, reading: Reading) -> int | Broken:
        """The number."""
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= self.most:
            return value
        return reading.fault(where, f"must be a whole number from 1 to {self.most}", "write it so")

    def write(self, value: Any) -> Any:
        """The number itself."""
        return value

    def schema(self, shared: dict[str, Schema]) -> Schema:  # noqa: ARG002
        """An integer with its bounds."""
        return {"type": "integer", "minimum": 1, "maximum": self.most}


@dataclass(frozen=True, slots=True)
class Number:
    """A finite number; which ones make sense is for the checks to say."""

    unit: str

    def read(self, value: object, where: str, reading: Reading) -> float | Broken:
        """The number as a float."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= 1e300:
            return reading.fault(where, "must be a number", f"write {self.unit}")
        return float(value)

    def write(self, value: Any) -> Any:
        """The number itself."""
        return value

    def schema(self, shared: dict[str, Schema]) -> Schema:  # noqa: ARG002
        """A number, its unit in words."""
        return {"type": "number", "description": self.unit}


@cache
def _named(words: type[StrEnum] | type[IntEnum]) -> dict[str, Any]:
    """Each member by its word."""
    if issubclass(words, StrEnum):
        return {member.value: member for member in words}
    return {member.name.lower(): member for member in words}


@dataclass(frozen=True, slots=True)
class Choice:
    """One word of an enumeration; of an `IntEnum`, its member's name in lower case."""

    words: type[StrEnum] | type[IntEnum]

    def read(self, value: object, where: str, reading: Reading) -> Any:
        """The member."""
        named = _named(self.words)
        if isinstance(value, str) and value in named:
            return named[value]
        return reading.fault(where, "is not a word known here", f"use one of {', '.join(named)}")

    def write(self, value: Any) -> Any:
        """The member's word."""
        return next(word for word, member in _named(self.words).items() if member is value)

    def schema(self, shared: dict[str, Schema]) -> Schema:  # noqa: ARG002
        """An enumeration of strings."""
        return {"type": "string", "enum": list(_named(self.words))}


@dataclass(frozen=True, slots=True)
class Moment:
    """A day or a time as text: a pattern, how it is read, how it is written, an example."""

    pattern: str
    parse: Callable[[str], Any]
    form: Callable[[Any], str]
    what: str
    example: str
    comment: str

    def read(self, value: object, where: str, reading: Reading) -> Any:
        """The day or time."""
        if isinstance(value, str) and re.fullmatch(self.pattern, value, re.ASCII):
            try:
                return self.parse(value)
            except (ValueError, OverflowError):
                pass
        return reading.fault(where, f"must be {self.what}", f"write for instance {self.example}")

    def write(self, value: Any) -> Any:
        """Its text."""
        return self.form(value)

    def schema(self, shared: dict[str, Schema]) -> Schema:  # noqa: ARG002
        """A string of this pattern."""
        return {"type": "string", "pattern": f"^{self.pattern}$", "description": self.comment}


_DAY_PATTERN: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK: Final = r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


DAY: Final = Moment(
    _DAY_PATTERN, date.fromisoformat, date.isoformat, "a day", "2026-03-02", "a day"
)
INSTANT: Final = Moment(
    rf"{_DAY_PATTERN}T{_CLOCK}(Z|[+-][0-9]{{2}}:[0-9]{{2}})",
    _instant,
    lambda value: value.astimezone(UTC).isoformat().replace("+00:00", "Z"),
    "a time with its offset",
    "2026-03-02T09:30:00Z",
    "an instant, with its offset from UTC",
)
CLOCK_TIME: Final = Moment(
    _CLOCK, time.fromisoformat, time.isoformat, "a time of day", "19:00", "wall time"
)
WALL_TIME: Final = Moment(
    f"{_DAY_PATTERN}T{_CLOCK}",
    datetime.fromisoformat,
    datetime.isoformat,
    "a day and time of the wall clock, without an offset",
    "2026-03-02T19:00",
    "wall time in Great Britain",
)
