"""What a satellite receiver reports: errors that last, heavy tails, jumps, positions held.

The laws here are made for this simulation (slow log-normal scale × Ornstein–Uhlenbeck error +
bias of the place + rare jumps) and are deliberately not those that matching assumes.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.simulation.chance import fixed_normal

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Mask = NDArray[np.bool_]

NORMAL, CANYON, INDOOR, GROSS, NETWORK, CACHED, HELD, HOME_UNIT, REMOVED = range(9)
KIND_NAMES: Final = (
    "normal", "canyon", "indoor", "gross", "network", "cached", "held", "rf", "removed",
)  # fmt: skip

#: Typical error on one axis by surroundings: open, canyon, light roof, heavy roof, no sky.
SCALE_M: Final = np.array([2.9, 7.5, 4.2, 10.0, 28.0])
#: The part of it that belongs to the place and stays.
BIAS_M: Final = np.array([0.6, 7.0, 2.6, 8.0, 18.0])
#: What the receiver believes its typical error to be; it does not see reflections.
BELIEF_M: Final = np.array([2.6, 4.2, 3.4, 7.0, 18.0])
#: Chance that a fix is got at all.
AVAILABLE: Final = np.array([0.985, 0.95, 0.96, 0.90, 0.03])
SCALE_SPREAD: Final = 0.85
GROSS_START: Final = 0.003
GROSS_LENGTH: Final = 3.0
CANYON_CELL_M: Final = 60.0


@njit(cache=True)
def _wander(gap_s: Any, tau_s: Any, noise: Any) -> Any:
    """Three Ornstein–Uhlenbeck walks of unit variance: error east, error north, log scale."""
    out = np.empty(noise.shape)
    for i in range(gap_s.size):
        keep = np.exp(-gap_s[i] / tau_s[i])
        slow = np.exp(-gap_s[i] / 420.0)
        for axis in range(3):
            rho = slow if axis == 2 else keep
            if i == 0:
                rho = 0.0
            before = out[i - 1, axis] if i > 0 else 0.0
            out[i, axis] = rho * before + np.sqrt(1.0 - rho * rho) * noise[i, axis]
    return out


@njit(cache=True)
def _jumps(uniform: Any, start: float, go_on: float) -> Any:
    """Bursts: the number of the burst each fix belongs to, 0 for none."""
    burst = np.zeros(uniform.size, dtype=np.int64)
    count = 0
    for i in range(uniform.size):
        if i > 0 and burst[i - 1] > 0 and uniform[i] < go_on:
            burst[i] = burst[i - 1]
        elif uniform[i] > 1.0 - start:
            count += 1
            burst[i] = count
    return burst


@njit(cache=True)
def hold(x: Any, y: Any, still: Any, stuck: Any, release: Any) -> Any:
    """Where a receiver repeats its last report: at rest from the third fix on, or stuck.

    Writes over x and y; returns which fixes are repeats.
    """
    held = np.zeros(x.size, dtype=np.bool_)
    rest = 0
    for i in range(x.size):
        rest = rest + 1 if still[i] else 0
        if i > 0 and (stuck[i] or (rest > 2 and not release[i])):
            x[i], y[i] = x[i - 1], y[i - 1]
            held[i] = True
    return held


def surroundings(sky: I64, canyon: Mask) -> I64:
    """The row of the tables above for each fix: 0 open, 1 canyon, 2–4 the roofs."""
    return np.where(sky > 0, sky + 1, canyon.astype(np.int64))


def place_bias(seed: int, x: F64, y: F64, place: I64, row: I64) -> tuple[F64, F64]:
    """The error that belongs to a place: the same for everybody who is there."""
    cell_x, cell_y = np.floor(x / CANYON_CELL_M), np.floor(y / CANYON_CELL_M)
    inside = place > 0
    key_x = np.where(inside, place, cell_x.astype(np.int64))
    key_y = np.where(inside, 1_000_003, cell_y.astype(np.int64))
    size = BIAS_M[row]
    return (
        size * fixed_normal(seed, "bias east", key_x, key_y),
        size * fixed_normal(seed, "bias north", key_x, key_y),
    )


def satellite_errors(
    rng: np.random.Generator, t_s: F64, row: I64, still: Mask, quality: float
) -> tuple[F64, F64, F64, Mask]:
    """(east, north, typical size, whether it is a jump) of each fix's error, without the bias."""
    gap = np.diff(t_s, prepend=t_s[:1])
    walk = _wander(gap, np.where(still, 420.0, 70.0), rng.standard_normal((t_s.size, 3)))
    fresh = rng.standard_normal((2, t_s.size))
    scale = quality * SCALE_M[row] * np.exp(SCALE_SPREAD * walk[:, 2])
    east, north = (scale * (0.93 * walk[:, i] + 0.37 * fresh[i]) for i in range(2))
    burst = _jumps(rng.random(t_s.size), GROSS_START, 1.0 - 1.0 / GROSS_LENGTH)
    count = int(burst.max(initial=0)) + 1
    far = 240.0 * np.exp(0.8 * rng.standard_normal(count)).clip(0.2, 8.0)
    angle = rng.uniform(0, 2 * np.pi, count)
    jump = burst > 0
    spread = np.where(jump, 0.25 * far[burst], 0.0)
    east = east + np.where(jump, far[burst] * np.cos(angle[burst]), 0.0) + spread * fresh[1]
    north = north + np.where(jump, far[burst] * np.sin(angle[burst]), 0.0) - spread * fresh[0]
    return east, north, scale, jump


def claimed_radius(
    rng: np.random.Generator, row: I64, scale: F64, jump: Mask, quality: float
) -> F64:
    """The 95% radius the tag states: knows some of its error, guesses the rest; whole metres."""
    typical = quality * BELIEF_M[row]
    ratio = (scale / (quality * SCALE_M[row])) ** 0.45
    guess = 2.45 * typical * ratio * np.exp(0.3 * rng.standard_normal(row.size))
    guess = np.where(jump, guess * np.exp(rng.uniform(0, 2.2, row.size)), guess)
    return np.maximum(3.0, np.rint(guess))
