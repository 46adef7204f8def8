"""Looking through a mapping's values: every fault gathered, each with where and what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from tipstaff.formats.mapping_units import (
    DIRECTIVES,
    EPOCH_MICROS,
    FIELDS,
    ISO,
    REQUIRED_DIRECTIVES,
)


@dataclass(frozen=True, slots=True)
class MappingFault:
    """One thing wrong with a mapping: where, what, and what to do."""

    where: str
    what: str
    action: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.action}"


class Checker:
    """Walks the TOML values and gathers every fault, so that a user mends them all at once."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values
        self.faults: list[MappingFault] = []

    def fault(self, where: str, what: str, action: str) -> None:
        """Note a fault."""
        self.faults.append(MappingFault(where, what, action))

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

    def texts(self, where: str, value: Any) -> tuple[str, ...]:
        """One text or a list of them, none empty."""
        listed = [value] if isinstance(value, str) else value
        if isinstance(listed, list) and listed and all(isinstance(x, str) and x for x in listed):
            return tuple(listed)
        self.fault(where, "must be a name or a list of names", "write it in quotes")
        return ()

    def known_fields(self, where: str, names: Any, allowed: tuple[str, ...] = FIELDS) -> None:
        """A fault for each name that is not `allowed`."""
        for name in names:
            if name not in allowed:
                action = f"use one of {', '.join(allowed)}"
                self.fault(f"{where}.{name}", "is not a field here", action)

    def test(self, where: str, value: Any, action_of: Callable[[Any], str | None]) -> None:
        """A fault where `action_of` the value says what to do about it; each place once."""
        action = action_of(value)
        if action and not any(fault.where == where for fault in self.faults):
            self.fault(where, f"{value!r} cannot be used", action)


def zone_fault(zone: Any) -> str | None:
    """What to do about a value that names no time zone; None where it does, or is None."""
    try:
        if zone is not None:
            ZoneInfo(zone)
    except (KeyError, ValueError, TypeError, OSError):
        return 'use a name such as "UTC" or "Europe/London"'
    return None


def time_format_fault(text: Any) -> str | None:
    """What to do about a value that is no time format."""
    if text == ISO or text in EPOCH_MICROS:
        return None
    if not isinstance(text, str) or "%" not in text:
        return f"use iso, {', '.join(EPOCH_MICROS)} or a pattern such as %d/%m/%Y %H:%M:%S"
    used = [text[i : i + 2] for i in range(len(text)) if text[i] == "%"]
    if len(set(used)) != len(used) or not set(used) <= set(DIRECTIVES):
        return f"use each of {' '.join(DIRECTIVES)} at most once, and no other"
    missing = [directive for directive in REQUIRED_DIRECTIVES if directive not in used]
    return f"add {' '.join(missing)}" if missing else None
