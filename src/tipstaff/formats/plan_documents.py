"""A document of plans, reviews, tasks and contacts: JSON, read record by record.

Published as docs/reference/plan.schema.json.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from tipstaff.domain.plan_work import Contact, Review, Task
from tipstaff.domain.plans import Plan
from tipstaff.formats.json_codecs import Schema, Text
from tipstaff.formats.json_records import Field, Record, Tagged
from tipstaff.formats.json_source import BROKEN, JsonFault, Reading, canonical_json, parse_json
from tipstaff.formats.plan_json import CONTACT, PLAN, REVIEW, TASK

FORMAT: Final = "tipstaff-plan-1"
PlanValue = Plan | Review | Task | Contact
_KINDS: Final = {"plan": PLAN, "review": REVIEW, "task": TASK, "contact": CONTACT}
_MAKES: Final = {record.make: kind for kind, record in _KINDS.items()}
_VALUE: Final = Tagged("kind", _KINDS, lambda value: _MAKES[type(value)])
_TOLD: Final = Record("told", dict, (Field("record", _VALUE), Field("reason", Text(500), "")))
#: No identifier stands in these, so that the year is nothing.
_ANY_YEAR: Final = 9999


@dataclass(frozen=True, slots=True)
class ToldPlan:
    """One record of a document, and the reason for telling it."""

    value: PlanValue
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A document as it was read: its good records by their places in it, and all its faults."""

    read: int
    told: tuple[tuple[int, ToldPlan], ...]
    faults: tuple[JsonFault, ...]


def read_plan_file(source: bytes) -> PlanFile:
    """Read a document; nothing in it raises."""
    values = parse_json(source)
    if isinstance(values, JsonFault):
        return PlanFile(0, (), (values,))
    fault = _form_fault(values)
    if fault is not None or not isinstance(values, dict):
        return PlanFile(0, (), () if fault is None else (fault,))
    reading = Reading(_ANY_YEAR)
    read = [_TOLD.read(x, f"records[{n}]", reading) for n, x in enumerate(values["records"])]
    good = [(n, ToldPlan(x["record"], x["reason"])) for n, x in enumerate(read) if x is not BROKEN]
    return PlanFile(len(read), tuple(good), tuple(reading.faults))


def write_plan_file(told: tuple[ToldPlan, ...]) -> bytes:
    """The document of these records; `read_plan_file` gives equal ones."""
    records = [_TOLD.write_fields({"record": x.value, "reason": x.reason}) for x in told]
    return canonical_json({"format": FORMAT, "records": records}).encode()


def plan_schema() -> Schema:
    """The JSON Schema of a document. What it lets pass may still be refused by the checks."""
    shared: dict[str, Schema] = {}
    records: Schema = {"type": "array", "items": _TOLD.schema(shared)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Plans, reviews, tasks and contacts",
        "type": "object",
        "additionalProperties": False,
        "required": ["format", "records"],
        "properties": {"format": {"const": FORMAT}, "records": records},
        "$defs": dict(sorted(shared.items())),
    }


def _form_fault(values: Any) -> JsonFault | None:
    if not isinstance(values, dict) or set(values) != {"format", "records"}:
        action = "write one object with format and records, and nothing else"
        return JsonFault("", "is not a document of plans", action)
    if values["format"] != FORMAT:
        return JsonFault("format", "is not known", f'write "{FORMAT}"')
    if not isinstance(values["records"], list):
        return JsonFault("records", "must be a list", "write it in square brackets")
    return None
