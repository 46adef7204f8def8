"""Maps in a real browser: how soon the first picture is whole, how even the frames are after it.

A month of a wearer's fixes, one a minute, and the live map of 500 people. The peer is the same page
in the same browser with next to nothing to do: a trail of an hour, and the map while it lies still.
Chromium draws by the processor here, without a graphics card: that part is in both.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from benchmarks.figures import Figure, Result
from benchmarks.instances import made

NAMED: Final = {"full": 1.0, "tiny": 0.02}
MINUTES: Final = 43_200
PEOPLE: Final = 500
#: The first picture of a trail.
FIRST_MS: Final = 1000.0
_HOUR: Final = "a trail of an hour"


def run(scale: str) -> Result:
    """First picture and frames of the long trail beside a short one, and of the live map."""
    share = NAMED.get(scale) or float(scale)
    minutes, people = max(600, round(MINUTES * share)), max(20, round(PEOPLE * share))
    with tempfile.TemporaryDirectory() as name:
        told = _looked(Path(name) / "var", people, minutes)
    trail = Figure(
        "trail: first picture, median", statistics.median(told["whole"]), "ms",
        statistics.median(told["short"]), _HOUR,
    )  # fmt: skip
    figures = [
        trail,
        replace(
            trail, what="trail: the slowest", ours=max(told["whole"]), peer=max(told["short"])
        ),
        *_frames("trail: frames while the slider moves", told["slid"], told["slid_short"], _HOUR),
        Figure("map: first picture, median", statistics.median(told["map"]), "ms"),
        *_frames(
            "map: frames while all are looked for four times a second",
            told["looking"], told["still"], "the map at rest",
        ),
    ]  # fmt: skip
    notes = [
        f"Asked for is a first picture under {FIRST_MS:.0f} ms: "
        + ("met." if trail.ours < FIRST_MS else "not met."),
        "60 frames a second are 17 ms apart; drawn by the processor, without a graphics card.",
        "Load of the machine: {:.1f}, {:.1f}, {:.1f}.".format(*os.getloadavg()),
    ]
    return Result("maps", scale, figures, {"fixes": minutes, "people": people}, notes)


def _looked(data: Path, people: int, minutes: int) -> dict[str, Any]:
    environment = made(data, "sqlite")
    filled = [sys.executable, "-m", "benchmarks.maps_child", str(people), str(minutes)]
    subprocess.run(filled, env=environment, check=True)
    browsed = [sys.executable, "-m", "benchmarks.maps_browser", str(data), str(minutes)]
    ran = subprocess.run(browsed, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    told: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return told


def _frames(what: str, gaps: list[float], peer: list[float], peer_name: str) -> list[Figure]:
    return [
        Figure(f"{what}, p95", _p95(gaps), "ms", _p95(peer), peer_name),
        Figure(f"{what}, longest", max(gaps), "ms", max(peer), peer_name),
    ]


def _p95(found: list[float]) -> float:
    return statistics.quantiles(found, n=20)[-1]
