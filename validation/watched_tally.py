"""What detectors came to, wearer by wearer, and figures of it with intervals.

Intervals are percentiles of a bootstrap over wearers, with a seed of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tipstaff.domain.findings import Finding, Level
from tipstaff.monitoring.parameters import EngineParameters
from tipstaff.simulation.plan import WorldPlan
from tipstaff.simulation.satellites import KIND_NAMES
from validation.metrics import bootstrap
from validation.watched_alerts import Judged, alerts_of, judged, passes_found, without_lines
from validation.watched_detectors import heard, told_by_engine, told_naively
from validation.watched_lives import Town, town_of
from validation.watched_truth import breaches, depths_m, passes, true_stretches

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
Figure = tuple[float, float, float]

#: A month of figures, in days.
MONTH_DAYS: Final = 365.25 / 12.0
DRAWS: Final = 400
#: Breaches by how deep they go, metres.
DEPTHS_M: Final = ((0.0, 10.0), (10.0, 25.0), (25.0, np.inf))
#: Passes by how long they last, seconds.
PASSES_S: Final = ((15.0, 60.0), (60.0, 120.0), (120.0, 300.0))


@dataclass(frozen=True, slots=True)
class Detector:
    """Which findings are counted: a naive detector's, or the engine's from a level on.

    Without `lines`, not those that rest on a line between two fixes alone.
    """

    name: str
    parameters: EngineParameters | None = None
    least: Level = Level.SUSPECTED
    lines: bool = True


@dataclass(frozen=True, slots=True)
class OneWearer:
    """What became of a wearer's alerts and breaches.

    `kinds`: the kind of the fix that each alert was told at. `depths`: of each breach, in metres.
    `passes`: of each presence too short for a breach its seconds, and whether it was told.
    """

    scenario: str
    months: float
    judged: Judged
    kinds: I64
    depths: F64
    passes: F64 = field(default_factory=lambda: np.empty((0, 2)))


@dataclass(frozen=True, slots=True)
class Tally:
    """Of one detector, by wearer."""

    wearers: list[OneWearer] = field(default_factory=list)

    def of(self, scenarios: Iterable[str]) -> Tally:
        """The wearers of some scenarios alone."""
        wanted = set(scenarios)
        return Tally([one for one in self.wearers if one.scenario in wanted])

    @property
    def judged(self) -> list[Judged]:
        """Alerts and breaches of each."""
        return [one.judged for one in self.wearers]

    @property
    def months(self) -> F64:
        """How long each was watched."""
        return np.array([one.months for one in self.wearers])

    def column(self, count: Callable[[Judged], float]) -> F64:
        """A count of each wearer."""
        return np.array([count(one) for one in self.judged], dtype=np.float64)

    def false_by_kind(self) -> dict[str, int]:
        """How many false alerts were told at each kind of fix."""
        rows = [one.kinds[one.judged.false] for one in self.wearers]
        counts = np.bincount(np.concatenate(rows), minlength=len(KIND_NAMES))
        return {name: int(n) for name, n in zip(KIND_NAMES, counts, strict=True)}

    def recall_by_depth(self, *, standing: bool = False) -> list[tuple[int, float]]:
        """Breaches and the share found, by `DEPTHS_M`; with `standing` alerts from before too."""
        depth = np.concatenate([one.depths for one in self.wearers])
        found = np.concatenate([one.stood if standing else one.found for one in self.judged])
        own = [(depth >= low) & (depth < high) for low, high in DEPTHS_M]
        return [(int(o.sum()), float(found[o].mean()) if o.any() else np.nan) for o in own]


def passes_told(tally: Tally) -> list[tuple[int, float]]:
    """Passes and the share of them that was told of, by `PASSES_S`."""
    whole = np.concatenate([one.passes for one in tally.wearers])
    own = [(whole[:, 0] >= low) & (whole[:, 0] < high) for low, high in PASSES_S]
    return [(int(o.sum()), float(whole[o, 1].mean()) if o.any() else np.nan) for o in own]


def alert_count(one: Judged) -> float:
    """Alerts of a wearer."""
    return float(one.false.size)


def false_count(one: Judged) -> float:
    """False ones among them."""
    return float(one.false.sum())


def ratio(above: F64, below: F64) -> Figure:
    """The quotient of two sums over wearers, with its interval."""

    def figure(drawn: I64) -> float:
        total = below[drawn].sum()
        return float(above[drawn].sum() / total) if total else float("nan")

    return bootstrap(len(above), figure, DRAWS)


def rate(tally: Tally, count: Callable[[Judged], float]) -> Figure:
    """A count per wearer's month."""
    return ratio(tally.column(count), tally.months)


