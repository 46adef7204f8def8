"""Timetables to and from JSON. Their times are wall time, without an offset."""

from __future__ import annotations

from typing import Final

from tipstaff.domain.timetables import Hours, OneOff, Row, Timetable, Weekday
from tipstaff.formats.json_codecs import CLOCK_TIME, DAY, WALL_TIME, Choice, Flag, Text
from tipstaff.formats.json_records import Field, Listed, Record

_ADDRESSES: Final = Field("addresses", Listed(Text(500), most=20), ())
_HOURS: Final = Record(
    "hours", Hours, (Field("start", CLOCK_TIME), Field("end", CLOCK_TIME), _ADDRESSES)
)
_ROW: Final = Record("row", Row, (Field("weekday", Choice(Weekday)), Field("hours", _HOURS)))
_ONE_OFF: Final = Record(
    "one_off",
    OneOff,
    (
        Field("start", WALL_TIME),
        Field("end", WALL_TIME),
        _ADDRESSES,
        Field("lifted", Flag(), default=False),
    ),
)

TIMETABLE: Final = Record(
    "timetable",
    Timetable,
    (
        Field("rows", Listed(_ROW, most=200), ()),
        Field("first_day", DAY),
        Field("last_day", DAY, None),
        Field("release_day", _HOURS, None),
        Field("one_offs", Listed(_ONE_OFF), ()),
    ),
)
