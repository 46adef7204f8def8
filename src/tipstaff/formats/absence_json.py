"""Absences to and from JSON."""

from __future__ import annotations

from typing import Final

from tipstaff.domain.absences import Absence, AbsenceDecision
from tipstaff.formats.json_codecs import INSTANT, Flag, Text
from tipstaff.formats.json_records import Field, Record
from tipstaff.formats.wearer_json import PLACE, REFERENCE

_DECISION: Final = Record(
    "absence_decision",
    AbsenceDecision,
    (
        Field("approved", Flag()),
        Field("by", Text(200)),
        Field("at", INSTANT),
        Field("reason", Text(500)),
    ),
)

ABSENCE: Final = Record(
    "absence",
    Absence,
    (
        Field("reference", REFERENCE),
        Field("wearer", REFERENCE),
        Field("order", REFERENCE),
        Field("condition", REFERENCE),
        Field("starts_at", INSTANT),
        Field("ends_at", INSTANT),
        Field("reason", Text(500)),
        Field("asked_by", Text(200)),
        Field("asked_at", INSTANT),
        Field("place", PLACE, None),
        Field("decision", _DECISION, None),
        Field("cancelled_at", INSTANT, None),
    ),
)
