"""What a partner agency is told: counts and days, and nothing that says where somebody was."""

from __future__ import annotations

import dataclasses
import types
import typing
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import pytest
from made_cases import order, utc
from made_plans import DRUGS, HOUSING, attendance, plan, review, task

from tipstaff.domain.orders import OrderStatus
from tipstaff.domain.partner_summary import PartnerSummary, Recorded, Reviews, Tasks, summarise
from tipstaff.domain.partner_words import summary_sentences
from tipstaff.domain.plan_work import ReviewOutcome, TaskState
from tipstaff.domain.plans import ConditionName

NOW = utc("2026-02-10 12:00")
WITH = dataclasses.replace(HOUSING, appointments=(ConditionName("O1", "a1"),))
ORDER = order(conditions=(attendance(), attendance("a2", treats=True), *order().conditions))


def told(**other: Any) -> PartnerSummary | None:
    values: dict[str, Any] = {
        "plans": (plan(agencies=(WITH, DRUGS)),),
        "reviews": (review(),),
        "tasks": (task(), task("T2", agency="drugs"), task("T3", due=date(2026, 3, 1)),
                  task("T4", state=TaskState.DONE, result="x"), task("T5", plan="P9")),
        "orders": (ORDER,),
    }  # fmt: skip
    agency, now = other.pop("agency", "housing"), other.pop("now", NOW)
    return summarise(Recorded(**(values | other)), wearer="W1", agency=agency, now=now)


def test_counts_and_days() -> None:
    found = told()
    assert found is not None
    assert (found.plans, found.orders_in_force, found.alerts) == (1, 1, None)
    (only,) = found.appointments
    assert (only.kind, only.begin[0]) == ("attendance", utc("2026-02-17 10:00"))
    assert len(only.begin) == 3
    assert found.tasks == Tasks(1, 0, 0, (date(2026, 1, 19), date(2026, 3, 1)), 1)
    assert (found.goals.open, found.goals.overdue) == (1, 0)
    expected = Reviews(1, date(2026, 2, 2), date(2026, 3, 2), overdue=False)
    assert found.reviews == expected


@pytest.mark.parametrize(
    "other",
    [
        {"agency": "education"}, {"plans": ()}, {"now": utc("2026-01-04 12:00")},
        {"plans": (plan(ends_on=date(2026, 2, 9)),)},
        {"reviews": (review(outcome=ReviewOutcome.END, next_due=None),)},
    ],
)  # fmt: skip
def test_without_a_running_plan_with_the_agency_nothing_is_told(other: dict[str, Any]) -> None:
    assert told(**other) is None


def test_another_agencys_appointments_are_not_told() -> None:
    found = told(agency="drugs")
    assert found is not None
    assert found.appointments == ()


@pytest.mark.parametrize(
    "changed",
    [{"status": OrderStatus.SUSPENDED}, {"served_at": None}, {"ends_at": utc("2026-02-10")}],
)
def test_an_order_that_is_not_in_force_demands_no_appointment(changed: dict[str, Any]) -> None:
    found = told(orders=(dataclasses.replace(ORDER, **changed),))
    assert found is not None
    assert (found.orders_in_force, found.appointments) == (0, ())


def leaves(kind: Any) -> set[Any]:
    """Every type that a value of `kind` can hold at its ends."""
    if typing.get_origin(kind) in {tuple, types.UnionType}:
        return {x for part in typing.get_args(kind) if part is not ... for x in leaves(part)}
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return {x for field in dataclasses.fields(kind) for x in leaves(hints[field.name])}
    return {kind}


def test_the_type_can_hold_no_text_but_the_two_references() -> None:
    hints = typing.get_type_hints(PartnerSummary)
    assert {name for name, hint in hints.items() if str in leaves(hint)} == {"wearer", "agency"}
    for name, hint in hints.items():
        for leaf in leaves(hint) - ({str} if name in {"wearer", "agency"} else set()):
            plain = leaf in {int, bool, date, datetime, type(None)}
            assert plain or issubclass(leaf, StrEnum), f"{name} may hold a {leaf}"


CANARY = "CANARY"


def spoilt(value: Any) -> Any:
    """The value with a canary in every text that says nothing by which things are found."""
    if isinstance(value, str) and not isinstance(value, StrEnum):
        return f"{CANARY} {value}"
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return tuple(spoilt(one) for one in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        keep = {"reference", "wearer", "plan", "agency", "owner", "order", "condition"}
        fields = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
        return dataclasses.replace(
            value, **{k: v if k in keep else spoilt(v) for k, v in fields.items()}
        )
    return value


def test_nothing_written_into_a_case_comes_out() -> None:
    found = told(
        plans=(spoilt(plan(agencies=(WITH, DRUGS))),),
        reviews=(spoilt(review()),),
        tasks=(spoilt(task()),),
        orders=(spoilt(ORDER),),
    )
    assert found is not None
    rendered = " ".join(summary_sentences(found)) + repr(found)
    for secret in (CANARY, "53.", "-1.5", "Made Hall", "Street", "c1", "z1", "licence"):
        assert secret not in rendered
    assert "1 open (1 past their day)" in rendered
