"""Ruling out: which wearers cannot have been at the scene in the window, and why.

*By reach*: between no two trusted fixes could the scene be reached and left in time at the top
speed. *By trail*: the bound of the probability of any visit, summed over the intervals between
trusted fixes, is below 10⁻³ (see `excursions`). Either must hold for the trusted fixes as they are
and after every removal (see `removals`). EVIDENCE, "Ruling out", is the source.

The first that applies, in this order:

- ACTIVATION: the wearer's periods of monitoring do not cover the whole window;
- CLOCK: a fix in the padded window or the hour on either side has its time in doubt;
- CONTRADICTION: two trusted fixes next to each other that no journey joins;
- REACH, TRAIL: excluded; FRAGILE: would be, but for one fix, place or block;
- NO_FIX: none in the padded window, of any kind;
- NEAR: the trusted fixes leave a visit possible; so does any fix at all, trusted or not, placed in
  the scene's region;
- GAP: only stretches without any fix for over 5 minutes leave it possible;
- NETWORK_ONLY: only stretches that network or doubtful fixes cover leave it possible.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tipstaff.domain.accuracy import ErrorModel
from tipstaff.domain.scenes import scene_radius_m
from tipstaff.matching.exclusion_kernel import Columns, Fates, Places, judge_all
from tipstaff.matching.excursions import ONE, Excursions, as_table
from tipstaff.matching.prisms import Limits
from tipstaff.matching.shares import Runner, of_block, pair_runs, rows_of, wearer_blocks
from tipstaff.matching.trails import F64, I8, I64, Scenes, Trails
from tipstaff.matching.trust import Judged, TrustParameters, judge_fixes


@dataclass(frozen=True, slots=True)
class ExclusionParameters:
    """The parameters of ruling out. A used version is never changed.

    `silent_s`: a gap between trusted fixes longer than this clears nobody by trail (`removals`).
    """

    version: str = "exclusion-1"
    pad_s: float = 600.0
    top_speed_mps: float = 45.0
    longest_s: float = 3600.0
    silent_s: float = 600.0
    block_s: float = 300.0
    gap_s: float = 300.0
    cover_s: float = 300.0
    bound: float = 1e-3
    trust: TrustParameters = field(default_factory=TrustParameters)


EXCLUSION_V1: Final = ExclusionParameters()


@dataclass(frozen=True, slots=True)
class Verdicts:
    """One row per pair.

    `decided` codes of `outcomes.DecidedBy`. `before`, `after` are rows of the trails (-1: none):
    the interval in which a visit needs the least speed; for FRAGILE the fixes left either side of
    the removal that breaks it, for CONTRADICTION the two that contradict, for GAP the ends of the
    longest stretch without a fix. `speed_needed_mps` from `before` by the scene to `after`, or, for
    CONTRADICTION, from one to the other (NaN: does not apply). `bound` is the greatest bound of a
    visit's probability over all removals, or that of the first removal, or of the whole trail,
    found to fail.
    `coverage` is the share of the window within 5 minutes of a fix of any kind. `nearest_m`,
    `nearest_us` are of the nearest fix of any kind in the padded window (NaN, 0: none).
    """

    decided: I8
    before: I64
    after: I64
    speed_needed_mps: F64
    bound: F64
    coverage: F64
    nearest_m: F64
    nearest_us: I64

    def take(self, chosen: NDArray[np.bool_]) -> Verdicts:
        """The verdicts of some of the pairs."""
        return Verdicts(*(getattr(self, each.name)[chosen] for each in fields(self)))


def limits_of(parameters: ExclusionParameters, excursions: Excursions) -> Limits:
    """The parameters and the table as the kernels take them."""
    return Limits(
        top_speed_mps=parameters.top_speed_mps,
        longest_us=round(parameters.longest_s * 1e6),
        silent_us=round(parameters.silent_s * 1e6),
        block_us=round(parameters.block_s * 1e6),
        gap_us=round(parameters.gap_s * 1e6),
        pad_us=round(parameters.pad_s * 1e6),
        cover_us=round(parameters.cover_s * 1e6),
        bound=round(parameters.bound * ONE),
        table=as_table(excursions),
    )


def _as_verdicts(fates: Fates) -> Verdicts:
    return Verdicts(
        decided=fates.decided,
        before=fates.before,
        after=fates.after,
        speed_needed_mps=fates.speed_needed_mps,
        bound=fates.bound_parts / ONE,
        coverage=fates.coverage,
        nearest_m=fates.nearest_m,
        nearest_us=fates.nearest_us,
    )


def judge_trails(
    trails: Trails, model: ErrorModel, parameters: TrustParameters, run: Runner = map
) -> Judged:
    """`judge_fixes` block by block of wearers."""
    size = trails.t_us.size
    judged = Judged(
        np.zeros(size, dtype=np.bool_),
        np.zeros(size),
        np.zeros(size, dtype=np.int64),
        np.zeros(size, dtype=np.bool_),
        np.zeros(size, dtype=np.bool_),
    )

    def one(block: tuple[int, int]) -> None:
        rows, part = rows_of(trails, block), judge_fixes(of_block(trails, block), model, parameters)
        judged.trusted[rows], judged.region_m[rows] = part.trusted, part.region_m
        judged.place[rows] = part.place
        judged.stay_before[rows], judged.stay_after[rows] = part.stay_before, part.stay_after

    for _done in run(one, wearer_blocks(trails)):
        pass
    return judged


def judge_pairs(
    trails: Trails,
    scenes: Scenes,
    pair_scene: I64,
    pair_wearer: I64,
    model: ErrorModel,
    parameters: ExclusionParameters,
    excursions: Excursions,
    *,
    run: Runner = map,
    judged: Judged | None = None,
) -> Verdicts:
    """The verdict on each (scene, wearer) pair, given as indexes.

    `judged`: what `judge_trails` says, where it was asked already.
    """
    judged = judged or judge_trails(trails, model, parameters.trust, run)
    columns = Columns(
        trails.offsets,
        trails.t_us,
        trails.lat_e7,
        trails.lon_e7,
        judged.place,
        trails.doubt,
        judged.trusted,
        judged.region_m,
        judged.stay_before,
        judged.stay_after,
        trails.active_offsets,
        trails.active_from_us,
        trails.active_to_us,
    )
    places = Places(
        scenes.latitude,
        scenes.longitude,
        scene_radius_m(scenes.rounding_m, parameters.trust.level),
        scenes.start_us,
        scenes.end_us,
    )
    limits = limits_of(parameters, excursions)
    scene = np.asarray(pair_scene, dtype=np.int64)
    wearer = np.asarray(pair_wearer, dtype=np.int64)

    def one(own: slice) -> Fates:
        return judge_all(columns, places, scene[own], wearer[own], limits)

    parts = list(run(one, pair_runs(len(scene)))) or [one(slice(0, 0))]
    return _as_verdicts(Fates(*(np.concatenate(column) for column in zip(*parts, strict=True))))
