"""Numbers of the engine's rules, as data with a version: a used version is never changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from tipstaff.domain.accuracy import ERROR_MODEL_V1, ErrorModel


@dataclass(frozen=True, slots=True)
class ZoneParameters:
    """Numbers of the zone filter; `monitoring.zone_filter` says what they do.

    `prior`: P(in the forbidden state) with no evidence. `relax_s`: how fast evidence fades.
    `cap`: log-odds never go beyond it, so that a few fixes turn them. `levels`: probabilities at
    which evidence is suspected, probable, confirmed; `left` the one below which it is over.
    `harm_shift`: log-odds by which a level comes earlier for high harm and later for low.
    """

    prior: float = 0.05
    relax_s: float = 600.0
    cap: float = 5.0
    levels: tuple[float, float, float] = (0.5, 0.8, 0.95)
    left: float = 0.2
    harm_shift: float = 0.7
    line_s: float = 300.0


@dataclass(frozen=True, slots=True)
class EngineParameters:
    """All numbers of the engine."""

    version: str = "monitoring-1"
    error: ErrorModel = ERROR_MODEL_V1
    zone: ZoneParameters = field(default_factory=ZoneParameters)


PARAMETERS_V1: Final = EngineParameters()
