"""When crimes are committed, how long they take, and how widely the police know it.

Lengths follow real from–to windows: burglary has a median of an hour or two and a long tail,
vehicle crime a night (New York figures: 1 h and 10 h); robberies are known to minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from tipstaff.domain.crimes import CrimeType
from tipstaff.simulation.chance import lognormal

MINUTE_S: Final = 60.0
HOUR_S: Final = 3600.0
LONGEST_WINDOW_S: Final = 12 * HOUR_S


@dataclass(frozen=True, slots=True)
class Habit:
    """How one type of crime is done.

    `hours` are (first, last, weight) bands of the local clock, past 24 for the small hours.
    `lengths` are (weight, median, spread) of the window; `offence` is the act itself and
    `linger` what the offender spends at the scene round it, both (median, spread).
    """

    share: float
    site: str
    hours: tuple[tuple[float, float, float], ...]
    lengths: tuple[tuple[float, float, float], ...]
    offence: tuple[float, float]
    linger: tuple[float, float] | None = None


_DAYTIME: Final = ((8.5, 16.5, 0.5), (16.5, 22.0, 0.25), (22.0, 29.0, 0.25))
_NIGHT: Final = ((9.0, 18.0, 0.15), (20.0, 29.0, 0.85))
HABITS: Final = {
    CrimeType.BIAD: Habit(
        0.34, "home", _DAYTIME, ((0.7, 2.2 * HOUR_S, 0.9), (0.3, 8 * HOUR_S, 0.3)), (1200, 0.55)
    ),
    CrimeType.AB: Habit(0.04, "home", _NIGHT, ((1.0, 20 * MINUTE_S, 0.7),), (900, 0.4)),
    CrimeType.BOTD: Habit(
        0.13, "shop", _NIGHT, ((0.65, 10.5 * HOUR_S, 0.15), (0.35, 2 * HOUR_S, 0.8)), (1100, 0.55)
    ),
    CrimeType.TFMV: Habit(0.22, "kerb", _NIGHT, ((1.0, 9 * HOUR_S, 0.35),), (840, 0.5)),
    CrimeType.TOMV: Habit(0.10, "kerb", _NIGHT, ((1.0, 9 * HOUR_S, 0.35),), (840, 0.4)),
    CrimeType.TFP: Habit(
        0.09, "street", ((10.0, 19.0, 0.7), (19.0, 27.0, 0.3)),
        ((1.0, 15 * MINUTE_S, 0.9),), (90, 0.5), (600, 0.5),
    ),
    CrimeType.RB: Habit(
        0.08, "street", ((12.0, 18.0, 0.3), (18.0, 27.0, 0.7)),
        ((1.0, 5 * MINUTE_S, 0.8),), (120, 0.5), (540, 0.5),
    ),
}  # fmt: skip


def draw_type(rng: np.random.Generator) -> CrimeType:
    """A type of crime, as often as its share."""
    shares = np.array([habit.share for habit in HABITS.values()])
    return list(HABITS)[int(rng.choice(shares.size, p=shares / shares.sum()))]


def draw_wall_s(rng: np.random.Generator, kind: CrimeType) -> float:
    """The local time of day at which a crime of this type begins, seconds after midnight."""
    bands = HABITS[kind].hours
    weights = np.array([weight for _, _, weight in bands])
    first, last, _ = bands[int(rng.choice(len(bands), p=weights / weights.sum()))]
    return float(rng.uniform(first, last) * HOUR_S)


def draw_presence_s(rng: np.random.Generator, kind: CrimeType) -> tuple[float, float, float]:
    """Seconds at the scene before the offence, in it, and after it; 5 to 40 minutes in all."""
    habit = HABITS[kind]
    act = lognormal(rng, *habit.offence)
    if habit.linger is None:
        return 0.0, float(np.clip(act, 300, 2400)), 0.0
    act = float(np.clip(act, 40, 300))
    around = float(np.clip(lognormal(rng, *habit.linger), 300, 1800))
    before = around * float(rng.uniform(0.3, 0.9))
    return before, act, around - before


def draw_window_s(
    rng: np.random.Generator, kind: CrimeType, start_s: float, end_s: float
) -> tuple[float, float]:
    """The from and to that the police are told, whole minutes, the offence anywhere between.

    People remember round times: most windows are widened to five minutes.
    """
    lengths = HABITS[kind].lengths
    weights = np.array([weight for weight, _, _ in lengths])
    _, median, spread = lengths[int(rng.choice(len(lengths), p=weights / weights.sum()))]
    longest = LONGEST_WINDOW_S - 600
    length = float(np.clip(lognormal(rng, median, spread), end_s - start_s, longest))
    first = start_s - float(rng.uniform(0, length - (end_s - start_s)))
    step = 300.0 if length > 1200 and rng.random() < 0.8 else 60.0
    return np.floor(first / step) * step, np.ceil((first + length) / step) * step
