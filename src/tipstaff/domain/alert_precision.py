"""How many alerts of a kind turned out to be genuine, by what people closed them as.

An alert that closed itself was decided by nobody, and is counted apart. What is authorised or has a
reasonable excuse did happen, and was no breach: it is not genuine here, and shown by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Final

from tipstaff.domain.alerts import OWN_OUTCOMES, AlertOutcome
from tipstaff.domain.findings import FindingKind

#: Of fewer decisions than this nothing is shown: it would say little, and might tell of one person.
LEAST_DECIDED: Final = 10
#: Of a standard normal: 95% lie within so many deviations.
_Z: Final = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its 95% interval (Wilson), each between 0 and 1."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Precision:
    """What alerts of one kind came to. `genuine` is None where too few were decided to be shown.

    `outcomes` are the counts by outcome, empty where they are not shown.
    """

    kind: FindingKind
    genuine: Share | None
    outcomes: Mapping[AlertOutcome, int]
    decided: int | None


def precision(kind: FindingKind, counts: Mapping[AlertOutcome, int]) -> Precision:
    """What to show of a kind's outcomes, given by how many alerts were closed as each."""
    decided = sum(count for outcome, count in counts.items() if outcome not in OWN_OUTCOMES)
    if decided < LEAST_DECIDED:
        return Precision(kind, None, {}, None)
    share = wilson(counts.get(AlertOutcome.GENUINE, 0), decided)
    told = {outcome: counts[outcome] for outcome in AlertOutcome if counts.get(outcome)}
    return Precision(kind, share, told, decided)


def wilson(found: int, of: int) -> Share:
    """`found` of `of` with Wilson's interval; ValueError unless 0 <= found <= of, of > 0."""
    if not 0 <= found <= of or of == 0:
        raise ValueError("a share of nothing, or of less than itself")
    value, z2 = found / of, _Z * _Z
    middle = (value + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z * sqrt(value * (1 - value) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return Share(value, max(0.0, middle - half), min(1.0, middle + half))
