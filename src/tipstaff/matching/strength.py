"""Strength of evidence, model v1: how much a trail supports presence at a scene.

H1: at the time of the offence the wearer was where the offender was. H2: the wearer was living as
usual. For each minute of the window the ratio of what the fixes make of the scene to what the
routine would is taken; a stay of three or of seven minutes is asked for by geometric means; the
window is averaged; apart for each component of the scene's density. With nothing to go on the
ratio is exactly 1. Source: EVIDENCE, "Strength of evidence", "A formulation that worked", 4–6.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.domain.local_time import MINUTE_US
from tipstaff.domain.scenes import SCENE_COMPONENTS
from tipstaff.patterns.area import AreaMap
from tipstaff.patterns.background import (
    COMPONENTS,
    BackgroundShares,
    WeighedRoutine,
    components,
    hour_weights,
)
from tipstaff.patterns.cells import ground_scale, wrapped
from tipstaff.patterns.motion import REACH_MIN, MotionParameters
from tipstaff.patterns.routine import Routine

F64 = NDArray[np.float64]
F32 = NDArray[np.float32]
I64 = NDArray[np.int64]

SHARES: Final = tuple(share for share, _sigma in SCENE_COMPONENTS)
#: Below this density (a m²) a minute counts as "not there" and the routine is not looked up: even
#: against the barest background the ratio would be far below what π leaves of it.
NEGLIGIBLE: Final = 1e-13
#: No single minute counts against presence beyond this.
FLOOR: Final = 1e-12


@dataclass(frozen=True, slots=True)
class StrengthParameters:
    """Every number of the model; a used version is never changed, a new one is added beside it.

    `gross_share`, `gross_sigma_m`: chance and spread of a state being grossly wrong.
    `gap_min`: the time constant with which a gap pulls towards 1. `stay_min`, `short_stay_min`:
    the stays asked for, odd, each as likely. `candidate_lr`: what makes a candidate. `cap_log10`:
    what the validation can bear, `unknown_cap_log10` the cap with too little history. `slope`
    scales log10 LR (1: as it is).
    `extra_sigma_m` widens every state: on the move the smoother is too sure of itself.
    """

    version: str = "strength-1"
    gross_share: float = 0.01
    gross_sigma_m: float = 300.0
    gap_min: float = 30.0
    stay_min: int = 7
    short_stay_min: int = 3
    candidate_lr: float = 2.0
    cap_log10: float = 4.0
    unknown_cap_log10: float = 1.0
    slope: float = 1.0
    extra_sigma_m: float = 20.0
    motion: MotionParameters = field(default_factory=MotionParameters)
    background: BackgroundShares = field(default_factory=BackgroundShares)

    def to_json(self) -> dict[str, Any]:
        """As plain values, for a manifest."""
        return asdict(self)

    def as_row(self) -> F64:
        """The numbers the kernel needs."""
        return np.array(
            [
                self.gross_share,
                self.gross_sigma_m**2,
                self.gap_min,
                float(self.stay_min),
                float(min(self.short_stay_min, self.stay_min)),
                self.extra_sigma_m**2,
            ]
        )


class Minutes(NamedTuple):
    """One wearer's states over the marks `first`, `first` + 1, … (minutes since 1970), (K,).

    Mercator `x`, `y`; `variance` in ground m² on one axis; `near_min` minutes to the nearest fix;
    `local_minute` of the day by the wall clock.
    """

    first: int
    x: F64
    y: F64
    variance: F32
    near_min: F32
    local_minute: I64


@njit(cache=True)
def alternative(
    x: float,
    y: float,
    variance: float,
    local_minute: int,
    routine: Routine,
    area: AreaMap,
    weighed: WeighedRoutine,
    shares: F64,
    p: F64,
    total: F64,
) -> None:
    """Z = ∫ g·h into `total` (B,): the density, living as usual, of what the fixes show."""
    hours = np.zeros(24)
    hour_weights(local_minute, hours)
    draws = len(total)
    use = shares.copy()
    if not weighed.known:  # too little history: only where people are in general
        own = use[:4].sum()
        use[:4] = 0.0
        use[4] += own * 0.5
        use[5] += own * 0.5
    total[:] = 0.0
    out = np.zeros((COMPONENTS, draws))
    for wide in range(2):
        components(x, y, variance + wide * p[1], hours, routine, area, weighed, out)
        share = p[0] if wide else 1.0 - p[0]
        for c in range(COMPONENTS):
            for b in range(draws):
                total[b] += share * use[c] * out[c, b]


@njit(cache=True)
def ask_alternative(
    k: int,
    minutes: Minutes,
    routine: Routine,
    area: AreaMap,
    weighed: WeighedRoutine,
    shares: F64,
    p: F64,
    z: F64,
) -> None:
    """Fill `z[k]` (B,), where not yet asked for, with the alternative's density at minute `k`.

    A minute like the first of its ten-minute block (within 3 m and a tenth of the variance) takes
    that one's value: people are mostly still. The block is that of the clock, so the answer does
    not depend on who asked first.
    """
    if not math.isnan(z[k, 0]):
        return
    first = max(0, k - (minutes.first + k) % 10)
    scale = ground_scale(minutes.y[k])
    dx = (minutes.x[k] - minutes.x[first]) * scale
    dy = (minutes.y[k] - minutes.y[first]) * scale
    alike = abs(minutes.variance[k] - minutes.variance[first]) <= 0.1 * minutes.variance[first]
    whole = (minutes.first + first) % 10 == 0 and minutes.near_min[first] <= REACH_MIN
    at = first if whole and alike and dx * dx + dy * dy <= 9.0 else k
    if math.isnan(z[at, 0]):
        alternative(
            minutes.x[at],
            minutes.y[at],
            minutes.variance[at] + p[5],
            minutes.local_minute[at],
            routine,
            area,
            weighed,
            shares,
            p,
            z[at],
        )
    if at != k:
        z[k] = z[at]


@njit(cache=True)
def normal2(d2: float, variance: float) -> float:
    """The density of a round normal law at squared distance `d2`, a m²."""
    density: float = math.exp(-0.5 * d2 / variance) / (2.0 * math.pi * variance)
    return density


@njit(cache=True)
def gap_weight(near_min: float, gap_min: float) -> float:
    """λ: how far a minute so many minutes from any fix says nothing; 1 beyond the reach."""
    if near_min > REACH_MIN:
        return 1.0
    return 1.0 - math.exp(-near_min / gap_min)


@njit(cache=True)
def scene_density(d2: float, variance: float, scene_variance: float, p: F64) -> float:
    """(h∗S)(scene): what the fixes of a minute give the scene, one component of it."""
    core = normal2(d2, variance + scene_variance)
    wide = normal2(d2, variance + scene_variance + p[1])
    density: float = (1.0 - p[0]) * core + p[0] * wide
    return density


@njit(cache=True)
def is_far(d2: float, variance: float, p: F64) -> bool:
    """Whether the density so far off is negligible beyond doubt: ten spreads, gross errors' too."""
    return bool(d2 > 200.0 * (variance + p[1]))


