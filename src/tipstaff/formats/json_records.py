"""Values made of others to and from JSON: lists, records by a table of fields, tagged unions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tipstaff.formats.json_codecs import Codec, Schema
from tipstaff.formats.json_source import BROKEN, Broken, Reading, repeats_a_name

MOST_ITEMS: Final = 1000


class _Required:
    """Stands for the default of a field that must be there."""


REQUIRED: Final = _Required()


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record: its name in JSON, which is that of the attribute, and its codec.

    Where it is left out it has the `default`; where it has that value it is left out in writing.
    """

    name: str
    codec: Codec
    default: Any = REQUIRED


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of values of one kind, read as a tuple."""

    item: Codec
    most: int = MOST_ITEMS

    def read(self, value: object, where: str, reading: Reading) -> Any:
        """The values; the faults of all of them are noted."""
        if not isinstance(value, list):
            return reading.fault(where, "must be a list", "write it in square brackets")
        if len(value) > self.most:
            return reading.fault(where, "has too many items", f"write {self.most} at most")
        read = [self.item.read(x, f"{where}[{n}]", reading) for n, x in enumerate(value)]
        return BROKEN if any(x is BROKEN for x in read) else tuple(read)

    def write(self, value: Any) -> Any:
        """A list."""
        return [self.item.write(x) for x in value]

    def schema(self, shared: dict[str, Schema]) -> Schema:
        """An array."""
        return {"type": "array", "items": self.item.schema(shared), "maxItems": self.most}


@dataclass(frozen=True, slots=True)
class Record:
    """An object by a table of fields. `make` takes them by name; `name` is that in the schema."""

    name: str
    make: Callable[..., Any]
    fields: tuple[Field, ...]

    def read(self, value: object, where: str, reading: Reading) -> Any:
        """The value; the faults of all its fields are noted, and every field not known."""
        if not isinstance(value, dict):
            return _no_object(value, where, reading)
        names = [field.name for field in self.fields]
        strange = _unknown(value, names, where, reading)
        read = {f.name: _field(f, value, where, reading) for f in self.fields}
        if strange or any(x is BROKEN for x in read.values()):
            return BROKEN  # a field that was misspelt may be the one that mattered
        return self.make(**read)

    def write(self, value: Any) -> Any:
        """An object without the fields that have their default."""
        return self.write_fields({f.name: getattr(value, f.name) for f in self.fields})

    def write_fields(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """An object of fields given by name."""
        return {
            f.name: f.codec.write(values[f.name])
            for f in self.fields
            if f.default is REQUIRED or values[f.name] != f.default
        }

    def schema(self, shared: dict[str, Schema]) -> Schema:
        """A reference to the object's schema, which is shared under its name."""
        if self.name not in shared:
            shared[self.name] = {}
            shared[self.name] = _object_schema(self.fields, {}, shared)
        return {"$ref": f"#/$defs/{self.name}"}


@dataclass(frozen=True, slots=True)
class Tagged:
    """One of several records, told apart by the field `tag`."""

    tag: str
    choices: Mapping[str, Record]
    tag_of: Callable[[Any], str]

    def read(self, value: object, where: str, reading: Reading) -> Any:
        """The value of the record that the tag names."""
        if not isinstance(value, dict):
            return _no_object(value, where, reading)
        tag = value.get(self.tag)
        if not isinstance(tag, str) or tag not in self.choices:
            words = ", ".join(self.choices)
            return reading.fault(_at(where, self.tag), "is not known", f"use one of {words}")
        rest = {name: x for name, x in value.items() if name != self.tag}
        return self.choices[tag].read(rest, where, reading)

    def write(self, value: Any) -> Any:
        """The record's object, its tag first."""
        tag = self.tag_of(value)
        return {self.tag: tag, **self.choices[tag].write(value)}

    def schema(self, shared: dict[str, Schema]) -> Schema:
        """One schema for each tag."""
        for tag, record in self.choices.items():
            if record.name not in shared:
                constant = {self.tag: {"const": tag}}
                shared[record.name] = _object_schema(record.fields, constant, shared)
        refs = [{"$ref": f"#/$defs/{record.name}"} for record in self.choices.values()]
        return {"oneOf": refs}


def _object_schema(
    fields: Iterable[Field], constant: Mapping[str, Schema], shared: dict[str, Schema]
) -> Schema:
    listed = tuple(fields)
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [*constant, *(f.name for f in listed if f.default is REQUIRED)],
        "properties": {**constant, **{f.name: f.codec.schema(shared) for f in listed}},
    }


def _field(field: Field, values: dict[str, Any], where: str, reading: Reading) -> Any:
    place = _at(where, field.name)
    if field.name in values:
        return field.codec.read(values[field.name], place, reading)
    if field.default is REQUIRED:
        return reading.fault(place, "is missing", "write it")
    return field.default


def _unknown(values: dict[str, Any], names: list[str], where: str, reading: Reading) -> bool:
    """Whether there are fields that are not known; the fault is noted."""
    strange = bool(set(values) - set(names))
    if strange:
        # The names are the sender's: they may hold anything, and are not repeated.
        action = f"use only {', '.join(names)}"
        reading.fault(where, "has fields that are not known here", action)
    return strange


def _no_object(value: object, where: str, reading: Reading) -> Broken:
    if repeats_a_name(value):
        return reading.fault(where, "has one field twice", "write each field once")
    return reading.fault(where, "must be an object", "write it in curly brackets")


def _at(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name
