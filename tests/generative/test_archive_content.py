"""However rows are shuffled, repeated, batched and spread over files, the archive holds the same.

And what it answers is what a slow look at every row would.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cmp_to_key
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tipstaff.domain.fixes import CONTENT_COLUMNS, CONTENT_SCHEMA
from tipstaff.domain.periods import Period, to_micros
from tipstaff.positions import cell_index
from tipstaff.positions.archive import Archive
from tipstaff.positions.place_bounds import ground_distance_m
from tipstaff.positions.queries import Span, TableFixes, near, trail

START = datetime(2026, 1, 26, 22, tzinfo=UTC)
EVER = Period(START - timedelta(days=1), START + timedelta(days=3))
SLOW = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


def optional(low: int, high: int) -> st.SearchStrategy[int | None]:
    return st.one_of(st.none(), st.integers(low, high))


# few values, so that equal and conflicting rows are common; near a pole and the date line too
ROW = st.tuples(
    st.integers(1, 3),
    st.integers(0, 30).map(lambda h: to_micros(START + timedelta(minutes=10 * h))),
    st.sampled_from([534_000_000, 534_000_100, 899_999_990]),
    st.sampled_from([-29_000_000, 1_800_000_000, -1_800_000_000, -1_799_999_900]),
    optional(0, 2),
    st.sampled_from([None, 68, 95]),
    st.sampled_from([0, 1, 5]),
    optional(0, 1),
    optional(0, 1),
    optional(0, 1),
    optional(0, 1),
    st.none(),
    st.sampled_from([None, to_micros(START)]),
)
ROWS = st.lists(ROW, max_size=30)


def table_of(rows: list[tuple[Any, ...]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(CONTENT_SCHEMA)
    arrays = [
        pa.array(column, pa.int64()).cast(field.type)
        for column, field in zip(columns, CONTENT_SCHEMA, strict=True)
    ]
    return pa.table(arrays, schema=CONTENT_SCHEMA)


def rows_of(table: pa.Table) -> list[tuple[Any, ...]]:
    columns = [
        table[field.name].cast(pa.int64()).to_pylist()
        if pa.types.is_timestamp(field.type)
        else table[field.name].to_pylist()
        for field in CONTENT_SCHEMA
    ]
    return list(zip(*columns, strict=True))


@contextmanager
def a_new_archive() -> Iterator[Archive]:
    with tempfile.TemporaryDirectory() as folder:
        yield Archive(Path(folder) / "archive")


def order(row: tuple[Any, ...]) -> list[tuple[bool, Any]]:
    return [(value is None, value or 0) for value in row]


@SLOW
@given(ROWS, st.randoms(use_true_random=False), st.data())
def test_shuffles_repeats_and_batches_change_nothing(
    rows: list[tuple[Any, ...]], random: Any, data: Any
) -> None:
    sent = rows + [row for row in rows if random.random() < 0.5]
    random.shuffle(sent)
    with a_new_archive() as archive:
        at, number, added = 0, 0, 0
        while at < len(sent):
            size = data.draw(st.integers(1, 12))
            file = sent[at : at + size]
            cut = data.draw(st.integers(0, len(file)))
            result = archive.append(
                [table_of(file[:cut]), table_of(file[cut:])], f"file{number}", START
            )
            assert result.new_rows + result.duplicate_rows == len(file)
            added += result.new_rows
            at, number = at + size, number + 1
            if data.draw(st.integers(0, 4)) == 0:
                archive.compact()
        batches = list(archive.fixes(EVER))
        found = [row for batch in batches for row in rows_of(pa.Table.from_batches([batch]))]
        assert found == sorted(set(rows), key=order)
        assert added == len(found)


def speaks_before(a: tuple[Any, ...], b: tuple[Any, ...]) -> int:
    """Satellite first, then the smaller radius, then the rest of the content in order."""
    name = CONTENT_COLUMNS.index

    def rank(row: tuple[Any, ...]) -> list[tuple[bool, Any]]:
        rest = [v for n, v in zip(CONTENT_COLUMNS, row, strict=True) if n != "precision_cm"]
        return order((row[name("mechanism")] != 1, row[name("precision_cm")], *rest))

    return -1 if rank(a) < rank(b) else 1


@SLOW
@given(ROWS, st.integers(0, 20), st.integers(0, 20))
def test_a_trail_is_what_a_slow_look_finds(
    rows: list[tuple[Any, ...]], first: int, length: int
) -> None:
    start = START + timedelta(minutes=10 * first)
    spans = [
        Span(1, Period(start, start + timedelta(minutes=10 * length))),
        Span(1, EVER),
        Span(2, Period(start, start + timedelta(minutes=10 * length))),
    ][0 if length % 2 else 1 :]
    wanted = {
        row
        for row in rows
        if any(
            row[0] == s.device_key and to_micros(s.period.start) <= row[1] < to_micros(s.period.end)
            for s in spans
        )
    }
    found = trail(TableFixes(table_of(rows)), spans)
    assert set(rows_of(found)) == wanted
    assert found.num_rows == len(wanted)
    times = [row[1] for row in rows_of(found)]
    assert times == sorted(times)
    speaking = set()
    for instant in {(row[0], row[1]) for row in wanted}:
        rivals = [row for row in wanted if (row[0], row[1]) == instant]
        speaking.add(min(rivals, key=cmp_to_key(speaks_before)))
    flagged = list(zip(rows_of(found), found["speaks"].to_pylist(), strict=True))
    assert {row for row, speaks in flagged if speaks} == speaking
    crowded = {row for row in wanted if sum((r[0], r[1]) == (row[0], row[1]) for r in wanted) > 1}
    conflicts = zip(rows_of(found), found["conflict"].to_pylist(), strict=True)
    assert {row for row, conflict in conflicts if conflict} == crowded


@SLOW
@given(
    ROWS,
    st.sampled_from([(53.4, -2.9), (53.4, 180.0), (53.4, -180.0), (89.99999, 3.0), (90.0, 0.0)]),
    st.sampled_from([0.5, 1.5, 12.0, 50_000.0]),
)
def test_near_is_what_a_slow_look_finds(
    rows: list[tuple[Any, ...]], place: tuple[float, float], radius_m: float
) -> None:
    period = Period(START, START + timedelta(hours=4))
    wanted = {
        row
        for row in rows
        if to_micros(period.start) <= row[1] < to_micros(period.end)
        and float(ground_distance_m(*place, row[2] / 1e7, row[3] / 1e7)) <= radius_m
    }
    found = near(TableFixes(table_of(rows)), *place, radius_m, period)
    assert set(rows_of(found)) == wanted
    assert found.num_rows == len(wanted)
    inside = {r for r in rows if to_micros(period.start) <= r[1] < to_micros(period.end)}
    for row, conflict in zip(rows_of(found), found["conflict"].to_pylist(), strict=True):
        assert conflict == (len([r for r in inside if r[:2] == row[:2]]) > 1)


CORNERS = [(53.4, -2.9), (53.4, 180.0), (-0.0001, 0.0), (89.99999, 3.0)]


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_near_in_an_archive_is_near_in_all_its_fixes(data: Any) -> None:
    """By the index of cells, made or not, of small files and of large: nobody is left out."""
    middle, place = data.draw(st.sampled_from(CORNERS)), data.draw(st.sampled_from(CORNERS))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    count = 400
    columns: dict[str, Any] = dict.fromkeys(CONTENT_COLUMNS)
    lon = (middle[1] + rng.normal(0, 0.3, count) + 180.0) % 360.0 - 180.0
    columns |= {
        "device_key": rng.integers(0, 9, count),
        "fix_time": to_micros(START) + rng.integers(0, 48, count) * 3_600_000_000,
        "lat_e7": np.round(np.clip(middle[0] + rng.normal(0, 0.2, count), -90, 90) * 1e7),
        "lon_e7": np.round(lon * 1e7),
        "mechanism": np.ones(count),
    }
    arrays = [
        pa.nulls(count, f.type) if columns[f.name] is None
        else pa.array(columns[f.name].astype(np.int64), pa.int64()).cast(f.type)
        for f in CONTENT_SCHEMA
    ]  # fmt: skip
    table = pa.table(arrays, schema=CONTENT_SCHEMA)
    start = START + timedelta(hours=data.draw(st.integers(-1, 40)))
    period = Period(start, start + timedelta(hours=data.draw(st.integers(0, 30))))
    radius_m = data.draw(st.sampled_from([300.0, 20_000.0, 50_000.0]))
    with (
        tempfile.TemporaryDirectory() as folder,
        mock.patch.object(cell_index, "LEAST_SIZE", data.draw(st.sampled_from([0, 10**9]))),
    ):
        archive = Archive(Path(folder) / "archive")
        archive.append([table.slice(0, 250)], "one", START)
        archive.append([table.slice(200)], "two", START)
        if data.draw(st.booleans()):
            archive.compact()
        for _again in range(2):
            found = near(archive, *place, radius_m, period)
            assert set(rows_of(found)) == set(
                rows_of(near(TableFixes(table), *place, radius_m, period))
            )
