"""The program as a user runs it, away from any instance of the machine's own; and a tiny world."""

from __future__ import annotations

import os
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


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated world's files; not to be changed."""
    out = tmp_path_factory.mktemp("world") / "town"
    done("simulate", out, *WORLD)
    return out
