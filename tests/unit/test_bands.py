"""The words for strength: bounds, the end nearer to 1, both sides alike."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipstaff.matching.bands import NO_MEANINGFUL_SUPPORT, band


def of(ratio: float, low: float | None = None, high: float | None = None) -> str:
    """The band of a ratio on the plain scale; without an interval, a point."""
    values = (ratio, ratio if low is None else low, ratio if high is None else high)
    return band(*(math.log10(value) for value in values))


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (1, NO_MEANINGFUL_SUPPORT),
        (1.99, NO_MEANINGFUL_SUPPORT),
        (2, NO_MEANINGFUL_SUPPORT),
        (0.5, NO_MEANINGFUL_SUPPORT),
        (2.01, "weak support for presence"),
        (10, "weak support for presence"),
        (10.1, "moderate support for presence"),
        (100, "moderate support for presence"),
        (101, "moderately strong support for presence"),
        (1_000, "moderately strong support for presence"),
        (1_001, "strong support for presence"),
        (10_000, "strong support for presence"),
        (10_001, "very strong support for presence"),
        (0.49, "weak support against presence"),
        (0.1, "weak support against presence"),
        (0.01, "moderate support against presence"),
        (0.0005, "strong support against presence"),
    ],
)
def test_bounds_belong_to_the_weaker_band(ratio: float, words: str) -> None:
    assert of(ratio) == words


@pytest.mark.parametrize(
    ("ratio", "low", "high", "words"),
    [
        (300, 90, 800, "moderate support for presence"),
        (300, 1.5, 8000, NO_MEANINGFUL_SUPPORT),
        (300, 0.9, 8000, NO_MEANINGFUL_SUPPORT),
        (0.001, 0.0001, 0.05, "moderate support against presence"),
        (0.001, 0.0001, 3, NO_MEANINGFUL_SUPPORT),
        (1.5, 0.01, 0.02, NO_MEANINGFUL_SUPPORT),
    ],
)
def test_the_end_nearer_to_one_decides(ratio: float, low: float, high: float, words: str) -> None:
    assert of(ratio, low, high) == words


def test_nan_supports_nothing() -> None:
    assert band(math.nan, 1.0, 2.0) == NO_MEANINGFUL_SUPPORT
    assert band(3.0, math.nan, 4.0) == NO_MEANINGFUL_SUPPORT
    assert band(3.0, 2.0, math.nan) == NO_MEANINGFUL_SUPPORT


logs = st.floats(-8, 8, allow_nan=False)


@given(st.lists(logs, min_size=3, max_size=3).map(sorted))
def test_both_sides_use_the_same_words(values: list[float]) -> None:
    low, middle, high = values
    mirrored = band(-middle, -high, -low)
    swapped = (
        mirrored.replace(" for ", " X ").replace(" against ", " for ").replace(" X ", " against ")
    )
    assert band(middle, low, high) == swapped
