"""Tracks with truth: a claimed place and the true one, row by row, from CSV or Parquet.

A small description names the columns, says what the claimed radius means and which columns tell
tracks apart. Rows that cannot be read are returned as faults, the rest is kept. Adding a layout is
one line in `LAYOUTS`, or a TOML file given by the caller.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import TextIOWrapper
from typing import IO, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tipstaff.domain.fixes import Mechanism
from tipstaff.domain.periods import to_micros
from tipstaff.matching.error_sample import ErrorSample, error_sample

_MECHANISMS: Final = {m.name: int(m) for m in Mechanism} | {str(int(m)): int(m) for m in Mechanism}


@dataclass(frozen=True, slots=True)
class TruthLayout:
    """The columns of a track with truth.

    `accuracy` is the claimed radius in metres, meant to hold `level` of the fixes (None: the track
    states none). `mechanism` is a column of names or national codes; without it, `constant`. Rows
    whose column `skip[0]` says `skip[1]` are passed over: they are no errors of a worn tag.
    """

    name: str
    time: str
    latitude: str
    longitude: str
    true_latitude: str
    true_longitude: str
    accuracy: str | None = None
    level: float = 0.95
    mechanism: str | None = None
    constant: str = "GPS"
    track: tuple[str, ...] = ()
    skip: tuple[str, str] | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column the layout needs."""
        named = [self.time, self.latitude, self.longitude, self.true_latitude, self.true_longitude]
        named += [c for c in (self.accuracy, self.mechanism) if c is not None]
        return (*named, *self.track, *(self.skip or ())[:1])


#: The first whose columns are all present is used. Android's accuracy is a 68% radius.
LAYOUTS: Final = (
    TruthLayout(
        "simulated world",
        "fix_time",
        "latitude",
        "longitude",
        "true_latitude",
        "true_longitude",
        accuracy="precision_m",
        mechanism="mechanism",
        track=("device_id",),
        skip=("error_kind", "removed"),
    ),
    TruthLayout(
        "tipstaff",
        "fix_time",
        "latitude",
        "longitude",
        "true_latitude",
        "true_longitude",
        accuracy="precision_m",
        mechanism="mechanism",
        track=("device_id",),
    ),
    TruthLayout(
        "android phone",
        "time_utc",
        "latitude",
        "longitude",
        "truth_latitude",
        "truth_longitude",
        accuracy="accuracy_m",
        level=0.68,
        track=("session",),
    ),
    TruthLayout(
        "receiver beside a survey instrument",
        "time_utc",
        "latitude",
        "longitude",
        "truth_latitude",
        "truth_longitude",
    ),
)


@dataclass(frozen=True, slots=True)
class TruthFault:
    """A row left out, and why. `row` counts data rows from 1; 0 is the file as a whole."""

    row: int
    field: str
    code: str
    action: str


@dataclass(frozen=True, slots=True)
class TruthRead:
    """What a file held: the sample, None where no row was good, and the rows left out."""

    layout: str
    sample: ErrorSample | None
    faults: tuple[TruthFault, ...]


def layout_from_toml(text: str) -> TruthLayout:
    """A layout from TOML; ValueError says what is wrong with it."""
    values: dict[str, Any] = tomllib.loads(text)
    values["track"] = tuple(values.get("track", ()))
    if "skip" in values:
        values["skip"] = tuple(values["skip"])
    try:
        layout = TruthLayout(**({"name": "given"} | values))
    except TypeError as error:
        raise ValueError(f"a layout needs other keys: {error}") from None
    if not 0 < layout.level < 1 or layout.constant not in _MECHANISMS:
        raise ValueError("level must be between 0 and 1, constant the name of a mechanism")
    return layout


def read_truth_csv(
    stream: IO[bytes], layout: TruthLayout | None = None, track: str = ""
) -> TruthRead:
    """A CSV track with a header row. `track` names it where the file tells no tracks apart."""
    text = TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="")
    try:
        rows = list(csv.reader(text))
    except csv.Error:
        return _refused("UNREADABLE", "give a CSV file with a header row")
    finally:
        text.detach()
    header = rows[0] if rows else []
    cells = rows[1:]
    columns = {
        name: [row[i] if i < len(row) else "" for row in cells] for i, name in enumerate(header)
    }
    return truth_from_columns(columns, layout, track)


