"""Consents to and from JSON: a table of fields for each kind of value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from tipstaff.domain.consents import Consent, ConsentKind, ConsentScope, Withdrawal, WithdrawnBy
from tipstaff.domain.search_facts import Scope
from tipstaff.formats.json_codecs import INSTANT, Choice, Flag, Schema, Text
from tipstaff.formats.json_records import Field, Listed, Record
from tipstaff.formats.json_source import BROKEN, Reading
from tipstaff.formats.wearer_json import REFERENCE

ANY: Final = "any"
_NAMES: Final = Listed(Text(100), most=100)


@dataclass(frozen=True, slots=True)
class ScopeCodec:
    """A scope: `"any"` for everything, else a list of names."""

    def read(self, value: object, where: str, reading: Reading) -> Any:
        """The scope; names come in any order, one twice is one."""
        if value == ANY:
            return Scope(everything=True)
        read = _NAMES.read(value, where, reading)
        return BROKEN if read is BROKEN else Scope(frozenset(read))

    def write(self, value: Any) -> Any:
        """The names in order, so that equal scopes have one text."""
        return ANY if value.everything else sorted(value.names)

    def schema(self, shared: dict[str, Schema]) -> Schema:
        """One or the other."""
        return {"oneOf": [{"const": ANY}, _NAMES.schema(shared)]}


_SCOPE: Final = Record(
    "consent_scope",
    ConsentScope,
    (
        Field("collection", Flag()),
        Field("crime_matching", Flag(), default=False),
        Field("crime_types", ScopeCodec(), Scope()),
        Field("forces", ScopeCodec(), Scope()),
        Field("agencies", Listed(Text(200), most=50), ()),
    ),
)
_WITHDRAWAL: Final = Record(
    "withdrawal",
    Withdrawal,
    (
        Field("at", INSTANT),
        Field("how", Choice(WithdrawnBy)),
        Field("told_to", Text(200)),
    ),
)

CONSENT: Final = Record(
    "consent",
    Consent,
    (
        Field("reference", REFERENCE),
        Field("wearer", REFERENCE),
        Field("kind", Choice(ConsentKind)),
        Field("given_at", INSTANT),
        Field("written", Flag()),
        Field("taken_by", Text(200)),
        Field("text", Text(100)),
        Field("scope", _SCOPE),
        Field("person", REFERENCE, ""),
        Field("address", REFERENCE, ""),
        Field("language", Text(35), "en"),
        Field("capacity_considered", Flag(), None),
        Field("interpreter_considered", Flag(), None),
        Field("ends_at", INSTANT, None),
        Field("withdrawn", _WITHDRAWAL, None),
        Field("supersedes", REFERENCE, ""),
    ),
)
