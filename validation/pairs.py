"""The pairs and crimes of played worlds as columns, ready for figures."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tipstaff.domain.geodesy import distance_m
from tipstaff.matching.judging import EXCLUDING
from tipstaff.matching.outcomes import DecidedBy
from validation.worlds import Played

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: Excluded pairs are scored here: the cap of version 1 on the side of absence.
FLOOR_LOG10 = -4.0
FIGURES_WITHIN_M = 1000.0


@dataclass(frozen=True, slots=True)
class Pairs:
    """One row per pair (P,) and, by crime (C,), what the crime was.

    `crime` indexes crimes; `offender` whether the pair's wearer did it; `score` the ranking score
    (uncapped log10 LR, −inf where excluded), `log10_lr` as reported with excluded at the floor;
    `near_m` the nearest fix in the padded window (inf: none), `true_m` the true nearest approach;
    by crime (C,) `tagged` whether a wearer did it, `removed` whether the tag was off them then,
    `stay_min` how long the offender truly was at the scene.
    """

    crime: I64
    offender: Bools
    candidate: Bools
    excluded: Bools
    score: F64
    log10_lr: F64
    near_m: F64
    legacy: Bools
    tagged: Bools
    removed: Bools
    stay_min: F64
    true_m: F64


#: The columns by crime; the others are by pair.
BY_CRIME = frozenset({"tagged", "removed", "stay_min"})
NAMES = tuple(field.name for field in fields(Pairs) if field.name != "crime")


def pairs_of(played: Played) -> Pairs:
    """The pairs of one world."""
    a = played.answers
    excluded = np.isin(a.code, EXCLUDING)
    offender = played.offender[a.scenes.index]
    nearest = np.where(np.isnan(a.legacy.nearest_m), np.inf, a.legacy.nearest_m)
    return Pairs(
        crime=a.scene,
        offender=offender[a.scene] == a.wearer,
        candidate=a.code == DecidedBy.STRENGTH,
        excluded=excluded,
        score=np.where(excluded, -np.inf, a.raw_log10),
        log10_lr=np.where(excluded, FLOOR_LOG10, a.log10_lr),
        near_m=nearest,
        legacy=a.legacy.matched,
        tagged=offender >= 0,
        removed=removed_crimes(played),
        stay_min=true_stays_min(played),
        true_m=true_distances(played),
    )


def joined(parts: list[Pairs]) -> Pairs:
    """Several worlds as one; crimes are numbered on."""
    shift = np.cumsum([0, *(len(p.tagged) for p in parts)])
    return Pairs(
        np.concatenate([p.crime + s for p, s in zip(parts, shift, strict=False)]),
        *(np.concatenate([getattr(p, name) for p in parts]) for name in NAMES),
    )


def rank_of_offender(pairs: Pairs, named: Bools, key: F64) -> F64:
    """Rank of the offender among the `named` pairs of each crime (C,); inf where not named.

    Smaller `key` is better; ties count half, as a coin would.
    """
    crimes = len(pairs.tagged)
    own = np.full(crimes, np.inf)
    chosen = named & pairs.offender
    own[pairs.crime[chosen]] = key[chosen]
    better = np.bincount(pairs.crime[named & (key < own[pairs.crime])], minlength=crimes)
    equal = named & (key == own[pairs.crime]) & ~pairs.offender
    ties = np.bincount(pairs.crime[equal], minlength=crimes)
    return np.where(np.isinf(own), np.inf, 1.0 + better + ties / 2.0)


def candidates_at_recall(pairs: Pairs, score: F64, recall: float, weight: F64) -> float:
    """Candidates per crime at the threshold where a recall over tagged crimes is reached.

    `weight` (C,): how often each crime counts. NaN where the scores cannot reach that recall.
    """
    ours = pairs.offender & np.isfinite(score)
    order = np.argsort(-score[ours], kind="stable")
    found = np.cumsum(weight[pairs.crime[ours]][order])
    total = float(weight[pairs.tagged].sum())
    reached = np.flatnonzero(found >= recall * total - 1e-9)
    if not len(reached):
        return float("nan")
    threshold = score[ours][order][reached[0]]
    return float(weight[pairs.crime[score >= threshold]].sum() / weight.sum())


def without(pairs: Pairs, crimes: Bools) -> Pairs:
    """The pairs without those of some crimes (C,), crimes numbered anew."""
    number = np.cumsum(~crimes) - 1
    keep = ~crimes[pairs.crime]
    return Pairs(
        number[pairs.crime[keep]],
        *(getattr(pairs, n)[~crimes if n in BY_CRIME else keep] for n in NAMES),
    )


def _truths(played: Played) -> list[dict[str, Any]]:
    """What truly happened at each of the scenes."""
    truth = {(r["force"], r["reference"]): r for r in played.world.truth_crimes.to_pylist()}
    crimes = [played.crimes[int(index)] for index in played.answers.scenes.index]
    return [truth[(crime.force, crime.reference)] for crime in crimes]


def true_stays_min(played: Played) -> F64:
    """How long each offender, tagged or not, was at the scene, in minutes."""
    stays = [row["present_end"] - row["present_start"] for row in _truths(played)]
    return np.array([stay.total_seconds() / 60 for stay in stays])


def removed_crimes(played: Played) -> Bools:
    """Crimes (of the scenes) whose offender's tag was off them at some time of the offence."""
    worn: dict[str, list[Any]] = {r["device_id"]: [] for r in played.world.faults.to_pylist()}
    for fault in played.world.faults.to_pylist():
        if fault["kind"] == "removed":
            worn[fault["device_id"]].append((fault["start"], fault["end"]))
    of_wearer: dict[str, list[Any]] = {}
    for row in played.world.activations.to_pylist():
        of_wearer.setdefault(row["wearer_id"], []).extend(worn.get(row["device_id"], []))
    return np.array(
        [
            any(
                a < row["committed_end"] and b > row["committed_start"]
                for a, b in of_wearer.get(row["wearer_id"], [])
            )
            for row in _truths(played)
        ],
        np.bool_,
    )


def true_distances(played: Played) -> F64:
    """How near each pair's wearer truly came to the stated scene in the window, in metres."""
    paths, a = played.world.truth_paths, played.answers
    names = paths.column("wearer_id").combine_chunks().dictionary_encode()
    code = names.indices.to_numpy(zero_copy_only=False)
    where = {name: i for i, name in enumerate(names.dictionary.to_pylist())}
    order = np.argsort(code, kind="stable")
    first = np.searchsorted(code[order], np.arange(len(where) + 1))
    minute = paths.column("time").cast("int64").to_numpy()[order]
    lat = paths.column("latitude").to_numpy()[order]
    lon = paths.column("longitude").to_numpy()[order]
    out = np.full(len(a.scene), np.inf)
    for i, (c, w) in enumerate(zip(a.scene, a.wearer, strict=True)):
        name = where.get(played.loaded.trails.wearers[w])
        if name is None:
            continue
        own = slice(first[name], first[name + 1])
        low = own.start + np.searchsorted(minute[own], a.scenes.start_us[c])
        high = own.start + np.searchsorted(minute[own], a.scenes.end_us[c], side="right")
        if high > low:
            scene = (a.scenes.latitude[c], a.scenes.longitude[c])
            out[i] = distance_m(*scene, lat[low:high], lon[low:high]).min()
    return out
