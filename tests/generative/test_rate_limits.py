"""Token buckets: never more than the burst and the rate allow, whatever the times of asking."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipstaff.domain.rate_limits import Bucket, Rate, take

rates = st.builds(Rate, st.integers(1, 20), st.integers(1, 50))
#: Steps between two requests; clocks go back too.
steps = st.lists(st.integers(-60, 200), max_size=80)


def given_at(rate: Rate, gaps: list[int]) -> tuple[list[int], Bucket | None]:
    """The times at which a token was given, as the bucket's own clock counts them."""
    bucket: Bucket | None = None
    now, times = 1000, []
    for gap in gaps:
        now += gap
        taken = take(bucket, rate, now)
        bucket = taken.bucket
        if taken.given:
            times.append(bucket.asked_at_us)
    return times, bucket


@given(rates, steps)
def test_never_more_than_burst_and_rate(rate: Rate, gaps: list[int]) -> None:
    times, _bucket = given_at(rate, gaps)
    for first in range(len(times)):
        for last in range(first, len(times)):
            span = times[last] - times[first]
            assert last - first + 1 <= rate.burst + span // rate.every_us


@given(rates, st.lists(st.integers(0, 200), max_size=60))
def test_as_a_bucket_that_is_refilled_by_hand(rate: Rate, gaps: list[int]) -> None:
    """The obvious way: count parts of tokens, add what time brings, never overfill."""
    parts = rate.burst * rate.every_us
    bucket: Bucket | None = None
    now = 0
    for gap in gaps:
        now += gap
        parts = min(rate.burst * rate.every_us, parts + gap)
        taken = take(bucket, rate, now)
        bucket = taken.bucket
        assert taken.given == (parts >= rate.every_us)
        if taken.given:
            parts -= rate.every_us
        else:
            assert taken.wait_us == rate.every_us - parts


@given(rates, steps)
def test_whoever_waits_as_long_as_told_gets_one(rate: Rate, gaps: list[int]) -> None:
    _times, bucket = given_at(rate, gaps)
    if bucket is None:
        return
    taken = take(bucket, rate, bucket.asked_at_us)
    if not taken.given:
        later = bucket.asked_at_us + taken.wait_us
        assert not take(taken.bucket, rate, later - 1).given
        assert take(taken.bucket, rate, later).given


def test_a_refusal_costs_nothing() -> None:
    rate = Rate(1, 10)
    bucket = take(None, rate, 0).bucket
    for now in range(1, 10):
        taken = take(bucket, rate, now)
        assert not taken.given
        bucket = taken.bucket
    assert take(bucket, rate, 10).given


def test_a_rate_by_the_minute_never_gives_more() -> None:
    assert Rate.per_minute(7, burst=1).every_us * 7 >= 60_000_000
    for wrong in ((0, 1), (1, 0)):
        with pytest.raises(ValueError, match="at least one"):
            Rate(*wrong)
