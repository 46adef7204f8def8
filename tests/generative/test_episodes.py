"""Episodes: any history of recomputation ends in the same ones, and none is lost on the way."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from told_findings import finding, when

from tipstaff.domain.findings import Finding, FindingKind
from tipstaff.domain.transitions import EpisodeState
from tipstaff.monitoring.episodes import Change, Episode, changes, recomputed
from tipstaff.monitoring.resumed import recomputed_since
from tipstaff.monitoring.visits import APART, Visit, visits

SOME = settings(max_examples=80, deadline=None)
DAY = 1_440
KINDS = st.sampled_from([FindingKind.ZONE, FindingKind.STRAP, FindingKind.SILENCE])


@st.composite
def stories(draw: Any) -> list[Finding]:
    """Beginnings, growths and ends as rules tell them, of a few conditions and kinds."""
    out: list[Finding] = []
    for condition in draw(st.lists(st.sampled_from("abc"), max_size=3, unique=True)):
        kind, minute = draw(KINDS), draw(st.integers(0, 200))
        for _ in range(draw(st.integers(0, 5))):
            began, level = minute, draw(st.sampled_from("spc"))
            out.append(finding(f"{began} began {level}", kind, condition))
            minute += draw(st.sampled_from([0, 1, 20, 300, 2 * DAY]))
            end = draw(st.sampled_from(["fix_outside", "period_ended"]))
            out.append(finding(f"{minute} ended {level} {began} {end}", kind, condition))
            minute += draw(st.sampled_from([0, 5, 14, 15, 40, 900]))
    return out


INSTANTS = st.lists(st.integers(0, 4 * DAY), max_size=12).map(
    lambda minutes: [when(minute) for minute in sorted(minutes)]
)
SUBSETS = st.lists(
    st.tuples(st.randoms(use_true_random=False), st.integers(0, 4 * DAY)), max_size=5
)
END = when(6 * DAY)


def standing(episodes: tuple[Episode, ...]) -> list[Visit]:
    found = [one.visit for one in episodes if one.state is EpisodeState.STANDS]
    return sorted(found, key=_place)


def _place(visit: Visit) -> tuple[Any, ...]:
    return visit.began, visit.condition, visit.kind


@SOME
@given(stories(), INSTANTS, SUBSETS)
def test_any_history_ends_in_the_same_and_nothing_disappears(
    told: list[Finding], known: list[Any], histories: list[tuple[Any, int]]
) -> None:
    episodes: tuple[Episode, ...] = ()
    for chance, minute in histories:
        part = chance.sample(told, chance.randrange(len(told) + 1))
        episodes = _stepped(episodes, part, known, when(minute))
    episodes = _stepped(episodes, told, known, END)
    assert standing(episodes) == sorted(visits(told, known, END), key=_place)
    assert standing(episodes) == standing(recomputed((), told, known, END))


def _stepped(
    before: tuple[Episode, ...], told: list[Finding], known: list[Any], horizon: Any
) -> tuple[Episode, ...]:
    """Compute again, and hold every step to the rules of numbers and revisions."""
    after = recomputed(before, told, known, horizon)
    assert [one.number for one in after] == list(range(1, len(after) + 1))
    told_of = {one.number: change for one, change in changes(before, after)}
    for was, now in zip(before, after, strict=False):
        assert now.number == was.number
        assert (now.revision > was.revision) is (was.number in told_of)
        assert now == was or now.revision == was.revision + 1
        assert was.state is EpisodeState.STANDS or now == was, "what was withdrawn stays so"
        assert now.split_from == was.split_from
        if told_of.get(now.number) is Change.MERGED:
            assert after[now.into - 1].state is EpisodeState.STANDS
    assert recomputed(after, told, known, horizon) == after
    return after


@SOME
@given(stories(), INSTANTS, st.randoms(use_true_random=False))
def test_no_order_changes_them(told: list[Finding], known: list[Any], chance: Any) -> None:
    shuffled = [*told, *told[: len(told) // 2]]
    chance.shuffle(shuffled)
    assert visits(shuffled, known, END) == visits(told, known, END)


@SOME
@given(stories(), INSTANTS)
def test_visits_of_one_key_are_apart(told: list[Finding], known: list[Any]) -> None:
    keys: dict[Any, Visit] = {}
    for visit in visits(told, known, END):
        key, last = (visit.condition, visit.kind), keys.get((visit.condition, visit.kind))
        assert visit.ended is None or visit.began <= visit.ended
        if last is not None:
            assert last.ended is not None
            assert visit.began - last.ended >= APART
        keys[key] = visit


@SOME
@given(stories(), INSTANTS, st.integers(0, 4 * DAY))
def test_from_an_instant_on_it_ends_in_what_it_ends_in_from_the_beginning(
    told: list[Finding], known: list[Any], minute: int
) -> None:
    """Only what was found since is made again; evidence is known from the beginning."""
    since = when(minute)
    before = recomputed((), [one for one in told if one.at < since], known, since)
    later = [one for one in told if one.at >= since]
    last = max((one.number for one in before), default=0)
    after = recomputed_since(before, later, known, END, since, last)
    assert recomputed_since(after, later, known, END, since, last + 99) == after
    whole = {one.number: one for one in before} | {one.number: one for one in after}
    full = standing(recomputed((), told, known, END))
    parts = standing(tuple(whole.values()))
    assert {(v.condition, v.kind) for v in parts} == {(v.condition, v.kind) for v in full}
    for visit in parts:
        assert any(visit.overlaps(other) for other in full)
