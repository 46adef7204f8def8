"""Orders and their conditions to and from JSON: a table of fields for each kind of value."""

from __future__ import annotations

from typing import Final

from tipstaff.domain.conditions import (
    Attendance,
    Condition,
    Curfew,
    Protected,
    Proximity,
    Trail,
    TreatmentAppointment,
    Venue,
    ZoneCondition,
)
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.orders import Officer, Order, OrderStatus, SchemeRule
from tipstaff.formats.json_codecs import DAY, INSTANT, Choice, Count, Number, Text
from tipstaff.formats.json_records import Field, Listed, Record, Tagged
from tipstaff.formats.timetable_json import TIMETABLE
from tipstaff.formats.wearer_json import PLACE, REFERENCE
from tipstaff.formats.zone_json import ZONE

_METRES: Final = Number("metres")
_VENUE: Final = Record(
    "venue",
    Venue,
    (Field("name", Text(200)), Field("place", PLACE), Field("radius_m", _METRES, 50.0)),
)
_REFERENCE: Final = Field("reference", REFERENCE)
_MEETING: Final = (_REFERENCE, Field("venue", _VENUE), Field("timetable", TIMETABLE))

_CONDITIONS: Final[dict[str, Record]] = {
    "curfew": Record("curfew_condition", Curfew, (_REFERENCE, Field("timetable", TIMETABLE))),
    "zone": Record("zone_condition", ZoneCondition, (_REFERENCE, Field("zone", ZONE))),
    "trail": Record("trail_condition", Trail, (_REFERENCE, Field("until", DAY, None))),
    "attendance": Record("attendance_condition", Attendance, _MEETING),
    "treatment_appointment": Record("treatment_condition", TreatmentAppointment, _MEETING),
    "proximity": Record(
        "proximity_condition",
        Proximity,
        (
            _REFERENCE,
            Field("protects", Choice(Protected)),
            Field("person", REFERENCE),
            Field("distance_m", _METRES),
        ),
    ),
}


def _tag_of(condition: Condition) -> str:
    return next(tag for tag, record in _CONDITIONS.items() if record.make is type(condition))


CONDITION: Final = Tagged("kind", _CONDITIONS, _tag_of)

OFFICER: Final = Record(
    "officer", Officer, (Field("name", Text(200)), Field("organisation", Text(200)))
)
_RULE: Final = Record(
    "scheme_rule", SchemeRule, (Field("rule_id", Text(100)), Field("version", Count()))
)

ORDER: Final = Record(
    "order",
    Order,
    (
        _REFERENCE,
        Field("wearer", REFERENCE),
        Field("basis", Choice(LegalBasis)),
        Field("issued_by", Text(200)),
        Field("starts_at", INSTANT),
        Field("officer", OFFICER),
        Field("force", Text(100)),
        Field("status", Choice(OrderStatus)),
        Field("ends_at", INSTANT, None),
        Field("served_at", INSTANT, None),
        Field("rule", _RULE, None),
        Field("reviews", Listed(DAY), ()),
        Field("conditions", Listed(CONDITION, most=100), ()),
    ),
)
