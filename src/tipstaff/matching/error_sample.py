"""Errors of fixes whose true place is known: the columns a fit reads, and how many they are worth.

Neighbouring errors are alike (EVIDENCE: for a minute or more), so n fixes are worth fewer than n
witnesses. Here: the fixes left when those that only repeat another are out; the time constant of
the likeness; the number left when each is two time constants from the one before; and the clusters
(devices, or blocks of one device) by which intervals must be drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tipstaff.domain.accuracy import fix_classes, to_nominal_radius
from tipstaff.domain.geodesy import offset_m, to_e7

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]

#: With fewer devices than this, blocks of time within a device are the clusters instead.
ENOUGH_GROUPS: Final = 8
#: True places of one claimed coordinate that differ by less count as one.
SAME_PLACE_M: Final = 50.0
#: Two fixes this many time constants apart count as two witnesses.
APART_TAUS: Final = 2.0
#: The length of a block, in time constants, where blocks are the clusters.
BLOCK_TAUS: Final = 4.0
_SECOND_US: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class ErrorSample:
    """Errors as columns (n,), sorted by group and time.

    `group` indexes `groups` (a device, session or track); `spot` tells claimed coordinates apart;
    `radius_m` is the claimed radius brought to the 95% level (NaN: not stated); `east_m`, `north_m`
    point from the truth to the claim.
    """

    groups: tuple[str, ...]
    group: I64
    t_us: I64
    fix_class: NDArray[np.int8]
    spot: I64
    radius_m: F64
    east_m: F64
    north_m: F64

    @property
    def error_m(self) -> F64:
        """Distance of each fix from its truth."""
        return np.asarray(np.hypot(self.east_m, self.north_m))

    def take(self, rows: NDArray[np.bool_] | I64) -> ErrorSample:
        """The given rows (a mask, or indices in ascending order)."""
        return ErrorSample(
            self.groups,
            self.group[rows],
            self.t_us[rows],
            self.fix_class[rows],
            self.spot[rows],
            self.radius_m[rows],
            self.east_m[rows],
            self.north_m[rows],
        )


def error_sample(
    names: Sequence[str] | NDArray[np.str_],
    t_us: ArrayLike,
    mechanism: ArrayLike,
    radius: tuple[ArrayLike, ArrayLike],
    claimed: tuple[ArrayLike, ArrayLike],
    true: tuple[ArrayLike, ArrayLike],
) -> ErrorSample:
    """A sample from columns: group names, times, mechanism codes, (radius m, its level as a share).

    `claimed` and `true` are (latitudes, longitudes). Order of the rows makes no difference.
    """
    groups, group = np.unique(np.asarray(names, dtype=np.str_), return_inverse=True)
    radius_m = to_nominal_radius(radius[0], radius[1])
    east, north = offset_m(true[0], true[1], claimed[0], claimed[1])
    times = np.asarray(t_us, dtype=np.int64)
    classes = fix_classes(np.asarray(mechanism), radius_m)
    # 3.6e9 longitudes in 1e-7 degrees: one whole number a coordinate, exact in 64 bits.
    spot = to_e7(claimed[0]).astype(np.int64) * 3_600_000_001 + to_e7(claimed[1])
    order = np.lexsort((north, east, radius_m, classes, times, group))
    return ErrorSample(
        tuple(str(g) for g in groups),
        np.asarray(group, dtype=np.int64)[order],
        times[order],
        classes[order],
        spot[order],
        radius_m[order],
        east[order],
        north[order],
    )


def joined(samples: Sequence[ErrorSample]) -> ErrorSample:
    """Several samples as one; groups of the same name stay apart (they are other tracks)."""
    names: list[str] = []
    starts = []
    for sample in samples:
        starts.append(len(names))
        names += sample.groups
    return ErrorSample(
        tuple(names),
        np.concatenate([s.group + start for s, start in zip(samples, starts, strict=True)]),
        *(
            np.concatenate([getattr(s, column) for s in samples])
            for column in ("t_us", "fix_class", "spot", "radius_m", "east_m", "north_m")
        ),
    )


def witnesses(sample: ErrorSample) -> ErrorSample:
    """The first of all fixes that say the same of the same place, for each group and class.

    A network repeats the very coordinate it looked up, a receiver at rest its last one: one witness
    (EVIDENCE). The same coordinate for another true place, as from a cache, is another.
    """
    cell = [np.rint(v / SAME_PLACE_M).astype(np.int64) for v in (sample.east_m, sample.north_m)]
    keys = np.column_stack([sample.group, sample.fix_class, sample.spot, *cell])
    _keys, first = np.unique(keys, axis=0, return_index=True)
    return sample.take(np.sort(first))


def time_constant_s(sample: ErrorSample) -> float:
    """τ: the time after which errors are alike by 1/e, from pairs of fixes 1, 2, 4, … apart.

    Each error is first bounded to e/(|e| + median), so that one gross error cannot speak for all.
    Where likeness never falls so far, the longest pair apart: a lower bound. 0 without pairs.
    """
    size = sample.error_m
    if len(size) < 2:
        return 0.0
    scale = size + max(float(np.median(size)), 1e-3)
    u = np.column_stack([sample.east_m / scale, sample.north_m / scale])
    power = float((u**2).sum(axis=1).mean())
    last_s, last_c, step = 0.0, 1.0, 1
    while step < len(u) and power > 0:
        same = sample.group[step:] == sample.group[:-step]
        if not same.any():
            break
        apart_s = float(np.median((sample.t_us[step:] - sample.t_us[:-step])[same])) / _SECOND_US
        alike = float((u[step:] * u[:-step]).sum(axis=1)[same].mean()) / power
        if alike < np.exp(-1):
            share = (last_c - np.exp(-1)) / (last_c - alike)
            return last_s + float(share) * (apart_s - last_s)
        last_s, last_c, step = apart_s, alike, step * 2
    return last_s


def independent_rows(sample: ErrorSample, apart_s: float) -> I64:
    """Rows left when, going forward in each group, every next one is at least `apart_s` later."""
    kept: list[int] = []
    apart_us = round(apart_s * _SECOND_US)
    group, last = -1, 0
    for row, (g, t) in enumerate(zip(sample.group.tolist(), sample.t_us.tolist(), strict=True)):
        if g != group or t - last >= apart_us:
            kept.append(row)
            group, last = g, t
    return np.array(kept, dtype=np.int64)


def cluster_of(sample: ErrorSample, tau_s: float) -> tuple[I64, bool]:
    """The cluster of each row, numbered from 0, and whether clusters are whole groups.

    Blocks within a device say nothing of how devices differ: the caller must say so.
    """
    present = np.unique(sample.group)
    if len(present) >= ENOUGH_GROUPS:
        return np.searchsorted(present, sample.group).astype(np.int64), True
    block_us = max(round(BLOCK_TAUS * tau_s * _SECOND_US), _SECOND_US)
    keys = np.column_stack([sample.group, sample.t_us // block_us])
    _found, cluster = np.unique(keys, axis=0, return_inverse=True)
    return np.asarray(cluster, dtype=np.int64).ravel(), False
