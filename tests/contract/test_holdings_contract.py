"""Home units and victims' devices on both databases: where they are, and never on a wearer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from made_cases import wearer
from made_devices import WHO, at, codes, described, fit, monitored, name, registered

from tipstaff.domain.devices import DeviceKind, DeviceState


@pytest.fixture
def ready(instance: Any) -> None:
    registered("d1", "d2")
    monitored("W1", "W2")


@pytest.fixture
def ready_here(sqlite_instance: Any) -> None:
    """The same on one database, for what neither decides."""
    registered("d1", "d2")
    monitored("W1", "W2")


def state(device: str) -> str | None:
    from tipstaff.records.device_lists import DevicesWanted, listed

    lines = listed(DevicesWanted(), now=datetime.now(UTC))
    return next(line.state for line in lines if line.device_id == device)


def entries(use_case: str) -> list[Any]:
    from tipstaff.records.models import AuditEntry

    return list(AuditEntry.objects.filter(use_case=use_case).order_by("at"))


def nobody_wears_anything() -> bool:
    from tipstaff.records.models import Activation

    return not Activation.objects.exists()


def test_home_units_are_at_an_address_and_move(ready: None) -> None:
    from tipstaff.records import holdings
    from tipstaff.services.cases import record_wearer
    from tipstaff.services.holdings import end_holding, install_home_unit, move_home_unit

    registered("h1", kind=DeviceKind.HOME_UNIT)
    unit: dict[str, Any] = {**WHO, "device": name("h1")}
    where: dict[str, Any] = {**unit, "wearer": "W1", "address": "home"}
    tag: dict[str, Any] = {**where, "device": name("d1")}
    assert codes(install_home_unit(**tag, at=at(0))) == ["DEVICE_OF_OTHER_KIND"]
    assert codes(fit("h1", "W1", 0)) == ["DEVICE_OF_OTHER_KIND"]
    assert codes(install_home_unit(**(where | {"address": "x"}), at=at(0))) == ["ADDRESS_NOT_KNOWN"]
    assert codes(install_home_unit(**where, at=at(0))) == []
    assert codes(install_home_unit(**(where | {"wearer": "W2"}), at=at(9))) == ["DEVICE_IN_USE"]
    assert state("h1") == "issued"
    from tipstaff.domain.wearers import Address

    moved = wearer("W1", addresses=(*wearer().addresses, Address("mum", ("2 Made Street",))))
    record_wearer(**WHO, wearer=moved, valid_from=at(20))
    assert codes(move_home_unit(**unit, address="mum", at=at(19))) == ["ADDRESS_NOT_KNOWN"]
    assert codes(move_home_unit(**unit, address="mum", at=at(30))) == []
    known = datetime.now(UTC)
    assert codes(end_holding(**unit, at=at(60))) == []
    found = [holdings.held_at("acme", "h1", at(m)) for m in (-1, 0, 29, 30, 59, 60)]
    assert [h.address if h else None for h in found] == [None, "home", "home", "mum", "mum", None]
    then = holdings.held_at("acme", "h1", at(60), known_at=known)
    assert then is not None
    assert codes(end_holding(**unit, at=at(61))) == ["NOT_HELD"]
    assert nobody_wears_anything()


def test_a_victim_s_device_goes_to_whom_an_order_protects(ready: None) -> None:
    from tipstaff.domain.conditions import Protected, Proximity
    from tipstaff.services.holdings import issue_victims_device

    monitored("W3", conditions=(Proximity("p", Protected.VICTIM, "V1", 500.0),))
    registered("v1", kind=DeviceKind.VICTIMS_DEVICE)
    wanted: dict[str, Any] = {**WHO, "device": name("v1"), "at": at(0)}
    assert codes(issue_victims_device(**wanted, victim="V1", wearer="W1")) == [
        "ORDER_DOES_NOT_PROTECT"
    ]
    assert codes(issue_victims_device(**wanted, victim="V2", wearer="W3")) == [
        "ORDER_DOES_NOT_PROTECT"
    ]
    assert codes(issue_victims_device(**wanted, victim="V1", wearer="W3")) == []
    assert codes(fit("v1", "W3", 5)) == ["DEVICE_OF_OTHER_KIND"]
    assert "V1" not in str([(e.extent, e.subject_refs) for e in entries("issue_victims_device")])


def test_no_wearer_s_activation_of_such_a_device_is_taken_in(ready_here: None) -> None:
    from tipstaff.domain.activations import Activation
    from tipstaff.services.activations import import_activations

    registered("h1", kind=DeviceKind.HOME_UNIT)
    rows = [Activation("a", "h1", "W1", at(0), row=2), Activation("b", "d1", "W1", at(0), row=3)]
    done = import_activations(**WHO, supplier="acme", incoming=rows)
    assert (done.recorded, done.not_worn) == (1, (2,))


def test_the_databases_themselves_refuse_it(ready: None) -> None:
    from tipstaff.records.models import Activation, Device, Holding, Wearer
    from tipstaff.services.holdings import install_home_unit

    registered("h1", kind=DeviceKind.HOME_UNIT)
    install_home_unit(**WHO, device=name("h1"), wearer="W1", address="home", at=at(0))
    fit("d1", "W1", 0)
    unit, tag = Device.objects.get(device_id="h1"), Device.objects.get(device_id="d1")
    owner = Wearer.objects.get(reference="W2")
    since = {"start": at(5), "end": at(9), "recorded_at": at(0)}
    both = Activation(supplier=unit.supplier, activation_id="x", device=unit, wearer=owner, **since)
    held = {
        "holding_ref": uuid4(),
        "wearer": owner,
        "address": "a",
        "recorded_by": uuid4(),
        **since,
    }
    for row in (both, Holding(device=unit, **held), Holding(device=tag, **held)):
        with pytest.raises(DatabaseError, match="overlap"), transaction.atomic():
            row.save(force_insert=True)
    for statement, words in (
        ("UPDATE records_holding SET address = 'b'", "only superseded"),
        ("UPDATE records_devicefact SET model = 'b'", "never changed"),
    ):
        with pytest.raises(DatabaseError, match=words), transaction.atomic():
            connection.cursor().execute(statement)


def test_kinds_of_devices_in_use_stay(ready_here: None) -> None:
    from tipstaff.services.device_inventory import describe_device

    fit("d1", "W1", 0)
    as_unit = describe_device(**WHO, device=name("d1"), description=described(DeviceKind.HOME_UNIT))
    assert codes(as_unit) == ["KIND_IN_USE"]
    worn_told = describe_device(
        **WHO, device=name("d1"), description=described(state=DeviceState.WORN)
    )
    assert codes(worn_told) == ["WORN_IS_NOT_TOLD"]
