"""Live monitoring: the room by itself, then from a message's receipt to its alert on record."""

from __future__ import annotations

import os

from benchmarks.figures import Result
from benchmarks.live_room import figures_of_room

NAMED = {"full": 1.0, "tiny": 0.01}


def run(scale: str) -> Result:
    """The room alone."""
    share = NAMED[scale] if scale in NAMED else float(scale)
    figures, counts = figures_of_room(share)
    notes = [f"Load of the machine when it ended: {os.getloadavg()[0]:.1f}."]
    return Result("live", scale, figures, counts, notes)
