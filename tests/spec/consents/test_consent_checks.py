"""What is wrong with consents, which of them are in force, and what matching is told of them."""

from __future__ import annotations

from typing import Any

import pytest
from made_cases import consent, utc, wearer

from tipstaff.domain.consent_checks import check_consent
from tipstaff.domain.consents import (
    Consent,
    ConsentKind,
    ConsentScope,
    Withdrawal,
    WithdrawnBy,
    in_force,
    search_consent,
)
from tipstaff.domain.search_facts import Scope

NOW = utc("2026-06-01")
BACK = Withdrawal(utc("2026-03-01"), WithdrawnBy.IN_PERSON, "A Officer")
HOUSEHOLDER = {"kind": ConsentKind.HOUSEHOLDER, "person": "A Aunt", "address": "home"}


@pytest.mark.parametrize(
    ("other", "codes"),
    [
        ({}, []),
        ({"withdrawn": BACK}, []),
        (HOUSEHOLDER, []),
        ({"kind": ConsentKind.VICTIM, "person": "V-7"}, []),
        ({"wearer": "W2"}, ["CONSENT_OF_ANOTHER"]),
        ({"given_at": utc("2026-06-02")}, ["CONSENT_IN_FUTURE"]),
        ({"given_at": utc("1990-06-02")}, ["CONSENT_OUT_OF_RANGE"]),
        ({"ends_at": utc("2026-01-01 09:00")}, ["CONSENT_ENDS_BEFORE_GIVEN"]),
        ({"withdrawn": BACK, "given_at": utc("2026-04-01")}, ["WITHDRAWN_BEFORE_GIVEN"]),
        ({"person": "somebody"}, ["PERSON_NOT_EXPECTED"]),
        ({"kind": ConsentKind.VICTIM}, ["PERSON_MISSING"]),
        (HOUSEHOLDER | {"address": "elsewhere"}, ["CONSENT_ADDRESS"]),
        ({"address": "home"}, ["CONSENT_ADDRESS"]),
        ({"capacity_considered": None}, ["CAPACITY_NOT_CONSIDERED"]),
        ({"interpreter_considered": False}, ["INTERPRETER_NOT_CONSIDERED"]),
        ({"scope": ConsentScope(collection=False)}, ["SCOPE_EMPTY"]),
        ({"scope": ConsentScope(collection=True, crime_matching=True)}, ["SCOPE_NOT_SAID"]),
        ({"written": False}, ["MATCHING_NOT_WRITTEN"]),
        ({"written": False, "scope": ConsentScope(collection=True)}, []),
        ({"supersedes": "C9"}, ["SUPERSEDES_NOTHING"]),
    ],
)
def test_checks(other: dict[str, Any], codes: list[str]) -> None:
    found = check_consent(consent(**other), wearer(), (), NOW)
    assert [str(p.code) for p in found] == codes
    assert all(p.action for p in found)


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        ({}, {"given_at": utc("2026-02-01")}, True),
        ({}, {"given_at": utc("2025-12-01")}, True),
        ({}, {"given_at": utc("2026-02-01"), "supersedes": "C1"}, False),
        ({"ends_at": utc("2026-02-01")}, {"given_at": utc("2026-02-01")}, False),
        ({"withdrawn": BACK}, {"given_at": BACK.at}, False),
        ({"withdrawn": BACK}, {"given_at": utc("2026-02-28")}, True),
        ({}, HOUSEHOLDER, False),
    ],
)
def test_two_voluntary_consents_are_never_in_force_at_once(
    first: dict[str, Any], second: dict[str, Any], overlap: bool
) -> None:
    found = check_consent(consent("C2", **second), wearer(), (consent(**first),), NOW)
    assert ["CONSENT_OVERLAPS"] * overlap == [p.code for p in found]


@pytest.mark.parametrize(
    ("at", "held"),
    [("2026-01-01 08:59", ()), ("2026-01-01 09:00", ("C1",)), ("2026-02-01", ("C2",)),
     ("2026-03-01", ())],
)  # fmt: skip
def test_in_force(at: str, held: tuple[str, ...]) -> None:
    second = consent("C2", given_at=utc("2026-02-01"), supersedes="C1", withdrawn=BACK)
    found = in_force((second, consent()), ConsentKind.VOLUNTARY, utc(at))
    assert tuple(c.reference for c in found) == held


def narrowed() -> Consent:
    scope = ConsentScope(True, True, Scope(frozenset({"RB"})), Scope(everything=True))
    return consent("C2", given_at=utc("2026-02-01"), supersedes="C1", scope=scope)


def test_matching_is_told_nothing_where_there_was_none() -> None:
    assert search_consent((consent(),), utc("2026-01-01")) is None
    assert search_consent((consent(**HOUSEHOLDER),), utc("2026-02-01")) is None


def test_what_takes_a_consents_place_ends_it_and_narrows_it() -> None:
    found = search_consent((consent(), narrowed()), utc("2026-01-15"))
    assert found is not None
    assert found.ends_at == utc("2026-02-01")
    assert found.crime_types == Scope(frozenset())
    assert found.forces == Scope(frozenset({"Derbyshire"}))


def test_what_is_taken_back_of_the_last_is_taken_back_of_those_before() -> None:
    last = consent("C2", given_at=utc("2026-02-01"), supersedes="C1", withdrawn=BACK)
    found = search_consent((consent(), last), utc("2026-01-15"))
    assert found is not None
    assert found.withdrawn_at == BACK.at


def test_consent_given_anew_covers_no_crime_before_it() -> None:
    anew = consent("C2", given_at=utc("2026-04-01"))
    found = search_consent((consent(withdrawn=BACK), anew), utc("2026-03-15"))
    assert found is not None
    assert found.withdrawn_at == BACK.at
