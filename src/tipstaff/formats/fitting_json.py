"""Fittings to and from JSON: a table of fields for each kind of value."""

from __future__ import annotations

from typing import Final

from tipstaff.domain.fittings import Fitted, Fitting, RemovalReason, Removed, StrapCheck
from tipstaff.formats.json_codecs import INSTANT, Choice, Text
from tipstaff.formats.json_records import Field, Record
from tipstaff.formats.wearer_json import PLACE, REFERENCE

_FITTED: Final = Record(
    "fitted",
    Fitted,
    (
        Field("at", INSTANT),
        Field("by", Text(200)),
        Field("place", Text(500), ""),
        Field("strap_check", Choice(StrapCheck), StrapCheck.NOT_DONE),
        Field("baseline", PLACE, None),
    ),
)
_REMOVED: Final = Record(
    "removed",
    Removed,
    (
        Field("at", INSTANT),
        Field("by", Text(200)),
        Field("reason", Choice(RemovalReason)),
        Field("note", Text(), ""),
    ),
)

FITTING: Final = Record(
    "fitting",
    Fitting,
    (
        Field("reference", REFERENCE),
        Field("wearer", REFERENCE),
        Field("supplier", Text(100)),
        Field("device_id", REFERENCE),
        Field("order", REFERENCE, None),
        Field("fitted", _FITTED, None),
        Field("removed", _REMOVED, None),
        Field("annulled", Text(500), ""),
    ),
)
