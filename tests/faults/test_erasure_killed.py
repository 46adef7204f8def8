"""Killed in the middle of an erasure: whatever opens the instance next finishes it, whole."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from backups import journal
from canaries import AFTER, ALWAYS, BEFORE, WHO, fill, traces, trail_of
from instance_fixtures import TestInstance
from program import environment

from tipstaff.backups.keys import make_key
from tipstaff.backups.refusals import BackupError

ROUNDS = int(os.environ.get("TIPSTAFF_FAULT_ROUNDS", "2"))

#: Erases what is due. With a point named it kills itself there: before or after a step.
ERASER = """
import os, signal, sys
import tipstaff.services
from tipstaff.domain.purposes import Purpose
from tipstaff.records import erasures, personal_data
from tipstaff.services import erasure, erasure_journal, erasure_stores, retention

def around(owner, name, when):
    plain = getattr(owner, name)
    def wrapped(*args, **kwargs):
        if when == "before": os.kill(os.getpid(), signal.SIGKILL)
        result = plain(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(owner, name, wrapped)

POINTS = {
    "journal": (erasure_journal, "note"), "counts": (erasures, "counted"),
    "runs": (erasure_stores.run_erasing, "erase"), "rows": (erasures, "erase_rows"),
    "archive": (erasure_stores.Archive, "erase"), "log": (erasure_stores.Archive, "_erase_day"),
    "checkpoints": (erasure_stores.CheckpointsErasing, "erase"),
    "pages": (personal_data, "wipe_pages"), "end": (erasure, "_end"),
    "proof": (erasure, "write_proofs"),
}
if sys.argv[1:]:
    name, when = sys.argv[1].split("-")
    around(*POINTS[name], when)
print("ready", flush=True)
retention.run_retention(actor="tester", purpose=Purpose.SYSTEM_ADMINISTRATION, authority="")
"""


@pytest.fixture(scope="module")
def _made() -> dict[str, Path]:
    return {}


@pytest.fixture
def data(
    sqlite_instance: TestInstance, tmp_path: Path, _made: dict[str, Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:  # fmt: skip
    """An instance with somebody who is due, filled once."""
    if "kept" not in _made:
        from django.db import connections

        fill(tmp_path, sqlite_instance.data)
        connections["default"].close()
        _made["kept"] = tmp_path_factory.mktemp("killed") / "var"
        shutil.copytree(sqlite_instance.data, _made["kept"])
    return shutil.copytree(_made["kept"], tmp_path / "copy")


def eraser(data: Path, *point: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", ERASER, *point], env=environment(data, TIPSTAFF_ACTOR="tester"),
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def opened(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make this process work on the instance in `data`."""
    from instance_fixtures import _connect_django

    monkeypatch.setenv("TIPSTAFF_DATA", str(data))
    _connect_django()


def check_finished(data: Path) -> None:
    """Nothing is left, the other's trail is whole, there is one proof, and the audit holds."""
    from tipstaff.services.audit import verify_audit
    from tipstaff.services.retention import list_proofs

    assert traces(data) == set()
    assert len(trail_of(data, [BEFORE, AFTER])) == len(trail_of(data, [ALWAYS])) == 120
    (proof,) = list_proofs(**WHO)
    assert proof.whole == 1
    assert proof.counts["archive"] == {"fixes": 120}  # counted before anything went
    assert verify_audit().faults == ()
    assert len((data / "erasures.jsonl").read_text().splitlines()) == 2
    assert len(list((data / "proofs").glob("*.json"))) == 1


@pytest.mark.parametrize(
    "point",
    [
        "counts-before", "rows-after", "log-after", "archive-after", "checkpoints-after",
        "end-before", "proof-before",
    ],
)  # fmt: skip
def test_a_kill_at_each_step_is_finished_by_whatever_opens_the_instance(
    data: Path, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipstaff.services.retention import run_retention
    from tipstaff.services.runs import list_runs

    process = eraser(data, point)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    opened(data, monkeypatch)
    if point == "proof-before":  # all but the proof's file, which the next run writes
        run_retention(**WHO)
    else:
        list_runs(**WHO)  # any use case
    check_finished(data)


def test_kills_at_random_moments(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipstaff.services.retention import run_retention

    chance = random.Random(7)
    for number in range(ROUNDS):
        copy = shutil.copytree(data, tmp_path / f"round{number}")
        process = eraser(copy)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.uniform(0.0, 0.8))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        opened(copy, monkeypatch)
        run_retention(**WHO)
        check_finished(copy)
        shutil.rmtree(copy)


@pytest.fixture
def backup(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A backup of the instance, which is open here, with a disclosure; its key is beside it."""
    from tipstaff.services.backup import back_up
    from tipstaff.services.disclosures import record_disclosure

    opened(data, monkeypatch)
    until = datetime.now(UTC) + timedelta(days=400)
    record_disclosure(
        **{**WHO, "authority": "R v X"}, force="Derbyshire", crime_force="Derbyshire",
        crime_reference="CRIME-1", until=until,
    )  # fmt: skip
    public = make_key(tmp_path / "key", "", datetime.now(UTC))
    back_up(**WHO, out=tmp_path / "one.backup", recipients=[public])
    return tmp_path / "one.backup"


def restored(backup: Path, name: str, **other: Any) -> Path:
    from tipstaff.services.restore import restore

    into = backup.with_name(name)
    restore(file=backup, into=into, key=backup.with_name("key"), **other)
    return into


def test_an_old_backup_is_erased_again_before_it_serves(
    data: Path, backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Backed up, erased, the old backup restored: killed in the middle, then to its end."""
    from tipstaff.services.retention import list_proofs, run_retention

    run_retention(**WHO)
    with pytest.raises(BackupError, match="--no-erasures"):
        restored(backup, "bare")
    words = ("restore", backup, "--into", tmp_path / "new", "--key", tmp_path / "key")
    process = subprocess.Popen(
        [sys.executable, "-m", "tipstaff", *map(str, (*words, *journal(data)))],
        env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    while process.poll() is None and not list(tmp_path.glob(".new.restoring-*/erasure.lock")):
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert not (tmp_path / "new").exists()
    into = restored(backup, "new", erasures=data / "erasures.jsonl")
    assert traces(into) == {"disclosures"}  # which are held, and come back with the backup
    assert len(trail_of(into, [BEFORE, AFTER])) == len(trail_of(into, [ALWAYS])) == 120
    assert (into / "erasures.jsonl").read_bytes() == (data / "erasures.jsonl").read_bytes()
    opened(into, monkeypatch)
    assert [proof.whole for proof in list_proofs(**WHO)] == [1]
    assert run_retention(**WHO).erasures == 0


def test_that_there_is_no_journal_is_said_and_recorded(backup: Path, tmp_path: Path) -> None:
    into = restored(backup, "new", no_erasures="none of it is real")
    assert traces(into) != set()
    assert b"none of it is real" in (into / "records.sqlite3").read_bytes()
    assert not (into / "no-erasures.txt").exists()
    assert (into / "erasures.jsonl").exists()


def test_a_journal_of_another_instance_or_an_older_one_is_refused(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipstaff.services.backup import back_up
    from tipstaff.services.retention import run_retention

    opened(data, monkeypatch)
    run_retention(**WHO)
    public = make_key(tmp_path / "key", "", datetime.now(UTC))
    back_up(**WHO, out=tmp_path / "b", recipients=[public])
    first = (data / "erasures.jsonl").read_text().splitlines(keepends=True)
    for name, content in {
        "older": first[0],
        "other": '{"instance": "x"}\n' + first[1],
        "damaged": first[0] + "{}\n" + first[1],
        "none": "",
    }.items():
        (tmp_path / name).write_text(content)
        with pytest.raises(BackupError, match="journal"):
            restored(tmp_path / "b", "new", erasures=tmp_path / name)
        assert not (tmp_path / "new").exists()
