"""Hertfordshire: location monitoring across order types, with victims heard.

Court bail that keeps a domestic abuser out of a place and away from a person; a suspended sentence
with its treatment; regions that go live on their own dates. What is not there yet: telling a victim
of what they chose to be told, and alerts as they happen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from made_accounts import train
from made_cases import consent, curfew, order, wearer, zone
from made_plans import attendance
from scheme_people import (
    Person,
    ago,
    codes,
    crime_row,
    fits,
    joins,
    matches,
    owner,
    sends,
    stays,
)

from tipstaff.domain.conditions import Protected, Proximity, Trail
from tipstaff.domain.consents import ConsentKind, ConsentScope, WithdrawnBy
from tipstaff.domain.devices import Description, DeviceKind, DeviceName
from tipstaff.domain.forces import ForceFact
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import Role
from tipstaff.domain.zones import Circle, Place

BAR, AWAY = (51.7527, -0.3394), (51.7727, -0.3394)
NIGHT = ago(2, "21:00")
SCHEME = "location-monitoring"
BANNED = zone("bar", shape=Circle(Place(*BAR), 200.0))
NIGHTS = curfew("nights", dates=f"{ago(20):%Y-%m-%d}")
APART = Proximity("apart", Protected.VICTIM, "V-77", 500.0)
BAIL = order(
    "B1", wearer="abuser", basis=LegalBasis.COURT_BAIL, issued_by="Made Magistrates' Court",
    starts_at=ago(20), ends_at=ago(-40), served_at=ago(20), reviews=(), force="Hertfordshire",
    conditions=(BANNED, NIGHTS, APART),
)  # fmt: skip


@dataclass(frozen=True)
class People:
    """Who plays a part, each with an account of their role."""

    police: Person
    liaison: Person
    centre: Person
    feed: Person
    analyst: Person
    reviewer: Person
    governor: Person


def joined() -> People:
    return People(
        joins("ivan", Role.IOM_COORDINATOR, force="Hertfordshire"),
        joins("vera", Role.VICTIM_LIAISON),
        joins("mona", Role.MONITORING_OPERATOR),
        joins("feed", Role.TAG_SUPPLIER, organisation="tipstaff"),
        joins("anna", Role.CRIME_ANALYST, force="Hertfordshire"),
        joins("tina", Role.HUB_CASEWORKER),
        joins("dora", Role.DATA_PROTECTION_OFFICER),
    )


def test_location_monitoring_across_order_types(sqlite_instance: Any, tmp_path: Path) -> None:
    people = joined()
    train(people.reviewer.name)
    the_force_goes_live_on_its_own_date()
    bail_may_not_be_a_trail(people)
    a_victim_is_asked_first(people)
    a_sentence_with_its_treatment(people)
    positions_come_in(people, tmp_path)
    nobody_on_bail_is_searched_for_crimes(people)
    what_the_wearer_reads_names_no_victim(people, tmp_path)
    the_victim_takes_it_back(people)


def the_force_goes_live_on_its_own_date() -> None:
    """A region is data: it takes part from its day on, and not the day before."""
    live = {SCHEME: ago(21).date(), "acquisitive-crime": ago(1800).date()}
    herts = ForceFact("Hertfordshire", "HRT", "Hertfordshire Constabulary", live)
    owner().records("teams.record_force", force=herts)
    kent = ForceFact("Kent", "KNT", "Kent Police", {SCHEME: ago(-10).date()})
    owner().records("teams.record_force", force=kent)
    forces = {force.identifier: force for force in owner().does("teams.list_forces")}
    today = ago(0).date()
    assert [forces[name].is_live(SCHEME, today) for name in ("Hertfordshire", "Kent")] == [
        True,
        False,
    ]
    assert not forces["Hertfordshire"].is_live(SCHEME, ago(22).date())


def bail_may_not_be_a_trail(people: People) -> None:
    """A trail for its own sake is refused on bail, and the rule is named."""
    people.police.records("cases.record_wearer", wearer=wearer("abuser"))
    alone = replace(BAIL, conditions=(Trail("whereabouts"),))
    refused = people.police.does("cases.record_order", order=alone)
    assert "CONDITION_REFUSED" in codes(refused)
    said = next(p.action for p in refused.problems if p.code == "CONDITION_REFUSED")
    assert "no_stand_alone_trail_on_bail; Bail Act 1976, s. 3(6ZAA)" in said


def a_victim_is_asked_first(people: People) -> None:
    """Nobody is protected without being asked; the liaison officer hears, the police record it."""
    refused = people.police.does("cases.record_order", order=BAIL)
    assert codes(refused) == ["NO_VICTIM_CONSENT"]
    asked = consent(
        "C-V", wearer="abuser", kind=ConsentKind.VICTIM, person="V-77", given_at=ago(21),
        text="victim-1", scope=ConsentScope(collection=True), taken_by="V Liaison",
    )  # fmt: skip
    told = {"consent": asked, "purpose": Purpose.VICTIM_SAFETY}
    assert people.liaison.refusal("consents.record_consent", **told) == "not_permitted"
    people.police.records("consents.record_consent", **told)
    people.police.records("cases.record_order", order=BAIL)
    theirs = DeviceName("tipstaff", "PHONE-V")
    described = Description(DeviceKind.VICTIMS_DEVICE, "M1")
    people.centre.records("device_inventory.register_device", device=theirs, description=described)
    given = {"device": theirs, "wearer": "abuser", "at": ago(19)}
    other = people.centre.does("holdings.issue_victims_device", victim="V-1", **given)
    assert codes(other) == ["ORDER_DOES_NOT_PROTECT"]
    people.centre.records("holdings.issue_victims_device", victim="V-77", **given)
    whose = {"device": theirs, "at": ago(5)}
    assert people.centre.does("device_view.who_has", **whose).held is None
    safe = people.centre.does("device_view.who_has", purpose=Purpose.VICTIM_SAFETY, **whose)
    assert safe.held.victim == "V-77"


def a_sentence_with_its_treatment(people: People) -> None:
    """A suspended sentence with drug treatment: its appointments are a condition."""
    people.police.records("cases.record_wearer", wearer=wearer("in-treatment"))
    weekly = attendance("treatment", treats=True)
    sentence = replace(
        BAIL, reference="S1", wearer="in-treatment", basis=LegalBasis.SUSPENDED_SENTENCE,
        conditions=(weekly, NIGHTS),
    )  # fmt: skip
    people.police.records("cases.record_order", order=sentence)
    lines = people.police.does("case_view.list_orders", force="Hertfordshire")
    assert {(line.wearer, line.basis) for line in lines} == {
        ("abuser", LegalBasis.COURT_BAIL),
        ("in-treatment", LegalBasis.SUSPENDED_SENTENCE),
    }


def positions_come_in(people: People, folder: Path) -> None:
    """What they report is taken in for the orders' conditions, the victim's phone's too."""
    fits(people.centre, "abuser", "TAG-1", ago(19))
    fits(people.centre, "in-treatment", "TAG-2", ago(19))
    lines = stays("TAG-1", AWAY, NIGHT - timedelta(hours=1), 55)
    lines += stays("TAG-1", BAR, NIGHT, 30)
    lines += stays("TAG-2", BAR, NIGHT, 30)
    lines += stays("PHONE-V", BAR, NIGHT, 30)
    taken = sends(people.feed, folder, lines)
    assert (taken.new_rows, taken.quarantined, taken.not_collected) == (len(lines), {}, {})


