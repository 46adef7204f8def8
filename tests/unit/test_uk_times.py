"""UK clock times in words, both nights of 2026 on which the clocks change among them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from tipstaff.documents.step_clock import step_clock
from tipstaff.matching import uk_times
from tipstaff.matching.outcomes import DecidedBy, Outcome
from tipstaff.matching.sentences import Grounds, sentence


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}Z")


def test_uk_time_follows_the_clocks() -> None:
    assert uk_times.clock(at("2024-01-03T12:00")) == "12:00"
    assert uk_times.clock(at("2024-07-03T12:00")) == "13:00"
    assert uk_times.zone(at("2024-01-03T12:00")) == "GMT"
    assert uk_times.zone(at("2024-07-03T12:00")) == "BST"
    assert uk_times.day(at("2024-07-03T23:30")) == "4 July 2024"
    other = at("2024-07-03T12:00").astimezone(timezone(timedelta(hours=-5)))
    assert uk_times.clock(other) == "13:00"
    assert not uk_times.needs_zone()


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2024-07-03T12:00", "2024-07-03T14:00", "13:00 to 15:00 on 3 July 2024"),
        ("2024-07-03T12:00", "2024-07-03T12:00", "13:00 on 3 July 2024"),
        ("2024-07-03T22:00", "2024-07-03T23:30", "23:00 on 3 July 2024 to 00:30 on 4 July 2024"),
        # the clocks go back: 01:00 to 02:00 comes twice
        ("2026-10-25T00:59", "2026-10-25T01:01", "01:59 BST to 01:01 GMT on 25 October 2026"),
        ("2026-10-25T00:10", "2026-10-25T00:20", "01:10 BST to 01:20 BST on 25 October 2026"),
        ("2026-10-25T01:59", "2026-10-25T02:01", "01:59 GMT to 02:01 GMT on 25 October 2026"),
        ("2026-10-25T00:30", "2026-10-25T00:30", "01:30 BST on 25 October 2026"),
        ("2026-10-25T01:30", "2026-10-25T01:30", "01:30 GMT on 25 October 2026"),
        ("2026-10-24T23:00", "2026-10-24T23:59", "00:00 to 00:59 on 25 October 2026"),
        ("2026-10-25T02:00", "2026-10-25T02:10", "02:00 to 02:10 on 25 October 2026"),
        ("2026-10-24T21:00", "2026-10-25T06:00",
         "22:00 BST on 24 October 2026 to 06:00 GMT on 25 October 2026"),
        # they go forward: 01:00 to 02:00 is missing
        ("2026-03-29T00:59", "2026-03-29T01:01", "00:59 GMT to 02:01 BST on 29 March 2026"),
        ("2026-03-29T00:10", "2026-03-29T00:59", "00:10 to 00:59 on 29 March 2026"),
        ("2026-03-29T01:00", "2026-03-29T01:10", "02:00 to 02:10 on 29 March 2026"),
    ],
)  # fmt: skip
def test_a_span_says_its_day_once_and_its_zone_where_it_must(
    start: str, end: str, words: str
) -> None:
    assert uk_times.span(at(start), at(end)) == words


def test_two_instants_with_their_days() -> None:
    assert uk_times.both(at("2024-07-03T12:00"), at("2024-07-03T12:00")) == (
        "13:00 and 13:00 on 3 July 2024"
    )
    assert uk_times.both(at("2024-07-03T22:50"), at("2024-07-03T23:10")) == (
        "23:50 on 3 July 2024 and 00:10 on 4 July 2024"
    )


GROUNDS = Grounds(
    searched_wearers=9,
    log10_lr=2.0,
    nearest_m=40.0,
    nearest_at=at("2026-10-25T00:59"),
    near_from=at("2026-10-25T00:59"),
    near_to=at("2026-10-25T01:01"),
    before_at=at("2026-10-25T00:50"),
    after_at=at("2026-10-25T01:10"),
)


def test_no_sentence_runs_backwards() -> None:
    near = sentence(Outcome.CANDIDATE, DecidedBy.STRENGTH, GROUNDS)
    assert "near the scene from 01:59 BST to 01:01 GMT on 25 October 2026 (UK time)" in near
    gap = sentence(Outcome.EXCLUDED, DecidedBy.REACH, GROUNDS)
    assert "the fixes at 01:50 BST and 01:10 GMT on 25 October 2026 (UK time)" in gap
    assert "about 40 m at 01:59 BST." in gap
    spring = replace(
        GROUNDS, before_at=at("2026-03-29T00:55"), after_at=at("2026-03-29T01:05"), nearest_at=None
    )
    gap = sentence(Outcome.EXCLUDED, DecidedBy.REACH, spring)
    assert "the fixes at 00:55 GMT and 02:05 BST on 29 March 2026 (UK time)" in gap


def test_the_script_s_clock_on_a_day_like_others() -> None:
    pieces = step_clock(at("2026-06-03T12:00"), at("2026-06-03T13:00"))
    assert pieces == [(-3600, "2026-06-03T12:00:00Z", "")]


@pytest.mark.parametrize(
    ("start", "end", "pieces"),
    [
        ("2026-10-25T00:30", "2026-10-25T01:30",
         [(-3600, "2026-10-25T00:30:00Z", "BST"), (1800, "2026-10-25T01:00:00Z", "GMT")]),
        ("2026-10-25T02:30", "2026-10-25T02:40", [(-3600, "2026-10-25T01:30:00Z", "GMT")]),
        ("2026-03-29T00:30", "2026-03-29T00:40",
         [(-3600, "2026-03-28T23:30:00Z", "GMT"), (1800, "2026-03-29T02:00:00Z", "BST")]),
    ],
)  # fmt: skip
def test_the_script_s_clock_where_the_clocks_change(
    start: str, end: str, pieces: list[tuple[int, str, str]]
) -> None:
    assert step_clock(at(start), at(end)) == pieces


@pytest.mark.parametrize("minutes", range(-180, 181, 5))
@pytest.mark.parametrize("change", ["2026-03-29T01:00", "2026-10-25T01:00"])
def test_a_zone_is_named_just_where_the_hour_comes_twice(change: str, minutes: int) -> None:
    moment = at(change) + timedelta(minutes=minutes)
    twice = change.startswith("2026-10") and -60 <= minutes < 60
    assert uk_times.needs_zone(moment) == twice
