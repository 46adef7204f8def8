"""A new instance on which the tests' helpers can be run, in a process of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def made(data: Path, database: str) -> dict[str, str]:
    """Make the instance; the environment of programs on it, which find the tests' helpers."""
    root = Path(__file__).resolve().parents[1]
    more = os.environ.get("PYTHONPATH", "")
    paths = [str(root), str(root / "tests" / "support"), *([more] if more else [])]
    environment = {
        **os.environ, "TIPSTAFF_DATA": str(data), "TIPSTAFF_DATABASE": database,
        "TIPSTAFF_ACTOR": "tester", "PYTHONPATH": os.pathsep.join(paths),
    }  # fmt: skip
    init = [sys.executable, "-m", "tipstaff", "init", "--user", "tester"]
    subprocess.run(init, env=environment, check=True, stdout=subprocess.DEVNULL)
    return environment
