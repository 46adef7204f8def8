"""Reach, on both databases: lists, looks, trails, places and runs leave out the same people."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from made_accounts import LOCAL, account, clear, everybody, hand, permit, train
from made_cases import case, order, utc, wearer

from tipstaff.domain.access_facts import Area
from tipstaff.domain.activations import Activation
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.periods import Period
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import Relation, Role
from tipstaff.formats.case_json import write_cases

WORK = Purpose.OFFENDER_MANAGEMENT
NOON = (datetime.now(UTC) - timedelta(days=1)).replace(microsecond=0)


def who(actor: str, purpose: Purpose = WORK) -> dict[str, Any]:
    return {"actor": actor, "purpose": purpose, "authority": ""}


def known(name: str, *forces: str, limited: bool = False, **other: Any) -> None:
    from tipstaff.services.cases import record_order, record_wearer

    assert record_wearer(**LOCAL, wearer=wearer(name)).problems == ()
    for number, force in enumerate(forces):
        made = order(f"O{number}-{name}", wearer=name, force=force, **other)
        assert record_order(**LOCAL, order=made).problems == ()
    if limited:
        record_wearer(**LOCAL, wearer=wearer(name, limited_access=True))


def shown(actor: str, name: str) -> bool:
    from tipstaff.services.case_view import show_case

    return show_case(**who(actor), wearer=name) is not None


def listed(actor: str, **other: Any) -> list[str]:
    from tipstaff.services.case_view import list_orders

    return sorted({line.wearer for line in list_orders(**who(actor), **other)})


def test_a_list_shows_whom_a_look_would_show(instance: Any) -> None:
    from tipstaff.services.teams import add_team

    assert add_team(**LOCAL, name="north", force="Derbyshire").done
    people = {"W1": ["Derbyshire"], "W2": ["Durham"], "W3": ["Durham", "Derbyshire"], "W4": []}
    for name, forces in people.items():
        known(name, *forces)
    known("W5", "Derbyshire", limited=True)
    known("W6", "Derbyshire", basis=LegalBasis.IMMIGRATION_BAIL)
    account("ann", Role.OFFENDER_MANAGER, team="north")
    account("dan", Role.IOM_COORDINATOR)
    account("max", Role.HUB_MANAGER)
    hand("W2", user="ann")
    hand("W3", team="north")
    hand("W1", user="ann", starts_at=utc("2020-01-01"), ends_at=utc("2021-01-01"))
    hand("W2", user="dan")
    for actor, mine in (("ann", ["W2", "W3"]), ("dan", ["W2"]), ("max", [])):
        assert listed(actor, mine=True) == mine
    names = [*people, "W5", "W6"]
    assert [n for n in names if shown("ann", n)] == listed("ann") == ["W2", "W3"]
    assert [n for n in names if shown("dan", n)] == ["W1", "W2", "W3"]
    assert listed("dan") == ["W1", "W3"]
    assert listed("dan", force="Durham") == []
    assert [n for n in names if shown("max", n)] == ["W1", "W2", "W3", "W4", "W6"]
    clear("dan", "W5")
    assert listed("dan") == ["W1", "W3", "W5"]
    assert shown("dan", "W5")


def test_a_list_within_reach_is_one_statement_by_an_index(instance: Any) -> None:
    from tipstaff.domain.access_rows import Reach
    from tipstaff.records import accounts, assignments, case_lists
    from tipstaff.records.assignments import Holder
    from tipstaff.records.case_lists import ListWanted
    from tipstaff.records.reach import ListReach
    from tipstaff.services.case_import import import_orders

    import_orders(**LOCAL, content=write_cases(tuple(case(n) for n in range(700))))
    account("dan", Role.IOM_COORDINATOR)
    account("max", Role.HUB_MANAGER)
    now = datetime.now(UTC)
    for name, first, last in (("dan", 0, 30), ("max", 30, 700)):
        assignments.assign(
            [f"W{number:06d}" for number in range(first, last)],
            Holder(user=accounts.ref_of(name)), Relation.CASEWORKER,
            starts_at=now, ends_at=None, at=now, by=uuid4(),
        )  # fmt: skip
    connection.cursor().execute("ANALYZE")
    actor = accounts.standing("dan", now)
    assert actor is not None
    named = frozenset({"W000003"})
    for reach, count in (
        (ListReach(actor, Reach.FORCE), 50),
        (ListReach(actor, Reach.FORCE, limited=named), 50),
        (ListReach(actor, Reach.OWN_CASES), 30),
        (ListReach(actor, Reach.FORCE, mine=True), 30),
        (everybody(), 50),
    ):
        with CaptureQueriesContext(connection) as asked:
            assert len(case_lists.orders(ListWanted(reach), now=now)) == count
        assert len(asked) == 1
        found = plan(asked.captured_queries[0]["sql"])
        whole = r"(Seq Scan on|SCAN) (records_orderstretch|records_assignment|U0)(?! USING INDEX)"
        assert not re.search(whole, found)
        assert "INDEX" in found.upper()
        if reach.reach is Reach.FORCE and not reach.mine:
            assert "TEMP B-TREE" not in found


def plan(statement: str) -> str:
    explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    with connection.cursor() as cursor:
        cursor.execute(f"{explain} {statement}")
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def test_whoever_records_a_new_case_holds_it_and_takes_over_no_other_forces(
    sqlite_instance: Any,
) -> None:
    from tipstaff.services.case_import import import_orders
    from tipstaff.services.cases import record_order, record_wearer

    account("ann", Role.OFFENDER_MANAGER)
    known("W2", "Durham")
    assert record_wearer(**who("ann"), wearer=wearer("W1")).new
    assert shown("ann", "W1")
    assert record_order(**who("ann"), order=order()).new
    foreign = record_order(**who("ann"), order=order("O2", force="Durham"))
    assert [str(p.code) for p in foreign.problems] == ["OTHER_FORCE"]
    hand("W2", user="ann")
    taken = record_order(**who("ann"), order=order("O0-W2", wearer="W2"))
    assert [str(p.code) for p in taken.problems] == ["OTHER_FORCE"]
    done = import_orders(**who("ann"), content=write_cases((case(3), case(1))))
    assert done.kept == 1
    assert ["OTHER_FORCE" in str(fault) for fault in done.faults] == [True]
    assert shown("ann", "W000003")


#: What d1 reported: while nobody, W1, W2 (of limited access) and nobody again wore it.
MINUTES = {-5: "nobody", 5: "W1", 15: "W2", 25: "nobody"}


@pytest.fixture
def worn(instance: Any, tmp_path: Path) -> Period:
    """A device worn in turn, yesterday; the hour about it."""
    from tipstaff.positions.mappings import shipped_mapping
    from tipstaff.services.activations import import_activations
    from tipstaff.services.positions import import_positions

    facts = [
        Activation(f"a{n}", "d1", name, at(start), at(start + 10), n)
        for n, (name, start) in enumerate((("W1", 0), ("W2", 10)), start=2)
    ]
    mapping = shipped_mapping("tipstaff")
    import_activations(**LOCAL, supplier=mapping.supplier, incoming=facts)
    path = tmp_path / "p.csv"
    lines = [f"d1,{at(m).isoformat()},53.0,-1.5,10,1" for m in MINUTES]
    head = "device_id,fix_time,latitude,longitude,precision_m,mechanism"
    path.write_text("\n".join([head, *lines]) + "\n")
    import_positions(**LOCAL, path=path, mapping=mapping)
    # after the positions: the orders would let in only what they support
    known("W1", "Derbyshire", ends_at=utc("2090-01-01"))
    known("W2", "Derbyshire", limited=True, ends_at=utc("2090-01-01"))
    return Period(at(-30), at(30))


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def trail_of(actor: str, name: str, period: Period, **other: Any) -> list[str] | None:
    from tipstaff.services.trails import FixesFound, trail

    found = trail(**who(actor), name=name, period=period, **other)
    assert found is None or isinstance(found, FixesFound)
    return None if found is None else owners(found.table)


def owners(table: Any) -> list[str]:
    first = {at(minutes): owner for minutes, owner in MINUTES.items()}
    return [first[instant] for instant in table["fix_time"].to_pylist()]


def test_a_trail_holds_what_the_actor_may_see(worn: Period) -> None:
    account("ann", Role.OFFENDER_MANAGER)
    account("eva", Role.IOM_COORDINATOR, force="Durham")
    account("max", Role.HUB_MANAGER)
    hand("W1", user="ann")
    hand("W1", user="max")
    assert trail_of("tester", "d1", worn) == ["nobody", "W1", "nobody"]
    assert trail_of("tester", "W2", worn) is None
    assert trail_of("max", "W1", worn) == ["W1"]
    assert trail_of("ann", "W1", worn) == ["W1"]
    assert trail_of("ann", "d1", worn) == ["W1"]
    assert trail_of("eva", "W1", worn) is None
    assert trail_of("eva", "d1", worn) is None
    assert trail_of("max", "d1", Period(at(11), at(19))) is None
    clear("max")
    assert trail_of("max", "d1", worn) == ["nobody", "W1", "W2", "nobody"]
    assert trail_of("max", "W2", worn) == ["W2"]


def test_a_name_of_somebody_hidden_means_the_device_alone(worn: Period) -> None:
    from tipstaff.services.activations import import_activations

    import_activations(
        **LOCAL, supplier="other", incoming=[Activation("b", "W2", "W1", at(0), at(10))]
    )
    assert trail_of("tester", "W2", worn) == []


def test_a_search_by_place_shows_whom_the_actor_may_see(worn: Period) -> None:
    from tipstaff.services.trails import near

    area = Area(53.0, -1.5, 100.0)
    place = {"latitude": 53.0, "longitude": -1.5, "radius_m": 100.0, "period": worn}
    for name, force in (("cas", "Derbyshire"), ("eva", "Durham")):
        account(name, Role.CRIME_ANALYST, force=force)
        permit(name, "near", worn, Purpose.CRIME_MATCHING, area=area)
    found = {
        name: near(**who(name, Purpose.CRIME_MATCHING), **place)
        for name in ("cas", "eva", "tester")
    }
    assert owners(found["cas"].table) == ["W1"]
    assert owners(found["eva"].table) == []
    assert owners(found["tester"].table) == ["nobody", "W1", "nobody"]
    assert {w.wearer for w in found["tester"].worn} == {"W1"}
    clear("tester", "W2")
    assert len(near(**who("tester"), **place).table) == 4


def test_a_run_about_somebody_of_limited_access_is_none_for_the_others(instance: Any) -> None:
    from tipstaff.records.models import CrimeVersion, Exclusion, Run
    from tipstaff.records.models import Wearer as Row
    from tipstaff.services.crimes import import_crimes
    from tipstaff.services.runs import list_runs, read_run

    matching = Purpose.CRIME_MATCHING
    content = (
        b"Durham,BIAD,,DUR20260101,a,20260101220000,20260102060000,427000,542000,,,OSGB36,\r\n"
    )
    import_crimes(**who("tester", matching), content=content)
    known("W1", "Durham")
    run = Run.objects.create(
        manifest="{}", parameters={}, model_version="", software_version="", data_digest="",
        started_at=NOON, finished_at=NOON,
    )  # fmt: skip
    Exclusion.objects.create(
        run=run, crime_version=CrimeVersion.objects.get(), wearer=Row.objects.get(),
        searched_wearers=1, decided_by=1, legacy_match=False, outcome="excluded",
    )  # fmt: skip
    account("cat", Role.HUB_CASEWORKER)
    train("cat")
    asked = who("cat", matching)
    assert read_run(**asked, run_id=run.id) is not None
    known("W1", limited=True)
    assert read_run(**asked, run_id=run.id) is None
    assert list_runs(**asked) == []
    clear("cat", "W1")
    assert read_run(**asked, run_id=run.id) is not None
    assert [line.run_id for line in list_runs(**asked)] == [run.id]


def test_the_audit_names_no_one_of_limited_access_to_whoever_is_not_cleared(
    sqlite_instance: Any,
) -> None:
    from tipstaff.services.audit import list_audit

    known("W1", limited=True)
    assert not shown("tester", "W1")
    audit = who("tester", Purpose.AUDIT)
    assert {e.subject_refs for e in list_audit(**audit) if e.use_case == "show_case"} == {()}
    clear("tester")
    assert {len(e.subject_refs) for e in list_audit(**audit) if e.use_case == "show_case"} == {1}


def test_relations_are_kept_with_who_gave_them(sqlite_instance: Any) -> None:
    from tipstaff.services.assignments import end_assignment, list_assignments

    known("W1", "Derbyshire")
    account("ann", Role.OFFENDER_MANAGER)
    hand("W1", Relation.OFFENDER_MANAGER, user="ann")
    (held,) = list_assignments(**who("tester"), wearer="W1")
    assert (held.user, held.relation, held.ended_at) == ("ann", Relation.OFFENDER_MANAGER, None)
    assert end_assignment(**who("tester"), assignment=held.ref, reason="moved").done
    (held,) = list_assignments(**who("tester"), wearer="W1")
    assert held.ended_at is not None
    assert not shown("ann", "W1")


def test_of_files_of_two_forces_none_is_taken_in(sqlite_instance: Any) -> None:
    from tipstaff.records.models import Batch
    from tipstaff.services.access import RefusedError
    from tipstaff.services.crime_files import import_crime_files

    account("cas", Role.CRIME_ANALYST, force="Durham")
    row = "{},BIAD,,{}20260101,a,20260101220000,20260102060000,427000,542000,,,OSGB36,\r\n"
    files = [row.format(*force).encode() for force in (("Durham", "DUR"), ("Essex", "ESX"))]
    with pytest.raises(RefusedError, match="other_force"):
        import_crime_files(**who("cas", Purpose.CRIME_MATCHING), contents=files)
    assert not Batch.objects.exists()
    taken = import_crime_files(**who("cas", Purpose.CRIME_MATCHING), contents=files[:1])
    assert [done.file.force for _number, done in taken.done] == ["Durham"]  # type: ignore[union-attr]
