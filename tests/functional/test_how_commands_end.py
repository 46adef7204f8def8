"""How commands end when something outside them fails: pipes, full disks, Ctrl-C, faults."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from program import done, environment, instance_of, tipstaff

BAD = "Durham,XX,,DUR20260101,Z1,20260101220000,20260102060000,427000,542000,,,OSGB36,\n"
WHY = ("--purpose", "demonstration")


def started(*words: str | Path, data: Path | None = None) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tipstaff", *map(str, words)],
        env=environment(data), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        # where the tests run as a job in the background, an interrupt is ignored and stays so
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )  # fmt: skip


def shell(line: str, data: Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """A line of bash, `tipstaff` in it the program; its exit code is that of the first command."""
    program = f"{sys.executable} -m tipstaff"
    return subprocess.run(
        ["bash", "-c", line.replace("tipstaff", program) + "; exit ${PIPESTATUS[0]}"],
        env=environment(data), cwd=cwd, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def crimes(tmp_path: Path) -> Path:
    file = tmp_path / "bad.csv"
    file.write_text(BAD * 3_000)
    return file


@pytest.mark.parametrize(
    "line",
    [
        "tipstaff check crimes bad.csv | head -1",
        "tipstaff check crimes bad.csv --json | head -1",
        "tipstaff check crimes bad.csv --json | true",
        "tipstaff check crimes bad.csv 2>&1 | true",
        "tipstaff check crimes bad.csv >&-",
        "tipstaff check crimes bad.csv --json >&- 2>&-",
    ],
)
def test_a_reader_who_leaves_changes_nothing(crimes: Path, tmp_path: Path, line: str) -> None:
    ran = shell(line, tmp_path / "var", tmp_path)
    assert (ran.returncode, ran.stderr) == (2, "")


@pytest.mark.parametrize("line", ["check crimes bad.csv --json", "check crimes bad.csv", "--help"])
def test_a_full_disk_behind_the_output_is_told(crimes: Path, tmp_path: Path, line: str) -> None:
    ran = shell(f"tipstaff {line} > /dev/full", tmp_path / "var", tmp_path)
    assert ran.returncode == 74
    assert ran.stderr == "The output could not be written: No space left on device.\n"


def test_a_full_disk_behind_a_list_of_the_archive(tmp_path: Path) -> None:
    data = tmp_path / "var"
    instance_of("ann", data)
    ran = shell("tipstaff runs --purpose audit > /dev/full", data, tmp_path)
    assert ran.returncode == 74
    assert "No space left" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("folder", ["/dev/null/x", "file"])
def test_a_data_folder_that_cannot_be(tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").write_text("")
    ran = tipstaff("init", data=tmp_path / folder)
    assert ran.returncode == 3
    assert "TIPSTAFF_DATA" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_fault_of_the_program_is_told_without_what_it_was_about(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import tipstaff.cli.check as c\n"
        "def broken(*_a, **_k): raise ValueError('secret W0001')\n"
        "c.read_crimes = broken\n"
    )
    (tmp_path / "f.csv").write_text(BAD)
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    ran = tipstaff("check", "crimes", tmp_path / "f.csv", PYTHONPATH=path)
    assert ran.returncode == 70
    assert "ValueError at" in ran.stderr
    assert "cli/check:" in ran.stderr
    assert "secret" not in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def interrupted(process: subprocess.Popen[str]) -> tuple[int, str]:
    assert process.poll() is None, process.communicate()
    process.send_signal(signal.SIGINT)
    _out, err = process.communicate(timeout=120)
    return process.returncode, err


def test_ctrl_c_during_an_import_ends_it_before_the_next_file(tmp_path: Path) -> None:
    data = tmp_path / "var"
    instance_of("ann", data)
    files = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for file, latitude in zip(files, (52, 53), strict=True):
        rows = (
            f"D{i % 500},2026-01-{1 + i % 28:02}T{i // 3600 % 24:02}:{i // 60 % 60:02}:"
            f"{i % 60:02}Z,{latitude}.{i:07},-1.5\n"
            for i in range(200_000)
        )
        file.write_text("device_id,fix_time,latitude,longitude\n" + "".join(rows))
    process = started("import", "positions", *files, *WHY, data=data)
    deadline = time.monotonic() + 120
    while not list(data.glob("archive-staging/*/*")) and time.monotonic() < deadline:
        time.sleep(0.02)
    code, err = interrupted(process)
    assert code == 130, err
    assert err.startswith("Interrupted.")
    assert len(err.splitlines()) == 1
    said = done("import", "positions", *files, *WHY, data=data)
    assert "taken in before" not in said


def test_ctrl_c_during_a_simulation(tmp_path: Path) -> None:
    words = ("simulate", tmp_path / "town", "--wearers", "400", "--days", "28")
    process = started(*words)
    time.sleep(6.0)  # the start-up is past; the simulation takes minutes
    code, err = interrupted(process)
    assert code == 130, err
    assert "Interrupted." in err
    assert "Traceback" not in err
