"""The words for strength of evidence: a band from a likelihood ratio and its interval.

The band is taken from the end of the interval that is nearer to 1, so that little data never
reads as strong. Source: EVIDENCE, "Strength of evidence".
"""

from __future__ import annotations

import math
from typing import Final

#: (upper bound of the likelihood ratio, included; the words), weakest first.
STEPS: Final = (
    (10.0, "weak support"),
    (100.0, "moderate support"),
    (1_000.0, "moderately strong support"),
    (10_000.0, "strong support"),
    (math.inf, "very strong support"),
)
#: A ratio between ½ and 2, these included, supports neither side.
MEANINGFUL_RATIO: Final = 2.0
NO_MEANINGFUL_SUPPORT: Final = "no meaningful support"
#: Room for the rounding with which results are written, so that 10 reads as 10 after a file.
_SLACK: Final = 1e-9


def band(log10_lr: float, low: float, high: float) -> str:
    """The band of a log10 likelihood ratio with its interval, in words.

    NaN in any of the three supports nothing: there is no answer to put in words.
    """
    nearest = _nearest_to_one(log10_lr, low, high)
    size = abs(nearest)
    if not size > math.log10(MEANINGFUL_RATIO) + _SLACK:
        return NO_MEANINGFUL_SUPPORT
    words = next(words for bound, words in STEPS if size <= _log10(bound) + _SLACK)
    return f"{words} {'for' if nearest > 0 else 'against'} presence"


def _nearest_to_one(log10_lr: float, low: float, high: float) -> float:
    """The value of the three nearest to a ratio of 1 (log 0); 0 where they lie on both sides."""
    values = (log10_lr, low, high)
    if all(value > 0 for value in values):
        return min(values)
    if all(value < 0 for value in values):
        return max(values)
    return 0.0


def _log10(bound: float) -> float:
    return math.inf if math.isinf(bound) else math.log10(bound)
