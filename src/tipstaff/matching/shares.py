"""Work divided: wearers in blocks, pairs in runs: threads share it, and memory stays bounded.

What is worked out is the same however it is divided: every kernel treats a wearer, or a pair, by
itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

import numpy as np

from tipstaff.matching.trails import Trails

#: Runs work items, results in order; `map` itself, or that of a pool of threads.
Runner = Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Any]]

#: About so many fixes are worked on at a time.
FIXES_A_BLOCK: Final = 500_000
PAIRS_A_RUN: Final = 50_000


def pair_runs(count: int) -> list[slice]:
    """Runs of `count` pairs."""
    return [slice(low, min(low + PAIRS_A_RUN, count)) for low in range(0, count, PAIRS_A_RUN)]


def wearer_blocks(trails: Trails) -> list[tuple[int, int]]:
    """Neighbouring wearers, first and one past the last, with about a block of fixes together."""
    wearers = len(trails.wearers)
    if not wearers:
        return []
    number = trails.offsets[:-1] // FIXES_A_BLOCK  # by where a wearer's fixes begin
    edges = np.flatnonzero(np.diff(number, prepend=-1)).tolist()
    return list(zip(edges, [*edges[1:], wearers], strict=True))


def rows_of(trails: Trails, block: tuple[int, int]) -> slice:
    """The rows of a block's fixes."""
    return slice(int(trails.offsets[block[0]]), int(trails.offsets[block[1]]))


def of_block(trails: Trails, block: tuple[int, int]) -> Trails:
    """The trails of a block's wearers alone; the columns are views."""
    low, high = block
    rows = rows_of(trails, block)
    periods = slice(int(trails.active_offsets[low]), int(trails.active_offsets[high]))
    return replace(
        trails,
        wearers=trails.wearers[low:high],
        offsets=trails.offsets[low : high + 1] - rows.start,
        t_us=trails.t_us[rows],
        lat_e7=trails.lat_e7[rows],
        lon_e7=trails.lon_e7[rows],
        radius_m=trails.radius_m[rows],
        mechanism=trails.mechanism[rows],
        doubt=trails.doubt[rows],
        active_offsets=trails.active_offsets[low : high + 1] - periods.start,
        active_from_us=trails.active_from_us[periods],
        active_to_us=trails.active_to_us[periods],
    )
