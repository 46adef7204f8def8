"""Which detectors monitoring's validation judges, and over how much."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from tipstaff.domain.accuracy import ErrorModel
from tipstaff.domain.accuracy_simulated import ERROR_MODEL_SIMULATED
from tipstaff.domain.findings import Level
from tipstaff.monitoring.parameters import PARAMETERS_V1, PARAMETERS_V2, EngineParameters
from tipstaff.simulation.plan import WorldPlan
from validation.watched_detectors import MARGIN, POINT, SATELLITES
from validation.watched_tally import Detector
from validation.watched_zones import CURFEWS, SCENARIOS

#: Never used for choosing anything; the numbers of monitoring-2 were chosen on 950 to 953.
SEEDS: Final = (11, 12, 13, 14, 15, 16)
TINY_SEEDS: Final = (954,)
WEARERS, DAYS = 135, 28
TINY_WEARERS, TINY_DAYS = 9, 10


def with_sizes_of(parameters: EngineParameters, fitted: ErrorModel, name: str) -> EngineParameters:
    """Parameters with the sizes of errors as fitted, and their own time constants.

    Fitted time constants say how long errors stay alike: minutes. A filter that waits so long finds
    breaches late or never, so that what is weighed by time keeps its own.
    """
    pairs = zip(fitted.classes, parameters.error.classes, strict=True)
    gps, fine, coarse, rf = (replace(new, tau_s=old.tau_s) for new, old in pairs)
    error = replace(fitted, version=f"{fitted.version}-sizes", classes=(gps, fine, coarse, rf))
    return replace(parameters, version=name, error=error)


#: The engine as a supplier's calibration makes it.
V1_SIZED: Final = with_sizes_of(PARAMETERS_V1, ERROR_MODEL_SIMULATED, "monitoring-1, sizes")
V1_FITTED: Final = replace(
    PARAMETERS_V1, version="monitoring-1, fitted", error=ERROR_MODEL_SIMULATED
)
V2_SIZED: Final = with_sizes_of(PARAMETERS_V2, ERROR_MODEL_SIMULATED, "monitoring-2, sizes")

OURS: Final = "ours"
SURE: Final = "ours, probable on"
SHIPPED: Final = "monitoring-1, as shipped"
DETECTORS: Final = (
    Detector(POINT),
    Detector(SATELLITES),
    Detector(MARGIN),
    Detector(OURS, V2_SIZED),
    Detector("ours, without lines", V2_SIZED, lines=False),
    Detector(SURE, V2_SIZED, Level.PROBABLE),
    Detector("ours, confirmed", V2_SIZED, Level.CONFIRMED),
    Detector("monitoring-1, sizes calibrated", V1_SIZED),
    Detector("monitoring-1, all calibrated", V1_FITTED),
    Detector(SHIPPED, PARAMETERS_V1),
    Detector("monitoring-2, not calibrated", PARAMETERS_V2),
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
