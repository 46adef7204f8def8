"""Findings of one visit are one episode, and an episode once told of never disappears silently."""

from __future__ import annotations

from datetime import datetime

import pytest
from told_findings import episode_in_words, finding, found, visit_in_words, when

from tipstaff.domain.findings import FindingKind
from tipstaff.monitoring.episodes import Change, Episode, changes, recomputed
from tipstaff.monitoring.visits import visits

DAY = 1_440
IN = "10 began s"
OUT = "30 ended s 10"


def evidence(*minutes: float) -> list[datetime]:
    return [when(minute) for minute in minutes]


@pytest.mark.parametrize(
    ("told", "known", "horizon", "expected"),
    [
        ([], [], 100, []),
        ([IN], [], 100, ["10- suspected open"]),
        ([IN, OUT], [], 100, ["10-30 suspected evidence"]),
        ([IN, OUT], [], 29, ["10- suspected open"]),
        ([IN, OUT], [], 9, []),
        ([IN, "12 grew c 10", OUT], [], 100, ["10-30 confirmed evidence"]),
        ([IN, "30 ended s 10 period_ended"], [], 100, ["10-30 suspected period_ended"]),
        # it began when what began began
        (["12 began s 10"], [], 100, ["10- suspected open"]),
        # less than 15 minutes apart: one
        ([IN, OUT, "44.9 began p", "60 ended p 44"], [], 100, ["10-60 probable evidence"]),
        ([IN, OUT, "45 began p", "60 ended p 45"], [], 100,
         ["10-30 suspected evidence", "45-60 probable evidence"]),
        ([IN, OUT, "40 began p"], [], 100, ["10- probable open"]),
        # a gap never ends one; a day without any evidence does
        ([IN], evidence(12, 500, 900), DAY, ["10- suspected open"]),
        ([IN], evidence(12), DAY + 11.9, ["10- suspected open"]),
        ([IN], evidence(12), DAY + 12, ["10-12 suspected end_unknown"]),
        ([IN, f"{DAY + 300} ended s 10"], evidence(12, DAY + 300), 3 * DAY,
         ["10-12 suspected end_unknown"]),
        # after it, evidence begins another, at once
        ([IN], evidence(12, 2 * DAY), 2 * DAY,
         ["10-12 suspected end_unknown", f"{2 * DAY}- suspected open"]),
        ([IN, f"{2 * DAY + 5} ended s 10"], evidence(12, 2 * DAY, 2 * DAY + 5), 3 * DAY,
         ["10-12 suspected end_unknown", f"{2 * DAY}-{2 * DAY + 5} suspected evidence"]),
        # a line through it
        (["10 began s 9", "10 ended s 9"], [], 100, ["9-10 suspected evidence"]),
        # hours that touch: over, and begun again, at one instant
        ([IN, "30 ended s 10 period_ended", "30 began s 30 inside_at_start"], [], 100,
         ["10- suspected open"]),
        # what is missing is made of what is left
        (["12 grew p 10", OUT], [], 100, ["10-30 probable evidence"]),
        ([OUT], [], 100, ["10-30 suspected evidence"]),
    ],
)  # fmt: skip
def test_visits(
    told: list[str], known: list[datetime], horizon: float, expected: list[str]
) -> None:
    assert [visit_in_words(v) for v in visits(found(*told), known, when(horizon))] == expected


def test_a_cut_strap_stays_cut_without_another_word() -> None:
    cut = found("10 began c 10 strap_cut", kind=FindingKind.STRAP)
    (visit,) = visits(cut, [], when(9 * DAY))
    assert visit_in_words(visit) == "10- confirmed open"


def test_a_silence_that_was_filled_late_says_so() -> None:
    told = found(
        "35 began s 20 not_heard",
        "50 ended s 20 heard_again",
        "90 filled s 20 filled_late",
        kind=FindingKind.SILENCE,
    )
    (before,) = visits(told, [], when(89))
    (after,) = visits(told, [], when(90))
    assert (before.filled, after.filled) == (False, True)
    assert visit_in_words(after) == "20-50 suspected evidence"


def test_conditions_and_kinds_are_apart() -> None:
    told = [finding(IN), finding("12 began s", condition="z2")]
    told += found("14 began s", kind=FindingKind.CURFEW)
    assert len(visits(told, [], when(100))) == 3


def again(before: tuple[Episode, ...], *lines: str, horizon: float = 500) -> tuple[Episode, ...]:
    return recomputed(before, found(*lines), [], when(horizon))


def words(episodes: tuple[Episode, ...]) -> list[str]:
    return [episode_in_words(one) for one in episodes]


def test_the_same_again_is_the_same() -> None:
    first = again((), IN, OUT)
    assert words(first) == ["1 r1 stands 10-30 suspected evidence"]
    assert again(first, IN, OUT) == first
    assert changes(first, first) == ()


def test_it_is_amended_under_its_number() -> None:
    first = again((), IN)
    second = again(first, IN, "12 grew p 10", OUT)
    assert words(second) == ["1 r2 stands 10-30 probable evidence"]
    assert [change for _, change in changes(first, second)] == [Change.AMENDED]


TWO = (IN, OUT, "100 began p", "130 ended p 100")
ONE = (IN, "130 ended p 10")


def test_a_bridge_merges_the_younger_into_the_oldest() -> None:
    first = again((), *TWO)
    second = again(first, *ONE)
    assert words(second) == [
        "1 r2 stands 10-130 probable evidence",
        "2 r2 merged 100-130 probable evidence into 1",
    ]
    assert [change for _, change in changes(first, second)] == [Change.AMENDED, Change.MERGED]


def test_a_cut_splits_a_piece_from_it() -> None:
    first = again((), *ONE)
    second = again(first, *TWO)
    assert words(second) == [
        "1 r2 stands 10-30 suspected evidence",
        "2 r1 stands 100-130 probable evidence split from 1",
    ]
    assert [change for _, change in changes(first, second)] == [Change.AMENDED, Change.SPLIT]


def test_a_piece_between_two_goes_to_the_older() -> None:
    ends = ("10 began s", "30 ended s 10", "120 began s", "150 ended s 120")
    first = again(again((), *ends), *ends, "50 began s", "100 ended s 50")
    assert [one.number for one in first] == [1, 2, 3]
    last = again(first, "10 began s", "60 ended s 10", "80 began s", "150 ended s 80")
    assert words(last)[2] == "3 r2 merged 50-100 suspected evidence into 1"


def test_what_was_merged_does_not_come_back_under_its_number() -> None:
    third = again(again(again((), *TWO), *ONE), *TWO)
    assert words(third) == [
        "1 r3 stands 10-30 suspected evidence",
        "2 r2 merged 100-130 probable evidence into 1",
        "3 r1 stands 100-130 probable evidence split from 1",
    ]


def test_a_retracted_one_stays_to_be_seen() -> None:
    first = again((), *TWO)
    second = again(first, *TWO[2:])
    assert words(second)[0] == "1 r2 retracted 10-30 suspected evidence"
    assert [change for _, change in changes(first, second)] == [Change.RETRACTED]
    assert words(again(second, *TWO))[2] == "3 r1 stands 10-30 suspected evidence"
