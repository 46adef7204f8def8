"""Small made-up lives for tests of strength: a home, a work, a few weeks of minutes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tipstaff.domain.geodesy import LocalPlane, to_mercator
from tipstaff.domain.local_time import is_weekend
from tipstaff.domain.scenes import SCENE_COMPONENTS, scene_sigmas_m
from tipstaff.matching.groups import weighed_for
from tipstaff.matching.minutes import Minutes
from tipstaff.matching.strength import SHARES, StrengthParameters, strengths
from tipstaff.matching.strength_reference import Life, Minute, Row, likelihood_ratio
from tipstaff.patterns.area import AreaMap, area_of
from tipstaff.patterns.background import WeighedRoutine
from tipstaff.patterns.motion import NO_FIX_MIN, REACH_MIN
from tipstaff.patterns.routine import (
    DailySummary,
    Routine,
    day_weights,
    routine_of,
    summarise,
)

F64 = NDArray[np.float64]
TOWN = LocalPlane(52.95, -1.15)
#: A Monday; the day of the crime. History lies before it.
CRIME_DAY = 20_591
PI = 0.002


def mercator(east_m: object, north_m: object, town: LocalPlane = TOWN) -> tuple[F64, F64]:
    """Mercator place(s) of metres from the town's middle."""
    return to_mercator(*town.to_degrees(east_m, north_m))  # type: ignore[arg-type]


def summary(
    home: tuple[float, float],
    work: tuple[float, float],
    days: range,
    seed: int = 1,
    town: LocalPlane = TOWN,
) -> DailySummary:
    """At work on weekdays from nine to five, at home else, with a walk of an hour at six."""
    rng = np.random.default_rng(seed)
    day = np.repeat(np.array(days, dtype=np.int64), 1440)
    minute = np.tile(np.arange(1440), len(days))
    at_work = (minute >= 540) & (minute < 1020) & ~is_weekend(day)
    walk = (minute >= 1080) & (minute < 1140) & (minute % 6 == 0)
    east = np.where(at_work, work[0], home[0]) + walk * rng.normal(0.0, 250.0, len(day))
    north = np.where(at_work, work[1], home[1]) + walk * rng.normal(0.0, 250.0, len(day))
    x, y = mercator(east, north, town)
    well = np.full(len(day), 25.0, np.float32)
    return summarise(x, y, well, np.ones(len(day), np.float32), day, minute)


@dataclass(frozen=True)
class People:
    """Several wearers' summaries and what is made of them."""

    summaries: list[DailySummary]
    routines: list[Routine]
    area: AreaMap

    @classmethod
    def of(cls, summaries: list[DailySummary]) -> People:
        """Lay summaries out."""
        routines = [routine_of(each) for each in summaries]
        return cls(summaries, routines, area_of(routines))


def rows_of(own: DailySummary) -> list[Row]:
    """A summary as plain rows."""
    columns = (own.day, own.hour, own.column, own.row, own.minutes)
    return [
        (int(d), int(h), int(c), int(r), int(m)) for d, h, c, r, m in zip(*columns, strict=True)
    ]


def trail(
    first: int, east: F64, north: F64, sigma: F64, near: F64, town: LocalPlane = TOWN
) -> Minutes:
    """Minutes from the mark `first` on; `near` minutes to a fix, over `REACH_MIN`: none."""
    x, y = mercator(east, north, town)
    gone = near > REACH_MIN
    return Minutes(
        first,
        np.where(gone, 0.0, x),
        np.where(gone, 0.0, y),
        np.where(gone, 0.0, sigma**2).astype(np.float32),
        np.where(gone, NO_FIX_MIN, near).astype(np.float32),
        (first + np.arange(len(x))) % 1440,
    )


def kernel_arguments(
    people: People,
    who: int,
    minutes: Minutes,
    window: tuple[int, int],
    scene: tuple[float, float],
    parameters: StrengthParameters,
    weighed: WeighedRoutine,
    town: LocalPlane = TOWN,
) -> tuple[Any, ...]:
    """What the kernels of strength and of its draws begin with, for one pair."""
    x, y = mercator(scene[0], scene[1], town)
    return (
        np.array([window[0]]),
        np.array([window[1]]),
        np.atleast_1d(x),
        np.atleast_1d(y),
        np.atleast_2d(scene_sigmas_m(1.0) ** 2),
        minutes,
        people.routines[who],
        people.area,
        weighed,
        parameters.background.as_row(),
        np.array(SHARES),
        parameters.as_row(),
        parameters.dwell.as_table(),
        PI,
    )


def fast_row(
    people: People,
    who: int,
    minutes: Minutes,
    window: tuple[int, int],
    scene: tuple[float, float],
    parameters: StrengthParameters,
    *,
    town: LocalPlane = TOWN,
    day: int = CRIME_DAY,
    widest: float = 1.0,
) -> F64:
    """LR, presence, dwell and whether near, (4,), of one pair by the kernels."""
    weighed = weighed_for(people.routines[who], day)
    out = np.zeros((1, 4))
    common = kernel_arguments(people, who, minutes, window, scene, parameters, weighed, town)
    strengths(*common, widest, out)
    return out[0]


def fast_lr(
    people: People,
    who: int,
    minutes: Minutes,
    window: tuple[int, int],
    scene: tuple[float, float],
    parameters: StrengthParameters,
    town: LocalPlane = TOWN,
) -> tuple[float, float, float]:
    """LR, presence and dwell of one pair by the kernels."""
    row = fast_row(people, who, minutes, window, scene, parameters, town=town)
    return float(row[0]), float(row[1]), float(row[2])


def life_of(people: People, who: int, day: int = CRIME_DAY) -> Life:
    """The reference's view of one wearer's routine as it may speak of `day`."""
    routine = people.routines[who]
    counted = dict(zip(routine.days.tolist(), day_weights(routine, day).tolist(), strict=True))
    weekend = bool(is_weekend(np.array([day]))[0])
    return Life(
        rows_of(people.summaries[who]),
        [rows_of(each) for each in people.summaries],
        lambda d: counted.get(d, 0.0),
        lambda d: bool(is_weekend(np.array([d]))[0]) == weekend,
    )


def minutes_by_mark(minutes: Minutes) -> dict[int, Minute]:
    """The same minutes for the reference."""
    return {
        minutes.first + k: Minute(
            minutes.first + k,
            float(minutes.x[k]),
            float(minutes.y[k]),
            float(minutes.variance[k]),
            float(minutes.near_min[k]),
            int(minutes.local_minute[k]),
        )
        for k in range(len(minutes.x))
    }


def slow_lr(
    people: People,
    who: int,
    minutes: Minutes,
    window: tuple[int, int],
    scene: tuple[float, float],
    parameters: StrengthParameters,
    town: LocalPlane = TOWN,
) -> float:
    """LR of one pair by the reference."""
    x, y = mercator(scene[0], scene[1], town)
    parts = [
        (share, sigma**2 + 1.0 / 12.0) for share, sigma in SCENE_COMPONENTS
    ]  # written to a whole metre
    return likelihood_ratio(
        window,
        (float(x), float(y), parts),
        minutes_by_mark(minutes),
        life_of(people, who),
        parameters,
        PI,
    )