def read_truth_parquet(
    stream: IO[bytes], layout: TruthLayout | None = None, track: str = ""
) -> TruthRead:
    """A Parquet track; times may be timestamps or ISO 8601 text."""
    try:
        table = pq.read_table(pa.PythonFile(stream, mode="r"))
    except (pa.ArrowInvalid, OSError):
        return _refused("UNREADABLE", "give a Parquet file")
    return truth_from_columns(
        {name: table.column(name).to_pylist() for name in table.column_names}, layout, track
    )


def truth_from_columns(
    columns: Mapping[str, Sequence[Any]], layout: TruthLayout | None = None, track: str = ""
) -> TruthRead:
    """The sample in columns of cells (text or values), by `layout` or the first known that fits."""
    chosen = layout or next((k for k in LAYOUTS if all(c in columns for c in k.columns)), None)
    if chosen is None:
        return _refused("UNKNOWN_COLUMNS", "name the columns in a layout file (--columns)")
    missing = [name for name in chosen.columns if name not in columns]
    if missing:
        return _refused("MISSING_COLUMN", f"add the column {missing[0]}", missing[0])
    faults: list[TruthFault] = []
    good: list[tuple[Any, ...]] = []
    for number, read in enumerate(_rows(columns, chosen), start=1):
        if read is None:
            continue
        if isinstance(read, str):
            faults.append(TruthFault(number, read, "INVALID_VALUE", f"correct or remove {read}"))
        else:
            good.append(read)
    if not good:
        faults.append(TruthFault(0, "", "NO_GOOD_ROW", "give at least one complete row"))
        return TruthRead(chosen.name, None, tuple(faults))
    return TruthRead(chosen.name, _sample(good, chosen, track), tuple(faults))


def _rows(
    columns: Mapping[str, Sequence[Any]], layout: TruthLayout
) -> Iterator[tuple[Any, ...] | str | None]:
    """Each row's values (time, four degrees, radius, mechanism, track), or its faulty field.

    None for a row to pass over.
    """
    degrees = (layout.latitude, layout.longitude, layout.true_latitude, layout.true_longitude)
    cells = zip(*(columns[name] for name in layout.columns), strict=True)
    for row in (dict(zip(layout.columns, values, strict=True)) for values in cells):
        if layout.skip and row[layout.skip[0]] == layout.skip[1]:
            yield None
            continue
        t_us = _micros(row[layout.time])
        if t_us is None:
            yield layout.time
            continue
        places = [_number(row[name]) for name in degrees]
        limits = (90, 180, 90, 180)
        bad = [
            name
            for name, x, most in zip(degrees, places, limits, strict=True)
            if not abs(x) <= most
        ]
        radius = _number(row[layout.accuracy]) if layout.accuracy else np.nan
        stated = layout.accuracy and str(row[layout.accuracy] or "").strip()
        if stated and not 0 <= radius < 1e6:
            bad.append(str(layout.accuracy))
        found = str(row[layout.mechanism]) if layout.mechanism else layout.constant
        if found not in _MECHANISMS:
            bad.append(str(layout.mechanism))
        if bad:
            yield bad[0]
            continue
        name = " ".join(str(row[c]) for c in layout.track)
        yield (t_us, *places, radius, _MECHANISMS[found], name)


def _sample(rows: list[tuple[Any, ...]], layout: TruthLayout, track: str) -> ErrorSample:
    t_us, lat, lon, true_lat, true_lon, radius, mechanism, name = zip(*rows, strict=True)
    return error_sample(
        [f"{track} {n}".strip() for n in name],
        np.array(t_us, dtype=np.int64),
        np.array(mechanism, dtype=np.int8),
        (np.array(radius, dtype=np.float64), layout.level),
        (np.array(lat), np.array(lon)),
        (np.array(true_lat), np.array(true_lon)),
    )


def _micros(cell: Any) -> int | None:
    """Microseconds of an aware instant or its ISO 8601 text; None where it is neither."""
    try:
        instant = cell if isinstance(cell, datetime) else datetime.fromisoformat(str(cell).strip())
    except ValueError:
        return None
    return None if instant.tzinfo is None else to_micros(instant)


def _number(cell: Any) -> float:
    """A number, NaN where the cell is not one."""
    try:
        return float(cell)
    except (TypeError, ValueError):
        return float("nan")


def _refused(code: str, action: str, field: str = "") -> TruthRead:
    return TruthRead("", None, (TruthFault(0, field, code, action),))
