"""Time columns to whole microseconds, by a mapping's rule, whole columns at a time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tipstaff.domain.fixes import TIMESTAMP
from tipstaff.formats.mapping import TimeRule
from tipstaff.formats.mapping_units import DIRECTIVES, EPOCH_MICROS, ISO
from tipstaff.formats.positions_values import (
    Flags,
    cast_likely,
    flags,
    is_text,
    one_chunk,
    read_numbers,
    tidy,
)

I64 = NDArray[np.int64]

_NAIVE: Final = pa.timestamp("us")
#: Zones change their offset on whole quarters of an hour (every zone since 2000).
_QUARTER_US: Final = 900_000_000
_DATE_AND_HOUR: Final = r"^\d{4}-\d\d-\d\d[T ]\d\d"
_WITH_OFFSET: Final = _DATE_AND_HOUR + r".*(Z|[+-]\d\d(:?\d\d)?)$"
#: Units of Parquet timestamps coarser than nanoseconds.
_MICROS_PER_TICK: Final = {"s": 1_000_000, "ms": 1_000, "us": 1}
#: Numbers beyond this are not times; keeps the conversion to whole microseconds exact.
_LIMIT_US: Final = 9.0e15


@dataclass(frozen=True, slots=True)
class Times:
    """A column of times: microseconds where `given` and none of the three faults, else 0."""

    micros: I64
    given: Flags
    bad: Flags
    ambiguous: Flags
    nonexistent: Flags


def read_times(array: Any, rule: TimeRule, missing: tuple[str, ...]) -> Times:
    """The times of a column of text, numbers or (Parquet) timestamps."""
    column = one_chunk(array)
    if pa.types.is_timestamp(column.type):
        return _from_timestamps(column, rule)
    if rule.format in EPOCH_MICROS:
        return _from_numbers(column, EPOCH_MICROS[rule.format], missing)
    if not is_text(column.type):
        given = flags(column.is_valid())
        return _times(np.zeros(len(column), np.int64), given, given)
    text = tidy(pc.cast(column, pa.string()), missing)
    return _from_iso(text if rule.format == ISO else _as_iso(text, rule.format), text, rule)


def _times(micros: I64, given: Flags, bad: Flags) -> Times:
    none = np.zeros(len(given), dtype=np.bool_)
    return Times(np.where(given & ~bad, micros, 0), given, bad, none, none)


def _micros(array: Any) -> I64:
    whole = pc.fill_null(pc.cast(array, pa.int64()), 0)
    return np.asarray(whole.to_numpy(zero_copy_only=False), dtype=np.int64)


def _from_numbers(column: Any, scale: float, missing: tuple[str, ...]) -> Times:
    numbers = read_numbers(column, missing)
    micros = np.rint(numbers.values * scale)
    with np.errstate(invalid="ignore"):
        bad = numbers.given & ~(np.abs(micros) < _LIMIT_US)
    return _times(np.where(numbers.given & ~bad, micros, 0).astype(np.int64), numbers.given, bad)


def _from_timestamps(column: Any, rule: TimeRule) -> Times:
    """Parquet timestamps of any unit; nanoseconds are cut off. Naive ones need the rule's zone."""
    given = flags(column.is_valid())
    ticks = _micros(column)
    per_tick = _MICROS_PER_TICK.get(column.type.unit)
    limit = int(_LIMIT_US) // (per_tick or 1) * (1 if per_tick else 1_000)
    bad = given & ((ticks > limit) | (ticks < -limit))
    ticks = np.where(bad, 0, ticks)
    micros = ticks * per_tick if per_tick else ticks // 1_000
    if column.type.tz is not None:
        return _times(micros, given, bad)
    if rule.zone is None:
        return _times(micros, given, given)
    local = _localised(micros, given & ~bad, rule)
    return Times(local.micros, given, bad, local.ambiguous, local.nonexistent)


