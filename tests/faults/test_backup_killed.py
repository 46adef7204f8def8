"""kill −9, a full disk and imports under way: no half backup looks whole, no half copy serves."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from backups import WHY, backed_up, fixes_of, journal, key_in
from program import done, environment, instance_of, tipstaff

ROUNDS = max(3, int(os.environ.get("TIPSTAFF_FAULT_ROUNDS", "3")) // 10)
HEADER = "device_id,fix_time,latitude,longitude\n"


def positions(path: Path, device: str, rows: int) -> Path:
    lines = (
        f"{device},2026-01-{1 + n % 5:02}T{n // 3600 % 24:02}:{n // 60 % 60:02}:{n % 60:02}Z,"
        f"54.{n:07},-1.{n:07}\n"
        for n in range(rows)
    )
    path.write_text(HEADER + "".join(lines))
    return path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An instance with enough in it for a backup to take a moment."""
    folder = tmp_path / "var"
    instance_of("ann", folder)
    done("import", "positions", positions(tmp_path / "p.csv", "D1", 60_000), *WHY, data=folder)
    return folder


def started(*words: str | Path, data: Path | None = None) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tipstaff", *map(str, words)],
        env=environment(data), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def killed(process: subprocess.Popen[bytes], seen: Path, pattern: str, delay_s: float) -> bool:
    """Kill a process so long after `pattern` shows in `seen`; whether it had not ended before."""
    while process.poll() is None and not list(seen.glob(pattern)):
        time.sleep(0.002)
    time.sleep(delay_s)
    process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def test_a_killed_backup_leaves_no_file_of_its_name(data: Path, tmp_path: Path) -> None:
    key, out, chance = key_in(tmp_path), tmp_path / "b", random.Random(7)
    words = ("backup", out, "--to", f"{key}.pub", *WHY)
    for number in range(ROUNDS):
        process = started(*words, data=data)
        died = killed(process, data, "backup-*", 0 if not number else chance.uniform(0, 0.2))
        assert died != out.exists()
        out.unlink(missing_ok=True)
    done(*words, data=data)
    assert not list(data.glob("backup-*"))
    assert not list(tmp_path.glob("*.part"))
    done("restore", out, "--into", tmp_path / "new", "--key", key, *journal(data))
    assert "The chain holds." in done("audit", "verify", data=data)


def test_a_killed_restore_leaves_nothing_that_serves(data: Path, tmp_path: Path) -> None:
    out, key = backed_up(data, tmp_path)
    into, chance = tmp_path / "new", random.Random(7)
    for number in range(ROUNDS):
        process = started("restore", out, "--into", into, "--key", key, *journal(data))
        died = killed(
            process, tmp_path, ".new.restoring-*/restoring.json",
            0 if not number else chance.uniform(0, 1.0),
        )  # fmt: skip
        assert died
        assert not into.exists()
        for left in tmp_path.glob(".new.restoring-*"):
            if (left / "restoring.json").exists():
                ran = tipstaff("trail", "D1", "--from", "2026-01-01", *WHY, "--to", "2026-01-09",
                               data=left)  # fmt: skip
                assert ran.returncode == 3
    done("restore", out, "--into", into, "--key", key, *journal(data))
    assert not list(tmp_path.glob(".new.restoring-*"))
    assert fixes_of(into).equals(fixes_of(data))


LIMITED = """
import resource, sys
from tipstaff.__main__ import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)), resource.RLIM_INFINITY))
main()
"""


def limited(limit_bytes: int, *words: str | Path, data: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LIMITED, str(limit_bytes), *map(str, words)],
        env=environment(data), capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_full_disk_is_told_in_one_line(data: Path, tmp_path: Path) -> None:
    out, key = backed_up(data, tmp_path)
    room = (data / "records.sqlite3").stat().st_size + 100_000
    backup = limited(room, "backup", tmp_path / "b", "--to", f"{key}.pub", *WHY, data=data)
    restore = limited(5_000, "restore", out, "--into", tmp_path / "new", "--key", key, data=data)
    for ran in (backup, restore):
        assert ran.returncode == 74, ran.stderr
        assert len(ran.stderr.splitlines()) == 1
        assert "File too large" in ran.stderr  # what a limit says in place of a full disk
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"var", "p.csv", "one.backup", "backup.key", "backup.key.pub"}
    assert not list(data.glob("backup-*"))


def test_a_full_disk_under_the_copy_of_the_records(data: Path, tmp_path: Path) -> None:
    key = key_in(tmp_path)
    ran = limited(200_000, "backup", tmp_path / "b", "--to", f"{key}.pub", *WHY, data=data)
    assert ran.returncode == 2, ran.stderr
    assert "disk full" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
    assert not (tmp_path / "b").exists()


def test_backups_during_imports_hold_each_file_whole_or_not_at_all(
    data: Path, tmp_path: Path
) -> None:
    key = key_in(tmp_path)
    files = [positions(tmp_path / f"{n}.csv", f"E{n}", 4_000) for n in range(12)]
    process = started("import", "positions", *files, *WHY, data=data)
    held = []
    for number in range(3):
        out, into = tmp_path / f"b{number}", tmp_path / f"new{number}"
        done("backup", out, "--to", f"{key}.pub", *WHY, data=data)
        done(
            "restore", out, "--into", into, "--key", key, *journal(data)
        )  # checks that it is whole
        held.append(fixes_of(into).num_rows)
    assert process.wait() == 0
    assert held == sorted(held)
    assert [rows for rows in held if (rows - 60_000) % 4_000] == []
    again = done("import", "positions", *files, *WHY, data=tmp_path / "new0")
    assert "0 quarantined" in again or "taken in before" in again
    assert fixes_of(tmp_path / "new0").num_rows == 60_000 + 12 * 4_000