def nobody_on_bail_is_searched_for_crimes(people: People) -> None:
    """A burglary in that very street: by law neither bail nor this sentence lets it be asked."""
    batch = f"HRT{ago(1):%Y%m%d}"
    content = crime_row(batch, "BURGLARY/1", "BIAD", NIGHT, BAR).encode()
    people.analyst.does("crimes.import_crimes", content=content)
    outcomes, crimes = matches(people.reviewer, batch)
    assert outcomes == {}
    row = crimes["BURGLARY/1"]
    assert (row["searched_wearers"], row["monitored_wearers"]) == (0, 2)


def what_the_wearer_reads_names_no_victim(people: People, folder: Path) -> None:
    """Their own copy has the order, and not who is protected by it."""
    out = folder / "own"
    done = people.governor.does(
        "wearer_export.export_wearer", wearer="abuser", out=out, authority="SAR 7"
    )
    assert done.counts.fixes == 85
    held = b"".join(path.read_bytes() for path in out.rglob("*") if path.is_file())
    assert b"51.7527" in held
    for secret in (b"V-77", b"PHONE-V", b"V Liaison", b"victim-1"):
        assert secret not in held, secret


def the_victim_takes_it_back(people: People) -> None:
    """Their consent ends, and the order is told to lack it: a person has to vary it."""
    done = people.police.does(
        "consents.withdraw_consent", wearer="abuser", reference="C-V", told_to="V Liaison",
        how=WithdrawnBy.BY_TELEPHONE, purpose=Purpose.VICTIM_SAFETY,
    )  # fmt: skip
    assert (done.problems, done.orders_ended, done.activations_ended) == ((), (), 0)
    assert [problem.code for problem in done.consequences] == ["NO_VICTIM_CONSENT"]
