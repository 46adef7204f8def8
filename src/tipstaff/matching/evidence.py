"""What a crime's answers rest on: the fixes of the UTC days about its window, and no others.

Smoothing, trust and gaps look beyond a window, some of them without end: a receiver may repeat one
coordinate for a week. So trails are cut before anything is asked of them, to whole UTC days that
reach some hours beyond the window. Whatever lies outside cannot change an answer, except by way of
what is usual (`match.background_of`) and of the doubt bits, which are part of a fix as loaded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tipstaff.domain.crimes import Crime
from tipstaff.domain.local_time import DAY_US, MINUTE_US
from tipstaff.matching.trails import Scenes, Trails

I64 = NDArray[np.int64]

#: Longer than the farthest any rule looks: padding, an hour for exclusion, two hours for smoothing.
ABOUT_US: Final = 360 * MINUTE_US


@dataclass(frozen=True, slots=True)
class Share:
    """Scenes that rest on the same fixes: `at` positions in the scenes, the trails cut for them.

    `rows` (F,) are the rows of the whole trails that the cut ones are made of; None: all.
    """

    at: I64
    trails: Trails
    rows: I64 | None


def spans_of(scenes: Scenes) -> I64:
    """The first and the last UTC day (since 1970) on which each scene's answers rest: (C, 2)."""
    first = (scenes.start_us - ABOUT_US) // DAY_US
    return np.stack([first, (scenes.end_us + ABOUT_US) // DAY_US], axis=1).astype(np.int64)


def days_of(crimes: Sequence[Crime]) -> dict[tuple[str, str, int], tuple[int, int]]:
    """By the key of each located crime, the days on which its answers rest."""
    scenes = Scenes.of(list(crimes))
    found = zip(scenes.index.tolist(), spans_of(scenes).tolist(), strict=True)
    return {crimes[i].key: (first, last) for i, (first, last) in found}


def edges_of(trails: Trails, first_day: int, last_day: int) -> tuple[I64, I64]:
    """By wearer, the first row of these days and the one past the last (W,)."""
    low, high = np.zeros((2, len(trails.wearers)), np.int64)
    ends = np.array([first_day * DAY_US, (last_day + 1) * DAY_US])
    for w in range(len(trails.wearers)):
        own = trails.t_us[trails.offsets[w] : trails.offsets[w + 1]]
        low[w], high[w] = trails.offsets[w] + np.searchsorted(own, ends)
    return low, high


def shares_of(trails: Trails, scenes: Scenes) -> Iterator[Share]:
    """The scenes by what they rest on; those whose days hold the same fixes go together."""
    spans, at = np.unique(spans_of(scenes), axis=0, return_inverse=True)
    at = at.reshape(-1)
    same: dict[bytes, list[int]] = {}
    kept: dict[bytes, tuple[I64, I64]] = {}
    for number, (first, last) in enumerate(spans.tolist()):
        low, high = edges_of(trails, first, last)
        key = low.tobytes() + high.tobytes()
        same.setdefault(key, []).append(number)
        kept[key] = (low, high)
    for key, numbers in same.items():
        cut, rows = _cut(trails, *kept[key])
        yield Share(np.flatnonzero(np.isin(at, numbers)), cut, rows)


def no_share(trails: Trails) -> Share:
    """No scene, and no fix."""
    none = np.zeros(len(trails.wearers), np.int64)
    return Share(np.zeros(0, np.int64), *_cut(trails, none, none))


def _cut(trails: Trails, low: I64, high: I64) -> tuple[Trails, I64 | None]:
    """The trails of some rows of each wearer, with periods of monitoring as they are."""
    offsets = np.concatenate([[0], np.cumsum(high - low)]).astype(np.int64)
    if int(offsets[-1]) == len(trails.t_us):
        return trails, None
    rows = np.repeat(low - offsets[:-1], high - low) + np.arange(offsets[-1])
    cut = replace(
        trails,
        offsets=offsets,
        t_us=trails.t_us[rows],
        lat_e7=trails.lat_e7[rows],
        lon_e7=trails.lon_e7[rows],
        radius_m=trails.radius_m[rows],
        mechanism=trails.mechanism[rows],
        doubt=trails.doubt[rows],
    )
    return cut, rows