def _from_iso(iso: Any, text: Any, rule: TimeRule) -> Times:
    """ISO 8601 texts; digits of a second beyond the sixth are cut off."""
    given = flags(text.is_valid())
    iso = pc.replace_substring_regex(iso, r"(\.\d{6})\d+", r"\1") if _long_digits(iso) else iso
    with_offset = cast_likely(iso, TIMESTAMP, _WITH_OFFSET) if rule.zone is None else None
    if with_offset is not None:
        return _times(_micros(with_offset), given, given & ~flags(with_offset.is_valid()))
    return _mixed(iso, given, rule)


def _long_digits(iso: Any) -> bool:
    # 27 is the shortest text with seven digits of a second: 2026-01-26T15:57:02.1234567
    return bool((pc.max(pc.binary_length(iso)).as_py() or 0) >= 27)


def _mixed(iso: Any, given: Flags, rule: TimeRule) -> Times:
    """Times that may or may not carry an offset; those without are in the rule's zone."""
    has_offset = pc.match_substring_regex(iso, _WITH_OFFSET)
    nothing = pa.scalar(None, pa.string())
    dated = pc.match_substring_regex(iso, _DATE_AND_HOUR)
    naive_text = pc.if_else(pc.and_(dated, pc.invert(has_offset)), iso, nothing)
    naive = cast_likely(naive_text, _NAIVE, _DATE_AND_HOUR)
    fixed = cast_likely(pc.if_else(has_offset, iso, nothing), TIMESTAMP, _WITH_OFFSET)
    local = _localised(_micros(naive), flags(naive.is_valid()), rule)
    known = flags(fixed.is_valid())
    return Times(
        np.where(known, _micros(fixed), local.micros),
        given,
        given & ~known & ~local.given,
        local.ambiguous,
        local.nonexistent,
    )


def _localised(local_us: I64, given: Flags, rule: TimeRule) -> Times:
    """Local times of the rule's zone as UTC, the zone asked once for each quarter of an hour."""
    quarters, where = np.unique(np.where(given, local_us, 0) // _QUARTER_US, return_inverse=True)
    zone = ZoneInfo(rule.zone or "UTC")
    offsets = np.array([_offsets_us(int(q), zone) for q in quarters], dtype=np.int64).reshape(-1, 2)
    first, second = offsets[where, 0], offsets[where, 1]
    # Python's fold: in an hour that happens twice the first offset is the greater; in an hour
    # that never happens it is the smaller.
    twice = given & (first > second)
    never = given & (first < second)
    offset = second if rule.ambiguous == "later" else first
    doubtful = twice if rule.ambiguous == "quarantine" else ~given & given
    micros = np.where(given & ~doubtful & ~never, local_us - offset, 0)
    return Times(micros, given, ~given & given, doubtful, never)


def _offsets_us(quarter: int, zone: ZoneInfo) -> tuple[int, int]:
    try:
        wall = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=quarter * _QUARTER_US)
        pair = [wall.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1)]
    except OverflowError:  # years that Python cannot name; the range check refuses them later
        return 0, 0
    first, second = (int((offset or timedelta()).total_seconds()) * 1_000_000 for offset in pair)
    return first, second


def _as_iso(text: Any, pattern: str) -> Any:
    """Texts of a `strptime` pattern rewritten as ISO 8601; null where they do not match it."""
    parts = pc.extract_regex(text, _regex(pattern))
    names = {field.name for field in parts.type}

    def part(name: str, width: int = 2) -> Any:
        if name not in names:
            return pa.scalar("00")
        return pc.utf8_lpad(pc.struct_field(parts, name), width=width, padding="0")

    date = pc.binary_join_element_wise(part("Y", 4), part("m"), part("d"), "-")
    clock = pc.binary_join_element_wise(part("H"), part("M"), part("S"), ":")
    pieces = [date, pa.scalar("T"), clock]
    if "f" in names:
        pieces += [pa.scalar("."), pc.struct_field(parts, "f")]
    if "z" in names:
        pieces += [pc.struct_field(parts, "z")]
    joined = pc.binary_join_element_wise(*pieces, "")
    return pc.if_else(parts.is_valid(), joined, pa.scalar(None, pa.string()))


def _regex(pattern: str) -> str:
    pieces = re.split(r"(%.)", pattern)
    return "^" + "".join(DIRECTIVES.get(piece) or re.escape(piece) for piece in pieces) + "$"
