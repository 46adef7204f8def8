"""The program as a user runs it, away from any instance of the machine's own; and a tiny world."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Tipstaff = Callable[..., "subprocess.CompletedProcess[str]"]

#: Small enough for seconds, large enough for candidates, exclusions and gaps.
WORLD = ("--wearers", "8", "--days", "8", "--seed", "5", "--crimes", "9")


def environment(data: Path | None = None, **extra: str) -> dict[str, str]:
    """This environment without the machine's own instance; `data`: the one to work on."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("TIPSTAFF_")}
    return {**clean, **({"TIPSTAFF_DATA": str(data)} if data else {}), **extra}


def tipstaff(
    *words: str | Path, data: Path | None = None, cwd: Path | None = None, **extra: str
) -> subprocess.CompletedProcess[str]:
    """Run `tipstaff` and keep what it says; `extra` goes into the environment."""
    return subprocess.run(
        [sys.executable, "-m", "tipstaff", *map(str, words)],
        env=environment(data, **extra),
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
    )


def done(*words: str | Path, data: Path | None = None, cwd: Path | None = None) -> str:
    """Run `tipstaff`, which must succeed; what it printed."""
    process = tipstaff(*words, data=data, cwd=cwd)
    assert process.returncode == 0, process.stderr
    return process.stdout


@pytest.fixture(scope="session", autouse=True)
def _one_for_all_workers(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Where what is made once lies: in the folder of the whole run, not of one of its workers."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    os.environ["TESTS_MADE_ONCE"] = str(shared / "made-once")


def instance_of(user: str, data: Path) -> None:
    """An instance of that local user in `data`, as `tipstaff init` makes it: a copy of one."""
    folder = Path(os.environ["TESTS_MADE_ONCE"]) / user
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            done("init", "--user", user, data=folder / "var")
            (folder / "done").touch()
    shutil.copytree(folder / "var", data)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated world's files; not to be changed."""
    out = tmp_path_factory.mktemp("world") / "town"
    done("simulate", out, *WORLD)
    return out
