"""Numbers as a person would say them: distances, ratios, durations, shares, counts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

#: Steps on which a ratio is said: finer ones would claim more than the model knows.
_SAID: Final = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0)


def distance(metres: float) -> str:
    """Such as "40 m", "350 m", "1.2 km", "14 km": coarser the farther."""
    if metres < 975:
        step = 5 if metres < 100 else 10 if metres < 300 else 50
        return f"{max(5, round(metres / step) * step)} m"
    kilometres = metres / 1000
    return f"{kilometres:.1f} km" if kilometres < 9.95 else f"{kilometres:,.0f} km"


def duration(seconds: float) -> str:
    """Such as "40 seconds", "26 minutes", "3 hours 20 minutes"."""
    if seconds < 90:
        return plural(round(seconds), "second")
    minutes = round(seconds / 60)
    if minutes < 120:
        return plural(minutes, "minute")
    hours, rest = divmod(minutes, 60)
    return plural(hours, "hour") + (f" {plural(rest, 'minute')}" if rest else "")


def plural(number: int, noun: str) -> str:
    """A number with its noun, whose plural only adds an s: "2 wearers"."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def speed(mps: float) -> str:
    """Such as "190 km/h"; beyond what any vehicle does, only that."""
    kmh = mps * 3.6
    if not math.isfinite(kmh) or kmh > 1000:
        return "over 1,000 km/h"
    step = 10 if kmh >= 50 else 5
    return f"{max(step, round(kmh / step) * step)} km/h"


def times(log10_ratio: float) -> str:
    """The size of a ratio, whichever its side: "300" for 2.48 and for −2.48."""
    size = 10.0 ** abs(log10_ratio)
    power = 10.0 ** math.floor(math.log10(size) + 1e-9)
    said = min(_SAID, key=lambda step: (abs(step - size / power), step)) * power
    return f"{said:,.0f}" if said >= 10 or said == int(said) else f"{said:.1f}"


def share(probability: float) -> str:
    """A probability as a percentage nobody reads as certain: "less than 1%", "35%", "over 99%"."""
    if probability < 0.01:
        return "less than 1%"
    if probability > 0.99:
        return "over 99%"
    return f"{round(probability * 100)}%"


def rarity(probability: float) -> str:
    """A small upper bound, never said smaller than it is: "1 in 1,000", "1 in 20,000"."""
    if probability <= 1e-9:
        return "1 in a billion"
    size = 1.0 / probability * (1 + 1e-9)
    power = 10.0 ** math.floor(math.log10(size))
    return f"1 in {max(step for step in _SAID if step <= size / power) * power:,.0f}"


def count(expected: float) -> str:
    """An expected number: "0.2", "3", "fewer than 0.01"."""
    if expected < 0.01:
        return "fewer than 0.01"
    if expected < 0.1:
        return f"{expected:.2f}"
    return f"{expected:.1f}" if expected < 9.95 else f"{expected:,.0f}"


def listed(words: Sequence[str]) -> str:
    """Such as "a", "a and b", "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
