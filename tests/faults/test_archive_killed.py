"""kill −9 at any point of an import or a compaction leaves the archive as before or as after.

TIPSTAFF_FAULT_ROUNDS rounds of kills at random moments, and one kill at each step of the writing.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import archive_sources
import pytest
from archive_sources import ROWS, START, check, tables

from tipstaff.positions.archive import Archive

ROUNDS = int(os.environ.get("TIPSTAFF_FAULT_ROUNDS", "5"))
SUPPORT = str(Path(archive_sources.__file__).parent)

#: Writes sources s0, s1, … and compacts now and then, saying what is done. With a point named it
#: kills itself there, in the third source.
WRITER = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import archive_sources as t
from tipstaff.positions import archive as a, day_files, fix_table, staging

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def around(owner, name, when):
    plain = getattr(owner, name)
    def wrapped(*args, **kwargs):
        if when == "before": die()
        result = plain(*args, **kwargs)
        die()
    setattr(owner, name, wrapped)

POINTS = {
    "fill": (staging.Staging, "fill"), "write": (a, "write_new"), "stats": (day_files, "_stats"),
    "place": (a, "put_in_place"), "commit": (fix_table.FixTable, "commit"),
    "merge": (a, "write_merged"),
}
archive = t.Archive(Path(sys.argv[2]))
start, point = int(sys.argv[3]), sys.argv[4]
for i in range(start, start + 40):
    if point and i == start + 2:
        name, when = point.split("-")
        around(*POINTS[name], when)
        if name == "merge": archive.compact()
    archive.append(t.tables(i), f"s{i}", t.START)
    print(i, flush=True)
    if i % 3 == 2:
        archive.compact()
"""


def writer(folder: Path, start: int, point: str = "") -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", WRITER, SUPPORT, str(folder), str(start)]
    return subprocess.Popen([*command, point], stdout=subprocess.PIPE, text=True)


def test_kills_at_random_moments(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    chance = random.Random(7)
    start, acknowledged = 0, []
    for _round in range(ROUNDS):
        process = writer(tmp_path / "archive", start)
        assert process.stdout is not None
        acknowledged.append(int(process.stdout.readline()))
        time.sleep(chance.uniform(0.0, 0.4))
        process.send_signal(signal.SIGKILL)
        rest, _nothing = process.communicate()
        acknowledged += [int(line) for line in rest.split()]
        start = check(archive, acknowledged)
    again = archive.append(tables(start), f"s{start}", START)
    assert (again.new_rows, again.duplicate_rows) == (ROWS, 100)
    archive.compact()
    archive.vacuum(0)
    check(archive, [*acknowledged, start])
    held = {Path(name).name for name in archive.files()}
    on_disk = {path.name for path in (tmp_path / "archive").glob("day=*/*")}
    assert on_disk == held  # what dead writers left is swept away


@pytest.mark.parametrize(
    "point",
    [
        f"{name}-{when}"
        for name in ("fill", "write", "stats", "place", "commit", "merge")
        for when in ("before", "after")
    ],
)
def test_a_kill_at_each_step(tmp_path: Path, point: str) -> None:
    process = writer(tmp_path / "archive", 0, point)
    output, _nothing = process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert output.split() == ["0", "1"]
    archive = Archive(tmp_path / "archive")
    following = check(archive, [0, 1])
    assert following == (3 if point == "commit-after" else 2)
    again = archive.append(tables(2), "s2", START)
    assert again.already_held == (following == 3)
    assert check(archive, [0, 1, 2]) == 3
