"""What is wrong with an order, case by case: where, which code, and what the sentence names."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from made_cases import NIGHTS, curfew, order, utc, wearer, zone
from timetables_in_words import timetable

from tipstaff.domain.conditions import (
    Attendance,
    Protected,
    Proximity,
    Trail,
    TreatmentAppointment,
    Venue,
)
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.order_checks import check_order
from tipstaff.domain.orders import OrderStatus, enforceable_from, next_review
from tipstaff.domain.wearers import ChildSafeguards, ResponsibleAdult, Wearer
from tipstaff.domain.zones import Place, Ring

VENUE = Venue("Made Centre", Place(53.0, -1.5))
CLINIC = timetable(["Tue 10:00-11:00"], dates="2026-01-01")
CROSSED: Ring = (Place(53.0, -1.5), Place(53.01, -1.49), Place(53.01, -1.5), Place(53.0, -1.49))
SHORT = tuple(row.replace("19:00-07:00", "22:00-06:00") for row in NIGHTS)
ADULT = ResponsibleAdult("A Parent", "mother", "by telephone")


def wrong(found: Any) -> list[tuple[str, str]]:
    return [(problem.where, str(problem.code)) for problem in found]


def hdc(*conditions: Any, **other: Any) -> Any:
    return order(basis=LegalBasis.HOME_DETENTION_CURFEW, conditions=conditions, **other)


BROKEN: list[tuple[str, Any, list[tuple[str, str]]]] = [
    ("as it should be", order(), []),
    ("no end", order(ends_at=None), []),
    ("not served yet", order(served_at=None), []),
    ("only referred", order(status=OrderStatus.REFERRED, conditions=()), []),
    ("nothing demanded", order(conditions=()), [("conditions", "NO_CONDITION")]),
    ("ends before it begins", order(ends_at=utc("2025-12-31"), reviews=()),
     [("ends_at", "ORDER_ENDS_BEFORE_IT_BEGINS")]),
    ("ends as it begins", order(ends_at=utc("2026-01-01"), reviews=()),
     [("ends_at", "ORDER_ENDS_BEFORE_IT_BEGINS")]),
    ("revoked, nobody knows when", order(status=OrderStatus.REVOKED, ends_at=None),
     [("ends_at", "OVER_WITHOUT_END")]),
    ("of another wearer", order(wearer="W2"), [("wearer", "OTHER_WEARER")]),
    ("a review too late", order(reviews=(date(2026, 7, 2),)),
     [("reviews[0]", "REVIEW_OUTSIDE_ORDER")]),
    ("a review twice", order(reviews=(date(2026, 2, 2), date(2026, 2, 2))),
     [("reviews[1]", "REVIEW_REPEATED")]),
    ("a review in no year", order(ends_at=None, reviews=(date(9999, 12, 31),)),
     [("reviews[0]", "TIME_OUT_OF_RANGE")]),
    ("begins in the wrong century", order(starts_at=utc("1926-01-01")),
     [("starts_at", "TIME_OUT_OF_RANGE")]),
    ("two conditions of one name", order(conditions=(curfew(), Trail("c1"))),
     [("conditions[1].reference", "CONDITION_REPEATED")]),
    ("a curfew nowhere known",
     order(conditions=(curfew(rows=("Mon 19:00-07:00 home|mother",)),)),
     [("conditions[0].timetable.rows[0].hours.addresses", "ADDRESS_NOT_KNOWN")]),
    ("a curfew after the order", order(conditions=(curfew(dates="2026-07-02"),)),
     [("conditions[0].timetable", "CURFEW_OUTSIDE_ORDER")]),
    ("a curfew before the order", order(conditions=(curfew(dates="2025-01-01 2025-12-30"),)),
     [("conditions[0].timetable", "CURFEW_OUTSIDE_ORDER")]),
    ("a curfew whose last day is before its first",
     order(conditions=(curfew(dates="2026-03-01 2026-02-01"),)),
     [("conditions[0].timetable.last_day", "LAST_DAY_BEFORE_FIRST")]),
    ("a one-off in the hour that does not exist",
     order(conditions=(curfew(one_offs=["2026-03-29 01:30 > 2026-03-29 05:00 home"]),)),
     [("conditions[0].timetable.one_offs[0].start", "TIME_DOES_NOT_EXIST")]),
    ("a meeting", order(conditions=(Attendance("a1", VENUE, CLINIC),)), []),
    ("a meeting at sea",
     order(conditions=(Attendance("a1", Venue("Nowhere", Place(0.0, 0.0), 0.0), CLINIC),)),
     [("conditions[0].venue.place", "VENUE_PLACE"), ("conditions[0].venue.radius_m", "DISTANCE")]),
    ("kept from oneself",
     order(conditions=(Proximity("p1", Protected.WEARER, "W1", 0.0),)),
     [("conditions[0].distance_m", "DISTANCE"), ("conditions[0].person", "KEPT_FROM_ONESELF")]),
]  # fmt: skip


@pytest.mark.parametrize(("case", "made", "expected"), BROKEN, ids=[c for c, *_ in BROKEN])
def test_what_is_wrong(case: str, made: Any, expected: list[tuple[str, str]]) -> None:
    assert wrong(check_order(made, wearer())) == expected


def test_a_zone_that_crosses_itself() -> None:
    from tipstaff.domain.zones import Area, Polygon

    found = check_order(order(conditions=(zone(shape=Area((Polygon(CROSSED),))),)), wearer())
    assert [problem.where.startswith("conditions[0].zone.shape") for problem in found] == [True]


REFUSED = [
    (LegalBasis.COURT_BAIL, Trail("t1"), "no_stand_alone_trail_on_bail"),
    (LegalBasis.YOUTH_ORDER, Trail("t1"), "youth_whereabouts_only_piloted"),
    (LegalBasis.POST_SENTENCE_SUPERVISION, zone(), "not_a_supervision_requirement"),
    (LegalBasis.IMMIGRATION_BAIL, TreatmentAppointment("a1", VENUE, CLINIC),
     "kind_not_provided_for"),
]  # fmt: skip


@pytest.mark.parametrize(("basis", "condition", "rule"), REFUSED)
def test_the_law_refuses_by_name(basis: LegalBasis, condition: Any, rule: str) -> None:
    meeting = Attendance("a9", VENUE, CLINIC)
    found = check_order(order(basis=basis, conditions=(meeting, condition)), wearer())
    assert wrong(found) == [("conditions[1]", "CONDITION_REFUSED")]
    assert rule in found[0].action


@pytest.mark.parametrize("rows", [SHORT, NIGHTS[:6]], ids=["eight hours", "no Sunday night"])
def test_home_detention_under_nine_hours(rows: tuple[str, ...]) -> None:
    found = check_order(hdc(curfew(rows=rows)), wearer())
    assert wrong(found) == [("conditions.rows", "DAYS_UNDER_LEAST_HOURS")]


def test_home_detention_by_two_curfews_and_without_an_end() -> None:
    early = curfew("c1", tuple(row.replace("19:00-07:00", "00:00-05:00") for row in NIGHTS))
    late = curfew("c2", tuple(row.replace("19:00-07:00", "20:00-00:00") for row in NIGHTS))
    assert check_order(hdc(early, late, ends_at=None), wearer()) == ()
    assert wrong(check_order(hdc(early, ends_at=None), wearer())) == [
        ("conditions.rows", "DAYS_UNDER_LEAST_HOURS")
    ]


def test_home_detention_needs_its_curfew() -> None:
    assert wrong(check_order(hdc(zone()), wearer())) == [("conditions", "CONDITION_MISSING")]


@pytest.mark.parametrize(
    ("ends", "until", "expected"),
    [
        ("2028-01-01", None, []),
        ("2028-01-02", None, ["TRAIL_TOO_LONG"]),
        ("2028-06-01", date(2028, 1, 1), []),
        (None, None, ["TRAIL_WITHOUT_END"]),
        (None, date(2027, 1, 1), []),
    ],
)
def test_whereabouts_on_a_community_order(ends: Any, until: Any, expected: list[str]) -> None:
    made = order(
        basis=LegalBasis.COMMUNITY_ORDER,
        ends_at=None if ends is None else utc(ends),
        conditions=(Trail("t1", until),),
    )
    assert [str(p.code) for p in check_order(made, wearer())] == expected


#: Eighteen on the order's first day or not, and what is on record of a child.
CHILDREN: list[tuple[date | None, ChildSafeguards | None, list[str]]] = [
    (date(2008, 1, 1), None, []),
    (date(2008, 1, 2), None,
     ["CHILD_WITHOUT_ADULT", "BEST_INTERESTS_NOT_RECORDED", "EXPLOITATION_NOT_CONSIDERED"]),
    (date(2008, 1, 2), ChildSafeguards(ADULT, "weighed on 1 December", False), []),
    (date(2008, 1, 2), ChildSafeguards(ADULT, " ", True), ["BEST_INTERESTS_NOT_RECORDED"]),
    (None, None, ["AGE_NOT_KNOWN"]),
    (None, ChildSafeguards(None, "weighed", True), ["CHILD_WITHOUT_ADULT"]),
    (None, ChildSafeguards(ADULT, "weighed", True), []),
]  # fmt: skip


@pytest.mark.parametrize(("born_on", "child", "expected"), CHILDREN)
def test_children(born_on: date | None, child: Any, expected: list[str]) -> None:
    person: Wearer = wearer(born_on=born_on, child=child)
    assert [str(p.code) for p in check_order(order(), person)] == expected


def test_enforceable_from_the_later_of_start_and_service() -> None:
    assert enforceable_from(order()) == utc("2026-01-01 10:00")
    assert enforceable_from(order(served_at=utc("2025-12-01"))) == utc("2026-01-01")
    assert enforceable_from(order(served_at=None)) is None


def test_the_next_review_counts_today() -> None:
    assert next_review(order(), date(2026, 2, 2)) == date(2026, 2, 2)
    assert next_review(order(), date(2026, 2, 3)) == date(2026, 4, 6)
    assert next_review(order(), date(2026, 4, 7)) is None


def test_nothing_about_a_person_shows() -> None:
    for value in (wearer(), order(), zone(), VENUE, *wearer().addresses, *wearer().names):
        assert "Made" not in repr(value)
        assert "53." not in repr(value)
