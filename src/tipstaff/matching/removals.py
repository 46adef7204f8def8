"""The bound after every removal: no one fix, place or five minutes may clear a person.

Taken out in turn: every fix, every stretch of neighbouring fixes up to a block long, and every
coordinate with all the fixes that repeat it, wherever they stand (one place looked up or held by a
frozen receiver is one witness). Prefix sums make each removal cost one new interval. The search
ends at the first removal that breaks the exclusion: by how much does not matter.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from tipstaff.matching.excursions import ONE
from tipstaff.matching.prisms import Chain, Limits, visit_parts
from tipstaff.matching.trails import I64


@njit(cache=True)
def base_sums(chain: Chain, first_us: int, last_us: int, limits: Limits) -> I64:
    """Running sums of the intervals' bounds; the k-th sums those that end at fix k or before.

    A silence that was there before any removal clears nobody who could have reached the scene in
    it: silences can be made, and the excursion table knows only those that nobody meant.
    """
    sums = np.zeros(max(1, chain.t_us.size), dtype=np.int64)
    for k in range(1, chain.t_us.size):
        parts = visit_parts(chain, k - 1, k, first_us, last_us, limits)
        if parts > 0 and chain.t_us[k] - chain.t_us[k - 1] > limits.silent_us:
            parts = ONE
        sums[k] = sums[k - 1] + parts
    return sums


@njit(cache=True, inline="always")
def is_bracketed(chain: Chain, first: int, last: int, first_us: int, last_us: int) -> bool:
    """Whether fixes first and last (-1 or beyond: none) enclose the window."""
    if first < 0 or last < 0 or first >= chain.t_us.size or last >= chain.t_us.size:
        return False
    return bool(chain.t_us[first] <= first_us and chain.t_us[last] >= last_us)


@njit(cache=True, inline="always")
def _change(
    chain: Chain, sums: I64, i: int, j: int, first_us: int, last_us: int, limits: Limits
) -> int:
    """What the sum gains when all fixes between i and j go (-1 or beyond the end: no such fix)."""
    lost = sums[min(j, chain.t_us.size - 1)] - sums[max(i, 0)]
    if i < 0 or j >= chain.t_us.size:
        return int(-lost)
    return int(visit_parts(chain, i, j, first_us, last_us, limits) - lost)


@njit(cache=True)
def _worst_block(
    chain: Chain, sums: I64, first_us: int, last_us: int, limits: Limits
) -> tuple[int, int, int]:
    """The greatest sum over removals of neighbouring fixes; the fixes left on either side."""
    size = chain.t_us.size
    total = int(sums[size - 1])
    worst, before, after = total, -1, -1
    for left in range(size):
        if left > 0 and chain.t_us[left - 1] > last_us:
            break
        for right in range(left, size):
            if chain.t_us[right] - chain.t_us[left] > limits.block_us:
                break
            if right + 1 < size and chain.t_us[right + 1] < first_us:
                continue
            value = ONE
            start = right + 1 if left == 0 else 0
            end = left - 1 if right == size - 1 else size - 1
            if is_bracketed(chain, start, end, first_us, last_us):
                gain = _change(chain, sums, left - 1, right + 1, first_us, last_us, limits)
                value = min(ONE, total + gain)
            if value > worst:
                worst, before, after = value, left - 1, right + 1
                if worst >= limits.bound:
                    return worst, before, (after if after < size else -1)
    return worst, before, (after if after < size else -1)


@njit(cache=True)
def _without_place(
    chain: Chain, members: I64, sums: I64, first_us: int, last_us: int, limits: Limits
) -> tuple[int, int, int]:
    """The sum without `members` (ascending places in the chain); its widest new interval."""
    size = chain.t_us.size
    total = int(sums[size - 1])
    start, end = 0, size - 1
    widest, before, after = -1, -1, -1
    at = 0
    while at < members.size:
        left = right = members[at]
        at += 1
        while at < members.size and members[at] == right + 1:
            right = members[at]
            at += 1
        start = right + 1 if left == 0 else start
        end = left - 1 if right == size - 1 else end
        total += _change(chain, sums, left - 1, right + 1, first_us, last_us, limits)
        inner_left, inner_right = max(left - 1, 0), min(right + 1, size - 1)
        width = chain.t_us[inner_right] - chain.t_us[inner_left]
        if width > widest:
            widest, before, after = width, left - 1, right + 1
    if not is_bracketed(chain, start, end, first_us, last_us):
        total = ONE
    return min(ONE, total), before, (after if after < size else -1)


@njit(cache=True)
def _worst_place(
    chain: Chain, sums: I64, first_us: int, last_us: int, limits: Limits
) -> tuple[int, int, int]:
    """The greatest sum over removals of a repeated coordinate; the fixes either side of a gap."""
    places = chain.place
    worst, before, after = int(sums[sums.size - 1]), -1, -1
    order = np.argsort(places, kind="mergesort")  # stable: members stay in time order
    start = 0
    while start < order.size and worst < limits.bound:
        end = start + 1
        while end < order.size and places[order[end]] == places[order[start]]:
            end += 1
        if end - start > 1:
            members = order[start:end]
            value, left, right = _without_place(chain, members, sums, first_us, last_us, limits)
            if value > worst:
                worst, before, after = value, left, right
        start = end
    return worst, before, after


@njit(cache=True)
def worst_removal(
    chain: Chain, sums: I64, first_us: int, last_us: int, limits: Limits
) -> tuple[int, int, int]:
    """The greatest sum over all removals and none, or the first found to reach the bound.

    With it the fixes left either side of what was removed.
    """
    place = _worst_place(chain, sums, first_us, last_us, limits)
    if place[0] >= limits.bound:
        return place
    block = _worst_block(chain, sums, first_us, last_us, limits)
    return block if block[0] > place[0] else place
