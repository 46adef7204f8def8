"""Who is searched when an archive is matched: basis by basis, from the order to the result.

Each wearer was at the scene of every crime with a fix a minute, so that whoever is searched is in a
row. A line of the table: who, what is on record of them, and why they are searched or not.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from instance_fixtures import TestInstance
from made_cases import curfew, utc, wearer, zone
from searched_instance import (
    START,
    WHO,
    Tagged,
    crime,
    fill,
    licence,
    matched,
    report,
    tagged,
)
from timetables_in_words import timetable

from tipstaff.domain.conditions import Attendance, Protected, Proximity, Trail, Venue
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.orders import OrderStatus
from tipstaff.domain.search_pairs import REASONS
from tipstaff.domain.search_reasons import Reason
from tipstaff.domain.wearers import ChildSafeguards, ResponsibleAdult
from tipstaff.domain.zones import Place
from tipstaff.formats import run_files

B, R = LegalBasis, Reason
SAFE = ChildSafeguards(ResponsibleAdult("A Parent", "mother", "01332 000000"), "weighed", True)
NO_TRAIL = (curfew(), zone())
OFFICE = Venue("Office", Place(52.92, -1.47))
MEETING = (Attendance("a1", OFFICE, timetable(("Mon 10:00-11:00",), dates="2026-01-01")),)
PROTECTING = (Trail("t1"), Proximity("p1", Protected.VICTIM, "victim", 500.0))
EIGHTEEN_TODAY, TOMORROW = date(2008, 1, 14), date(2008, 1, 15)

#: By name: conditions and other facts of a licence that would permit, and the reason.
BY_BASIS: dict[B, tuple[dict[str, Any], Reason]] = {
    B.COURT_BAIL: ({"conditions": NO_TRAIL}, R.BASIS_NOT_SEARCHED),
    B.HOME_DETENTION_CURFEW: ({"conditions": (curfew(), Trail("t1"))}, R.PERMITTED),
    B.LICENCE: ({}, R.PERMITTED),
    B.PAROLE: ({}, R.PERMITTED),
    B.POST_SENTENCE_SUPERVISION: ({"conditions": MEETING}, R.BASIS_NOT_SEARCHED),
    B.COMMUNITY_ORDER: ({"conditions": (Trail("t1", date(2026, 3, 1)),)}, R.BASIS_NOT_SEARCHED),
    B.SUSPENDED_SENTENCE: ({}, R.BASIS_NOT_SEARCHED),
    B.YOUTH_ORDER: ({"conditions": NO_TRAIL}, R.BASIS_NOT_SEARCHED),
    B.DOMESTIC_ABUSE_PROTECTION_ORDER: ({"conditions": NO_TRAIL}, R.BASIS_NOT_SEARCHED),
    B.TEMPORARY_LICENCE: ({}, R.BASIS_NOT_SEARCHED),
    B.IMMIGRATION_BAIL: ({}, R.BASIS_NOT_SEARCHED),
    B.VOLUNTARY: ({}, R.NO_CONSENT),
    B.CHECKPOINT: ({}, R.NO_CONSENT),
}
BY_FACT: dict[str, tuple[dict[str, Any], Reason]] = {
    "curfew alone": ({"conditions": (curfew(),)}, R.CURFEW_ONLY),
    "zones alone": ({"conditions": (zone(),)}, R.ZONE_ONLY),
    "not under the project": ({"rule": None}, R.OTHER_SCHEME),
    "trail over that day": (
        {"conditions": (Trail("t1", date(2026, 1, 14)),)},
        R.NO_SEARCHED_CONDITION,
    ),
    "trail over next day": ({"conditions": (Trail("t1", date(2026, 1, 15)),)}, R.PERMITTED),
    "referred": ({"status": OrderStatus.REFERRED}, R.ORDER_NOT_IN_FORCE),
    "suitable": ({"status": OrderStatus.SUITABLE}, R.ORDER_NOT_IN_FORCE),
    "suspended": ({"status": OrderStatus.SUSPENDED}, R.ORDER_NOT_IN_FORCE),
    "revoked": ({"status": OrderStatus.REVOKED}, R.ORDER_NOT_IN_FORCE),
    "began in the window": ({"starts_at": START + timedelta(minutes=1)}, R.ORDER_NOT_IN_FORCE),
    "ended in the window": ({"ends_at": START + timedelta(minutes=30)}, R.ORDER_NOT_IN_FORCE),
    "ended just after": ({"ends_at": START + timedelta(minutes=31)}, R.PERMITTED),
    "protects a victim": ({"conditions": PROTECTING}, R.PERMITTED),
}


def _people() -> dict[str, tuple[Tagged, Reason]]:
    """By name: who, and why they are searched for a burglary in Derbyshire, or not."""
    found = {
        str(basis): (tagged(basis, licence(basis, basis=basis, **facts)), reason)
        for basis, (facts, reason) in BY_BASIS.items()
    }
    for name, (facts, reason) in BY_FACT.items():
        found[name] = (tagged(name, licence(name, **facts)), reason)
    young = {"child": SAFE}
    bail = licence("two orders", reference="O2", basis=B.COURT_BAIL, conditions=NO_TRAIL)
    found |= {
        "18 that day": (tagged("18 that day", born_on=EIGHTEEN_TODAY, **young), R.PERMITTED),
        "a child": (tagged("a child", born_on=TOMORROW, **young), R.CHILD),
        "two orders": (tagged("two orders", licence("two orders"), bail), R.PERMITTED),
        "victim": (Tagged("victim"), R.VICTIMS_DEVICE),
        "victim on licence": (tagged("victim on licence"), R.VICTIMS_DEVICE),
        "no record": (Tagged("no record"), R.BASIS_NOT_KNOWN),
        "no order": (Tagged("no order", (), wearer("no order")), R.BASIS_NOT_KNOWN),
    }
    other = Proximity("p1", Protected.VICTIM, "victim on licence", 500.0)
    protecting = licence("protects another", conditions=(Trail("t1"), other))
    found["protects another"] = (tagged("protects another", protecting), R.PERMITTED)
    return found


PEOPLE = _people()
SEARCHED = {name for name, (_who, reason) in PEOPLE.items() if reason is R.PERMITTED}
IN_2021 = utc("2021-09-28 20:00")
#: Crimes beside the burglary, and who is searched for each.
CRIMES: dict[str, tuple[dict[str, Any], set[str]]] = {
    "burglary": ({}, SEARCHED),
    "robbery": ({"crime_type": "RB"}, SEARCHED),
    "other type": ({"crime_type": "ASSAULT"}, set()),
    "other force": ({"force": "Dorset", "batch": "DOR20260115"}, set()),
    "other project force": ({"force": "Kent", "batch": "KNT20260115"}, SEARCHED),
}
#: In 2021, one day before and on the first day of searching for Derbyshire, and for Cheshire.
EARLY: dict[str, tuple[str, Any, set[str]]] = {
    "the day before": ("Derbyshire", IN_2021, set()),
    "the first day": ("Derbyshire", IN_2021 + timedelta(days=1), {"of old"}),
    "an area of April": ("Cheshire", IN_2021, {"of old"}),
}


@pytest.fixture
def done(sqlite_instance: TestInstance, tmp_path: Path) -> Any:
    old = licence("of old", starts_at=utc("2021-06-01"), ends_at=utc("2021-12-01"))
    days = (IN_2021, IN_2021 + timedelta(days=1))
    veteran = tagged("of old", old, first=utc("2021-06-01"), last=utc("2021-12-01"), at=days)
    crimes = [crime(name, **facts) for name, (facts, _who) in CRIMES.items()]
    for number, (name, (force, start, _who)) in enumerate(EARLY.items()):
        end = start + timedelta(minutes=30)
        batch = f"ABC2021092{number}"
        crimes.append(crime(name, force=force, start=start, end=end, batch=batch))
    fill(tmp_path, [*(who for who, _reason in PEOPLE.values()), veteran], crimes)
    return matched()


def test_basis_by_basis_from_the_order_to_the_result(done: Any) -> None:
    from tipstaff.records import crimes
    from tipstaff.services import searchable

    rows = run_files.read_results(done.files[".csv"]).to_pylist()  # type: ignore[union-attr]
    told = run_files.read_crimes(done.files[".crimes.csv"]).to_pylist()  # type: ignore[union-attr]
    expected = {name: who for name, (_facts, who) in CRIMES.items()}
    expected |= {name: who for name, (_force, _start, who) in EARLY.items()}
    found: dict[str, set[str]] = {name: set() for name in expected}
    for row in rows:
        found[row["crime_reference"]].add(row["wearer_id"])
    assert found == expected
    for row in told:
        who = expected[row["crime_reference"]]
        assert row["searched_wearers"] == len(who)
        monitored = 1 if row["crime_reference"] in EARLY else len(PEOPLE)
        assert row["monitored_wearers"] == monitored
    assert done.counts["wearers"] == len(SEARCHED) + 1
    assert done.counts["wearers_known"] == len(PEOPLE) + 1
    # the exact reasons, which no file tells of so few
    (burglary,) = (c for c in crimes.current() if c.reference == "burglary")
    law = searchable.law_at(START)
    codes = searchable.judge(law, [burglary], list(PEOPLE), seen=frozenset(PEOPLE)).permits.codes
    reasons = dict(zip(PEOPLE, (REASONS[code] for code in codes[0]), strict=True))
    assert reasons == {name: reason for name, (_who, reason) in PEOPLE.items()}
    _the_number_searched_is_told(done, next(r for r in told if r["crime_reference"] == "burglary"))


def _the_number_searched_is_told(done: Any, row: dict[str, Any]) -> None:
    from tipstaff.services.matching import run_tables

    unlike = len(PEOPLE) - len(SEARCHED)
    by_reason = dict(part.split(": ") for part in row["not_searched"].split("; "))
    assert sum(map(int, by_reason.values())) == unlike
    assert set(by_reason) == {"basis_not_searched", "order_not_in_force", "other_reasons"}
    again = run_tables(**WHO, run_id=done.run_id)
    assert again is not None
    said = again.manifest["searchable"]  # type: ignore[union-attr]
    assert (said["policy"], said["version"], len(said["digest"])) == ("default", 1, 64)


def test_a_consent_in_writing_lets_a_volunteer_be_searched(
    sqlite_instance: TestInstance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The seam that records of consent will fill."""
    from tipstaff.domain.search_facts import Consent, Scope
    from tipstaff.services import searchable

    given = Consent(
        True, True, Scope(frozenset({"BIAD"})), Scope(everything=True), utc("2026-01-02")
    )
    withdrawn = replace(given, withdrawn_at=utc("2026-01-20"))
    consents = {"agreed": (given,), "withdrew": (withdrawn,), "later": (withdrawn, given)}
    monkeypatch.setattr(searchable, "consents_at", lambda _wearers, known_at: consents)
    people = [
        tagged(name, licence(name, basis=B.VOLUNTARY, rule=None)) for name in (*consents, "never")
    ]
    fill(tmp_path, people, [crime("burglary"), crime("robbery", crime_type="RB")])
    rows = run_files.read_results(matched().files[".csv"]).to_pylist()  # type: ignore[union-attr]
    assert {(r["crime_reference"], r["wearer_id"]) for r in rows} == {
        ("burglary", "agreed"), ("burglary", "later"),
    }  # fmt: skip


