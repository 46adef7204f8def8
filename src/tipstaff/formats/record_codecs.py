"""Single values that whole records need beside those of `json_codecs`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from tipstaff.formats.json_codecs import Schema
from tipstaff.formats.json_source import Broken, Reading

_UUID: Final = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


@dataclass(frozen=True, slots=True)
class AnyText:
    """Text as it was kept: whatever characters it has, its ends untouched."""

    most: int

    def read(self, value: object, where: str, reading: Reading) -> str | Broken:
        """The text itself."""
        if not isinstance(value, str):
            return reading.fault(where, "must be text", "write it in quotes")
        if len(value) > self.most or "\0" in value or not _can_be_stored(value):
            return reading.fault(where, "cannot be stored", f"write {self.most} characters at most")
        return value

    def write(self, value: Any) -> Any:
        """The text itself."""
        return value

    def schema(self, shared: dict[str, Schema]) -> Schema:  # noqa: ARG002
        """A string."""
        return {"type": "string", "maxLength": self.most}


@dataclass(frozen=True, slots=True)
class Uuid:
    """A random reference."""

    def read(self, value: object, where: str, reading: Reading) -> UUID | Broken:
        """The reference."""
        if isinstance(value, str) and re.fullmatch(_UUID, value, re.ASCII):
            return UUID(value)
        return reading.fault(where, "must be a UUID", "write it in lower case with its hyphens")

    def write(self, value: Any) -> Any:
        """Its text."""
        return str(value)

    def schema(self, shared: dict[str, Schema]) -> Schema:  # noqa: ARG002
        """A string of this pattern."""
        return {"type": "string", "pattern": f"^{_UUID}$"}


@dataclass(frozen=True, slots=True)
class Size:
    """A whole number from 0 on."""

    def read(self, value: object, where: str, reading: Reading) -> int | Broken:
        """The number."""
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53:
            return value
        return reading.fault(where, "must be a whole number, 0 or more", "write it so")

    def write(self, value: Any) -> Any:
        """The number itself."""
        return value

    def schema(self, shared: dict[str, Schema]) -> Schema:  # noqa: ARG002
        """An integer."""
        return {"type": "integer", "minimum": 0}


def _can_be_stored(text: str) -> bool:
    """Half of a surrogate pair is no character: no database takes it."""
    return not any("\ud800" <= character <= "\udfff" for character in text)
