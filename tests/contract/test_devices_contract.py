"""The inventory on both databases: facts by two clocks, lists, documents, what is not searched."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from made_devices import WHO, at, codes, described, fit, monitored, name, registered

from tipstaff.domain.devices import DeviceKind, DeviceState
from tipstaff.domain.periods import Period
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.supplier_details import SupplierDetails


def describe(device: str, **other: Any) -> Any:
    from tipstaff.services.device_inventory import describe_device

    when = {key: other.pop(key) for key in ("valid_from", "valid_to", "reason") if key in other}
    return describe_device(**WHO, device=name(device), description=described(**other), **when)


def shown(device: str, **other: Any) -> Any:
    from tipstaff.services.device_view import show_device

    return show_device(**WHO, device=name(device), **other)


def listed(**other: Any) -> list[tuple[str, str | None]]:
    from tipstaff.records.device_lists import DevicesWanted
    from tipstaff.services.device_view import list_devices

    lines = list_devices(**WHO, wanted=DevicesWanted(**other))
    return [(line.device_id, line.state) for line in lines]


def test_firmware_changed_at_one_time_and_learnt_at_another(instance: Any) -> None:
    registered("d1", firmware="1.0")
    before = datetime.now(UTC)
    assert describe("d1", firmware="2.0", valid_from=at(0), reason="told by the supplier").new
    assert describe("d1", firmware="1.9", valid_from=at(0), valid_to=at(5)).number == 3
    assert not describe("d1", firmware="2.0", valid_from=at(5)).new
    found = [shown("d1", valid_at=at(m)).shown.description.firmware for m in (-1, 0, 4, 5)]
    assert found == ["1.0", "1.9", "1.9", "2.0"]
    then = shown("d1", valid_at=at(1), as_known_at=before)
    assert then.shown.description.firmware == "1.0"
    assert len(then.facts) == 1
    assert shown("d1").facts[1].reason == "told by the supplier"
    assert shown("d9") is None


def test_what_is_wrong_is_refused(sqlite_instance: Any) -> None:
    from tipstaff.services.device_inventory import register_device

    registered("d1")
    again = register_device(**WHO, device=name("d1"), description=described())
    assert codes(again) == ["DEVICE_KNOWN"]
    assert codes(describe("d2")) == ["DEVICE_NOT_KNOWN"]
    assert codes(describe("d1", reporting_s=86_401)) == ["INTERVAL"]
    with pytest.raises(ValueError, match="cannot be stored"):
        describe("d1", model="")
    other = register_device(**WHO, device=name("d", "a\u0007"), description=described())
    assert codes(other) == ["NAME"]


def test_facts_come_in_turn(instance: Any) -> None:
    from tipstaff.records.models import DeviceFact

    registered("d1")
    row = DeviceFact.objects.get()
    for number, when in ((3, row.recorded_at), (2, at(-100_000))):
        twin = DeviceFact(
            device=row.device, number=number, valid_from=row.valid_from, recorded_at=when,
            recorded_by=row.recorded_by, kind="tag", model="M", state="in_stock",
        )  # fmt: skip
        with pytest.raises(DatabaseError, match="out of turn"), transaction.atomic():
            twin.save(force_insert=True)


def test_lists_by_supplier_state_model_and_trial(instance: Any) -> None:
    from tipstaff.records import devices

    registered("d1", "d3")
    registered("d2", supplier="other", model="M2", trial="Dorset 2026")
    registered("d4", state=DeviceState.RETIRED)
    devices.register("acme", ["d5"])
    monitored("W1")
    fit("d3", "W1", 0)
    everything = [
        ("d1", "in_stock"), ("d2", "in_stock"), ("d3", "worn"), ("d4", "retired"), ("d5", None),
    ]  # fmt: skip
    assert listed() == everything
    assert listed(supplier="acme") == [line for line in everything if line[0] != "d2"]
    assert listed(state=DeviceState.WORN) == [("d3", "worn")]
    assert listed(state=DeviceState.IN_STOCK) == [("d1", "in_stock"), ("d2", "in_stock")]
    assert listed(model="M2") == listed(trial="Dorset 2026") == [("d2", "in_stock")]
    describe("d1", model="M2", valid_from=at(0))
    assert [line[0] for line in listed(model="M2")] == ["d1", "d2"]
    assert [line[0] for line in listed(model="M1")] == ["d3", "d4"]
    describe("d1", model="M2", state=DeviceState.DAMAGED, valid_from=at(1))
    assert listed(state=DeviceState.IN_STOCK) == [("d2", "in_stock")]
    assert listed(state=DeviceState.DAMAGED, model="M2") == [("d1", "damaged")]


def test_pages_follow_each_other(instance: Any) -> None:
    from tipstaff.records.device_lists import DevicesWanted
    from tipstaff.records.device_lists import listed as page

    for supplier in ("acme", "other"):
        registered("d1", "d2", "d3", supplier=supplier)
    found, after = [], None
    while lines := page(DevicesWanted(after=after, limit=2), now=datetime.now(UTC)):
        found += [(line.device_id, line.supplier) for line in lines]
        after = (lines[-1].device_id, lines[-1].row)
    assert len(found) == 6
    assert sorted(found) == sorted((d, s) for d in ("d1", "d2", "d3") for s in ("acme", "other"))
    assert [device for device, _supplier in found] == ["d1", "d1", "d2", "d2", "d3", "d3"]


@pytest.mark.parametrize(
    "wanted",
    [{}, {"supplier": "acme"}, {"model": "M1"}, {"trial": "T"}, {"state": DeviceState.WORN}],
    ids=str,
)  # fmt: skip
def test_a_page_is_one_statement_by_indexes(sqlite_instance: Any, wanted: dict[str, Any]) -> None:
    from tipstaff.records.device_lists import DevicesWanted
    from tipstaff.records.device_lists import listed as page

    registered(*(f"d{n:03}" for n in range(30)), trial="T")
    with CaptureQueriesContext(connection) as asked:
        assert len(page(DevicesWanted(**wanted), now=datetime.now(UTC))) == (
            0 if "state" in wanted else 30
        )
    (statement,) = asked
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + statement["sql"])
        steps = [row[3] for row in cursor.fetchall()]
    scans = [s for s in steps if s.startswith("SCAN") and "USING" not in s]
    assert scans == []
    if not {"model", "trial"} & wanted.keys():  # those sort what the index finds
        assert not any("TEMP B-TREE FOR ORDER BY" in s for s in steps if "supplier" not in wanted)


DOCUMENT: dict[str, Any] = {
    "format": "tipstaff-devices-1",
    "suppliers": [
        {"name": "acme", "contact": "faults@acme.example", "formats": ["tipstaff"],
         "active_from": "2026-01-01T00:00:00Z"},
        {"name": "bad", "active_from": "2026-01-02T00:00:00Z", "active_to": "2026-01-01T00:00:00Z"},
    ],
    "devices": [
        {"supplier": "acme", "device_id": "1", "description": {"kind": "tag", "model": "M1"}},
        {"supplier": "acme", "device_id": "2", "description": {"kind": "bicycle", "model": "M1"}},
        {"supplier": "acme", "device_id": "3",
         "description": {"kind": "tag", "model": "M1", "state": "worn"}},
        {"supplier": "acme", "device_id": "1", "valid_from": "2026-02-01T00:00:00Z",
         "reason": "update", "description": {"kind": "tag", "model": "M1", "firmware": "2"}},
    ],
}  # fmt: skip


def take_in(document: dict[str, Any]) -> Any:
    from tipstaff.services.device_import import import_devices

    return import_devices(**WHO, content=json.dumps(document).encode())


def test_a_document_is_taken_in_once_and_its_faults_told(instance: Any) -> None:
    from tipstaff.records.models import AuditEntry

    done = take_in(DOCUMENT)
    assert (done.read, done.kept, done.new) == (6, 3, 3)
    assert [fault.where for fault in done.faults] == [
        "devices[1].description.kind", "suppliers[1].active_to", "devices[2].description.state",
    ]  # fmt: skip
    again = take_in(DOCUMENT)
    assert (again.kept, again.new) == (3, 0)
    assert shown("1").shown.description.firmware == "2"
    assert "faults@acme" not in str(list(AuditEntry.objects.values_list("extent", flat=True)))


def test_a_device_in_use_keeps_its_kind_in_a_document_too(sqlite_instance: Any) -> None:
    registered("1")
    monitored("W1")
    fit("1", "W1", 0)
    unit = {"kind": "home_unit", "model": "M1"}
    other = {"supplier": "acme", "device_id": "1", "description": unit}
    done = take_in({"format": "tipstaff-devices-1", "devices": [other]})
    assert (done.read, done.kept) == (1, 0)
    assert [fault.what for fault in done.faults] == ["KIND_IN_USE"]


def test_what_is_given_out_comes_back_equal(sqlite_instance: Any) -> None:
    from tipstaff.formats.device_json import read_devices
    from tipstaff.services.device_import import export_devices

    take_in(DOCUMENT)
    describe("1", firmware="3", valid_from=at(0), valid_to=at(9))
    given = export_devices(**WHO)
    read = read_devices(given)
    assert read.faults == ()
    assert [s.name for _n, s in read.suppliers] == ["acme"]
    assert take_in(json.loads(given)).new == 0
    assert [told.description.firmware for _n, told in read.devices] == ["", "2", "3"]


def test_a_supplier_is_described_anew(instance: Any) -> None:
    from tipstaff.records import supplier_facts
    from tipstaff.services.device_inventory import describe_supplier

    for contact in ("a@acme.example", "b@acme.example", "b@acme.example"):
        told = SupplierDetails("acme", contact, ("national",), at(0))
        assert describe_supplier(**WHO, supplier=told) == ()
    assert supplier_facts.details_of("acme") == told
    assert supplier_facts.details_of("none") is None
    from tipstaff.records.models import SupplierFact

    assert SupplierFact.objects.count() == 2
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        connection.cursor().execute("UPDATE records_supplierfact SET contact = ''")


def positions(path: Path) -> None:
    from tipstaff.positions.mappings import mapping_digest, shipped_mapping
    from tipstaff.services.positions import import_positions

    rows = [f"{d},{at(5).isoformat()},53.0,-1.5,10,1" for d in ("d1", "v1", "h1")]
    head = "device_id,fix_time,latitude,longitude,precision_m,mechanism"
    path.write_text("\n".join([head, *rows]) + "\n")
    mapping = shipped_mapping("tipstaff")
    import_positions(**WHO, path=path, mapping=mapping, reading=mapping_digest(mapping))


def test_victims_devices_and_home_units_are_never_searched(instance: Any, tmp_path: Path) -> None:
    from tipstaff.services import runs
    from tipstaff.services.trails import FixesFound, near, trail

    registered("d1", supplier="tipstaff")
    registered("v1", supplier="tipstaff", kind=DeviceKind.VICTIMS_DEVICE)
    registered("h1", supplier="tipstaff", kind=DeviceKind.HOME_UNIT)
    positions(tmp_path / "p.csv")
    hour = Period(at(0), at(60))
    found = near(**WHO, latitude=53.0, longitude=-1.5, radius_m=50, period=hour)
    assert set(found.names.values()) == {"d1"}
    search = runs.begin_search(**WHO, batch="all", extent={})
    assert {n.device_id for n in runs.registered_devices(search).values()} == {"d1"}
    assert trail(**WHO, name="v1", period=hour) is None
    safe = WHO | {"purpose": Purpose.VICTIM_SAFETY}
    assert isinstance(trail(**safe, name="v1", period=hour), FixesFound)


def test_devices_become_no_wearers_again_when_activations_are_annulled(
    sqlite_instance: Any,
) -> None:
    from tipstaff.records import activations
    from tipstaff.services.fittings import annul_fitting

    registered("d1")
    monitored("W1")
    assert not activations.any_recorded()
    done = fit("d1", "W1", 0)
    annul_fitting(**WHO, device=name("d1"), reference=done.reference, reason="mistaken")
    assert activations.any_recorded()
    assert activations.of_wearer("W1") == []


def test_who_has_a_device(sqlite_instance: Any) -> None:
    from tipstaff.records.models import AuditEntry
    from tipstaff.services.device_view import who_has

    registered("d1")
    monitored("W1")
    before = datetime.now(UTC)
    fit("d1", "W1", 0)
    asked: dict[str, Any] = {**WHO, "device": name("d1"), "at": at(5)}
    found = who_has(**asked)
    assert found.worn is not None
    assert found.worn.wearer == "W1"
    assert who_has(**asked, as_known_at=before).worn is None
    served = AuditEntry.objects.filter(use_case="who_has", phase="served").order_by("at").first()
    assert served is not None
    assert served.subject_refs == [str(found.worn.subject_ref)]
