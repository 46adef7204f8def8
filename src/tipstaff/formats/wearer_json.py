"""Wearers to and from JSON: a table of fields for each kind of value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from tipstaff.domain.identifiers import Identifier, IdentifierKind, read_identifier
from tipstaff.domain.wearers import (
    Address,
    ChildSafeguards,
    Name,
    Need,
    NeedKind,
    ResponsibleAdult,
    Risk,
    RiskKind,
    Wearer,
)
from tipstaff.domain.zones import Place
from tipstaff.formats.json_codecs import DAY, Choice, Flag, Number, Schema, Text
from tipstaff.formats.json_records import Field, Listed, Record
from tipstaff.formats.json_source import BROKEN, Reading

#: A PostgreSQL index holds 2,700 bytes, and a character may take four.
REFERENCE: Final = Text(most=500)

PLACE: Final = Record(
    "place",
    Place,
    (Field("latitude", Number("degrees (WGS84)")), Field("longitude", Number("degrees (WGS84)"))),
)


_IDENTIFIER: Final = Record(
    "identifier", dict, (Field("kind", Choice(IdentifierKind)), Field("value", Text(most=40)))
)


@dataclass(frozen=True, slots=True)
class IdentifierCodec:
    """An identifier: its kind and its value, brought into its normal form."""

    def read(self, value: object, where: str, reading: Reading) -> Any:
        """The identifier; its check letter is looked at."""
        read = _IDENTIFIER.read(value, where, reading)
        if read is BROKEN:
            return BROKEN
        found = read_identifier(read["kind"], read["value"], this_year=reading.this_year)
        if isinstance(found, Identifier):
            return found
        return reading.fault(f"{where}.value", f"is not a {read['kind']} number", found.action)

    def write(self, value: Any) -> Any:
        """Kind and value."""
        return _IDENTIFIER.write(value)

    def schema(self, shared: dict[str, Schema]) -> Schema:
        """An object of kind and value."""
        return _IDENTIFIER.schema(shared)


_NAME: Final = Record("name", Name, (Field("given", Text(200)), Field("family", Text(200), "")))
_ADDRESS: Final = Record(
    "address",
    Address,
    (
        Field("reference", REFERENCE),
        Field("lines", Listed(Text(200), most=10)),
        Field("postcode", Text(20), ""),
        Field("place", PLACE, None),
        Field("needs_householder", Flag(), default=False),
    ),
)
_NEED: Final = Record("need", Need, (Field("kind", Choice(NeedKind)), Field("note", Text(), "")))
_RISK: Final = Record("risk", Risk, (Field("kind", Choice(RiskKind)), Field("note", Text(), "")))
_ADULT: Final = Record(
    "responsible_adult",
    ResponsibleAdult,
    (Field("name", Text(200)), Field("relation", Text(200)), Field("contact", Text(200))),
)
_CHILD: Final = Record(
    "child_safeguards",
    ChildSafeguards,
    (
        Field("responsible_adult", _ADULT, None),
        Field("best_interests", Text(), ""),
        Field("exploitation", Flag(), None),
    ),
)

WEARER: Final = Record(
    "wearer",
    Wearer,
    (
        Field("reference", REFERENCE),
        Field("names", Listed(_NAME, most=50)),
        Field("born_on", DAY, None),
        Field("identifiers", Listed(IdentifierCodec(), most=50), ()),
        Field("addresses", Listed(_ADDRESS, most=100), ()),
        Field("language", Text(35), "en"),
        Field("interpreter", Flag(), default=False),
        Field("needs", Listed(_NEED, most=100), ()),
        Field("risks", Listed(_RISK, most=100), ()),
        Field("limited_access", Flag(), default=False),
        Field("child", _CHILD, None),
    ),
)
