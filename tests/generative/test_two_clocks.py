"""Two clocks against a slow and obvious oracle, in memory and in both databases.

The oracle paints: for each instant of a short time it keeps what was last said of it, and for each
moment of recording it keeps a whole copy of that picture.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_cases import wearer

from tipstaff.domain.versions import Stated, in_effect, timeline

DAYS = 12


def day(number: int) -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number)


@st.composite
def told(draw: Any) -> list[tuple[int, int | None, int]]:
    """(valid from, valid to, recorded) by day: valid in any order, recorded never backwards."""
    found, recorded = [], 0
    for _ in range(draw(st.integers(1, 7))):
        start = draw(st.integers(0, DAYS - 1))
        end = draw(st.none() | st.integers(start + 1, DAYS))
        recorded += draw(st.integers(0, 3))
        found.append((start, end, recorded))
    return found


def painted(listed: list[tuple[int, int | None, int]], known: int) -> list[int | None]:
    """For each day the number of the version that was last said of it by the day `known`."""
    picture: list[int | None] = [None] * DAYS
    for number, (start, end, recorded) in enumerate(listed, start=1):
        if recorded <= known:
            for at in range(start, DAYS if end is None else end):
                picture[at] = number
    return picture


def versions(listed: list[tuple[int, int | None, int]]) -> list[Stated]:
    return [
        Stated(number, day(start), None if end is None else day(end), day(recorded))
        for number, (start, end, recorded) in enumerate(listed, start=1)
    ]


@given(told(), st.integers(-1, 25), st.randoms())
def test_what_shows_is_what_was_painted_last(listed: Any, known: int, chance: Any) -> None:
    shuffled = versions(listed)
    chance.shuffle(shuffled)
    found = [in_effect(shuffled, valid_at=day(at), known_at=day(known)) for at in range(DAYS)]
    assert [v.number if v else None for v in found] == painted(listed, known)


@given(told())
def test_before_the_first_recording_nothing_is_known(listed: Any) -> None:
    before = day(listed[0][2]) - timedelta(microseconds=1)
    assert all(
        in_effect(versions(listed), valid_at=day(at), known_at=before) is None for at in range(DAYS)
    )


@given(told(), st.randoms())
def test_the_timeline_is_the_whole_picture(listed: Any, chance: Any) -> None:
    shuffled = versions(listed)
    chance.shuffle(shuffled)
    stretches = timeline(shuffled)
    shown: list[int | None] = [None] * DAYS
    for stretch in stretches:
        for at in range(DAYS):
            if stretch.start <= day(at) and (stretch.end is None or day(at) < stretch.end):
                assert shown[at] is None
                shown[at] = stretch.number
    assert shown == painted(listed, 1000)
    for one, following in pairwise(stretches):
        assert one.end is not None
        assert one.end <= following.start
        assert (one.number, one.end) != (following.number, following.start)


def test_no_versions_no_timeline() -> None:
    assert timeline([]) == ()


@pytest.mark.parametrize("seed", range(4))
def test_the_databases_agree(instance: Any, seed: int) -> None:
    """Recorded through `records.cases`, asked by `as_of` and by the whole history."""
    import random

    from django.db import transaction

    from tipstaff.records import case_versions, cases

    chance = random.Random(seed)
    listed: list[tuple[int, int | None, int]] = []
    recorded = 0
    for number in range(6):
        start = chance.randrange(DAYS)
        end = chance.choice([None, chance.randint(start + 1, DAYS)])
        recorded += chance.randint(0, 3)
        said = cases.Told(
            wearer(language=f"a{'abcdefg'[number]}"), day(start), None if end is None else day(end)
        )
        with transaction.atomic():
            (done,) = cases.record([said], at=day(recorded), by=uuid4())
        assert (done.number, done.new) == (number + 1, True)
        listed.append((start, end, recorded))
    subject = case_versions.subject_of("W1")
    assert subject is not None
    assert [fact.stated for fact in case_versions.history(subject)] == versions(listed)
    for known in range(-1, recorded + 1):
        found = [
            case_versions.as_of(subject, valid_at=day(at), known_at=day(known))
            for at in range(DAYS)
        ]
        assert [f.stated.number if f else None for f in found] == painted(listed, known)
