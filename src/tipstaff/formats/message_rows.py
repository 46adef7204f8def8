"""Messages to fixes, one by one and fast; whatever is out of the ordinary is judged as in files.

There is one definition of what a position may say, `positions_rows.judge`, which works on whole
columns. For a single message that costs milliseconds. So values in the forms that nearly all
messages have are read here, and a message with any other value goes to `judge`. Both give the same:
`tests/generative/test_message_rows.py` shows it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping as Fields
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa

from tipstaff.domain.periods import to_micros
from tipstaff.formats.mapping import Mapping
from tipstaff.formats.mapping_units import EPOCH_MICROS, FIELDS, ISO, TIME_FIELDS
from tipstaff.formats.positions_rows import BOUNDS, EARLIEST_US, POSITION_SCHEMA, RawBlock, judge

#: A fix: device id, time, and the rest in the order of `received.FIX_COLUMNS`.
Fix = tuple[Any, ...]

_TIME: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3}|\.\d{6})?(Z|[+-](0\d|1[0-3]):[0-5]\d)", re.ASCII
)
_NUMBER: Final = re.compile(r"-?\d{1,12}(\.\d{1,15})?", re.ASCII)
_AHEAD: Final = timedelta(days=1)
_LONGEST_NAME: Final = 200
_QUANTITIES: Final = tuple(name for name in FIELDS if name in BOUNDS)


class _OddError(Exception):
    """A value in a form that is not read here."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A message that is no fix: its place among those given, the reason and the field."""

    index: int
    reason: str
    field: str


class FixReader:
    """Reads messages by a mapping; the names of its columns are those of the messages' values."""

    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping
        self._names = {
            field: names[0] if (names := mapping.columns.get(field)) else "" for field in FIELDS
        }
        self._quantities = tuple(
            (self._names[name], *mapping.scale(name), *BOUNDS[name][2:]) for name in _QUANTITIES
        )
        self._factors = {
            name: EPOCH_MICROS.get(mapping.time_rule(name).format) for name in TIME_FIELDS
        }
        plain = all(mapping.time_rule(n).format in {ISO, *EPOCH_MICROS} for n in TIME_FIELDS)
        self._quick = plain and not mapping.missing and not mapping.constants

    def read(
        self, rows: Sequence[Fields[str, Any]], now: datetime
    ) -> tuple[list[tuple[int, Fix]], list[Refused]]:
        """The fixes, each with its place among `rows`, and the rows that are none."""
        latest_us = to_micros(now + _AHEAD)
        fixes: list[tuple[int, Fix]] = []
        odd: list[int] = []
        for index, row in enumerate(rows):
            try:
                fixes.append((index, self._fix(row, latest_us)))
            except (_OddError, OverflowError):
                odd.append(index)
        if not odd:
            return fixes, []
        more, refused = self._judged([rows[i] for i in odd], odd, now)
        return sorted(fixes + more), refused

    def _fix(self, row: Fields[str, Any], latest_us: int) -> Fix:
        if not self._quick:
            raise _OddError
        get, names = row.get, self._names
        device, moment = get(names["device_id"]), self._time(row, "fix_time", latest_us)
        if not isinstance(device, str) or moment is None or not _is_name(device):
            raise _OddError
        lat, lon, radius, level, speed, direction, satellites, hdop = [
            _quantity(get(name), multiplier, divisor, least, greatest)
            for name, multiplier, divisor, least, greatest in self._quantities
        ]
        if lat is None or lon is None:
            raise _OddError
        if radius is None:
            level = None
        elif level is None:
            level = self.mapping.level_pct
        recorded = self._time(row, "recorded_time", latest_us)
        claimed = self._time(row, "received_time", latest_us)
        mechanism = self._mechanism(get(names["mechanism"]))
        return (
            device, moment, lat, lon, radius, level, mechanism,
            speed, direction, satellites, hdop, recorded, claimed,
        )  # fmt: skip

    def _time(self, row: Fields[str, Any], name: str, latest_us: int) -> int | None:
        value, factor = row.get(self._names[name]), self._factors[name]
        if value is None:
            return None
        if factor is not None:
            micros = _quantity(value, factor, 1.0, EARLIEST_US, latest_us) or 0
        elif isinstance(value, str) and _TIME.fullmatch(value):
            try:
                micros = to_micros(datetime.fromisoformat(value))
            except (ValueError, OverflowError):
                raise _OddError from None
        else:
            raise _OddError
        if not EARLIEST_US <= micros <= latest_us:
            raise _OddError
        return micros

    def _mechanism(self, value: Any) -> int:
        if value is None:
            return 0
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            raise _OddError
        found = self.mapping.mechanisms.get(str(value).upper())
        if found is None:
            raise _OddError
        return int(found)

    def _judged(
        self, rows: Sequence[Fields[str, Any]], places: Sequence[int], now: datetime
    ) -> tuple[list[tuple[int, Fix]], list[Refused]]:
        """The same by `judge`; `places` are those of `rows` among all."""
        columns = {
            field: pa.array([_text(row.get(names[0])) for row in rows], pa.string())
            for field, names in self.mapping.columns.items()
        }
        block = RawBlock(np.array(places, dtype=np.int64), columns, lambda _i: "")
        accepted, quarantined = judge(block, self.mapping, now)
        refused = [Refused(r["row"], r["reason"], r["field"]) for r in quarantined.to_pylist()]
        left = sorted(set(places) - {one.index for one in refused})
        return list(zip(left, fixes_of(accepted), strict=True)), refused


def fixes_of(table: pa.Table) -> list[Fix]:
    """The rows of a table (`POSITION_SCHEMA`) as fixes."""
    times = {"fix_time", "recorded_time", "received_time"}
    columns = [
        (table[name].cast(pa.int64()) if name in times else table[name]).to_pylist()
        for name in POSITION_SCHEMA.names
    ]
    return list(zip(*columns, strict=True))


def _is_name(text: str) -> bool:
    return 0 < len(text) <= _LONGEST_NAME and text.isprintable() and text.strip() == text


def _quantity(
    value: Any, multiplier: float, divisor: float, least: int, greatest: int
) -> int | None:
    """A scaled whole number: the decimal's nearest double, scaled, rounded half to even."""
    if value is None:
        return None
    kind = type(value)
    if kind is str:
        if not _NUMBER.fullmatch(value):
            raise _OddError
    elif kind is not float and kind is not int:
        raise _OddError
    scaled = float(value) * multiplier / divisor
    if not least - 1 < scaled < greatest + 1:  # nor NaN, nor infinity
        raise _OddError
    whole = round(scaled)
    if not least <= whole <= greatest:
        raise _OddError
    return whole


def _text(value: Any) -> str | None:
    """A value as a file would write it."""
    if value is None:
        return None
    if isinstance(value, str):
        return value if value.isascii() else value.encode(errors="replace").decode()
    if isinstance(value, (bool, dict, list)):
        return json.dumps(value)
    try:
        return str(value)
    except ValueError:  # a whole number of thousands of digits
        return "inf"
