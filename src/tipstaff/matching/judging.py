"""Looking at the pairs of some crimes: who must be looked at, who is ruled out, how strong it is.

All of one share of the evidence (see `evidence`), against what is usual.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tipstaff.matching import exclusion, gate, gate_gaps, legacy
from tipstaff.matching.evidence import Share
from tipstaff.matching.excursions import Excursions
from tipstaff.matching.groups import Windows, utc_days_of
from tipstaff.matching.near_fixes import near_counts
from tipstaff.matching.outcomes import DecidedBy
from tipstaff.matching.parameters import MatchParameters
from tipstaff.matching.permits import Permits
from tipstaff.matching.scoring import Background, Scorer, Scores
from tipstaff.matching.shares import Runner
from tipstaff.matching.states import minute_states
from tipstaff.matching.trails import Scenes
from tipstaff.matching.trust import sound_fixes
from tipstaff.patterns.area import AreaMap
from tipstaff.patterns.routine import Routine

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
Bools = NDArray[np.bool_]

EXCLUDING: Final = (DecidedBy.REACH, DecidedBy.TRAIL)
#: Told what is done so far: a word for the step and a share of it from 0 to 1.
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of every share: scenes (C,) with the days left out of the routine for each.

    `wanted` (C, W): the pairs whose answers are wanted; None: all that may be searched.
    """

    scenes: Scenes
    left_out: Sequence[tuple[int, ...]]
    permits: Permits
    parameters: MatchParameters
    excursions: Excursions
    wanted: Bools | None
    run: Runner
    progress: Progress


@dataclass(frozen=True, slots=True)
class Looked:
    """Pairs (P,) that were looked at, by the positions of scenes, and counts of the scenes `at`.

    `place` is the class of `gate`; `kept_out` (len(at), reasons) as `Permits.narrow` tells.
    """

    at: I64
    scene: I64
    wearer: I64
    place: NDArray[np.int8]
    excluded: Bools
    verdicts: exclusion.Verdicts
    legacy: legacy.LegacyAnswers
    scores: Scores
    fixes_near: I64
    searched: I64
    far_beyond: I64
    kept_out: I64


def look(asked: Question, share: Share, routines: Sequence[Routine], area: AreaMap) -> Looked:
    """Answer one share; rows that verdicts name are those of the whole trails."""
    trails, scenes = share.trails, asked.scenes.take(share.at)
    model, ruling, run = asked.parameters.error, asked.parameters.exclusion, asked.run
    asked.progress("choosing who must be looked at", 0.0)
    slots = gate.slots_of(trails, sound_fixes(trails, model, ruling.trust))
    classes = gate.classify(trails, scenes, slots, run)
    kept_out = asked.permits.narrow(classes, scenes.index)
    judged = exclusion.judge_trails(trails, model, ruling.trust, run)
    gate_gaps.sort_out(trails, scenes, slots, judged.trusted, ruling, classes, run)
    searched = (classes > 0).sum(axis=1)
    classes[:, ~asked.permits.answered] = gate.NOT_SEARCHED
    if asked.wanted is not None:
        classes[~asked.wanted[share.at]] = gate.NOT_SEARCHED
    scene, wearer = (a.astype(np.int64) for a in np.nonzero((classes > 0) & (classes < 4)))
    asked.progress("ruling out", 0.4)
    verdicts = exclusion.judge_pairs(
        trails,
        scenes,
        scene,
        wearer,
        model,
        ruling,
        asked.excursions,
        run=run,
        judged=judged,
    )
    del judged
    excluded = np.isin(verdicts.decided, EXCLUDING)
    # excluded without a fix near: never written, and too far off to score. Counted, and forgotten.
    kept = ~(excluded & (classes[scene, wearer] == gate.BEYOND))
    far_beyond = (classes == gate.FAR_BEYOND).sum(axis=1)
    far_beyond += np.bincount(scene[~kept], minlength=len(far_beyond))
    scene, wearer, excluded = scene[kept], wearer[kept], excluded[kept]
    return Looked(
        at=share.at,
        scene=share.at[scene],
        wearer=wearer,
        place=classes[scene, wearer],
        excluded=excluded,
        verdicts=_of_whole(verdicts.take(kept), share.rows),
        legacy=legacy.match_pairs(trails, scenes, scene, wearer, run),
        scores=_scores(asked, share, (scene, wearer), excluded, routines, area),
        fixes_near=near_counts(trails, scenes, scene, wearer, asked.parameters, run),
        searched=searched,
        far_beyond=far_beyond,
        kept_out=kept_out,
    )


def _of_whole(verdicts: exclusion.Verdicts, rows: I64 | None) -> exclusion.Verdicts:
    """The verdicts with rows of the whole trails in place of those cut."""
    if rows is None or not len(rows):
        return verdicts
    before, after = (np.where(v >= 0, rows[v], -1) for v in (verdicts.before, verdicts.after))
    return replace(verdicts, before=before, after=after)


def _scores(
    asked: Question,
    share: Share,
    pairs: tuple[I64, I64],
    excluded: Bools,
    routines: Sequence[Routine],
    area: AreaMap,
) -> Scores:
    parameters, run = asked.parameters, asked.run
    windows = Windows.of(asked.scenes.take(share.at))
    left_out = [asked.left_out[i] for i in share.at.tolist()]
    least = parameters.strength.candidate_lr
    asked.progress("following the trails minute by minute", 0.4)
    motion, days = parameters.strength.motion, utc_days_of(windows)
    states = minute_states(share.trails, parameters.error, motion, days, run)
    scorer = Scorer(Background(states, routines, area, share.trails.wearers), parameters, run)

    def with_interval(own: I64, lr: F64) -> Bools:
        if not parameters.with_intervals:
            return np.zeros(len(own), np.bool_)
        return ~excluded[own] | (lr >= least)

    asked.progress("weighing the evidence", 0.5)
    return scorer.score_all(windows, *pairs, left_out, with_interval)


def joined(parts: Sequence[Looked], scenes: int) -> Looked:
    """The pairs of all parts in the order of scene and wearer, the counts of all `scenes`."""
    at = np.concatenate([part.at for part in parts])
    place = np.argsort(at, kind="stable")
    scene = np.concatenate([part.scene for part in parts])
    wearer = np.concatenate([part.wearer for part in parts])
    order = np.lexsort((wearer, scene))
    if len(at) != scenes:
        raise ValueError("every scene is answered in one part")

    def pairs(columns: Sequence[NDArray[Any]]) -> NDArray[Any]:
        return np.concatenate(columns)[order]

    def fields(rows: Sequence[Any], names: Sequence[str]) -> dict[str, NDArray[Any]]:
        return {name: pairs([getattr(row, name) for row in rows]) for name in names}

    labels = [label for part in parts for label in part.legacy.labels]
    legacy_columns = fields([p.legacy for p in parts], ("matched", "nearest_m", "fixes"))
    return Looked(
        at=at[place],
        scene=scene[order],
        wearer=wearer[order],
        **fields(parts, ("place", "excluded", "fixes_near")),
        verdicts=exclusion.Verdicts(
            **fields([p.verdicts for p in parts], exclusion.Verdicts.__slots__)
        ),
        legacy=legacy.LegacyAnswers(labels=tuple(labels[i] for i in order), **legacy_columns),
        scores=Scores(**fields([p.scores for p in parts], Scores.__slots__)),
        **{
            name: np.concatenate([getattr(part, name) for part in parts])[place]
            for name in ("searched", "far_beyond", "kept_out")
        },
    )
