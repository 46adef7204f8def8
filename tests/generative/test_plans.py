"""Plans as JSON come back and fit the schema; when a review is due agrees with asking by day."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from drawn_cases import notes, plan_values, some
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from made_plans import plan, review

from tipstaff.domain.plan_due import due_stretches, next_due
from tipstaff.domain.plan_work import ReviewOutcome
from tipstaff.domain.versions import Stated, in_effect
from tipstaff.formats.case_forms import kind_of_value, text_of, value_of
from tipstaff.formats.plan_documents import ToldPlan, plan_schema, read_plan_file, write_plan_file

SCHEMA = Draft202012Validator(plan_schema())
QUICK = settings(max_examples=50, suppress_health_check=list(HealthCheck), deadline=None)


@QUICK
@given(some(st.builds(ToldPlan, plan_values, notes)))
def test_what_is_written_comes_back_and_fits_the_schema(told: tuple[ToldPlan, ...]) -> None:
    written = write_plan_file(told)
    found = read_plan_file(written)
    assert found.faults == ()
    assert tuple(one for _n, one in found.told) == told
    assert list(SCHEMA.iter_errors(json.loads(written))) == []
    for one in told:
        assert value_of(kind_of_value(one.value), text_of(one.value)) == one.value


@QUICK
@given(plan_values, st.data())
def test_a_field_that_is_spoilt_is_told(value: Any, data: Any) -> None:
    document = json.loads(write_plan_file((ToldPlan(value),)))
    record = document["records"][0]["record"]
    record[data.draw(st.sampled_from(sorted(record)))] = data.draw(
        st.sampled_from([None, 7, "", "x\n", {}, [[]]])
    )
    found = read_plan_file(json.dumps(document).encode())
    assert bool(found.faults) != bool(found.told)
    if found.told:
        assert list(SCHEMA.iter_errors(document)) == []


DAY0 = datetime(2026, 1, 1, tzinfo=UTC)


def at(day: int) -> datetime:
    return DAY0 + timedelta(days=day)


spans = st.tuples(st.integers(0, 9), st.none() | st.integers(1, 5))


def stated_in_turn(values: list[Any], drawn: list[tuple[int, int | None]]) -> dict[Stated, Any]:
    found = {}
    for number, (value, (start, length)) in enumerate(zip(values, drawn, strict=False), 1):
        end = None if length is None else at(start + length)
        found[Stated(number, at(start), end, at(100 + number))] = value
    return found


drawn_reviews = st.builds(
    lambda held, ends, of: review(
        held_on=date(2026, 1, 1 + held),
        outcome=ReviewOutcome.END if ends else ReviewOutcome.CONTINUE,
        next_due=None if ends else date(2026, 3, 1 + held),
        plan=of,
    ),
    st.integers(0, 9), st.booleans(), st.sampled_from(["P1", "P1", "P2"]),
)  # fmt: skip


@QUICK
@given(
    st.lists(spans, min_size=1, max_size=3),
    st.lists(
        st.tuples(st.lists(drawn_reviews, min_size=1, max_size=2), st.lists(spans)), max_size=3
    ),
)
def test_stretches_say_what_asking_day_by_day_says(whole: Any, held: Any) -> None:
    plans = stated_in_turn([plan(scheme=f"s{n}") for n in range(3)], whole)
    reviews = [
        stated_in_turn([replace(one, reference=f"R{n}") for one in values], places)
        for n, (values, places) in enumerate(held)
    ]
    reviews = [one for one in reviews if one]
    stretches = due_stretches(plans, reviews)
    for one, other in pairwise(stretches):
        assert one.end is not None
        assert one.end <= other.start
        assert (one.end, one.plan, one.due) != (other.start, other.plan, other.due)
    for day in range(20):
        hits = [s for s in stretches if s.start <= at(day) and (s.end is None or at(day) < s.end)]
        shown = in_effect(plans, valid_at=at(day), known_at=at(999))
        assert bool(hits) == (shown is not None)
        if shown is not None:
            known = [in_effect(one, valid_at=at(day), known_at=at(999)) for one in reviews]
            then = [one[s] for one, s in zip(reviews, known, strict=True) if s is not None]
            (hit,) = hits
            assert hit.plan == plans[shown]
            assert hit.due == next_due(plans[shown], then)
