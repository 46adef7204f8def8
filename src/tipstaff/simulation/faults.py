"""What goes wrong with tags: silence, flat batteries, tags left at home, stuck receivers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tipstaff.simulation.chance import lognormal
from tipstaff.simulation.lives import Trip
from tipstaff.simulation.plan import DAY_S

F64 = NDArray[np.float64]
Mask = NDArray[np.bool_]

HOUR_S: Final = 3600.0
#: (kind, how many a day, median length, spread of its logarithm, longest)
RATES: Final = (
    ("gap", 0.30, 720.0, 1.1, 6 * HOUR_S),
    ("flat", 0.03, 4 * HOUR_S, 0.7, 20 * HOUR_S),
    ("held", 0.015, 600.0, 0.6, 2 * HOUR_S),
    ("late", 0.12, 2 * HOUR_S, 0.8, 12 * HOUR_S),
)
#: Share of wearers who ever take the tag off, and of their outings on which they do.
REMOVERS: Final = 0.06
REMOVED_OUTINGS: Final = 0.1
_DETAIL: Final = {
    "gap": "no fixes",
    "flat": "battery empty: no fixes",
    "held": "receiver stuck: repeats one position whatever the wearer does",
    "late": "uploaded in one burst at the end, newest first",
    "removed": "tag left at home while the wearer was out",
    "skew": "the tag's clock was off by {:+.0f} s",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that was wrong with a device from `start_s` to `end_s` (true time)."""

    kind: str
    start_s: float
    end_s: float
    detail: str


def draw_faults(rng: np.random.Generator, start_s: float, end_s: float) -> list[Fault]:
    """The random faults of one device in one wearing."""
    faults = []
    for kind, per_day, median, spread, longest in RATES:
        for at in np.sort(
            rng.uniform(start_s, end_s, rng.poisson(per_day * (end_s - start_s) / DAY_S))
        ):
            length = min(lognormal(rng, median, spread), longest)
            faults.append(Fault(kind, float(at), min(float(at) + length, end_s), _DETAIL[kind]))
    return faults


def skew_fault(skew_s: float, start_s: float, end_s: float) -> list[Fault]:
    """The fault of a wrong clock, if it is wrong."""
    return [Fault("skew", start_s, end_s, _DETAIL["skew"].format(skew_s))] if skew_s else []


def draw_removals(rng: np.random.Generator, trips: list[Trip]) -> list[Fault]:
    """The outings on which a wearer leaves the tag at home."""
    if rng.random() >= REMOVERS:
        return []
    chosen = [trip for trip in trips if rng.random() < REMOVED_OUTINGS]
    return [Fault("removed", t.leave_s - 120, t.back_s + 60, _DETAIL["removed"]) for t in chosen]


def during(t_s: F64, faults: list[Fault], *kinds: str) -> Mask:
    """Which instants fall into a fault of one of these kinds."""
    inside = np.zeros(t_s.size, dtype=bool)
    for fault in faults:
        if fault.kind in kinds:
            first, last = np.searchsorted(t_s, [fault.start_s, fault.end_s])
            inside[first:last] = True
    return inside
