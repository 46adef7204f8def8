"""The two forms of the engine tell the same, however time is cut and facts arrive."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
from drawn_lives import (
    MINUTE,
    START,
    facts,
    fixes,
    jumping,
    leapt_over,
    presence_watches,
    watch_lists,
    zone_watches,
)
from engine_forms import SINCE, by_columns, by_reference
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tipstaff.domain.findings import Finding, FindingKind, Outcome, PeriodOutcome, Step
from tipstaff.monitoring.facts import Fact, Fix
from tipstaff.monitoring.parameters import (
    PARAMETERS_V1,
    PARAMETERS_V3,
    PARAMETERS_V4,
    EngineParameters,
)
from tipstaff.monitoring.reference import new_state, next_due, step
from tipstaff.monitoring.replay import WornFixes, replayed
from tipstaff.monitoring.watches import CurfewWatch, Watch

SLOW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
END = START + 10_000 * MINUTE
#: The numbers in use, and those without what later versions brought.
numbers = st.sampled_from([PARAMETERS_V1, PARAMETERS_V3, PARAMETERS_V4])
times = st.lists(st.integers(-60, 2_000), min_size=1, max_size=4).map(
    lambda minutes: [START + minute * MINUTE for minute in sorted(minutes)]
)


@settings(SLOW, max_examples=100)
@given(st.lists(st.tuples(facts(), watch_lists()), min_size=1, max_size=3), times, numbers)
def test_two_forms_one_answer(
    lives: list[tuple[list[Fact], list[Watch]]], horizons: list[int], rules: EngineParameters
) -> None:
    assert by_columns(lives, horizons, rules) == by_reference(lives, horizons, rules)


@settings(SLOW, max_examples=100)
@given(st.lists(st.tuples(jumping(), leapt_over()), min_size=1, max_size=2), times, numbers)
def test_two_forms_one_answer_of_those_who_leap(
    lives: list[tuple[list[Fact], list[Watch]]], horizons: list[int], rules: EngineParameters
) -> None:
    horizons = [*horizons, END]
    assert by_columns(lives, horizons, rules) == by_reference(lives, horizons, rules)


@SLOW
@given(facts(), watch_lists(), times, numbers)
def test_extra_steps_change_nothing(
    told: list[Fact], watches: list[Watch], horizons: list[int], rules: EngineParameters
) -> None:
    at_once = by_reference([(told, watches)], [END], rules)
    assert by_reference([(told, watches)], [*horizons, END], rules) == at_once


@SLOW
@given(facts(), watch_lists(), st.randoms(use_true_random=False))
def test_no_order_of_arrival_changes_anything(
    told: list[Fact], watches: list[Watch], chance: Any
) -> None:
    shuffled = [*told, *chance.sample(told, len(told) // 2)]
    chance.shuffle(shuffled)
    assert by_reference([(shuffled, watches)], [END]) == by_reference([(told, watches)], [END])


@SLOW
@given(st.lists(st.tuples(fixes(), watch_lists()), min_size=1, max_size=3), st.integers(0, 99))
def test_a_replay_of_shuffled_columns_is_the_reference_of_each(
    lives: list[tuple[list[Fix], list[Watch]]], seed: int
) -> None:
    rows = [
        (wearer, f.at_us, f.lat_e7, f.lon_e7, f.mechanism, f.radius_cm)
        for wearer, (told, _) in enumerate(lives)
        for f in [*told, *told[::2]]
    ]
    random.Random(seed).shuffle(rows)
    columns = WornFixes(*np.array(rows, dtype=np.int64).reshape(-1, 6).T)
    watched = [watches for _, watches in lives]
    found = replayed(columns, watched, PARAMETERS_V1, (SINCE, END))
    assert [list(own) for own in found] == by_reference(lives, [END])[0]


@SLOW
@given(facts(), watch_lists(), st.integers(-60, 400))
def test_until_the_clock_is_needed_nothing_is_told(
    told: list[Fact], watches: list[Watch], minute: int
) -> None:
    now_us = START + minute * MINUTE
    before = new_state(watches, PARAMETERS_V1, START - 10**9)
    stepped = step(before, told, watches, PARAMETERS_V1, max(now_us, before.horizon_us))
    due = stepped.next_due_us
    assert due is None or due > stepped.state.horizon_us
    quiet = END if due is None else due - 1
    assert step(stepped.state, [], watches, PARAMETERS_V1, quiet).told == ()


@SLOW
@given(facts(), watch_lists(), st.integers(0, 400))
def test_a_fact_from_the_future_moves_nothing(
    told: list[Fact], watches: list[Watch], minute: int
) -> None:
    now_us = START + minute * MINUTE
    new = new_state(watches, PARAMETERS_V1, START - 10**10)
    past = [fact for fact in told if fact.at_us <= now_us]
    seen = step(new, told, watches, PARAMETERS_V1, now_us)
    assert seen == step(new, past, watches, PARAMETERS_V1, now_us)
    assert seen.state.horizon_us == now_us
    assert seen.next_due_us == next_due(seen.state, watches, PARAMETERS_V1)


def assert_is_a_story(findings: list[Finding]) -> None:
    """Begun, grown, ended, in turn; levels grow; nothing stands after the last hours."""
    level = 0
    for one in findings:
        assert (one.step is Step.BEGAN) == (level == 0)
        assert one.step is not Step.GREW or one.level > level
        assert one.since <= one.at
        level = 0 if one.step is Step.ENDED else int(one.level)
    assert level == 0


@SLOW
@given(facts(), zone_watches())
def test_a_zone_tells_a_story(told: list[Fact], watch: Any) -> None:
    found = by_reference([(told, [watch])], [END])[0][0]
    assert_is_a_story([one for one in found if isinstance(one, Finding)])


@SLOW
@given(facts(), presence_watches())
def test_a_curfew_tells_a_story_and_accounts_for_all_of_its_time(
    told: list[Fact], watch: Any
) -> None:
    found = by_reference([(told, [watch])], [END])[0][0]
    for kind in (FindingKind.CURFEW, FindingKind.WHEREABOUTS):
        assert_is_a_story([f for f in found if isinstance(f, Finding) and f.kind is kind])
    outcomes = [one for one in found if isinstance(one, PeriodOutcome)]
    assert len(outcomes) == len(watch.periods)
    for one, period in zip(outcomes, watch.periods, strict=True):
        length = (period.end_us - period.start_us) / 1e6
        assert 0.0 <= one.absent_s + one.unknown_s <= length
        assert one.first_there is None or one.start <= one.first_there <= one.last_there < one.at
        if isinstance(watch, CurfewWatch) and one.outcome is Outcome.KEPT:
            assert one.unknown_s == 0.0
