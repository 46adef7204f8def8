"""The way of a fix from the tag to us: the supplier's clocks, bursts, repeats, order of arrival."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tipstaff.simulation.faults import Fault

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

SECOND_US: Final = 1_000_000
UPLOAD_EVERY_S: Final = 540.0
REPEATED_SHARE: Final = 0.01


@dataclass(frozen=True, slots=True)
class Arrival:
    """The supplier's two times of each fix and its place in the queue, in microseconds."""

    recorded_us: I64
    received_us: I64
    queued_us: I64


def arrival(rng: np.random.Generator, t_s: F64, faults: list[Fault]) -> Arrival:
    """When each fix was recorded and received, by clocks that are right.

    A tag uploads what it has every nine minutes. After a time without contact everything comes
    in one burst with the newest first.
    """
    recorded = t_s + rng.integers(1_000, 12_000, t_s.size) / 1000
    phase = rng.uniform(0, UPLOAD_EVERY_S)
    tick = (np.floor((recorded - phase) / UPLOAD_EVERY_S) + 1) * UPLOAD_EVERY_S + phase
    received = np.round(tick + rng.uniform(2, 20), 3)
    queued = received + 1e-3 * (t_s % UPLOAD_EVERY_S)
    for fault in (f for f in faults if f.kind == "late"):
        first, last = np.searchsorted(t_s, [fault.start_s, fault.end_s])
        burst = round(fault.end_s + UPLOAD_EVERY_S + 5.0, 3)
        received[first:last] = burst
        queued[first:last] = burst + 1e-3 * (fault.end_s - t_s[first:last])
    return Arrival(*(np.rint(v * SECOND_US).astype(np.int64) for v in (recorded, received, queued)))


def with_repeats(rng: np.random.Generator, queued_us: I64) -> tuple[I64, I64]:
    """(row, place in the queue) of everything sent: some rows a second time, minutes to hours on.

    A repeat is the same row to the last field: the supplier's claim of when it came is part of it.
    """
    again = np.flatnonzero(rng.random(queued_us.size) < REPEATED_SHARE)
    delay = rng.integers(60, 4 * 3600, again.size) * SECOND_US
    rows = np.concatenate([np.arange(queued_us.size), again])
    return rows, np.concatenate([queued_us, queued_us[again] + delay])
