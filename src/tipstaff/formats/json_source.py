"""Bytes of JSON to plain values, and what is wrong with them, all faults at once.

Stricter than JSON itself where two programs could read one file differently: a name given twice, a
number that is none, and bytes that are no UTF-8 are faults.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class JsonFault:
    """One thing wrong: a path into the document, what, and what to do. Never what was written."""

    where: str
    what: str
    action: str

    def __str__(self) -> str:
        return f"{self.where or 'file'}: {self.what}; {self.action}"


@dataclass(slots=True)
class Reading:
    """One reading of a document: its faults, and the year from which identifiers are judged."""

    this_year: int
    faults: list[JsonFault] = field(default_factory=list)

    def fault(self, where: str, what: str, action: str) -> Broken:
        """Note a fault; what stands for the value that could not be read."""
        self.faults.append(JsonFault(where, what, action))
        return BROKEN


class Broken:
    """Stands for a value that could not be read; its fault is noted."""

    __slots__ = ()


BROKEN: Final = Broken()


class _Repeated(Mapping[str, Any]):
    """An object with a name given twice: no plain object, so that every codec refuses it."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    def __getitem__(self, key: str) -> Any:
        return self._values[key]

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


class _NotJsonError(ValueError):
    """Never leaves this module."""


def parse_json(source: bytes) -> object | JsonFault:
    """The plain values of a document, or what is wrong with it as a whole."""
    try:
        values: object = json.loads(
            source.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_no_constant
        )
        return values
    except UnicodeDecodeError:
        return JsonFault("", "is not UTF-8", "save it as UTF-8")
    except json.JSONDecodeError as error:
        what = f"is not JSON (line {error.lineno}, column {error.colno})"
        return JsonFault("", what, "mend what stands there")
    except (RecursionError, ValueError):
        return JsonFault("", "is not JSON that can be read", "check how deep it is and its numbers")


def repeats_a_name(value: object) -> bool:
    """Whether it is an object with a name given twice."""
    return isinstance(value, _Repeated)


def canonical_json(value: object) -> str:
    """The one text of plain values: names in order, no spaces, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _object(pairs: list[tuple[str, Any]]) -> Any:
    values = dict(pairs)
    return values if len(values) == len(pairs) else _Repeated(values)


def _no_constant(_name: str) -> Any:
    raise _NotJsonError
