"""Whole documents of JSON: objects that name their format, read and written by tables of fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from tipstaff.formats.json_codecs import Schema
from tipstaff.formats.json_records import Record
from tipstaff.formats.json_source import BROKEN, JsonFault, Reading, canonical_json, parse_json

#: Identifiers that were accepted once are not judged by the year again.
_ANY_YEAR: Final = 9999


@dataclass(frozen=True, slots=True)
class Document:
    """A kind of document: its format's name, its title, and what stands in it."""

    format: str
    title: str
    record: Record

    def read(self, source: bytes) -> Any:
        """The value; or a tuple of every `JsonFault`. Nothing in `source` raises."""
        values = parse_json(source)
        if isinstance(values, JsonFault):
            return (values,)
        if not isinstance(values, dict) or values.get("format") != self.format:
            action = f'it must be an object with "format": "{self.format}"'
            return (JsonFault("format", "is not known here", action),)
        reading = Reading(_ANY_YEAR)
        rest = {name: value for name, value in values.items() if name != "format"}
        read = self.record.read(rest, "", reading)
        return tuple(reading.faults) if read is BROKEN else read

    def write(self, value: Any) -> bytes:
        """The one text of a value; `read` gives an equal one."""
        return canonical_json({"format": self.format, **self.record.write(value)}).encode()


def schema_of(title: str, *documents: Document) -> Schema:
    """The JSON Schema of one document, or of several that are told apart by their formats."""
    shared: dict[str, Schema] = {}
    kinds = [_schema(document, shared) for document in documents]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **(kinds[0] if len(kinds) == 1 else {"oneOf": kinds}),
        "$defs": dict(sorted(shared.items())),
    }


def _schema(document: Document, shared: dict[str, Schema]) -> Schema:
    document.record.schema(shared)
    plain: Schema = shared.pop(document.record.name)
    return {
        **plain,
        "title": document.title,
        "required": ["format", *plain["required"]],
        "properties": {"format": {"const": document.format}, **plain["properties"]},
    }
