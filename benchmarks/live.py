"""Live monitoring: the room by itself, then from a message's receipt to its alert on record."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Final

from benchmarks.figures import Result
from benchmarks.live_alerts import figures_of_alerts
from benchmarks.live_room import figures_of_room

NAMED: Final = {"full": 1.0, "tiny": 0.005}


def run(scale: str) -> Result:
    """The room alone, then an instance with an intake and a worker."""
    share = NAMED[scale] if scale in NAMED else float(scale)
    figures, counts = figures_of_room(share)
    with tempfile.TemporaryDirectory(prefix="tipstaff-bench-") as folder:
        more, counted = figures_of_alerts(Path(folder), share)
    notes = [
        "Asked for: p95 of 5 s from message to notice at 2,053 fixes/s; p99 below 250 ms at 1,667.",
        "The bare commit is one of 10 KB in SQLite on the same disk, in the same run.",
        f"Load of the machine when it ended: {os.getloadavg()[0]:.1f}.",
    ]
    return Result("live", scale, [*figures, *more], {**counts, **counted}, notes)