@njit(cache=True)
def log_ratios(
    first: int,
    count: int,
    scene_x: float,
    scene_y: float,
    scene_variances: F64,
    minutes: Minutes,
    routine: Routine,
    area: AreaMap,
    weighed: WeighedRoutine,
    shares: F64,
    p: F64,
    z: F64,
    out: F64,
    distance2: F64,
) -> bool:
    """Log R of `count` marks from `first` into `out` (K, components of the scene).

    Squared ground distances (−1: no state) into (K,). `z` (marks of `minutes`, 1) keeps the
    alternative's density where already asked for, NaN elsewhere. True if any mark has a state.
    """
    any_state = False
    scale = ground_scale(scene_y)
    for j in range(count):
        k = first - minutes.first + j
        distance2[j] = -1.0
        out[j] = 0.0
        if k < 0 or k >= len(minutes.x) or minutes.near_min[k] > REACH_MIN:
            continue
        any_state = True
        dx = wrapped(minutes.x[k] - scene_x) * scale
        dy = (minutes.y[k] - scene_y) * scale
        d2 = dx * dx + dy * dy
        variance = minutes.variance[k] + p[5]
        distance2[j] = d2
        fade = gap_weight(minutes.near_min[k], p[2])
        if is_far(d2, variance + scene_variances.max(), p):
            out[j] = math.log(max(fade, FLOOR))
            continue
        for c in range(len(scene_variances)):
            density = scene_density(d2, variance, scene_variances[c], p)
            if density > NEGLIGIBLE:
                ask_alternative(k, minutes, routine, area, weighed, shares, p, z)
            ratio = density / z[k, 0] if density > NEGLIGIBLE else 0.0
            out[j, c] = math.log(max(fade + (1.0 - fade) * ratio, FLOOR))
    return any_state


@njit(cache=True)
def _stay(log_r: F64, at: int, half: int, component: int) -> float:
    """The geometric mean of R over the minutes within `half` of `at`."""
    total = 0.0
    for i in range(at - half, at + half + 1):
        total += log_r[i, component]
    mean: float = math.exp(total / (2 * half + 1))
    return mean


