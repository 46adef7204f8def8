"""The match: every crime against every wearer who may be searched, one answer each."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.domain.accuracy import fix_classes, region_radii_m, sigmas_m
from tipstaff.domain.crimes import Crime
from tipstaff.domain.geodesy import distance_m
from tipstaff.domain.local_time import local_days
from tipstaff.matching import chance, exclusion, gate, gate_gaps, legacy
from tipstaff.matching.excursions import Excursions
from tipstaff.matching.groups import Windows, utc_days_of
from tipstaff.matching.outcomes import DecidedBy
from tipstaff.matching.parameters import MatchParameters
from tipstaff.matching.permits import Permits
from tipstaff.matching.plane import offset_of
from tipstaff.matching.scoring import Background, Scorer, Scores, control_scores
from tipstaff.matching.shares import Runner, of_block, pair_runs, rows_of, wearer_blocks
from tipstaff.matching.states import minute_states, routines_of
from tipstaff.matching.strength import reported_log10
from tipstaff.matching.trails import Scenes, Trails
from tipstaff.matching.trust import sound_fixes
from tipstaff.patterns.area import area_of, area_of_cells
from tipstaff.patterns.routine import Routine
from tipstaff.patterns.routine_store import StoredRoutines

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]

#: Crimes this near one another are linked: each's days are kept out of the other's routine.
LINKED_M = 200.0
EXCLUDING = (DecidedBy.REACH, DecidedBy.TRAIL)
#: Told what is done so far: a word for the step and a share of it from 0 to 1.
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Answers:
    """Every pair looked at (P,), and the counts per scene (C,) of those that were not.

    `log10_lr`, `low`, `high` as reported (NaN where excluded), in size at most `cap_log10`;
    `order` ranks candidates uncapped; `chance_matches` NaN unless a candidate with enough controls,
    `controls` how many there were; `place` the class of `gate` (near, unseen, beyond). `kept_out`
    (C, reasons) counts monitored wearers by `permits.Permits`, its first column those searched;
    `searchable` (W,) are those who may be searched for a crime at least.
    """

    scenes: Scenes
    scene: I64
    wearer: I64
    code: NDArray[np.int8]
    raw_log10: F64
    log10_lr: F64
    low: F64
    high: F64
    cap_log10: F64
    presence: F64
    dwell_s: F64
    known: NDArray[np.bool_]
    chance_matches: F64
    controls: I64
    fixes_near: I64
    place: NDArray[np.int8]
    verdicts: exclusion.Verdicts
    legacy: legacy.LegacyAnswers
    searched: I64
    far_beyond: I64
    kept_out: I64
    reasons: tuple[str, ...]
    searchable: NDArray[np.bool_]


def linked_days(scenes: Scenes) -> list[tuple[int, ...]]:
    """For each scene, the local days of other crimes at the same place, outside its own week."""
    middle = local_days((scenes.start_us + scenes.end_us) // 2)
    order = np.argsort(scenes.latitude, kind="stable")
    latitude, longitude = scenes.latitude[order], scenes.longitude[order]
    day = middle[order]
    margin = LINKED_M / 110_000.0
    last = np.searchsorted(latitude, latitude + margin, side="right")
    out: list[set[int]] = [set() for _ in order]
    for i, own in enumerate(order.tolist()):
        rest = slice(i + 1, int(last[i]))
        near = distance_m(latitude[i], longitude[i], latitude[rest], longitude[rest]) <= LINKED_M
        apart = np.abs(day[rest] - day[i]) > chance.SAME_WEEK_DAYS
        for k in (i + 1 + np.flatnonzero(near & apart)).tolist():
            out[own].add(int(day[k]))
            out[int(order[k])].add(int(day[i]))
    return [tuple(sorted(days)) for days in out]


def background_of(
    trails: Trails,
    parameters: MatchParameters,
    windows: Windows,
    routines: Sequence[Routine] | None,
    run: Runner,
) -> Background:
    """States and routines from the trails; with `routines` given, states of the windows' days."""
    days = None if routines is None else utc_days_of(windows)
    states = minute_states(trails, parameters.error, parameters.strength.motion, days, run)
    own = routines_of(states, len(trails.wearers)) if routines is None else routines
    area = area_of_cells(own.capped()) if isinstance(own, StoredRoutines) else area_of(own)
    return Background(states, own, area, trails.wearers)


