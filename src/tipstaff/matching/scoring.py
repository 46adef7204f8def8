"""Scoring pairs: strengths, intervals and chance matches of many crimes and wearers at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tipstaff.matching import chance, intervals
from tipstaff.matching.groups import Group, Windows, grouped, minutes_of, weighed_for
from tipstaff.matching.parameters import MatchParameters
from tipstaff.matching.states import States
from tipstaff.matching.strength import SHARES, strengths
from tipstaff.matching.trails import Scenes
from tipstaff.patterns.area import AreaMap
from tipstaff.patterns.routine import Routine

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]

#: Runs work items, results in order; `map` itself, or that of a pool of threads.
Runner = Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Any]]
SCENE_SHARES: Final = np.array(SHARES)


@dataclass(frozen=True, slots=True)
class Background:
    """What a match knows of usual life: states by minute, routines and names of W wearers, area."""

    states: States
    routines: list[Routine]
    area: AreaMap
    wearers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scores:
    """Per pair (P,): LR before any cap, presence, dwell in seconds, whether the routine is known.

    `low`, `high` are LRs too; NaN where no interval was asked for.
    """

    lr: F64
    presence: F64
    dwell_s: F64
    known: NDArray[np.bool_]
    low: F64
    high: F64


class Scorer:
    """Scores pairs against one background with one set of parameters."""

    def __init__(self, background: Background, parameters: MatchParameters, run: Runner) -> None:
        self._background = background
        self._p = parameters.strength.as_row()
        self._shares = parameters.strength.background.as_row()
        self._off_wearer = parameters.error.not_on_wearer
        self._run = run
        self._factors = intervals.drawn_factors()

    def score(
        self,
        windows: Windows,
        scene: I64,
        wearer: I64,
        left_out: Callable[[int], tuple[int, ...]],
        wanted: NDArray[np.bool_],
        *,
        drawn: bool = False,
    ) -> F64:
        """Score the `wanted` pairs (P,) of `windows[scene]` and `wearer`.

        Returns (P, 4) of LR, presence, dwell minutes and whether known; (P, DRAWS) LRs if
        `drawn`. Rows not wanted are zero.
        """
        out = np.zeros((len(scene), intervals.DRAWS if drawn else 4))
        groups = list(grouped(wearer, windows.day[scene], left_out, np.flatnonzero(wanted)))
        work = self._drawn if drawn else self._plain

        def one(group: Group) -> tuple[I64, F64]:
            return group.pairs, work(group, windows, scene[group.pairs])

        for pairs, answers in self._run(one, groups):
            out[pairs] = answers
        return out

    def _common(self, group: Group, windows: Windows, scene: I64, draws: F64 | None) -> Any:
        routine = self._background.routines[group.wearer]
        mark_from, mark_to = windows.mark_from[scene], windows.mark_to[scene]
        minutes = minutes_of(
            self._background.states,
            group.wearer,
            _block(mark_from.min() - 2),
            int(mark_to.max()) + 2,
        )
        weighed = weighed_for(routine, group.day, group.left_out, draws)
        arguments = (
            mark_from,
            mark_to,
            windows.x[scene],
            windows.y[scene],
            windows.variances[scene],
            minutes,
            routine,
            self._background.area,
            weighed,
            self._shares,
            SCENE_SHARES,
            self._p,
            self._off_wearer,
        )
        return arguments, weighed.known

    def _plain(self, group: Group, windows: Windows, scene: I64) -> F64:
        arguments, known = self._common(group, windows, scene, None)
        out = np.zeros((len(scene), 4))
        strengths(*arguments, out)
        out[:, 3] = known
        return out

    def _drawn(self, group: Group, windows: Windows, scene: I64) -> F64:
        days = self._background.routines[group.wearer].days
        name = self._background.wearers[group.wearer]
        draws = intervals.drawn_days(name, group.day, len(days))
        arguments, _known = self._common(group, windows, scene, draws)
        out = np.zeros((len(scene), intervals.DRAWS))
        intervals.drawn_strengths(*arguments, *self._factors, out)
        return out


def _block(mark: int) -> int:
    """The start of the ten-minute block that holds `mark`: every block is whole from there on."""
    return int(mark) // 10 * 10


def control_scores(
    scorer: Scorer, scenes: Scenes, chosen: I64, count: int, first_day: int, last_day: int
) -> tuple[dict[int, F64], dict[int, I64]]:
    """LRs of all `count` wearers in the control windows of the scenes `chosen`.

    Returns per scene (controls, W) and the controls' (controls, 2) start and end; scenes with
    too few control windows are left out.
    """
    controls: dict[int, list[tuple[int, int]]] = {}
    for c in chosen.tolist():
        start, end = int(scenes.start_us[c]), int(scenes.end_us[c])
        shifts = chance.control_shifts(start, end, first_day, last_day)
        if len(shifts) >= chance.FEWEST_CONTROLS:
            controls[c] = [(chance.shifted_us(start, s), chance.shifted_us(end, s)) for s in shifts]
    owner = np.array([c for c, spans in controls.items() for _ in spans], np.int64)
    spans = np.array([s for spans in controls.values() for s in spans], np.int64).reshape(-1, 2)
    if not len(owner):
        return {}, {}
    windows = Windows.of(scenes.take(owner), spans[:, 0], spans[:, 1])
    scene = np.repeat(np.arange(len(owner)), count)
    wearer = np.tile(np.arange(count), len(owner))
    everyone = np.ones(len(scene), np.bool_)
    lr = scorer.score(windows, scene, wearer, lambda _pair: (), everyone)[:, 0]
    table = lr.reshape(len(owner), count)
    return (
        {c: table[owner == c] for c in controls},
        {c: spans[owner == c] for c in controls},
    )
