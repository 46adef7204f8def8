"""Half-open periods and exact microseconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tipstaff.domain.periods import Period, from_micros, to_micros

T0 = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def span(start: float, end: float) -> Period:
    return Period(at(start), at(end))


def test_micros_are_exact_and_counted_in_utc() -> None:
    assert to_micros(datetime(1970, 1, 1, tzinfo=UTC)) == 0
    assert to_micros(datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=UTC)) == 1_767_225_600_000_001
    summer = datetime(2026, 7, 1, 13, tzinfo=timezone(timedelta(hours=1)))
    assert from_micros(to_micros(summer)) == datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert from_micros(to_micros(summer)).utcoffset() == timedelta(0)
    assert from_micros(-1) == datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)


def test_naive_instants_are_refused() -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 (the point of the test)
    with pytest.raises(ValueError, match="time zone"):
        to_micros(naive)
    with pytest.raises(ValueError, match="aware"):
        Period(naive, T0)
    with pytest.raises(ValueError, match="aware"):
        Period(T0, naive)


def test_a_period_never_runs_backwards() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        span(1, 0)


def test_contains_start_not_end() -> None:
    period = span(0, 10)
    assert [period.contains(at(m)) for m in (-1, 0, 9.99, 10)] == [False, True, True, False]
    assert not span(5, 5).contains(at(5))
    assert period.seconds == 600


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        ((0, 10), (5, 15), True),
        ((0, 10), (10, 20), False),  # half-open: they touch, they share nothing
        ((0, 10), (2, 3), True),
        ((0, 10), (11, 12), False),
        ((5, 5), (0, 10), True),  # a crime timed to the minute
        ((0, 0), (0, 10), True),
        ((10, 10), (0, 10), False),
        ((5, 5), (5, 5), True),
        ((5, 5), (6, 6), False),
    ],
)
def test_overlaps_both_ways(one: tuple[int, int], other: tuple[int, int], answer: bool) -> None:
    assert span(*one).overlaps(span(*other)) is answer
    assert span(*other).overlaps(span(*one)) is answer


def test_padding_adds_at_each_end() -> None:
    assert span(0, 10).padded(timedelta(minutes=10)) == span(-10, 20)
    with pytest.raises(ValueError, match="before it starts"):
        span(0, 10).padded(timedelta(minutes=-6))
