"""A full disk: a clear error, the state before, and room again once there is some."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import archive_sources
import pytest
from archive_sources import EVER, START, check, tables
from small_disk import small_disk

from tipstaff.positions.archive import Archive, ArchiveWriteError

IMPORT = """
import resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import archive_sources as t
from tipstaff.positions.archive import ArchiveWriteError
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
try:
    t.Archive(Path(sys.argv[2])).append(t.tables(1), "s1", t.START)
except ArchiveWriteError as error:
    print(error)
    sys.exit(7)
"""


@pytest.mark.parametrize("limit_bytes", [0, 100, 700, 1_500, 3_000, 5_000])
def test_no_more_can_be_written(tmp_path: Path, limit_bytes: int) -> None:
    archive = Archive(tmp_path / "archive")
    archive.append(tables(0), "s0", START)
    here = str(Path(archive_sources.__file__).parent)
    command = [sys.executable, "-c", IMPORT, here, str(tmp_path / "archive"), str(limit_bytes)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 7, done.stderr[-2000:]
    assert "is as it was before" in done.stdout
    assert "disk full" in done.stdout
    assert check(archive, [0]) == 1
    assert archive.append(tables(1), "s1", START).new_rows == 400
    assert check(archive, [0, 1]) == 2


def fill_up(archive: Archive) -> Iterator[int]:
    for source in range(1000):
        archive.append(tables(source), f"s{source}", START)
        yield source


def test_a_small_disk_fills_up(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "600k") as disk:
        archive = Archive(disk / "archive")
        stored: list[int] = []
        with pytest.raises(ArchiveWriteError, match="disk full"):
            stored.extend(fill_up(archive))
        assert stored
        assert check(archive, stored) == stored[-1] + 1
        assert sum(batch.num_rows for batch in archive.fixes(EVER)) == 400 * len(stored)
