"""The archive: idempotent, whole or not at all, sorted, and what it answers."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tipstaff.domain.fixes import ARCHIVE_SCHEMA, CONTENT_COLUMNS, CONTENT_SCHEMA
from tipstaff.domain.periods import Period, to_micros
from tipstaff.positions import archive as archive_module
from tipstaff.positions.archive import (
    AppendResult,
    Archive,
    ArchiveWriteError,
    SourceReadError,
    SourceRows,
)
from tipstaff.positions.fix_table import FixTable
from tipstaff.positions.locking import ArchiveBusyError, only_writer
from tipstaff.positions.place_bounds import Bounds

NOON = datetime(2026, 1, 26, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=30)
EVER = Period(datetime(2000, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))


def fixes(*rows: tuple[int, datetime, int, int], mechanism: int = 1) -> pa.Table:
    """Rows of device, time, latitude and longitude (1e-7 degree)."""
    columns = {name: [None] * len(rows) for name in CONTENT_COLUMNS}
    keys, times, lats, lons = zip(*rows, strict=True) if rows else ((), (), (), ())
    filled = {
        **columns,
        "device_key": list(keys),
        "fix_time": [to_micros(t) for t in times],
        "lat_e7": list(lats),
        "lon_e7": list(lons),
        "mechanism": [mechanism] * len(rows),
    }
    arrays = [pa.array(filled[field.name], pa.int64()).cast(field.type) for field in CONTENT_SCHEMA]
    return pa.table(arrays, schema=CONTENT_SCHEMA)


def held(archive: Archive, period: Period = EVER) -> pa.Table:
    return pa.Table.from_batches(list(archive.fixes(period)), ARCHIVE_SCHEMA)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive", patience_s=0.2)


ONE = fixes((1, NOON, 5, 6), (1, NOON + timedelta(days=1), 5, 6), (2, NOON, 7, 8))


def test_an_empty_archive_answers() -> None:
    nothing = Archive(Path("nowhere"))
    assert nothing.files() == []
    assert nothing.sources() == []
    assert not nothing.holds("a")
    assert held(nothing).num_rows == 0


def test_a_source_is_taken_in_once(archive: Archive) -> None:
    assert archive.append([ONE], "a", LATER) == AppendResult(3, 0)
    before = held(archive)
    assert archive.append(iter([ONE]), "a", LATER) == AppendResult(0, 0, already_held=True)
    assert archive.holds("a")
    assert held(archive).equals(before)
    assert before["day"].to_pylist() == [
        NOON.date(),
        (NOON + timedelta(days=1)).date(),
        NOON.date(),
    ]
    assert set(before["ingested_at"].to_pylist()) == {LATER}


def test_rows_that_are_held_or_repeated_add_nothing(archive: Archive) -> None:
    assert archive.append([ONE, ONE, ONE.slice(1)], "a", LATER) == AppendResult(3, 5)
    more = pa.concat_tables([ONE, fixes((1, NOON, 5, 7))])
    assert archive.append([more], "b", LATER) == AppendResult(1, 3)
    assert archive.sources() == [SourceRows("a", LATER, 3), SourceRows("b", LATER, 1)]


def test_a_file_read_wrongly_can_be_read_again(archive: Archive) -> None:
    archive.append([ONE], "a", LATER, reading="wrong")
    assert not archive.holds("a", reading="right")
    assert archive.append([ONE], "a", LATER, reading="right") == AppendResult(0, 3)


def test_a_source_without_rows_is_remembered(archive: Archive) -> None:
    assert archive.append([], "a", LATER) == AppendResult(0, 0)
    assert archive.holds("a")
    assert archive.append([ONE.slice(0, 0)], "b", LATER) == AppendResult(0, 0)


def test_times_around_midnight_and_before_1970_have_their_own_day(archive: Archive) -> None:
    times = [
        datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(2026, 1, 26, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2026, 1, 27, tzinfo=UTC),
    ]
    archive.append([fixes(*((1, t, 0, 0) for t in times))], "a", LATER)
    ever = Period(datetime(1900, 1, 1, tzinfo=UTC), LATER)
    assert held(archive, ever)["day"].to_pylist() == [t.date() for t in times]
    last_second = Period(times[2], times[3])
    assert held(archive, last_second)["fix_time"].to_pylist() == [times[2]]
    assert len(archive.files(last_second)) == 1


def test_files_are_sorted_and_compaction_keeps_every_row(archive: Archive) -> None:
    rows = [(i % 5, NOON + timedelta(seconds=97 * i % 7919), i, -i) for i in range(500)]
    for start in range(0, 500, 100):
        archive.append([fixes(*rows[start : start + 100])], f"s{start}", LATER)
    before = held(archive)
    assert len(archive.files()) == 5
    assert archive.compact() == 1
    assert archive.compact() == 0
    assert held(archive).equals(before)
    (file,) = archive.files()
    table = pq.read_table(file)
    order = [(name, "ascending") for name in ("device_key", "fix_time", "lat_e7")]
    assert table.equals(table.sort_by(order))
    assert archive.vacuum(0) == 5
    assert held(archive).equals(before)
    assert archive.holds("s400")
    assert archive.append([fixes(*rows)], "again", LATER) == AppendResult(0, 500)


def test_fixes_are_chosen_by_period_device_and_place(archive: Archive) -> None:
    archive.append([ONE], "a", LATER)
    day = Period(NOON, NOON + timedelta(hours=1))
    assert held(archive, day).num_rows == 2
    assert held(archive, Period(NOON - timedelta(days=1), NOON)).num_rows == 0
    chosen = pa.Table.from_batches(archive.fixes(EVER, [1, 9, 1]))
    assert chosen["device_key"].to_pylist() == [1, 1]
    assert list(archive.fixes(EVER, [])) == []
    placed = pa.Table.from_batches(archive.fixes(EVER, place=Bounds(6, 8, ((0, 7), (8, 8)))))
    assert placed["device_key"].to_pylist() == [2]


def test_content_that_differs_only_in_what_is_missing_is_kept_apart(archive: Archive) -> None:
    bare = fixes((1, NOON, 5, 6))
    i = bare.schema.get_field_index("satellites")
    full = bare.set_column(i, CONTENT_SCHEMA.field(i), pa.array([0], pa.int16()))
    assert archive.append([bare, full, bare], "a", LATER) == AppendResult(2, 1)
    assert archive.append([full], "b", LATER) == AppendResult(0, 1)


def test_a_source_that_fails_leaves_nothing(archive: Archive) -> None:
    archive.append([ONE], "a", LATER)
    before = held(archive)

    def failing(error: Exception) -> Iterator[pa.Table]:
        yield fixes((9, NOON, 0, 0))
        raise error

    with pytest.raises(SourceReadError):
        archive.append(failing(OSError(5, "gone")), "b", LATER)
    with pytest.raises(KeyError):
        archive.append(failing(KeyError("x")), "b", LATER)
    assert held(archive).equals(before)
    assert not archive.holds("b")


def test_a_failed_commit_takes_its_files_away_and_a_late_failure_does_not(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.append([ONE], "a", LATER)
    commit = FixTable.commit

    def fail(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FixTable, "commit", fail)
    with pytest.raises(ArchiveWriteError, match="disk"):
        archive.append([fixes((9, NOON, 0, 0))], "b", LATER)
    folder = Path(archive.files()[0]).parent
    assert len(list(folder.iterdir())) == 1

    def fail_late(*args: object, **kwargs: object) -> None:
        commit(*args, **kwargs)  # type: ignore[arg-type]
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FixTable, "commit", fail_late)
    with pytest.raises(ArchiveWriteError):
        archive.append([fixes((9, NOON, 0, 0))], "b", LATER)
    monkeypatch.undo()
    assert held(archive).num_rows == 4  # it got in, so its file stayed
    assert archive.append([fixes((9, NOON, 0, 0))], "b", LATER).already_held


def test_a_second_writer_waits_and_then_says_so(archive: Archive, tmp_path: Path) -> None:
    with only_writer(tmp_path / "archive.lock", 0.0), pytest.raises(ArchiveBusyError):
        archive.append([ONE], "a", LATER)
    assert archive.append([ONE], "a", LATER).new_rows == 3


def test_two_processes_at_once_both_get_in(tmp_path: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import test_archive as t;"
        "from pathlib import Path;"
        "a = t.Archive(Path(sys.argv[2]));"
        "[a.append([t.fixes((int(sys.argv[3]), t.NOON, i, 0), (7, t.NOON, i, 0))], "
        "sys.argv[3] + str(i), t.LATER) for i in range(5)]"
    )
    command = [sys.executable, "-c", code, str(Path(__file__).parent), str(tmp_path / "archive")]
    both = [subprocess.Popen([*command, name], env=os.environ) for name in ("1", "2")]
    assert [process.wait(60) for process in both] == [0, 0]
    keys = held(Archive(tmp_path / "archive"))["device_key"].to_pylist()
    assert sorted(keys) == [1] * 5 + [2] * 5 + [7] * 5


def test_more_days_than_files_may_be_open(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tipstaff.positions.staging._OPEN_FILES", 3)
    monkeypatch.setattr("tipstaff.positions.staging._GATHERED_ROWS", 4)
    rows = [(1, NOON + timedelta(days=i % 9, seconds=i), i, 0) for i in range(60)]
    tables = [fixes(*rows[i : i + 3]) for i in range(0, 60, 3)]
    assert archive.append(tables, "a", LATER) == AppendResult(60, 0)
    assert sorted(held(archive)["lat_e7"].to_pylist()) == list(range(60))


def test_nothing_is_left_beside_the_table(archive: Archive, tmp_path: Path) -> None:
    leftover = tmp_path / "archive-staging" / "dead"
    leftover.mkdir(parents=True)
    (leftover / "x.parquet").write_bytes(b"half")
    archive.append([ONE], "a", LATER)
    assert not leftover.exists()
    assert list((tmp_path / "archive-staging").iterdir()) == []
    assert archive_module.WEEK_H == 168
