"""Does ruling out ever clear somebody who was there? Visits planted where wearers truly were."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tipstaff.matching import exclusion
from tipstaff.matching.excursions import Excursions
from tipstaff.matching.judging import EXCLUDING
from tipstaff.matching.loading import Loaded
from tipstaff.matching.parameters import MatchParameters
from tipstaff.matching.trails import Scenes
from tipstaff.simulation.planted import plant_visits
from tipstaff.simulation.world import World


@dataclass(frozen=True, slots=True)
class PlantedCount:
    """Visits planted and visitors excluded, tags on the wearer and tags removed apart."""

    visits: int
    excluded: int
    removed_visits: int
    removed_excluded: int

    def __add__(self, other: PlantedCount) -> PlantedCount:
        return PlantedCount(
            self.visits + other.visits,
            self.excluded + other.excluded,
            self.removed_visits + other.removed_visits,
            self.removed_excluded + other.removed_excluded,
        )


def judge_planted(
    world: World,
    loaded: Loaded,
    count: int,
    seed: int,
    parameters: MatchParameters,
    excursions: Excursions,
) -> PlantedCount:
    """Plant `count` visits in a world and judge each visitor."""
    planted = plant_visits(world, count, seed)
    place = {name: i for i, name in enumerate(loaded.trails.wearers)}
    known = [p for p in planted if p.wearer_id in place]
    scenes = Scenes.of([p.crime for p in known])
    wearer = np.array([place[known[int(i)].wearer_id] for i in scenes.index], np.int64)
    verdicts = exclusion.judge_pairs(
        loaded.trails,
        scenes,
        np.arange(len(wearer)),
        wearer,
        parameters.error,
        parameters.exclusion,
        excursions,
    )
    removed = np.array([known[int(i)].removed for i in scenes.index], np.bool_)
    excluded = np.isin(verdicts.decided, EXCLUDING)
    return PlantedCount(
        int((~removed).sum()),
        int((excluded & ~removed).sum()),
        int(removed.sum()),
        int((excluded & removed).sum()),
    )
