"""The figures of a validation, each with its interval and beside the legacy rule's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from validation.metrics import bootstrap, cllr, cllr_min
from validation.pairs import FIGURES_WITHIN_M, Pairs, candidates_at_recall, rank_of_offender

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with the 2.5% and 97.5% points of a bootstrap over crimes."""

    value: float
    low: float
    high: float


class Figures:
    """Figures of one set of pairs; every bootstrap draws crimes."""

    def __init__(self, pairs: Pairs, draws: int = 400) -> None:
        self.pairs = pairs
        self.draws = draws
        self.crimes = len(pairs.tagged)
        self.rank = rank_of_offender(pairs, pairs.candidate, -pairs.score)
        self.legacy_rank = rank_of_offender(pairs, pairs.legacy, pairs.near_m)
        self.legacy_score = np.where(pairs.legacy, -pairs.near_m, -np.inf)

    def of(self, figure: Callable[[F64], float], draws: int | None = None) -> Figure:
        """A figure that takes how often each crime counts (C,)."""

        def drawn(crimes: I64) -> float:
            return figure(np.bincount(crimes, minlength=self.crimes).astype(np.float64))

        return Figure(*bootstrap(self.crimes, drawn, draws or self.draws))

    def recall(
        self, rank: F64, within: float, of: NDArray[np.bool_] | None = None
    ) -> Callable[[F64], float]:
        """Share of the tagged crimes, or of some of them, whose offender ranks within a number."""
        crimes = self.pairs.tagged if of is None else of
        hit = (rank <= within) & crimes

        def figure(weight: F64) -> float:
            return float(weight[hit].sum() / max(1.0, weight[crimes].sum()))

        return figure

    def miss_ratio(self, within: float) -> Callable[[F64], float]:
        """Our misses at a rank over the legacy rule's, on the same crimes."""
        ours, theirs = self.recall(self.rank, within), self.recall(self.legacy_rank, within)
        return lambda weight: (1 - ours(weight)) / max(1e-9, 1 - theirs(weight))

    def candidates(self, recall: float | None) -> Callable[[F64], float]:
        """Our candidates per crime at a recall (None: the legacy rule's own)."""

        def figure(weight: F64) -> float:
            wanted = self.recall(self.legacy_rank, 1e9)(weight) if recall is None else recall
            return candidates_at_recall(self.pairs, self.pairs.score, wanted, weight)

        return figure

    def legacy_candidates(self, recall: float | None) -> Callable[[F64], float]:
        """The legacy rule's, its candidates ordered by nearest fix (None: all of them)."""
        if recall is None:
            return lambda weight: float(
                weight[self.pairs.crime[self.pairs.legacy]].sum() / weight.sum()
            )
        return lambda weight: candidates_at_recall(self.pairs, self.legacy_score, recall, weight)

    def candidate_ratio(self) -> Callable[[F64], float]:
        """Our candidates per crime over the legacy rule's, at the legacy rule's own recall."""
        ours, theirs = self.candidates(None), self.legacy_candidates(None)
        return lambda weight: ours(weight) / theirs(weight)

    def near(self) -> NDArray[np.bool_]:
        """Pairs whose wearer has a fix within 1 km in the window."""
        return (self.pairs.near_m <= FIGURES_WITHIN_M) & np.isfinite(self.pairs.log10_lr)

    def _drawn(self, figure: Callable[[F64, F64], float]) -> Callable[[F64], float]:
        near, pairs = self.near(), self.pairs

        def of(weight: F64) -> float:
            times = weight[pairs.crime].astype(np.int64)
            true, false = near & pairs.offender, near & ~pairs.offender
            return figure(
                np.repeat(pairs.log10_lr[true], times[true]),
                np.repeat(pairs.log10_lr[false], times[false]),
            )

        return of

    def cost(self) -> Callable[[F64], float]:
        """Cllr of the pairs within 1 km, excluded ones at the floor."""
        return self._drawn(cllr)

    def calibration_loss(self) -> Callable[[F64], float]:
        """The part of Cllr that a monotone map would mend."""
        return self._drawn(lambda true, false: cllr(true, false) - cllr_min(true, false))

    def false_lead(self, log10: float = 2.0) -> Callable[[F64], float]:
        """Share of the crimes by nobody tagged in which anyone reaches an LR."""
        high = np.zeros(self.crimes, np.bool_)
        high[self.pairs.crime[self.pairs.log10_lr >= log10 - 1e-9]] = True
        nobody = ~self.pairs.tagged
        return lambda weight: float(weight[high & nobody].sum() / max(1.0, weight[nobody].sum()))

    def excluded_between(self, low_m: float, high_m: float) -> tuple[Callable[[F64], float], int]:
        """Share of innocents truly that far off who are excluded, and how many there are."""
        pairs = self.pairs
        own = (pairs.true_m >= low_m) & (pairs.true_m < high_m) & ~pairs.offender
        count = np.bincount(pairs.crime[own], minlength=self.crimes)
        gone = np.bincount(pairs.crime[own & pairs.excluded], minlength=self.crimes)

        def share(weight: F64) -> float:
            total = float((weight * count).sum())
            return float((weight * gone).sum()) / total if total else float("nan")

        return share, int(own.sum())

    def share_reaching(self, log10: float) -> Callable[[F64], float]:
        """Share of innocent pairs within 1 km with at least that log10 LR."""
        return self._drawn(lambda _true, false: float((false >= log10 - 1e-9).mean()))