def test_fixes_from_outside_what_permits_are_not_used(
    sqlite_instance: TestInstance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of somebody on bail; from before an order; from before a consent."""
    from tipstaff.domain.search_facts import Consent, Scope
    from tipstaff.services import searchable

    everything = Scope(everything=True)
    given = Consent(True, True, everything, everything, utc("2026-01-02"))
    monkeypatch.setattr(searchable, "consents_at", lambda _who, known_at: {"agreed": (given,)})
    worn = {"first": utc("2025-11-01"), "last": utc("2026-03-01")}
    bail = licence("bail", basis=B.COURT_BAIL, conditions=NO_TRAIL)
    people = [
        tagged("bail", bail, at=(), **worn),
        tagged("licence", **worn),
        tagged("agreed", licence("agreed", basis=B.VOLUNTARY, rule=None), **worn),
    ]
    fill(tmp_path, people, [crime("burglary")])
    before = matched()
    later = [(START,), (utc("2025-11-20 12:00"),), (utc("2025-12-20 12:00"),)]
    report(tmp_path, [replace(who, at=at) for who, at in zip(people, later, strict=True)])
    after = matched()
    silent = {"silent_devices": 0}  # whether a tag is heard at all is counted of everybody's
    assert after.counts | silent == before.counts | silent
    assert after.counts["fixes"] == 300
    for suffix in (".csv", ".crimes.csv", ".facts.parquet"):
        assert after.files[suffix] == before.files[suffix]
    report(tmp_path, [replace(people[2], at=(utc("2026-01-05 12:00"),))])
    assert matched().counts["fixes"] == 450
