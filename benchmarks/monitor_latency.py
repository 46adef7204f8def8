"""How long a fix waits for its findings when fixes come one by one: a nation of wearers in shards.

Fixes come at the second that they bear. The shards take turns: each takes what has come for it
since its last turn, and is advanced. The clock is that of what was done: it goes on by what each
turn took, so that whoever waits for a turn waits in the figures. From facts in memory to findings;
reading them and the commit of what is told are the worker's, and measured there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tipstaff.monitoring.engine import FactColumns, advance
from tipstaff.monitoring.fleet_states import FleetState
from tipstaff.monitoring.fleets import Fleet

I64 = NDArray[np.int64]
#: A hundred thousand wearers, a fix a minute each: 1,667 a second.
WEARERS: Final = 100_000
SECONDS: Final = 20
#: Nobody takes turns faster than this when there is nothing to do.
IDLE_US: Final = 5_000


@dataclass(frozen=True, slots=True)
class Waits:
    """Milliseconds from a fix to its findings; how busy the engine was, and what was offered."""

    p50_ms: float
    p99_ms: float
    busy: float
    fixes_a_second: float
    wearers: int


def waits(
    fleet: Fleet,
    state: FleetState,
    at_us: I64,
    facts_between: Callable[[int, int], FactColumns],
    wearers: int,
) -> Waits:
    """The waits of shards like this fleet, in the 20 seconds after the state's horizon.

    `at_us`: the instants of the fixes in order; `facts_between` gives those after one and up to
    another instant.
    """
    shards = max(1, round(wearers / fleet.wearers))
    begun_us = state.horizon_us
    states, busy_us, now_us, turn = [state] * shards, 0.0, float(begun_us), 0
    found: list[NDArray[np.float64]] = []
    while now_us < begun_us + SECONDS * 1e6:
        since, until = states[turn].horizon_us, int(now_us)
        clock = time.perf_counter()
        facts = facts_between(since, until)
        _, states[turn] = advance(fleet, states[turn], facts, until)
        spent = 1e6 * (time.perf_counter() - clock)
        busy_us += spent
        now_us += max(spent, IDLE_US / shards)
        low, high = np.searchsorted(at_us, [since, until], side="right")
        found.append((now_us - at_us[low:high]) / 1e3)
        turn = (turn + 1) % shards
    whole = np.concatenate(found)
    p50, p99 = np.quantile(whole, [0.5, 0.99]) if whole.size else (0.0, 0.0)
    lasted = (now_us - begun_us) / 1e6
    return Waits(
        float(p50), float(p99), busy_us / 1e6 / lasted, whole.size / lasted, shards * fleet.wearers
    )


def bytes_held(*kept: Any) -> int:
    """The bytes of all arrays in these values."""
    total, left = 0, list(kept)
    while left:
        one = left.pop()
        if isinstance(one, np.ndarray):
            total += one.nbytes
        elif is_dataclass(one):
            left += [getattr(one, field.name) for field in fields(one)]
        elif isinstance(one, Sequence) and not isinstance(one, str | bytes):
            left += list(one)
    return total
