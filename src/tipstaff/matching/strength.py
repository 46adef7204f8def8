"""Strength of evidence, model v1: how much a trail supports presence at a scene.

H1: at the time of the offence the wearer was where the offender was. H2: the wearer was living as
usual. For each minute of the window the ratio of what the fixes make of the scene to what the
routine would is taken, and weighed by how long the stay lasted that the minute belongs to
(`dwell`); a stay of three or of five minutes is asked for by geometric means; the window is
averaged; apart for each component of the scene's density. With nothing to go on the ratio is
exactly 1. Source: EVIDENCE, "Strength of evidence", "A formulation that worked", 4–6.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.domain.scenes import SCENE_COMPONENTS
from tipstaff.matching.alternative import ask_alternative
from tipstaff.matching.dwell import DwellLaw, DwellTable, dwell_weight
from tipstaff.matching.dwell_v1 import DWELL_V1
from tipstaff.matching.minutes import Minutes, apart2
from tipstaff.matching.presence import presence_and_dwell
from tipstaff.matching.window_ratio import (
    FLOOR,
    faded_ratio,
    faded_stays,
    gap_weight,
    window_ratio,
)
from tipstaff.patterns.area import AreaMap
from tipstaff.patterns.background import BackgroundShares, WeighedRoutine
from tipstaff.patterns.motion import REACH_MIN, MotionParameters
from tipstaff.patterns.routine import Routine

F64 = NDArray[np.float64]
F32 = NDArray[np.float32]
I64 = NDArray[np.int64]

SHARES: Final = tuple(share for share, _sigma in SCENE_COMPONENTS)
#: Below this density (a m²) a minute counts as "not there" and the routine is not looked up: even
#: against the barest background the ratio would be far below what π leaves of it.
NEGLIGIBLE: Final = 1e-13


@dataclass(frozen=True, slots=True)
class StrengthParameters:
    """Every number of the model; a used version is never changed, a new one is added beside it.

    `gross_share`, `gross_sigma_m`: chance and spread of a state being grossly wrong.
    `gap_min`: the time constant with which a gap pulls towards 1. `stay_min`, `short_stay_min`:
    the stays asked for, odd, each as likely. `candidate_lr`: what makes a candidate. `cap_log10`:
    what the validation can bear, `unknown_cap_log10` the cap with too little history. `slope`
    scales log10 LR (1: as it is).
    `extra_sigma_m` widens every state: on the move the smoother is too sure of itself. `dwell`
    weighs stays by their length; it says nothing until figures on fresh worlds bear it out.
    """

    version: str = "strength-1"
    gross_share: float = 0.003
    gross_sigma_m: float = 300.0
    gap_min: float = 30.0
    stay_min: int = 5
    short_stay_min: int = 3
    candidate_lr: float = 2.0
    cap_log10: float = 4.0
    unknown_cap_log10: float = 1.0
    slope: float = 0.8
    extra_sigma_m: float = 30.0
    dwell: DwellLaw = DWELL_V1
    motion: MotionParameters = field(default_factory=MotionParameters)
    background: BackgroundShares = field(default_factory=BackgroundShares)

    def to_json(self) -> dict[str, Any]:
        """As plain values, for a manifest."""
        return asdict(self)

    def as_row(self) -> F64:
        """The numbers the kernel needs; the dwell law goes apart, as its table."""
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


class Asked(NamedTuple):
    """What was worked out of K minutes so far; NaN where nothing was.

    `z` (K, B): the alternative's density under each of B sets of day weights; `familiar` (K,): how
    familiar the place is; `weight` (K,): what the dwell law makes of the minute.
    """

    z: F64
    familiar: F64
    weight: F64


@njit(cache=True)
def unasked(count: int, draws: int) -> Asked:
    """Room for `count` minutes of which nothing was asked yet."""
    nothing = np.full(count, np.nan)
    return Asked(np.full((count, draws), np.nan), nothing, nothing.copy())


@njit(cache=True)
def ask(
    k: int,
    minutes: Minutes,
    routine: Routine,
    area: AreaMap,
    weighed: WeighedRoutine,
    shares: F64,
    p: F64,
    law: DwellTable,
    asked: Asked,
) -> None:
    """Work out minute `k`, unless it was: its alternative, and its weight by the dwell law."""
    if math.isnan(asked.weight[k]):
        ask_alternative(k, minutes, routine, area, weighed, shares, p, asked.z, asked.familiar)
        asked.weight[k] = dwell_weight(minutes, k, asked.familiar[k], law)


@njit(cache=True)
def normal2(d2: float, variance: float) -> float:
    """The density of a round normal law at squared distance `d2`, a m²."""
    density: float = math.exp(-0.5 * d2 / variance) / (2.0 * math.pi * variance)
    return density


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
    law: DwellTable,
    asked: Asked,
    out: F64,
    distance2: F64,
) -> bool:
    """Log R of `count` marks from `first` into `out` (K, components of the scene).

    Squared ground distances (−1: no state) into (K,). `asked` keeps what was worked out of the
    marks of `minutes`. True if any mark has a state.
    """
    any_state = False
    for j in range(count):
        k = first - minutes.first + j
        distance2[j] = -1.0
        out[j] = 0.0
        if k < 0 or k >= len(minutes.x) or minutes.near_min[k] > REACH_MIN:
            continue
        any_state = True
        d2 = apart2(minutes, k, scene_x, scene_y)
        variance = minutes.variance[k] + p[5]
        distance2[j] = d2
        fade = gap_weight(minutes.near_min[k], p[2])
        if is_far(d2, variance + scene_variances.max(), p):
            out[j] = math.log(max(fade, FLOOR))
            continue
        for c in range(len(scene_variances)):
            density, ratio = scene_density(d2, variance, scene_variances[c], p), 0.0
            if density > NEGLIGIBLE:
                ask(k, minutes, routine, area, weighed, shares, p, law, asked)
                ratio = asked.weight[k] * density / asked.z[k, 0]
            out[j, c] = math.log(max(fade + (1.0 - fade) * ratio, FLOOR))
    return any_state


@njit(cache=True)
def look_near(
    first: int,
    count: int,
    scene_x: float,
    scene_y: float,
    scene_variance: float,
    minutes: Minutes,
    widest: float,
    p: F64,
) -> tuple[bool, bool]:
    """Whether any of `count` marks from `first` reaches the scene, and whether any has a state.

    A mark does not reach it where even with `widest` times its variance, and most errors gross,
    its density there is negligible.
    """
    any_state = False
    from_k = first - minutes.first
    for k in range(max(0, from_k), min(len(minutes.x), from_k + count)):
        if minutes.near_min[k] > REACH_MIN:
            continue
        any_state = True
        d2 = apart2(minutes, k, scene_x, scene_y)
        loosest = minutes.variance[k] * widest + p[5] + scene_variance
        if not is_far(d2, loosest, p) and 8.0 * scene_density(d2, loosest, 0.0, p) > NEGLIGIBLE:
            return True, True
    return False, any_state


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
    law: DwellTable,
    not_on_wearer: float,
    widest: float,
    out: F64,
) -> None:
    """LR, presence, dwell (min) and whether any mark is near, of pairs (P,), into `out` (P, 4).

    The pairs are of one wearer and day. `mark_*` (P,) from `window_marks`; scenes in Mercator
    metres, `scene_variances` (P, C) in ground m². The LR is exactly 1 where no mark has a state.
    A pair is not near where no mark's variance, even `widest` times as large, reaches the scene:
    whatever is drawn for its interval, the LR is the same.
    """
    asked = unasked(len(minutes.x), 1)
    half = int(p[3]) // 2
    passing = faded_stays(minutes.near_min, p)
    for i in range(len(mark_from)):
        first, count = mark_from[i] - half, mark_to[i] - mark_from[i] + 1 + 2 * half
        near, any_state = look_near(
            first, count, scene_x[i], scene_y[i], scene_variances[i].max(), minutes, widest, p
        )
        if not near:
            out[i] = 0.0, 0.0, 0.0, 0.0
            out[i, 0] = 1.0
            if any_state:
                start = mark_from[i] - minutes.first + half
                ratio = faded_ratio(passing, start, count - 2 * half, scene_shares)
                out[i, 0] = (1.0 - not_on_wearer) * ratio + not_on_wearer
            continue
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
            law,
            asked,
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
        out[i, 3] = 1.0


def reported_log10(lr: F64, known: NDArray[np.bool_], parameters: StrengthParameters) -> F64:
    """log10 LR as reported: scaled, capped, and capped lower where the routine is unknown."""
    log = parameters.slope * np.log10(lr)
    cap = np.where(known, parameters.cap_log10, parameters.unknown_cap_log10)
    return np.asarray(np.clip(log, -cap, cap))
