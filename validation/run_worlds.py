"""Plays the validation worlds one by one, keeping each one's pairs so that a stop loses little."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from tipstaff.domain.accuracy_simulated import ERROR_MODEL_SIMULATED
from tipstaff.matching.excursions_v1 import EXCURSIONS_V1
from tipstaff.matching.parameters import MatchParameters
from tipstaff.simulation.world import WorldPlan, simulate
from validation.pairs import NAMES, Pairs, pairs_of
from validation.planted import PlantedCount, judge_planted
from validation.worlds import play

#: Never used for tuning anything; tuning has 900 to 949, checks of parts 800 to 849.
SEEDS = (1, 2, 3, 4, 5, 6)


@dataclass(frozen=True, slots=True)
class Size:
    """How large each world is."""

    wearers: int = 200
    days: int = 28
    crimes_by_wearers: int = 260
    crimes_by_others: int = 130
    town_width_m: float = 3500.0
    planted: int = 6000


TINY = Size(12, 18, 6, 3, 1500.0, 40)
PARAMETERS = MatchParameters(error=ERROR_MODEL_SIMULATED, with_intervals=False, with_chance=False)


def plan_of(seed: int, size: Size) -> WorldPlan:
    """The plan of a validation world."""
    return WorldPlan(
        seed=seed,
        wearers=size.wearers,
        days=size.days,
        crimes_by_wearers=size.crimes_by_wearers,
        crimes_by_others=size.crimes_by_others,
        town_width_m=size.town_width_m,
    )


def played_world(seed: int, size: Size, work: Path) -> tuple[Pairs, PlantedCount]:
    """The pairs and planted counts of a world, from `work` where it was played before."""
    kept = work / f"world-{seed}.npz"
    if kept.exists():
        with np.load(kept) as found:
            pairs = Pairs(found["crime"], *(found[name] for name in NAMES))
            return pairs, PlantedCount(*(int(n) for n in found["planted"]))
    world = simulate(plan_of(seed, size))
    played = play(world, PARAMETERS, EXCURSIONS_V1)
    pairs = pairs_of(played)
    planted = judge_planted(world, played.loaded, size.planted, seed, PARAMETERS, EXCURSIONS_V1)
    columns = {name: getattr(pairs, name) for name in ("crime", *NAMES)}
    counts = np.array(list(asdict(planted).values()))
    np.savez_compressed(work / f"part-{seed}.npz", planted=counts, **columns)
    (work / f"part-{seed}.npz").rename(kept)
    return pairs, planted