@njit(cache=True, nogil=True)
def _near_counts(
    scenes: tuple[F64, F64, I64, I64],
    pairs: tuple[I64, I64],
    offsets: I64,
    t_us: I64,
    lat: NDArray[np.int32],
    lon: NDArray[np.int32],
    radius: F64,
    out: I64,
) -> None:
    latitude, longitude, start, end = scenes
    for i in range(len(out)):
        c, w = pairs[0][i], pairs[1][i]
        k = offsets[w] + np.searchsorted(t_us[offsets[w] : offsets[w + 1]], start[c])
        while k < offsets[w + 1] and t_us[k] <= end[c]:
            # cheaply, before the trigonometry: further off to the north or south than its region
            if abs(lat[k] * 1e-7 - latitude[c]) * 110_000.0 > radius[k] + 100.0:
                k += 1
                continue
            again = k > offsets[w] and lat[k] == lat[k - 1] and lon[k] == lon[k - 1]
            if not again or t_us[k - 1] < start[c]:
                east, north = offset_of(latitude[c], longitude[c], lat[k] * 1e-7, lon[k] * 1e-7)
                out[i] += math.hypot(east, north) <= radius[k] + 100.0
            k += 1


def near_counts(
    trails: Trails,
    scenes: Scenes,
    scene: I64,
    wearer: I64,
    parameters: MatchParameters,
    run: Runner = map,
) -> I64:
    """Independent fixes of each pair's window whose 95% region meets the disc of 100 m."""
    out = np.zeros(len(scene), np.int64)
    radius = np.zeros(len(trails.t_us))

    def fill(block: tuple[int, int]) -> None:
        part = of_block(trails, block)
        classes = fix_classes(part.mechanism, part.radius_m)
        sigma = sigmas_m(parameters.error, classes, part.radius_m)
        radius[rows_of(trails, block)] = region_radii_m(parameters.error, classes, sigma, 0.95)

    def count(own: slice) -> None:
        _near_counts(
            (scenes.latitude, scenes.longitude, scenes.start_us, scenes.end_us),
            (scene[own], wearer[own]),
            trails.offsets,
            trails.t_us,
            trails.lat_e7,
            trails.lon_e7,
            radius,
            out[own],
        )

    for _done in run(fill, wearer_blocks(trails)):
        pass
    for _done in run(count, pair_runs(len(scene))):
        pass
    return out


def _scores(
    scorer: Scorer,
    windows: Windows,
    pairs: tuple[I64, I64],
    left_out: list[tuple[int, ...]],
    parameters: MatchParameters,
    excluded: NDArray[np.bool_],
) -> Scores:
    least = parameters.strength.candidate_lr

    def with_interval(own: I64, lr: F64) -> NDArray[np.bool_]:
        if not parameters.with_intervals:
            return np.zeros(len(own), np.bool_)
        return ~excluded[own] | (lr >= least)

    return scorer.score_all(windows, *pairs, left_out, with_interval)


def _chance(
    scorer: Scorer,
    trails: Trails,
    scenes: Scenes,
    permits: Permits,
    pairs: tuple[I64, I64],
    lr: F64,
    candidate: F64,
) -> tuple[F64, I64]:
    """Expected chance matches of each candidate, and how many control windows there were."""
    scene, wearer = pairs
    expected, controls = np.full(len(scene), np.nan), np.zeros(len(scene), np.int64)
    if not len(trails.t_us):
        return expected, controls
    edge = local_days(np.array([trails.t_us.min(), trails.t_us.max()]))
    chosen = np.unique(scene[candidate.astype(np.bool_)])
    table, spans = control_scores(
        scorer, scenes, chosen, len(trails.wearers), int(edge[0]) + 1, int(edge[1]) - 1
    )
    for pair in np.flatnonzero(candidate):
        c = int(scene[pair])
        if c in table:
            may = permits.may(int(scenes.index[c]))
            active = np.stack([_active(trails, a, b) & may for a, b in spans[c]])
            expected[pair] = chance.expected_matches(
                table[c], active, int(wearer[pair]), float(lr[pair])
            )
            controls[pair] = len(spans[c])
    return expected, controls


def _active(trails: Trails, start_us: int, end_us: int) -> NDArray[np.bool_]:
    """Which wearers were to be monitored at some time of a period."""
    overlaps = (trails.active_from_us <= end_us) & (trails.active_to_us > start_us)
    owner = np.repeat(np.arange(len(trails.wearers)), np.diff(trails.active_offsets))
    return np.bincount(owner[overlaps], minlength=len(trails.wearers)) > 0


