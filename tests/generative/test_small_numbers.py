"""No small count can be reckoned from a table of counts, whatever was left out and rounded."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tipstaff.domain.small_numbers import LEAST, STEP, suppressed

counts_by_group = st.dictionaries(
    st.sampled_from("abcdefgh"), st.integers(0, 12) | st.integers(0, 400), min_size=1
)


@settings(max_examples=300, deadline=None)
@given(counts_by_group)
@example({"a": 9, "b": 50, "c": 60})
@example({"a": 3, "b": 0, "c": 60})
@example({"a": 9})
def test_what_is_left_out_cannot_be_reckoned(counts: dict[str, int]) -> None:
    shown = suppressed(counts)
    hidden = [group for group, count in shown.counts.items() if count is None]
    assert set(shown.counts) == set(counts)
    for group, count in counts.items():
        if count < LEAST:
            assert group in hidden
    if shown.total is None:
        assert sum(counts.values()) < LEAST
        assert len(hidden) == len(counts)
        return
    # With exact margins an attacker knows the sum of what is left out: it must be of two or more
    # groups, and of as many people as one may count, so that none in it is known to be small.
    if hidden and len(counts) > 1:
        assert len(hidden) > 1
        assert sum(counts[group] for group in hidden) >= LEAST
    assert not hidden or min(counts.values()) < LEAST


@settings(max_examples=100, deadline=None)
@given(counts_by_group)
def test_what_is_shown_is_rounded_and_near(counts: dict[str, int]) -> None:
    shown = suppressed(counts)
    for group, count in shown.counts.items():
        if count is not None:
            assert count % STEP == 0
            assert abs(count - counts[group]) <= STEP // 2
            assert count >= LEAST


def test_no_more_is_left_out_than_needed() -> None:
    counts = {"a": 4, "b": 7, "c": 33, "d": 12}
    assert suppressed(counts).counts == {"a": None, "b": None, "c": 35, "d": 10}
    assert suppressed({"a": 4, "b": 30, "c": 12}).counts == {"a": None, "b": 30, "c": None}
    assert suppressed({"a": 30, "b": 12}).counts == {"a": 30, "b": 10}
