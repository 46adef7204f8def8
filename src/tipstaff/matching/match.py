"""The match: every crime against every wearer who may be searched, one answer each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tipstaff.domain.crimes import Crime
from tipstaff.domain.geodesy import distance_m
from tipstaff.domain.local_time import local_days
from tipstaff.matching import chance, exclusion, legacy
from tipstaff.matching.evidence import no_share, shares_of
from tipstaff.matching.excursions import Excursions
from tipstaff.matching.groups import Windows, utc_days_of
from tipstaff.matching.judging import EXCLUDING, Looked, Progress, Question, joined, look
from tipstaff.matching.outcomes import DecidedBy
from tipstaff.matching.parameters import MatchParameters
from tipstaff.matching.permits import Permits
from tipstaff.matching.scoring import Background, Scorer, control_scores
from tipstaff.matching.shares import Runner
from tipstaff.matching.states import States, minute_states, routines_of
from tipstaff.matching.strength import reported_log10
from tipstaff.matching.trails import Scenes, Trails
from tipstaff.patterns.area import AreaMap, area_of, area_of_cells
from tipstaff.patterns.routine import Routine
from tipstaff.patterns.routine_store import StoredRoutines

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]

#: Crimes this near one another are linked: each's days are kept out of the other's routine.
LINKED_M = 200.0


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


def linked_days(scenes: Scenes, beside: Sequence[Crime] = ()) -> list[tuple[int, ...]]:
    """For each scene, the local days of other crimes at the same place, outside its own week.

    The others are those of the scenes and those `beside` them.
    """
    every = scenes.joined(Scenes.of(list(beside)))
    middle = local_days((every.start_us + every.end_us) // 2)
    order = np.argsort(every.latitude, kind="stable")
    latitude, longitude = every.latitude[order], every.longitude[order]
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
    return [tuple(sorted(days)) for days in out[: len(scenes.index)]]


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual: routines, the area's map, and the trails (with their states) for controls.

    It may be of an earlier time than the evidence: as was known at a cut-off.
    """

    trails: Trails
    routines: Sequence[Routine]
    area: AreaMap
    states: Callable[[], States]


def usual_of(
    trails: Trails,
    parameters: MatchParameters,
    windows: Windows,
    routines: Sequence[Routine] | None = None,
    run: Runner = map,
) -> Usual:
    """What the trails say is usual; with `routines` given, only controls are asked of the trails.

    Their states are then those of the windows' days.
    """
    error, motion = parameters.error, parameters.strength.motion
    if routines is None:
        states = minute_states(trails, error, motion, None, run)
        own: Sequence[Routine] = routines_of(states, len(trails.wearers))
        return Usual(trails, own, area_of(own), lambda: states)
    if isinstance(routines, StoredRoutines):
        area = area_of_cells(routines.capped())
    else:
        area = area_of(routines)
    days = utc_days_of(windows)
    return Usual(trails, routines, area, lambda: minute_states(trails, error, motion, days, run))


def _chance(
    scorer: Callable[[], Scorer],
    trails: Trails,
    scenes: Scenes,
    permits: Permits,
    pairs: tuple[I64, I64],
    lr: F64,
    candidate: NDArray[np.bool_],
) -> tuple[F64, I64]:
    """Expected chance matches of each candidate, and how many control windows there were.

    `trails` and `scorer` are of what is usual; the scorer is made only where there are controls.
    """
    scene, wearer = pairs
    expected, controls = np.full(len(scene), np.nan), np.zeros(len(scene), np.int64)
    if not len(trails.t_us):
        return expected, controls
    edge = local_days(np.array([trails.t_us.min(), trails.t_us.max()]))
    chosen = np.unique(scene[candidate])
    days = (int(edge[0]) + 1, int(edge[1]) - 1)
    table, spans = control_scores(scorer, scenes, chosen, len(trails.wearers), days)
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
    known: Trails | None = None,
    linked: Sequence[Crime] = (),
    wanted: NDArray[np.bool_] | None = None,
) -> Answers:
    """Answer every located crime for every wearer of `trails` who may be searched for it.

    `routines` (one a wearer) stand in for those made from the trails, where history lies in
    summaries. Without `permits` everybody may be searched. `known`: trails of the same wearers that
    say what is usual, where those are not the evidence. `linked`: crimes beside these that may be
    linked to them. `wanted` (crimes, W): the pairs whose answers are wanted, without it all. The
    answers do not depend on `run`, and that for a pair not on which others are wanted.
    """
    permits = permits or Permits.everybody(len(crimes), len(trails.wearers))
    scenes = Scenes.of(crimes)
    asked = Question(
        scenes=scenes,
        left_out=linked_days(scenes, linked),
        permits=permits,
        parameters=parameters,
        excursions=excursions,
        wanted=None if wanted is None else wanted[scenes.index],
        run=run,
        progress=progress,
    )
    progress("following the trails minute by minute", 0.1)
    source = trails if known is None else known
    usual = usual_of(source, parameters, Windows.of(scenes), routines, run)
    parts = [look(asked, s, usual.routines, usual.area) for s in shares_of(trails, scenes)]
    looked = joined(parts or [look(asked, no_share(trails), (), usual.area)], len(scenes.index))
    reported = reported_log10(looked.scores.lr, looked.scores.known, parameters.strength)
    candidate = reported >= np.log10(parameters.strength.candidate_lr) - 1e-12
    progress("counting chance matches", 0.8)

    def scorer() -> Scorer:
        background = Background(usual.states(), usual.routines, usual.area, trails.wearers)
        return Scorer(background, parameters, run)

    pairs, lr = (looked.scene, looked.wearer), looked.scores.lr
    reckoned = candidate if parameters.with_chance else np.zeros_like(candidate)
    by_chance = _chance(scorer, usual.trails, scenes, permits, pairs, lr, reckoned)
    progress("done", 1.0)
    return _answers(asked, looked, candidate, reported, by_chance)


def _answers(
    asked: Question,
    looked: Looked,
    candidate: NDArray[np.bool_],
    reported: F64,
    by_chance: tuple[F64, I64],
) -> Answers:
    scores, parameters = looked.scores, asked.parameters
    code = np.where(candidate, DecidedBy.STRENGTH, looked.verdicts.decided).astype(np.int8)
    silent = np.isin(code, EXCLUDING)
    return Answers(
        scenes=asked.scenes,
        scene=looked.scene,
        wearer=looked.wearer,
        code=code,
        raw_log10=parameters.strength.slope * np.log10(scores.lr),
        log10_lr=np.where(silent, np.nan, reported),
        low=_reported(scores.low, scores.known, parameters, silent),
        high=_reported(scores.high, scores.known, parameters, silent),
        cap_log10=_caps(scores.known, parameters),
        presence=scores.presence,
        dwell_s=scores.dwell_s,
        known=scores.known,
        chance_matches=by_chance[0],
        controls=by_chance[1],
        fixes_near=looked.fixes_near,
        place=looked.place,
        verdicts=looked.verdicts,
        legacy=looked.legacy,
        searched=looked.searched,
        far_beyond=looked.far_beyond,
        kept_out=looked.kept_out,
        reasons=asked.permits.reasons,
        searchable=asked.permits.anybody(),
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
