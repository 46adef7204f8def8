"""From the raw columns of a block to fixes and quarantined rows, by a mapping."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tipstaff.domain.fixes import CONTENT_SCHEMA, TIMESTAMP
from tipstaff.domain.periods import to_micros
from tipstaff.formats.mapping import Mapping
from tipstaff.formats.mapping_units import FIELDS, REQUIRED
from tipstaff.formats.positions_reasons import Reason
from tipstaff.formats.positions_times import read_times
from tipstaff.formats.positions_values import Flags, one_chunk, read_numbers, tidy

#: What a file's rows become: the archive's content, the device still by the supplier's name.
DEVICE_FIELD: Final = pa.field("device_id", pa.string(), nullable=False)
POSITION_SCHEMA: Final = pa.schema((DEVICE_FIELD, *list(CONTENT_SCHEMA)[1:]))
QUARANTINE_SCHEMA: Final = pa.schema(
    [("row", pa.int64()), ("reason", pa.string()), ("field", pa.string()), ("raw", pa.string())]
)

EARLIEST_US: Final = to_micros(datetime(2000, 1, 1, tzinfo=UTC))
_AHEAD: Final = timedelta(days=1)

#: Field → its column, type, and the least and greatest whole number it may hold. 500 km/h is
#: faster than anything a wearer rides but an aeroplane; half the Earth's girth bounds a radius.
BOUNDS: Final[dict[str, tuple[str, Any, int, int]]] = {
    "latitude": ("lat_e7", pa.int32(), -900_000_000, 900_000_000),
    "longitude": ("lon_e7", pa.int32(), -1_800_000_000, 1_800_000_000),
    "precision": ("precision_cm", pa.int32(), 0, 2_003_800_000),
    "precision_level": ("precision_level_pct", pa.int8(), 1, 99),
    "speed": ("speed_cmps", pa.int32(), 0, 13_889),
    "direction": ("direction_cdeg", pa.int32(), 0, 36_000),
    "satellites": ("satellites", pa.int16(), 0, 1_000),
    "hdop": ("hdop_e2", pa.int32(), 0, 1_000_000),
}


@dataclass(frozen=True, slots=True)
class RawBlock:
    """A block of rows as the file has them.

    `rows` their numbers in the file (1 is its first line, or a Parquet file's first row); `columns`
    field → Arrow array; `raw(i)` the i-th row as text, for the quarantine; `refused` rows that are
    no rows at all: number, reason, text. `bytes_done` is how far into the file the block reaches.
    """

    rows: NDArray[np.int64]
    columns: dict[str, Any]
    raw: Callable[[int], str]
    refused: Sequence[tuple[int, Reason, str]] = ()
    bytes_done: int = 0


@dataclass(slots=True)
class _Judgement:
    """The first fault of each row, in the order in which the checks are made."""

    count: int
    reasons: NDArray[np.int8] = field(init=False)
    fields: NDArray[np.int8] = field(init=False)

    def __post_init__(self) -> None:
        self.reasons = np.zeros(self.count, dtype=np.int8)
        self.fields = np.zeros(self.count, dtype=np.int8)

    def refuse(self, name: str, reason: Reason, where: Flags) -> None:
        """Mark the rows `where` that have no fault yet."""
        if where.any():
            first = where & (self.reasons == 0)
            self.reasons[first] = reason
            self.fields[first] = FIELDS.index(name)


def judge(block: RawBlock, mapping: Mapping, now: datetime) -> tuple[pa.Table, pa.Table]:
    """The block's fixes (`POSITION_SCHEMA`) and its quarantined rows (`QUARANTINE_SCHEMA`)."""
    judgement = _Judgement(len(block.rows))
    columns = {name: _column(block, mapping, name) for name in FIELDS}
    made: dict[str, Any] = {"device_id": _devices(columns["device_id"], mapping, judgement)}
    latest_us = to_micros(now + _AHEAD)
    for name in FIELDS[1:]:
        if name.endswith("_time"):
            made[name] = _time(name, columns[name], mapping, judgement, latest_us)
        elif name == "mechanism":
            made[name] = _mechanism(columns[name], mapping, judgement)
        else:
            made[BOUNDS[name][0]] = _quantity(name, columns[name], mapping, judgement)
    made["precision_level_pct"] = _levels(
        made["precision_level_pct"], made["precision_cm"], mapping
    )
    table = pa.table([made[name] for name in POSITION_SCHEMA.names], schema=POSITION_SCHEMA)
    bad = judgement.reasons != 0
    accepted = table.filter(pa.array(~bad)) if bad.any() else table
    return accepted, _quarantined(block, judgement, np.flatnonzero(bad))


def _column(block: RawBlock, mapping: Mapping, name: str) -> Any:
    if name in mapping.constants:
        return pa.repeat(pa.scalar(mapping.constants[name], pa.string()), len(block.rows))
    if name in block.columns:
        return one_chunk(block.columns[name])
    return pa.nulls(len(block.rows), pa.string())


def _required(name: str, given: Flags, judgement: _Judgement) -> None:
    if name in REQUIRED:
        judgement.refuse(name, Reason.MISSING_VALUE, ~given)


def _nulls(array: Any) -> Flags:
    return np.asarray(array.is_null().to_numpy(zero_copy_only=False), dtype=np.bool_)


def _devices(column: Any, mapping: Mapping, judgement: _Judgement) -> Any:
    text = tidy(_as_text(column), mapping.missing)
    known = pc.dictionary_encode(text)
    names = known.dictionary.to_pylist()
    odd = np.array([len(n) > 200 or not n.isprintable() for n in names], dtype=np.bool_)
    missing = _nulls(text)
    judgement.refuse("device_id", Reason.MISSING_VALUE, missing)
    if odd.any():
        codes = pc.fill_null(known.indices, 0).to_numpy(zero_copy_only=False)
        judgement.refuse("device_id", Reason.INVALID_DEVICE, ~missing & odd[codes])
    return pc.fill_null(text, "")


def _as_text(column: Any) -> Any:
    """Ids and codes as text; a Parquet file may hold them as numbers (7, or 7.0 beside nulls)."""
    if pa.types.is_floating(column.type):
        whole = pc.equal(column, pc.floor(column))
        small = pc.less(pc.abs(column), 2**53)
        exact = pc.if_else(pc.and_(whole, small), column, pa.scalar(None, column.type))
        return pc.coalesce(
            pc.cast(pc.cast(exact, pa.int64()), pa.string()), pc.cast(column, pa.string())
        )
    if pa.types.is_nested(column.type) or pa.types.is_binary(column.type):
        return pa.nulls(len(column), pa.string())
    return pc.cast(column, pa.string())


def _time(name: str, column: Any, mapping: Mapping, judgement: _Judgement, latest_us: int) -> Any:
    times = read_times(column, mapping.time_rule(name), mapping.missing)
    _required(name, times.given, judgement)
    judgement.refuse(name, Reason.AMBIGUOUS_TIME, times.ambiguous)
    judgement.refuse(name, Reason.NONEXISTENT_TIME, times.nonexistent)
    judgement.refuse(name, Reason.INVALID_TIME, times.bad)
    good = times.given & ~times.ambiguous & ~times.nonexistent & ~times.bad
    judgement.refuse(name, Reason.TIME_BEFORE_2000, good & (times.micros < EARLIEST_US))
    judgement.refuse(name, Reason.TIME_IN_FUTURE, good & (times.micros > latest_us))
    mask = None if name in REQUIRED else ~times.given
    return pa.array(times.micros, mask=mask).cast(TIMESTAMP)


def _quantity(name: str, column: Any, mapping: Mapping, judgement: _Judgement) -> Any:
    """A scaled whole number: the decimal's nearest double, scaled, rounded half to even."""
    _target, kind, least, greatest = BOUNDS[name]
    numbers = read_numbers(column, mapping.missing)
    _required(name, numbers.given, judgement)
    judgement.refuse(name, Reason.INVALID_NUMBER, numbers.bad)
    with np.errstate(over="ignore", invalid="ignore"):
        finite = np.isfinite(numbers.values)
        multiplier, divisor = mapping.scale(name)
        scaled = np.rint(numbers.values * multiplier / divisor)
        inside = (scaled >= least) & (scaled <= greatest)
    judgement.refuse(name, Reason.NOT_FINITE, numbers.given & ~numbers.bad & ~finite)
    judgement.refuse(name, Reason.OUT_OF_RANGE, numbers.given & finite & ~inside)
    whole = np.where(inside, scaled, 0).astype(np.int64)
    mask = None if name in REQUIRED else ~numbers.given
    return pa.array(whole, mask=mask).cast(kind)


def _mechanism(column: Any, mapping: Mapping, judgement: _Judgement) -> Any:
    text = pc.utf8_upper(tidy(_as_text(column), mapping.missing))
    known = pc.dictionary_encode(text)
    codes = [mapping.mechanisms.get(word, -1) for word in known.dictionary.to_pylist()]
    chosen = pc.fill_null(pc.take(pa.array(codes, pa.int8()), known.indices), 0)
    unknown = np.asarray(chosen.to_numpy(zero_copy_only=False) < 0)
    judgement.refuse("mechanism", Reason.UNKNOWN_MECHANISM, unknown)
    return chosen


def _levels(given: Any, precision_cm: Any, mapping: Mapping) -> Any:
    """What each radius is meant to hold: as the row says, else as the mapping does."""
    level = pc.coalesce(given, pa.scalar(mapping.level_pct, pa.int8()))
    return pc.if_else(precision_cm.is_valid(), level, pa.scalar(None, pa.int8()))


def _quarantined(block: RawBlock, judgement: _Judgement, bad: NDArray[np.int64]) -> pa.Table:
    kept = [(n, reason.name, "", text) for n, reason, text in block.refused]
    kept += [
        (
            int(block.rows[i]),
            Reason(int(judgement.reasons[i])).name,
            FIELDS[int(judgement.fields[i])],
            block.raw(int(i)),
        )
        for i in bad
    ]
    names = QUARANTINE_SCHEMA.names
    records = [dict(zip(names, row, strict=True)) for row in sorted(kept)]
    return pa.Table.from_pylist(records, schema=QUARANTINE_SCHEMA)
