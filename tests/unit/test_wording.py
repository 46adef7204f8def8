"""Numbers as a person would say them."""

from __future__ import annotations

import math

import pytest

from tipstaff.matching import wording


@pytest.mark.parametrize(
    ("metres", "words"),
    [(0, "5 m"), (38.2, "40 m"), (99.9, "100 m"), (123, "120 m"), (960, "950 m"),
     (990, "1.0 km"), (9_940, "9.9 km"), (14_200, "14 km"), (1_234_567, "1,235 km")],
)  # fmt: skip
def test_distances(metres: float, words: str) -> None:
    assert wording.distance(metres) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 seconds"), (1, "1 second"), (95, "2 minutes"), (7_100, "118 minutes"),
     (7_200, "2 hours"), (12_000, "3 hours 20 minutes"), (10_860, "3 hours 1 minute")],
)  # fmt: skip
def test_durations(seconds: float, words: str) -> None:
    assert wording.duration(seconds) == words


@pytest.mark.parametrize(
    ("log10_ratio", "words"),
    [(math.log10(2), "2"), (math.log10(2.4), "2.5"), (2.48, "300"), (-2.48, "300"), (4, "10,000"),
     (math.log10(98), "100"), (0, "1"), (math.log10(17), "15"), (3.999999, "10,000")],
)  # fmt: skip
def test_ratios(log10_ratio: float, words: str) -> None:
    assert wording.times(log10_ratio) == words


def test_speeds() -> None:
    assert wording.speed(52.8) == "190 km/h"
    assert wording.speed(3.1) == "10 km/h"
    assert wording.speed(math.inf) == "over 1,000 km/h"


@pytest.mark.parametrize(
    ("bound", "words"),
    [(1e-3, "1 in 1,000"), (1 / 2_800, "1 in 2,500"), (5e-5, "1 in 20,000"), (0, "1 in a billion")],
)
def test_a_bound_is_never_said_smaller_than_it_is(bound: float, words: str) -> None:
    assert wording.rarity(bound) == words


def test_small_counts_and_shares() -> None:
    assert wording.count(0.004) == "fewer than 0.01"
    assert wording.count(0.21) == "0.2"
    assert wording.count(12.3) == "12"
    assert wording.share(0.999) == "over 99%"
    assert wording.share(0.001) == "less than 1%"
    assert wording.share(0.354) == "35%"
    assert wording.listed(["a", "b", "c"]) == "a, b and c"
    assert wording.listed(["a"]) == "a"
    assert wording.listed([]) == ""