def recall(tally: Tally, *, standing: bool = False) -> Figure:
    """The share of breaches found; with `standing` alerts from before count too."""
    found = tally.column(lambda j: float((j.stood if standing else j.found).sum()))
    return ratio(found, tally.column(lambda j: float(j.found.size)))


def recall_less(ours: Tally, other: Tally, *, standing: bool = False) -> Figure:
    """Our recall less another's, of the same breaches."""

    def more(a: Judged, b: Judged) -> float:
        if standing:
            return float(a.stood.sum()) - float(b.stood.sum())
        return float(a.found.sum()) - float(b.found.sum())

    gained = [more(a, b) for a, b in zip(ours.judged, other.judged, strict=True)]
    return ratio(np.array(gained), ours.column(lambda j: float(j.found.size)))


def precision(tally: Tally) -> Figure:
    """The share of alerts that are not false."""
    alerts = tally.column(alert_count)
    return ratio(alerts - tally.column(false_count), alerts)


def fewer(ours: Tally, other: Tally, count: Callable[[Judged], float] = false_count) -> Figure:
    """How many times fewer false alerts than another detector's, of the same wearers."""
    return ratio(other.column(count), ours.column(count))


def delays(tally: Tally) -> tuple[F64, F64]:
    """Minutes and fixes from the beginning of each breach that was found to its alert."""
    minutes = np.concatenate([j.delay_s[j.found] for j in tally.judged]) / 60.0
    return minutes, np.concatenate([j.delay_fixes[j.found] for j in tally.judged])


def median_fixes(tally: Tally) -> Figure:
    """The median delay in fixes, with its interval."""

    def figure(drawn: I64) -> float:
        own = [tally.judged[i] for i in drawn]
        fixes = np.concatenate([j.delay_fixes[j.found] for j in own])
        return float(np.median(fixes)) if fixes.size else float("nan")

    return bootstrap(len(tally.judged), figure, DRAWS)


def tallies(plans: Iterable[WorldPlan], detectors: Sequence[Detector]) -> dict[str, Tally]:
    """Every detector over every wearer of the towns, in one order."""
    out = {detector.name: Tally() for detector in detectors}
    for plan in plans:
        town = _Town(town_of(plan))
        for detector in detectors:
            out[detector.name].wearers.extend(town.tallied(detector))
    return out


class _Town:
    """A town with its fixes and truth; what detectors tell is worked out once for each."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.heard = [heard(town, life) for life in town.lives]
        self.truth = [true_stretches(town, life) for life in town.lives]
        pairs = zip(town.lives, self.truth, strict=True)
        self.depths = [depths_m(town, life, breaches(own)) for life, own in pairs]
        self.passes = [passes(own) for own in self.truth]
        self._told: dict[str, list[list[Finding]]] = {}

    def told(self, detector: Detector) -> list[list[Finding]]:
        """What a detector tells of each wearer."""
        parameters = detector.parameters
        key = detector.name if parameters is None else parameters.version
        if key not in self._told and parameters is None:
            pairs = zip(self.town.lives, self.heard, strict=True)
            self._told[key] = [told_naively(key, self.town, life, own) for life, own in pairs]
        elif key not in self._told and parameters is not None:
            self._told[key] = told_by_engine(self.town, self.heard, parameters)
        return self._told[key]

    def tallied(self, detector: Detector) -> Iterator[OneWearer]:
        """Each wearer's alerts and breaches."""
        town = self.town
        end_us = town.start_us + round(town.plan.span_s * 1e6)
        months = town.plan.days / MONTH_DAYS
        for i, findings in enumerate(self.told(detector)):
            own = self.heard[i]
            counted = findings if detector.lines else without_lines(findings)
            alerts = alerts_of(counted, own.at_us, end_us, detector.least)
            one = judged(alerts, self.truth[i], own.at_us)
            name, kinds = town.lives[i].drawing.scenario, own.kind[one.told_row]
            found = passes_found(alerts, self.passes[i])
            length_s = np.diff(self.passes[i], axis=1).ravel() / 1e6
            told = np.column_stack([length_s, found])
            yield OneWearer(name, months, one, kinds, self.depths[i], told)
