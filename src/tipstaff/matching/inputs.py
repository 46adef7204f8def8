"""What a match reads, made ready: wearers in order, who wore what when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tipstaff.domain.crimes import Crime
from tipstaff.domain.fixes import TIMESTAMP
from tipstaff.domain.periods import Period, to_micros
from tipstaff.patterns.routine import HISTORY_DAYS

I64 = NDArray[np.int64]

#: Every instant a position may have.
ALWAYS: Final = Period(datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
#: A routine is known from so long either side of a crime; a day more for local time and windows.
_HISTORY: Final = timedelta(days=HISTORY_DAYS + 1)

PERIOD_SCHEMA: Final = pa.schema(
    [
        pa.field("device_key", pa.int64(), nullable=False),
        pa.field("wearer_no", pa.int32(), nullable=False),
        pa.field("active_from", TIMESTAMP, nullable=False),
        pa.field("active_to", TIMESTAMP, nullable=False),
    ]
)


@dataclass(frozen=True, slots=True)
class WornPeriod:
    """A wearer wore a device from `start_us` up to, not including, `end_us` (microseconds)."""

    device_key: int
    wearer: str
    start_us: int
    end_us: int


@dataclass(frozen=True, slots=True, order=True)
class InputFile:
    """A file that a run read: as what, its name without folders, SHA-256 of its bytes."""

    role: str
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Attribution:
    """How fixes and activations fit each other; all zero where each device is its own wearer.

    `unassigned_fixes`, of `unassigned_devices`: no activation covers them, so they belong to
    nobody (one a device and instant is counted). `silent_devices`: with an activation in the
    period, and no fix in it.
    """

    unassigned_fixes: int = 0
    unassigned_devices: int = 0
    silent_devices: int = 0


@dataclass(frozen=True, slots=True)
class Intake:
    """What a run read, and what of it could not be used.

    `quarantined_rows`: rows of the position files that could not be believed, None where that was
    not recorded. `read_as_of`: the instant against which times in the future were told, where it
    was given or decided something.
    """

    files: tuple[InputFile, ...] = ()
    quarantined_rows: int | None = 0
    read_as_of: datetime | None = None
    attribution: Attribution = Attribution()


@dataclass(frozen=True, slots=True)
class Worn:
    """Who wore what: wearers in order, the table the engine joins, and periods by wearer.

    `active`: offsets (W + 1,), starts and ends (A,) in the order of wearer and start.
    """

    wearers: tuple[str, ...]
    table: pa.Table
    active: tuple[I64, I64, I64]


def worn(periods: Iterable[WornPeriod], also: Iterable[str] = ()) -> Worn:
    """Put periods of wearing in order; `also`: wearers who are there with or without one."""
    ordered = sorted(periods, key=lambda p: (p.wearer, p.start_us, p.end_us, p.device_key))
    wearers = tuple(sorted({p.wearer for p in ordered} | {*also}))
    number = {name: i for i, name in enumerate(wearers)}
    owner = np.array([number[p.wearer] for p in ordered], dtype=np.int64)
    start = np.array([p.start_us for p in ordered], dtype=np.int64)
    end = np.array([p.end_us for p in ordered], dtype=np.int64)
    table = pa.table(
        [
            pa.array([p.device_key for p in ordered], pa.int64()),
            pa.array(owner, pa.int32()),
            pa.array(start, TIMESTAMP),
            pa.array(end, TIMESTAMP),
        ],
        schema=PERIOD_SCHEMA,
    )
    offsets = np.searchsorted(owner, np.arange(len(wearers) + 1)).astype(np.int64)
    return Worn(wearers, table, (offsets, start, end))


def history_around(crimes: Iterable[Crime]) -> Period:
    """The period whose fixes can bear on these crimes: windows, routines and controls."""
    spans = [(crime.start, crime.end) for crime in crimes]
    first = _possible(min(start for start, _end in spans))
    last = _possible(max(end for _start, end in spans))
    return Period(first - _HISTORY, last + _HISTORY)


def _possible(instant: datetime) -> datetime:
    return min(max(instant, ALWAYS.start + _HISTORY), ALWAYS.end - _HISTORY)


def within(periods: Iterable[WornPeriod], period: Period) -> list[WornPeriod]:
    """Periods of wearing clipped to a period; those outside it are left out."""
    first, last = to_micros(period.start), to_micros(period.end)
    return [
        replace(p, start_us=max(p.start_us, first), end_us=min(p.end_us, last))
        for p in periods
        if p.start_us < last and p.end_us > first
    ]


def each_device_a_wearer(
    fixes: pa.Table, devices: Mapping[int, str], also: Iterable[str] = ()
) -> Worn:
    """Without activations each device is its own wearer from its first fix to its last.

    `fixes` with `device_key` and `fix_time`; `devices` names them by key; `also` as for `worn`.
    """
    spans = (
        fixes.group_by("device_key")
        .aggregate([("fix_time", "min"), ("fix_time", "max")])
        .to_pylist()
    )
    periods = (
        WornPeriod(
            row["device_key"],
            devices[row["device_key"]],
            to_micros(row["fix_time_min"]),
            to_micros(row["fix_time_max"]) + 1,
        )
        for row in spans
    )
    return worn(periods, also)
