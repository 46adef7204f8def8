"""The pairs and crimes of played worlds as columns, ready for figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
    `near_m` the nearest fix in the padded window (inf: none); `tagged` (C,) whether the offender
    is a wearer in this world's searched set, `removed` (C,) the tag was not on them.
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
    world: I64


def pairs_of(played: Played, world: int = 0) -> Pairs:
    """The pairs of one world."""
    a = played.answers
    excluded = np.isin(a.code, (DecidedBy.REACH, DecidedBy.TRAIL))
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
        world=np.full(len(offender), world),
    )


def joined(parts: list[Pairs]) -> Pairs:
    """Several worlds as one; crimes are numbered on."""
    shift = np.cumsum([0, *(len(p.tagged) for p in parts)])
    return Pairs(
        np.concatenate([p.crime + s for p, s in zip(parts, shift, strict=False)]),
        *(
            np.concatenate([getattr(p, name) for p in parts])
            for name in (
                "offender",
                "candidate",
                "excluded",
                "score",
                "log10_lr",
                "near_m",
                "legacy",
                "tagged",
                "world",
            )
        ),
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


def candidates_at_recall(pairs: Pairs, score: F64, recall: float, crimes: Bools) -> float:
    """Candidates per crime at the threshold where the recall over tagged `crimes` is reached."""
    ours = pairs.offender & crimes[pairs.crime]
    found = np.sort(score[ours])[::-1]
    total = int((pairs.tagged & crimes).sum())
    needed = int(np.ceil(recall * total))
    if needed == 0 or needed > len(found) or np.isneginf(found[needed - 1]):
        return float("nan")
    named = (score >= found[needed - 1]) & crimes[pairs.crime]
    return float(named.sum() / max(1, crimes.sum()))


def by_crimes(pairs: Pairs, figure: Callable[[Pairs, Bools], float]) -> Callable[[I64], float]:
    """A figure of a subset of crimes, as a figure of bootstrap draws of crime numbers."""

    def of(drawn: I64) -> float:
        weight = np.bincount(drawn, minlength=len(pairs.tagged))
        return figure(pairs, weight > 0)

    return of
