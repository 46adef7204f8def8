"""The parameters of a match: every number that shapes an answer, under one version each."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from tipstaff.domain.accuracy import ERROR_MODEL_V1, ErrorModel
from tipstaff.matching.exclusion import ExclusionParameters
from tipstaff.matching.strength import StrengthParameters


@dataclass(frozen=True, slots=True)
class MatchParameters:
    """Error model, strength and exclusion; `with_intervals` and `with_chance` only save time."""

    error: ErrorModel = ERROR_MODEL_V1
    strength: StrengthParameters = field(default_factory=StrengthParameters)
    exclusion: ExclusionParameters = field(default_factory=ExclusionParameters)
    with_intervals: bool = True
    with_chance: bool = True

    def to_json(self) -> dict[str, Any]:
        """As plain values, for a manifest."""
        return {
            "error": self.error.to_json(),
            "strength": self.strength.to_json(),
            "exclusion": asdict(self.exclusion),
            "with_intervals": self.with_intervals,
            "with_chance": self.with_chance,
        }
