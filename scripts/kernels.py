"""Compiles the kernels that most tests run, once: `scripts/test` runs it beside the checks.

Each process that comes to a kernel no cache holds compiles it for itself. When tests begin in a
fresh clone that is all of them at the same time, for minutes.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

SUPPORT = Path(__file__).resolve().parents[1] / "tests" / "support"
WORLD = ("--wearers", "8", "--days", "8", "--seed", "5", "--crimes", "9")


def matching() -> None:
    """A small world, made and matched."""
    with tempfile.TemporaryDirectory() as kept:
        town, result = Path(kept) / "town", Path(kept) / "result.csv"
        _tipstaff("simulate", town, *WORLD)
        given = ("--positions", town / "positions.parquet", "--crimes", town / "crimes")
        worn = ("--activations", town / "activations.csv", "--error-model", "simulated")
        _tipstaff("match", *given, *worn, "--outcomes", "all", "--out", result)


def monitoring() -> None:
    """Drawn lives with drawn zones and curfews, as the tests of the two engines draw them."""
    sys.path.insert(0, str(SUPPORT))
    from drawn_lives import MINUTE, START, facts, watch_lists  # noqa: PLC0415 (found by the path)
    from engine_forms import by_columns  # noqa: PLC0415 (found by the path)

    @seed(1)
    @settings(max_examples=8, deadline=None, database=None, suppress_health_check=HealthCheck)
    @given(st.lists(st.tuples(facts(), watch_lists()), min_size=2, max_size=3))
    def watch(lives: list[tuple[list[Any], list[Any]]]) -> None:
        by_columns(lives, [START + 10_000 * MINUTE])

    watch()


def _tipstaff(*words: str | Path) -> None:
    command = [sys.executable, "-m", "tipstaff", *map(str, words)]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 (our own program)


if __name__ == "__main__":
    {"matching": matching, "monitoring": monitoring}[sys.argv[1]]()
