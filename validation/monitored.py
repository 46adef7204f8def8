"""Which detectors monitoring's validation judges, and over how much."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from tipstaff.domain.accuracy import ERROR_MODEL_V1
from tipstaff.domain.accuracy_simulated import ERROR_MODEL_SIMULATED
from tipstaff.domain.findings import Level
from tipstaff.monitoring.parameters import (
    PARAMETERS_V1,
    PARAMETERS_V2,
    parameters_for,
    with_sizes_of,
)
from tipstaff.simulation.plan import WorldPlan
from validation.watched_detectors import MARGIN, POINT, SATELLITES
from validation.watched_tally import Detector
from validation.watched_zones import CURFEWS, SCENARIOS

#: Never used for choosing anything; the numbers of monitoring-2 were chosen on 950 to 953, what
#: monitoring-4 has more on 950 and 951.
SEEDS: Final = (11, 12, 13, 14, 15, 16)
TINY_SEEDS: Final = (954,)
WEARERS, DAYS = 140, 28
TINY_WEARERS, TINY_DAYS = 10, 10


#: The engine as a supplier's calibration makes it.
V1_SIZED: Final = with_sizes_of(PARAMETERS_V1, ERROR_MODEL_SIMULATED)
V1_FITTED: Final = replace(
    PARAMETERS_V1, version="monitoring-1, fitted", error=ERROR_MODEL_SIMULATED
)
V2_SIZED: Final = with_sizes_of(PARAMETERS_V2, ERROR_MODEL_SIMULATED)
#: What `tipstaff worker` takes where the error model of its tags is given.
CALIBRATED: Final = parameters_for(ERROR_MODEL_SIMULATED)
#: What it takes where none is.
AS_SHIPPED: Final = parameters_for(ERROR_MODEL_V1)

OURS: Final = "ours"
SURE: Final = "ours, probable on"
SHIPPED: Final = "ours, not calibrated"
WITHOUT_LINES: Final = "ours, without lines"
DETECTORS: Final = (
    Detector(POINT),
    Detector(SATELLITES),
    Detector(MARGIN),
    Detector(OURS, CALIBRATED),
    Detector(WITHOUT_LINES, CALIBRATED, lines=False),
    Detector(SURE, CALIBRATED, Level.PROBABLE),
    Detector("ours, confirmed", CALIBRATED, Level.CONFIRMED),
    Detector(SHIPPED, AS_SHIPPED),
    Detector("monitoring-2, sizes calibrated", V2_SIZED),
    Detector("monitoring-1, sizes calibrated", V1_SIZED),
    Detector("monitoring-1, all calibrated", V1_FITTED),
    Detector("monitoring-1, not calibrated", PARAMETERS_V1),
)
ZONES: Final = tuple(name for name in SCENARIOS if name not in CURFEWS)


@dataclass(frozen=True, slots=True)
class Size:
    """How much is simulated."""

    seeds: tuple[int, ...] = SEEDS
    wearers: int = WEARERS
    days: int = DAYS

    def plans(self) -> list[WorldPlan]:
        """The plans of the towns; no crimes are needed."""
        return [
            WorldPlan(seed=seed, wearers=self.wearers, days=self.days, crimes_by_wearers=0)
            for seed in self.seeds
        ]


TINY: Final = Size(TINY_SEEDS, TINY_WEARERS, TINY_DAYS)
