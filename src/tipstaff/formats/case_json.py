"""Cases to and from JSON: wearers with their orders in one document.

A document of cases is read case by case: the good ones come out, the faults of all the others are
told, each with its path. `case_schema` is published as docs/reference/case.schema.json.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tipstaff.domain.cases import Case
from tipstaff.formats.absence_json import ABSENCE
from tipstaff.formats.assessment_json import ASSESSMENT
from tipstaff.formats.consent_json import CONSENT
from tipstaff.formats.json_codecs import INSTANT, Schema, Text
from tipstaff.formats.json_records import Field, Listed, Record
from tipstaff.formats.json_source import BROKEN, JsonFault, Reading, canonical_json, parse_json
from tipstaff.formats.order_json import ORDER
from tipstaff.formats.release_json import RELEASE, VISIT
from tipstaff.formats.wearer_json import WEARER

FORMAT: Final = "tipstaff-cases-1"
_CASE: Final = Record(
    "case",
    Case,
    (
        Field("wearer", WEARER),
        Field("orders", Listed(ORDER, most=200), ()),
        Field("valid_from", INSTANT, None),
        Field("valid_to", INSTANT, None),
        Field("reason", Text(500), ""),
        Field("consents", Listed(CONSENT, most=200), ()),
        Field("assessments", Listed(ASSESSMENT, most=200), ()),
        Field("releases", Listed(RELEASE, most=200), ()),
        Field("visits", Listed(VISIT, most=200), ()),
        Field("absences", Listed(ABSENCE), ()),
    ),
)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A document as it was read: its good cases by their places in it, and all its faults."""

    read: int
    cases: tuple[tuple[int, Case], ...]
    faults: tuple[JsonFault, ...]


def read_cases(source: bytes, *, this_year: int) -> CaseFile:
    """Read a document of cases. `this_year`: see `domain.identifiers.read_identifier`."""
    values = parse_json(source)
    if isinstance(values, JsonFault):
        return CaseFile(0, (), (values,))
    fault = _form_fault(values)
    if fault is not None or not isinstance(values, dict):
        return CaseFile(0, (), () if fault is None else (fault,))
    reading = Reading(this_year)
    read = [_CASE.read(x, f"cases[{n}]", reading) for n, x in enumerate(values["cases"])]
    good = [(n, case) for n, case in enumerate(read) if case is not BROKEN]
    once = tuple(_each_wearer_once(good, reading))
    return CaseFile(len(read), once, tuple(reading.faults))


def write_cases(cases: tuple[Case, ...]) -> bytes:
    """The document of these cases; `read_cases` gives equal ones."""
    values = {"format": FORMAT, "cases": [_CASE.write(case) for case in cases]}
    return canonical_json(values).encode()


def case_schema() -> Schema:
    """The JSON Schema of a document. What it lets pass may still be refused by the checks."""
    shared: dict[str, Schema] = {}
    cases = {"type": "array", "items": _CASE.schema(shared)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Cases: wearers with their orders, and what is on record beside them",
        "type": "object",
        "additionalProperties": False,
        "required": ["format", "cases"],
        "properties": {"format": {"const": FORMAT}, "cases": cases},
        "$defs": dict(sorted(shared.items())),
    }


def _form_fault(values: object) -> JsonFault | None:
    if not isinstance(values, dict) or set(values) != {"format", "cases"}:
        action = "write one object with format and cases, and nothing else"
        return JsonFault("", "is not a document of cases", action)
    if values["format"] != FORMAT:
        return JsonFault("format", "is not known", f'write "{FORMAT}"')
    if not isinstance(values["cases"], list):
        return JsonFault("cases", "must be a list", "write it in square brackets")
    return None


def _each_wearer_once(good: list[tuple[int, Case]], reading: Reading) -> Iterator[tuple[int, Case]]:
    """Which of two records of one person would be the later one, nobody could tell."""
    seen: set[str] = set()
    for number, case in good:
        if case.wearer.reference in seen:
            action = "put all orders of one wearer into one case"
            reading.fault(f"cases[{number}].wearer.reference", "comes a second time", action)
        else:
            seen.add(case.wearer.reference)
            yield number, case


def instant_text(instant: datetime) -> str:
    """An instant as documents write it."""
    text: str = INSTANT.write(instant)
    return text