@njit(cache=True)
def window_ratio(log_r: F64, stay: int, short: int, shares: F64) -> float:
    """The mean over the window of the geometric mean over a stay; components apart, then joined.

    The stay is `short` or `stay` minutes (both odd, `short` not the longer), each as likely.
    `log_r` (K, C) has `stay` // 2 more minutes at each end than the window.
    """
    half = stay // 2
    count = len(log_r) - 2 * half
    total = 0.0
    for c in range(log_r.shape[1]):
        mean = 0.0
        for j in range(half, half + count):
            mean += 0.5 * _stay(log_r, j, half, c) + 0.5 * _stay(log_r, j, short // 2, c)
        total += shares[c] * mean / count
    return total


def window_marks(start_us: int, end_us: int) -> tuple[int, int]:
    """The minute marks (since 1970, inclusive) nearest to a window; at least one."""
    first = (start_us + MINUTE_US // 2) // MINUTE_US
    return first, max(first, (end_us + MINUTE_US // 2 - 1) // MINUTE_US)


@njit(cache=True, nogil=True)
def strengths(
    mark_from: I64,
    mark_to: I64,
    scene_x: F64,
    scene_y: F64,
    scene_variances: F64,
    minutes: Minutes,
    routine: Routine,
    area: AreaMap,
    weighed: WeighedRoutine,
    shares: F64,
    scene_shares: F64,
    p: F64,
    not_on_wearer: float,
    out: F64,
) -> None:
    """LR, presence and dwell (min) of pairs (P,) of one wearer and day into `out` (P, 3).

    `mark_*` (P,) from `window_marks`; scenes in Mercator metres, `scene_variances` (P, C) in
    ground m². The LR is exactly 1 where no mark has a state.
    """
    z = np.full((len(minutes.x), 1), np.nan)
    half = int(p[3]) // 2
    for i in range(len(mark_from)):
        first, count = mark_from[i] - half, mark_to[i] - mark_from[i] + 1 + 2 * half
        log_r = np.zeros((count, scene_variances.shape[1]))
        distance2 = np.zeros(count)
        seen = log_ratios(
            first,
            count,
            scene_x[i],
            scene_y[i],
            scene_variances[i],
            minutes,
            routine,
            area,
            weighed,
            shares,
            p,
            z,
            log_r,
            distance2,
        )
        out[i, 0] = 1.0
        if seen:
            ratio = window_ratio(log_r, int(p[3]), int(p[4]), scene_shares)
            out[i, 0] = (1.0 - not_on_wearer) * ratio + not_on_wearer
        start = mark_from[i] - minutes.first
        inside = distance2[half : count - half]
        spread = np.ones(len(inside), np.float32)
        for j in range(len(inside)):
            if inside[j] >= 0.0:
                spread[j] = minutes.variance[start + j] + p[5]
        out[i, 1], out[i, 2] = presence_and_dwell(inside, spread)


@njit(cache=True)
def disc_probability(distance2: float, variance: float, radius: float) -> float:
    """P(within `radius` of a point at squared distance `distance2`) of a round normal law.

    A Poisson mixture of central chi-squares while the means are moderate, else the normal law of
    the distance itself.
    """
    beyond = math.sqrt(distance2) - radius
    if beyond > 0.0 and beyond * beyond > 60.0 * variance:
        return 0.0
    a, b = 0.5 * distance2 / variance, 0.5 * radius * radius / variance
    if a > 300.0 or b > 300.0:
        return 0.5 * math.erfc(beyond / math.sqrt(2.0 * variance))
    weight, term, tail = math.exp(-a), math.exp(-b), 0.0
    total = 0.0
    for j in range(1000):
        tail += term
        total += weight * max(0.0, 1.0 - tail)
        weight *= a / (j + 1)
        term *= b / (j + 1)
        if j > a and weight < 1e-12:
            break
    return min(1.0, max(0.0, total))


@njit(cache=True)
def presence_and_dwell(distance2: F64, spread: F32) -> tuple[float, float]:
    """P(within 100 m at some time) over 5-minute blocks, and the longest stretch with p ≥ ½ (min).

    A minute without a state (`distance2` < 0) counts as p = 0: the trail shows no presence.
    """
    absent, best, longest, here = 1.0, 0.0, 0.0, 0.0
    for j in range(len(distance2)):
        p = disc_probability(distance2[j], spread[j], 100.0) if distance2[j] >= 0.0 else 0.0
        here = here + 1.0 if p >= 0.5 else 0.0
        longest = max(longest, here)
        best = max(best, p)
        if j % 5 == 4 or j == len(distance2) - 1:
            absent *= 1.0 - best
            best = 0.0
    return 1.0 - absent, longest


def reported_log10(lr: F64, known: NDArray[np.bool_], parameters: StrengthParameters) -> F64:
    """log10 LR as reported: scaled, capped, and capped lower where the routine is unknown."""
    log = parameters.slope * np.log10(lr)
    cap = np.where(known, parameters.cap_log10, parameters.unknown_cap_log10)
    return np.asarray(np.clip(log, -cap, cap))
