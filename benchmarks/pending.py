"""A nation's night already matched, 1% of it late: finding what is pending beside matching all."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from benchmarks.figures import Figure, Result
from benchmarks.match import _child, _sizes

LATE: Final = 0.01


def run(scale: str) -> Result:
    """Make the night, match it, then take the fixes of one wearer in a hundred as come late."""
    wearers, crimes = _sizes(scale)
    with tempfile.TemporaryDirectory(prefix="tipstaff-bench-") as temporary:
        folder = Path(temporary)
        if scale != "tiny":  # compiled kernels come from their cache when the clock runs
            tiny = folder / "tiny"
            tiny.mkdir()
            _child("make", tiny, *map(str, _sizes("tiny")))
            _child("match", tiny)
            _child("pending", tiny, str(LATE))
        _child("make", folder, str(wearers), str(crimes))
        whole = _child("match", folder)
        late = _child("pending", folder, str(LATE))
    floor = "matching the whole night again"
    both = late["finding"] + late["again"]
    return Result(
        name="pending",
        scale=scale,
        figures=[
            Figure("finding what is pending", late["finding"], "s", whole["seconds"], floor),
            Figure("  of it: wearing, days, linked crimes", late["of_wearing"], "s"),
            Figure("matching that again", late["again"], "s", whole["seconds"], floor),
            Figure("both", both, "s", whole["seconds"], floor),
        ],
        counts={**whole["counts"], **late["counts"]},
        notes=[
            "All fixes of one wearer in a hundred are taken as late. The screen by the time of "
            "ingestion is not in the figure (these files have no such column), nor is what reads "
            "the records: the law of all case records takes as long as in a match.",
        ],
    )
