"""Chance matches: the control windows and the count of others who would score as high."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tipstaff.domain.periods import from_micros, to_micros
from tipstaff.matching.chance import (
    CONTROLS,
    FEWEST_CONTROLS,
    control_shifts,
    expected_matches,
    shifted_us,
)

LONDON = ZoneInfo("Europe/London")
EPOCH = date(1970, 1, 1)


def micros(*moment: int) -> int:
    return to_micros(datetime(*moment, tzinfo=LONDON).astimezone(UTC))  # type: ignore[arg-type]


def shifts(start: int, end: int, before: int = 100, after: int = 100) -> list[int]:
    day = (from_micros((start + end) // 2).astimezone(LONDON).date() - EPOCH).days
    return control_shifts(start, end, day - before, day + after)


def test_controls_are_of_the_same_kind_in_other_weeks_nearest_first() -> None:
    start = micros(2026, 5, 13, 14, 0)  # a Wednesday
    found = shifts(start, start + 3_600_000_000)
    assert len(found) == CONTROLS
    assert found == [-5, 5, -6, 6, -7, 7, -8, 8]
    assert min(abs(s) for s in found) > 3


def test_a_weekend_is_compared_with_weekends() -> None:
    start = micros(2026, 5, 16, 14, 0)  # a Saturday
    found = shifts(start, start + 3_600_000_000)
    assert found == [-6, -7, 7, 8, -13, -14, 14, 15]


@settings(deadline=None)
@given(
    st.integers(0, 60 * 24 * 364),
    st.integers(0, 60 * 24),
    st.integers(0, 80),
    st.integers(0, 80),
)
def test_controls_lie_within_the_positions(
    minute: int, length: int, before: int, after: int
) -> None:
    start = micros(2026, 1, 1) + minute * 60_000_000
    end = start + length * 60_000_000
    day = from_micros((start + end) // 2).astimezone(LONDON).date()
    found = shifts(start, end, before, after)
    for shift in found:
        other = day + timedelta(days=shift)
        assert (other.weekday() >= 5) == (day.weekday() >= 5)
        assert 3 < abs(shift) <= 56
        last = from_micros(shifted_us(end, shift)).astimezone(LONDON).date()
        assert other >= day - timedelta(days=before)
        assert last <= day + timedelta(days=after)
    assert len(set(found)) == len(found) <= CONTROLS


def test_a_short_history_has_too_few() -> None:
    start = micros(2026, 5, 13, 14, 0)
    assert len(shifts(start, start, before=9, after=0)) < FEWEST_CONTROLS


@pytest.mark.parametrize(
    "moment", [(2026, 10, 20, 14, 30), (2026, 3, 25, 23, 59), (2026, 11, 2, 0, 1)]
)
@pytest.mark.parametrize("days", [-56, -7, -1, 1, 7, 14])
def test_the_clock_on_the_wall_shows_the_same(moment: tuple[int, ...], days: int) -> None:
    there = from_micros(shifted_us(micros(*moment), days)).astimezone(LONDON)
    here = datetime(*moment, tzinfo=LONDON)  # type: ignore[arg-type,misc]
    assert (there.hour, there.minute) == (here.hour, here.minute)
    assert there.date() - here.date() == timedelta(days=days)


def test_shifting_there_and_back() -> None:
    t = micros(2026, 10, 24, 12)
    assert shifted_us(shifted_us(t, 3), -3) == t
    assert shifted_us(t, 0) == t


SCORES = np.array([[1.0, 5.0, 5.0, 0.1], [1.0, 9.0, 0.2, 0.1], [8.0, 9.0, 0.2, 0.1]])
EVERYONE = np.ones((3, 4), np.bool_)


def test_others_are_counted_by_their_share_of_windows() -> None:
    assert expected_matches(SCORES, EVERYONE, 3, 5.0) == pytest.approx(1 / 3 + 1 + 1 / 3, abs=1e-6)


def test_the_candidate_is_not_their_own_chance_match() -> None:
    assert expected_matches(SCORES, EVERYONE, 1, 5.0) == pytest.approx(2 / 3, abs=1e-6)


def test_only_windows_in_which_one_was_active_count() -> None:
    active = EVERYONE.copy()
    active[1:, 2] = False
    assert expected_matches(SCORES, active, 1, 5.0) == pytest.approx(1 / 3 + 1, abs=1e-6)
    active[:, 2] = False
    assert expected_matches(SCORES, active, 1, 5.0) == pytest.approx(1 / 3, abs=1e-6)


def test_as_high_counts_as_high() -> None:
    assert expected_matches(SCORES, EVERYONE, 0, 9.0) == pytest.approx(2 / 3, abs=1e-6)
    assert expected_matches(SCORES, EVERYONE, 0, 9.1) == 0.0
