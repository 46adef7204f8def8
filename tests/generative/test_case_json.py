"""Cases as JSON: what is written comes back, fits the published schema, and bad input is told."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from drawn_cases import alarms, cases, conditions, orders
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from made_cases import case

from tipstaff.domain.cases import Case
from tipstaff.domain.orders import Order
from tipstaff.domain.releases import FittingAlarm
from tipstaff.domain.variations import variations
from tipstaff.formats.case_forms import kind_of_value, text_of, value_of
from tipstaff.formats.case_json import (
    case_schema,
    read_cases,
    write_cases,
)

YEAR = 2026
SCHEMA = Draft202012Validator(case_schema())
SLOW = settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(case_schema())


@SLOW
@given(cases)
def test_what_is_written_comes_back_and_fits_the_schema(made: Case) -> None:
    written = write_cases((made,))
    found = read_cases(written, this_year=YEAR)
    assert found.faults == ()
    assert found.cases == ((0, made),)
    assert list(SCHEMA.iter_errors(json.loads(written))) == []
    assert write_cases((found.cases[0][1],)) == written
    for value in made.values():
        assert value_of(kind_of_value(value), text_of(value)) == value


@SLOW
@given(cases, st.data())
def test_a_case_with_a_field_that_is_not_known_is_left_out(made: Case, data: Any) -> None:
    """Misspelt, it may be the one that mattered: a withdrawal, an end."""
    document = json.loads(write_cases((made,)))
    objects = [
        way
        for way in [(), *paths(document["cases"][0])]
        if isinstance(at(document["cases"][0], way), dict)
    ]
    at(document["cases"][0], data.draw(st.sampled_from(objects)))["withdrawnn"] = None
    found = read_cases(json.dumps(document).encode(), this_year=YEAR)
    assert found.cases == ()
    assert found.faults


def at(value: Any, way: tuple[Any, ...]) -> Any:
    """What stands at a path."""
    for step in way:
        value = value[step]
    return value


@SLOW
@given(alarms)
def test_an_alarm_comes_back(made: FittingAlarm) -> None:
    assert value_of(kind_of_value(made), text_of(made)) == made
    assert repr(made).startswith("<")


def paths(value: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document below its cases."""
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    found = [(*above, key) for key, _ in items]
    return found + [path for key, item in items for path in paths(item, (*above, key))]


JUNK = st.sampled_from([None, True, 7, -1.5, "", "x\n", "?", [], {}, [[]], {"type": 1}, "9" * 3000])


@SLOW
@given(cases, st.data())
def test_whatever_is_spoilt_is_told_or_harmless(made: Case, data: Any) -> None:
    """Junk in any place never raises, and what the reader takes the schema takes too."""
    document = json.loads(write_cases((made,)))
    *way, last = data.draw(st.sampled_from(paths(document["cases"])))
    spot: Any = document["cases"]
    for step in way:
        spot = spot[step]
    spot[last] = deepcopy(data.draw(JUNK))
    found = read_cases(json.dumps(document).encode(), this_year=YEAR)
    assert bool(found.faults) != bool(found.cases)
    if found.cases:
        assert list(SCHEMA.iter_errors(document)) == []
        again = read_cases(write_cases((found.cases[0][1],)), this_year=YEAR)
        assert again.cases == found.cases
    for fault in found.faults:
        assert fault.action
        assert "9" * 3000 not in str(fault)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=60))
def test_bytes_that_are_no_document(source: bytes) -> None:
    assert read_cases(source, this_year=YEAR).faults


@pytest.mark.parametrize(
    "source",
    [
        b"", b"[]", b"{}", b'{"format": "tipstaff-cases-2", "cases": []}',
        b'{"format": "tipstaff-cases-1", "cases": {}}', b'{"format": "tipstaff-cases-1"',
        b"[" * 100_000, b'{"format": "tipstaff-cases-1", "cases": [NaN]}', b"\xff\xfe",
        b'{"format": "tipstaff-cases-1", "cases": [{"wearer": {"reference": "a", '
        b'"reference": "b", "names": []}}]}',
        b'{"format": "tipstaff-cases-1", "cases": [' + b"9" * 5000 + b"]}",
    ],
)  # fmt: skip
def test_no_case_comes_of_this(source: bytes) -> None:
    found = read_cases(source, this_year=YEAR)
    assert found.cases == ()
    assert found.faults


def test_every_fault_is_told_at_once_and_good_cases_kept() -> None:
    document = json.loads(write_cases((case(0), case(1), case(2), case(1))))
    first = document["cases"][0]
    first["wearer"]["born_on"] = "2001-02-30"
    first["wearer"]["identifiers"] = [{"kind": "crn", "value": "12"}]
    first["orders"][0]["starts_at"] = "2026-01-01T00:00"
    first["orders"][0]["conditions"][0]["timetable"]["rows"][2]["weekday"] = "Mon"
    del first["orders"][0]["officer"]
    first["orders"][0]["conditions"][1]["kind"] = "tag"
    found = read_cases(json.dumps(document).encode(), this_year=YEAR)
    assert [number for number, _ in found.cases] == [1, 2]
    assert sorted(fault.where for fault in found.faults) == sorted(
        [
            "cases[0].wearer.born_on",
            "cases[0].wearer.identifiers[0].value",
            "cases[0].orders[0].starts_at",
            "cases[0].orders[0].conditions[0].timetable.rows[2].weekday",
            "cases[0].orders[0].officer",
            "cases[0].orders[0].conditions[1].kind",
            "cases[3].wearer.reference",
        ]
    )


@SLOW
@given(orders, orders)
def test_no_variation_means_equal(one: Order, other: Order) -> None:
    assert variations(one, one) == ()
    distinct = all(
        len({c.reference for c in order.conditions}) == len(order.conditions)
        for order in (one, other)
    )
    if one != other and distinct:
        told = variations(one, other)
        assert told
        assert all(change.sentence.endswith(".") for change in told)


@SLOW
@given(orders, st.permutations(range(4)), st.lists(conditions, min_size=4, max_size=4))
def test_the_order_of_conditions_says_nothing(order: Order, places: Any, drawn: Any) -> None:
    from dataclasses import replace

    named = [replace(c, reference=f"c{n}") for n, c in enumerate(drawn)]
    one = replace(order, conditions=tuple(named))
    other = replace(order, conditions=tuple(named[n] for n in places))
    assert variations(one, other) == ()
