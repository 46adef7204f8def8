"""A nation's day matched: every tagged person's fixes against every crime, in bounded memory."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from benchmarks.figures import Figure, Result

WEARERS: Final = 12_318
CRIMES: Final = 5_000
#: Scales by name; a number is a share of the whole.
NAMED: Final = {"full": 1.0, "tiny": 0.004}


def _sizes(scale: str) -> tuple[int, int]:
    share = NAMED[scale] if scale in NAMED else float(scale)
    return max(8, round(WEARERS * share)), max(8, round(CRIMES * share))


def _child(part: str, folder: Path, *more: str) -> dict[str, Any]:
    """One part in a process of its own; what it says."""
    command = [sys.executable, "-m", "benchmarks.match_child", part, str(folder), *more]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _figures(match: dict[str, Any], scan: dict[str, Any]) -> list[Figure]:
    steps = [Figure(f"  {name}", took, "s") for name, took in match["steps"].items()]
    floor = "bare DuckDB scan of the same columns"
    return [
        Figure("the whole match", match["seconds"], "s", scan["seconds"], floor),
        *steps,
        Figure("peak memory", match["peak_mb"], "MB", scan["peak_mb"], floor),
    ]


def run(scale: str) -> Result:
    """Make the day, match it, and scan it bare; each in a process of its own."""
    wearers, crimes = _sizes(scale)
    with tempfile.TemporaryDirectory(prefix="tipstaff-bench-") as temporary:
        folder = Path(temporary)
        tiny = folder / "tiny"
        tiny.mkdir()
        if scale != "tiny":  # compiled kernels come from their cache when the clock runs
            _child("make", tiny, *map(str, _sizes("tiny")))
            _child("match", tiny)
        _child("make", folder, str(wearers), str(crimes))
        match = _child("match", folder)
        scan = _child("scan", folder)
    return Result(
        name="match",
        scale=scale,
        figures=_figures(match, scan),
        counts={**match["counts"], "peaks_mb": match["peaks_mb"]},
        notes=[
            "Routines come from made-up daily summaries of 56 days before; reading them "
            f"({match['prepared_seconds']:.1f} s) is not counted.",
            "Chance matches stay blank: they need the control weeks that one day does not have.",
            "Kernels are compiled beforehand, in a match of a few wearers.",
        ],
    )
