"""Releases, visits and their alarms to and from JSON."""

from __future__ import annotations

from typing import Final

from tipstaff.domain.releases import FittingAlarm, Outcome, Release, ReleasePlace, Visit
from tipstaff.formats.json_codecs import INSTANT, Choice, Text
from tipstaff.formats.json_records import Field, Record
from tipstaff.formats.order_json import OFFICER
from tipstaff.formats.wearer_json import REFERENCE

_WHOSE: Final = (Field("reference", REFERENCE), Field("wearer", REFERENCE))

RELEASE: Final = Record(
    "release",
    Release,
    (
        *_WHOSE,
        Field("order", REFERENCE),
        Field("place", Choice(ReleasePlace)),
        Field("place_name", Text(200)),
        Field("released_at", INSTANT),
        Field("officer", OFFICER),
        Field("address", REFERENCE),
        Field("fit_by", INSTANT),
        Field("cancelled", Text(500), ""),
    ),
)

VISIT: Final = Record(
    "visit",
    Visit,
    (
        *_WHOSE,
        Field("release", REFERENCE),
        Field("outcome", Choice(Outcome)),
        Field("at", INSTANT),
        Field("by", OFFICER),
        Field("device", Text(200), ""),
        Field("reason", Text(500), ""),
    ),
)

FITTING_ALARM: Final = Record(
    "fitting_alarm",
    FittingAlarm,
    (
        *_WHOSE,
        Field("due_at", INSTANT),
        Field("raised_at", INSTANT),
        Field("retracted_at", INSTANT, None),
        Field("retracted_why", Text(500), ""),
    ),
)
