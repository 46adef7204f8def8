"""Which fixes have a doubtful clock: a table of what the device and its supplier stamped."""

from __future__ import annotations

import numpy as np
import pytest

from tipstaff.matching.clocks import NO_TIME, doubtful_clocks

SECOND = 1_000_000
MINUTES = np.arange(600, dtype=np.int64) * 60 * SECOND
NONE = np.full(600, NO_TIME, dtype=np.int64)


def doubtful(fix: np.ndarray, recorded: np.ndarray, received: np.ndarray) -> np.ndarray:
    return doubtful_clocks(np.array([0, fix.size]), fix, recorded, received)


def late_burst(true: np.ndarray, first: int, last: int) -> np.ndarray:
    """Received times every minute, but rows first … last all at once after the last."""
    received = true + 300 * SECOND
    received[first:last] = true[last] + 300 * SECOND
    return received


@pytest.mark.parametrize("skew_s", [-3600, -400, 45, 400, 3600])
def test_a_skewed_clock_is_seen_in_the_recorded_times(skew_s: int) -> None:
    recorded = MINUTES + 8 * SECOND
    assert doubtful(MINUTES + skew_s * SECOND, recorded, recorded + 300 * SECOND).all()


@pytest.mark.parametrize("skew_s", [-200, -20, 0, 20])
def test_small_errors_are_left_to_the_padding(skew_s: int) -> None:
    recorded = MINUTES + 8 * SECOND
    assert not doubtful(MINUTES + skew_s * SECOND, recorded, recorded + 300 * SECOND).any()


def test_received_alone_has_a_loose_limit() -> None:
    received = MINUTES + 540 * SECOND
    assert not doubtful(MINUTES, NONE, received).any()
    assert doubtful(MINUTES - 3600 * SECOND, NONE, received).all()
    assert doubtful(MINUTES + 3600 * SECOND, NONE, received).all()


def test_a_late_burst_is_no_wrong_clock() -> None:
    received = late_burst(MINUTES, 100, 500)
    assert not doubtful(MINUTES, NONE, received).any()
    assert not doubtful(MINUTES, MINUTES + 5 * SECOND, received).any()


def test_without_the_suppliers_times_nothing_is_in_doubt() -> None:
    assert not doubtful(MINUTES, NONE, NONE).any()


def test_a_clock_wrong_for_some_hours_is_in_doubt_then_only() -> None:
    fix = MINUTES.copy()
    wrong = MINUTES >= 400 * 60 * SECOND
    fix[wrong] += 2 * 3600 * SECOND
    marked = doubtful(fix, MINUTES + 8 * SECOND, NONE)
    assert marked[wrong].all()
    assert not marked[~wrong].any()


def test_one_device_says_nothing_of_another() -> None:
    fix = np.concatenate([MINUTES, MINUTES - 3600 * SECOND])
    recorded = np.concatenate([MINUTES, MINUTES]) + 8 * SECOND
    marked = doubtful_clocks(np.array([0, 600, 1200]), fix, recorded, recorded)
    assert not marked[:600].any()
    assert marked[600:].all()


def test_a_few_fixes_are_not_enough_to_call_a_clock_late() -> None:
    fix = MINUTES[:4]
    assert not doubtful(fix, fix + 3600 * SECOND, NONE[:4]).any()
