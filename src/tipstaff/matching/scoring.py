"""Scoring pairs: strengths, intervals and chance matches of many crimes and wearers at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tipstaff.matching import chance, intervals
from tipstaff.matching.groups import EDGE_MIN, Group, Windows, grouped, minutes_of, weighed_for
from tipstaff.matching.parameters import MatchParameters
from tipstaff.matching.shares import Runner
from tipstaff.matching.states import States
from tipstaff.matching.strength import SHARES, strengths
from tipstaff.matching.trails import Scenes
from tipstaff.patterns.area import AreaMap
from tipstaff.patterns.routine import Routine

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]

SCENE_SHARES: Final = np.array(SHARES)


@dataclass(frozen=True, slots=True)
class Background:
    """What a match knows of usual life: states by minute, routines and names of W wearers, area."""

    states: States
    routines: Sequence[Routine]
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
        self._law = parameters.strength.dwell.as_table()
        self._shares = parameters.strength.background.as_row()
        self._off_wearer = parameters.error.not_on_wearer
        self._run = run
        self._factors = intervals.drawn_factors()

    def score(
        self, windows: Windows, scene: I64, wearer: I64, left_out: Sequence[tuple[int, ...]]
    ) -> F64:
        """Score pairs (P,) of `windows[scene]` and `wearer`, `left_out` days of each scene.

        Returns (P, 4) of LR, presence, dwell minutes and whether known.
        """
        out = np.zeros((len(scene), 4))

        def one(group: Group) -> None:
            routine = self._background.routines[group.wearer]
            out[group.pairs], _near = self._plain(group, routine, windows, scene[group.pairs])

        for _done in self._run(one, grouped(scene, wearer, windows.day, left_out)):
            pass
        return out

    def score_all(
        self,
        windows: Windows,
        scene: I64,
        wearer: I64,
        left_out: Sequence[tuple[int, ...]],
        with_interval: Callable[[I64, F64], NDArray[np.bool_]],
    ) -> Scores:
        """Score pairs as `score` does, and give intervals to those that `with_interval` picks.

        It is told pairs and their LRs.
        """
        out = np.zeros((len(scene), 4))
        bounds = np.full((len(scene), 2), np.nan)

        def one(group: Group) -> None:
            routine = self._background.routines[group.wearer]
            plain, near = self._plain(group, routine, windows, scene[group.pairs])
            out[group.pairs] = plain
            wanted = with_interval(group.pairs, plain[:, 0])
            bounds[group.pairs[wanted]] = plain[wanted, :1]  # where no draw moves the answer
            wanted &= near
            if wanted.any():
                pairs = group.pairs[wanted]
                drawn = self._drawn(group, routine, windows, scene[pairs])
                bounds[pairs] = np.stack(intervals.interval(drawn, plain[wanted, 0]), axis=1)

        for _done in self._run(one, grouped(scene, wearer, windows.day, left_out)):
            pass
        return Scores(
            lr=out[:, 0].copy(),
            presence=out[:, 1].copy(),
            dwell_s=out[:, 2] * 60.0,
            known=out[:, 3] > 0,
            low=bounds[:, 0].copy(),
            high=bounds[:, 1].copy(),
        )

    def _common(
        self, group: Group, routine: Routine, windows: Windows, scene: I64, draws: F64 | None
    ) -> Any:
        mark_from, mark_to = windows.mark_from[scene], windows.mark_to[scene]
        minutes = minutes_of(
            self._background.states,
            group.wearer,
            _block(mark_from.min() - EDGE_MIN),
            int(mark_to.max()) + EDGE_MIN,
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
            self._law,
            self._off_wearer,
        )
        return arguments, weighed.known

    def _plain(
        self, group: Group, routine: Routine, windows: Windows, scene: I64
    ) -> tuple[F64, NDArray[np.bool_]]:
        """Rows as `score` has them, and whether the pair's interval has to be drawn."""
        arguments, known = self._common(group, routine, windows, scene, None)
        out = np.zeros((len(scene), 4))
        strengths(*(*arguments, float(self._factors[0].max()), out))
        near = out[:, 3] > 0
        out[:, 3] = known
        return out, near

    def _drawn(self, group: Group, routine: Routine, windows: Windows, scene: I64) -> F64:
        name = self._background.wearers[group.wearer]
        draws = intervals.drawn_days(name, group.day, len(routine.days))
        arguments, _known = self._common(group, routine, windows, scene, draws)
        out = np.zeros((len(scene), intervals.DRAWS))
        intervals.drawn_strengths(*(*arguments, *self._factors, out))
        return out


def _block(mark: int) -> int:
    """The start of the ten-minute block that holds `mark`: every block is whole from there on."""
    return int(mark) // 10 * 10


def control_scores(
    scorer: Callable[[], Scorer], scenes: Scenes, chosen: I64, count: int, days: tuple[int, int]
) -> tuple[dict[int, F64], dict[int, I64]]:
    """LRs of all `count` wearers in the control windows of the scenes `chosen`.

    `days`: the first and the last from which controls may be taken. Returns per scene
    (controls, W) and the controls' (controls, 2) start and end; scenes with too few control windows
    are left out, and where all are, no scorer is made.
    """
    controls: dict[int, list[tuple[int, int]]] = {}
    for c in chosen.tolist():
        start, end = int(scenes.start_us[c]), int(scenes.end_us[c])
        shifts = chance.control_shifts(start, end, *days)
        if len(shifts) >= chance.FEWEST_CONTROLS:
            controls[c] = [(chance.shifted_us(start, s), chance.shifted_us(end, s)) for s in shifts]
    owner = np.array([c for c, spans in controls.items() for _ in spans], np.int64)
    spans = np.array([s for spans in controls.values() for s in spans], np.int64).reshape(-1, 2)
    if not len(owner):
        return {}, {}
    windows = Windows.of(scenes.take(owner), spans[:, 0], spans[:, 1])
    scene = np.repeat(np.arange(len(owner)), count)
    wearer = np.tile(np.arange(count), len(owner))
    lr = scorer().score(windows, scene, wearer, [()] * len(owner))[:, 0]
    table = lr.reshape(len(owner), count)
    return (
        {c: table[owner == c] for c in controls},
        {c: spans[owner == c] for c in controls},
    )