def match(
    trails: Trails,
    crimes: list[Crime],
    parameters: MatchParameters,
    excursions: Excursions,
    *,
    run: Runner = map,
    progress: Progress = lambda _step, _share: None,
    routines: Sequence[Routine] | None = None,
    permits: Permits | None = None,
) -> Answers:
    """Answer every located crime for every wearer of `trails` who may be searched for it.

    `routines` (one a wearer) stand in for those made from the trails, where history lies in
    summaries. Without `permits` everybody may be searched. The answers do not depend on `run`.
    """
    permits = permits or Permits.everybody(len(crimes), len(trails.wearers))
    scenes = Scenes.of(crimes)
    windows = Windows.of(scenes)
    progress("choosing who must be looked at", 0.0)
    sound = sound_fixes(trails, parameters.error, parameters.exclusion.trust)
    slots = gate.slots_of(trails, sound)
    classes = gate.classify(trails, scenes, slots, run)
    kept_out = permits.narrow(classes, scenes.index)
    judged = exclusion.judge_trails(trails, parameters.error, parameters.exclusion.trust, run)
    gate_gaps.sort_out(trails, scenes, slots, judged.trusted, parameters.exclusion, classes, run)
    searched = (classes > 0).sum(axis=1)
    classes[:, ~permits.answered] = gate.NOT_SEARCHED
    scene, wearer = (a.astype(np.int64) for a in np.nonzero((classes > 0) & (classes < 4)))
    progress("following the trails minute by minute", 0.1)
    background = background_of(trails, parameters, windows, routines, run)
    progress("ruling out", 0.4)
    verdicts = exclusion.judge_pairs(
        trails,
        scenes,
        scene,
        wearer,
        parameters.error,
        parameters.exclusion,
        excursions,
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
    verdicts = verdicts.take(kept)
    legacy_answers = legacy.match_pairs(trails, scenes, scene, wearer, run)
    progress("weighing the evidence", 0.5)
    scorer = Scorer(background, parameters, run)
    scores = _scores(scorer, windows, (scene, wearer), linked_days(scenes), parameters, excluded)
    reported = reported_log10(scores.lr, scores.known, parameters.strength)
    candidate = reported >= np.log10(parameters.strength.candidate_lr) - 1e-12
    progress("counting chance matches", 0.8)
    expected, controls = (
        _chance(scorer, trails, scenes, permits, (scene, wearer), scores.lr, candidate)
        if parameters.with_chance
        else (np.full(len(scene), np.nan), np.zeros(len(scene), np.int64))
    )
    code = np.where(candidate, DecidedBy.STRENGTH, verdicts.decided).astype(np.int8)
    silent = np.isin(code, EXCLUDING)
    progress("done", 1.0)
    return Answers(
        scenes=scenes,
        scene=scene,
        wearer=wearer,
        code=code,
        raw_log10=parameters.strength.slope * np.log10(scores.lr),
        log10_lr=np.where(silent, np.nan, reported),
        low=_reported(scores.low, scores.known, parameters, silent),
        high=_reported(scores.high, scores.known, parameters, silent),
        cap_log10=_caps(scores.known, parameters),
        presence=scores.presence,
        dwell_s=scores.dwell_s,
        known=scores.known,
        chance_matches=expected,
        controls=controls,
        fixes_near=near_counts(trails, scenes, scene, wearer, parameters, run),
        place=classes[scene, wearer],
        verdicts=verdicts,
        legacy=legacy_answers,
        searched=searched,
        far_beyond=far_beyond,
        kept_out=kept_out,
        reasons=permits.reasons,
        searchable=permits.anybody(),
    )


def _reported(
    lr: F64, known: NDArray[np.bool_], parameters: MatchParameters, silent: NDArray[np.bool_]
) -> F64:
    wanted = ~silent & ~np.isnan(lr)
    out = np.full(len(lr), np.nan)
    out[wanted] = reported_log10(lr[wanted], known[wanted], parameters.strength)
    return out


def _caps(known: NDArray[np.bool_], parameters: MatchParameters) -> F64:
    """The largest size of each pair's reported log10 LR: less where the routine is not known."""
    strength = parameters.strength
    return np.where(known, strength.cap_log10, strength.unknown_cap_log10).astype(np.float64)
