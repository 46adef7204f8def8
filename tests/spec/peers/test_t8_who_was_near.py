"""T8: a widely used server has no index of space and time: "who was near then" scans everything.

Here the search reads the rows of those devices alone that may have been there in those hours, and
finds exactly what a scan of everything finds.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tipstaff.domain.fixes import CONTENT_SCHEMA
from tipstaff.domain.periods import Period, to_micros
from tipstaff.positions.archive import Archive
from tipstaff.positions.cell_index import LEAST_SIZE
from tipstaff.positions.queries import TableFixes, near

START = datetime(2026, 3, 2, tzinfo=UTC)
DAYS, WEARERS = 3, 2_000
#: A place in Derby, an hour of the second day, and one who passes through it.
PLACE = (52.922, -1.476)
HOUR = Period(START + timedelta(days=1, hours=9), START + timedelta(days=1, hours=10))
WITNESS = 137


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> tuple[Archive, pa.Table]:
    """Three days of 2,000 wearers, a fix each five minutes, spread over England; one walks by."""
    rng = np.random.default_rng(8)
    fixes = DAYS * 288
    homes = rng.uniform([50.5, -4.0], [55.0, 1.0], (WEARERS, 2))
    times = to_micros(START) + np.arange(fixes) * 300_000_000
    lat = homes[:, :1] + rng.normal(0, 0.004, (WEARERS, fixes))
    lon = homes[:, 1:] + rng.normal(0, 0.006, (WEARERS, fixes))
    walk = 288 + 9 * 12 + np.arange(12)
    lat[WITNESS, walk] = PLACE[0] + np.linspace(-0.003, 0.003, 12)
    lon[WITNESS, walk] = PLACE[1]
    columns: dict[str, Any] = {
        "device_key": np.repeat(rng.permutation(WEARERS) * 1_000_003, fixes),
        "fix_time": np.tile(times, WEARERS),
        "lat_e7": np.round(lat.ravel() * 1e7).astype(np.int64),
        "lon_e7": np.round(lon.ravel() * 1e7).astype(np.int64),
        "mechanism": np.ones(WEARERS * fixes, np.int64),
    }
    empty = pa.nulls(WEARERS * fixes, pa.int64())
    arrays = [
        (pa.array(columns[f.name], pa.int64()) if f.name in columns else empty).cast(f.type)
        for f in CONTENT_SCHEMA
    ]
    table = pa.table(arrays, schema=CONTENT_SCHEMA)
    archive = Archive(tmp_path_factory.mktemp("near") / "archive")
    archive.append([table], "day", START + timedelta(days=DAYS))
    archive.compact()
    return archive, table


def test_it_finds_exactly_who_was_there(county: tuple[Archive, pa.Table]) -> None:
    archive, table = county
    found = near(archive, *PLACE, 400.0, HOUR)
    assert found.num_rows == 12
    assert len(found["device_key"].unique()) == 1
    assert found.equals(near(TableFixes(table), *PLACE, 400.0, HOUR))


def test_it_reads_a_small_share(county: tuple[Archive, pa.Table]) -> None:
    archive, _table = county
    assert all(Path(file).stat().st_size > LEAST_SIZE for file in archive.files())
    asked: list[Any] = []
    near(_Watched(archive, asked), *PLACE, 400.0, HOUR)
    (connection,) = asked
    read, there = row_groups(connection)
    everything = sum(pq.ParquetFile(file).metadata.num_row_groups for file in archive.files())
    # one of the day twice: to find the hits, and what else was said of their instants
    assert 0 < read <= 0.05 * everything, (read, there, everything)


def row_groups(connection: Any) -> tuple[int, int]:
    """How many row groups the last statement's scans of files read, and how many there were."""
    profile = json.loads(Path(connection.profile_file).read_text(encoding="utf-8"))
    nodes, read, there = list(profile["operator"]), 0, 0
    while nodes:
        node = nodes.pop()
        read += node.get("row_groups_scanned", 0)
        there += node.get("total_row_groups_to_scan", 0)
        nodes += node.get("children", ())
    return read, there


class _Profiled:
    """A connection that writes a profile of its statement."""

    def __init__(self, connection: Any, file: Path) -> None:
        self.connection, self.profile_file = connection, file
        connection.execute("PRAGMA enable_profiling = 'json'")
        connection.execute(f"PRAGMA profiling_output = '{file}'")

    def sql(self, query: str) -> Any:
        """The profile is of it, once it is carried out."""
        return self.connection.sql(query)


class _Watched:
    def __init__(self, archive: Archive, asked: list[Any]) -> None:
        self.archive, self.asked = archive, asked

    def connect(self, period: Period) -> Any:
        path = Path(self.archive.files()[0]).with_name("profile.json")
        self.asked.append(_Profiled(self.archive.connect(period), path))
        return self.asked[-1]

    def devices_near(self, place: Any, period: Period) -> Any:
        return self.archive.devices_near(place, period)


@pytest.mark.parametrize("damage", [b"", b"PAR1 no Parquet file at all", None])
def test_an_index_that_is_damaged_or_gone_changes_nothing(
    county: tuple[Archive, pa.Table], damage: bytes | None
) -> None:
    archive, table = county
    near(archive, *PLACE, 400.0, HOUR)
    indices = sorted((Path(archive.files()[0]).parents[1].parent).glob("archive-cells/*"))
    assert indices
    for index in indices:
        if damage is None:
            index.unlink()
        else:
            index.write_bytes(damage)
    expected = near(TableFixes(table), *PLACE, 400.0, HOUR)
    assert near(archive, *PLACE, 400.0, HOUR).equals(expected)
