"""Of whom anything changed that live monitoring goes by, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test.utils import CaptureQueriesContext
from made_accounts import second_local
from made_cases import absence, consent, order, utc, wearer, zone
from made_devices import WHO, fit, monitored, name, registered, remove

from tipstaff.domain.activations import Activation
from tipstaff.domain.consents import ConsentKind
from tipstaff.domain.devices import DeviceKind
from tipstaff.domain.purposes import Operation, Phase, Purpose


class Watching:
    """Asks what changed since it asked last."""

    def __init__(self) -> None:
        from tipstaff.records.live_changes import changed_since

        self.mark, found = changed_since(None)
        assert found == frozenset()

    def changed(self) -> set[str]:
        from tipstaff.records.live_changes import changed_since
        from tipstaff.records.models import Wearer

        self.mark, found = changed_since(self.mark)
        names = dict(Wearer.objects.values_list("subject_ref", "reference"))
        return {names.get(ref, str(ref)) for ref in found}


def wore(whom: str = "W1", device: str = "D1", end: str = "2999-12-12") -> Any:
    from tipstaff.services.activations import import_activations

    fact = Activation("A1", device, whom, utc("2026-01-05"), utc(end), 1)
    return import_activations(**WHO, supplier="acme", incoming=[fact])


def test_every_change_that_lives_are_made_from_names_its_wearer(instance: Any) -> None:
    from tipstaff.services.absences import ask_absence, cancel_absence, decide_absence
    from tipstaff.services.cases import record_order, record_wearer
    from tipstaff.services.consents import record_consent
    from tipstaff.services.holdings import end_holding, install_home_unit

    monitored("W1", "W2")
    registered("d1")
    registered("h1", kind=DeviceKind.HOME_UNIT)
    watching = Watching()
    assert watching.changed() == set()
    home = consent(kind=ConsentKind.HOUSEHOLDER, person="A Householder", address="home",
                   text="householder-1")  # fmt: skip
    decided = {**WHO, "actor": second_local(), "wearer": "W1", "reference": "A1"}
    unit: dict[str, Any] = {**WHO, "device": name("h1")}
    now = datetime.now(UTC)
    varied = order("O-W1", wearer="W1", conditions=(zone(),))
    steps: dict[str, Any] = {
        "address": lambda: record_wearer(**WHO, wearer=wearer("W1", addresses=())),
        "address again": lambda: record_wearer(**WHO, wearer=wearer("W1")),
        "order": lambda: record_order(**WHO, order=varied),
        "order again": lambda: record_order(**WHO, order=order("O-W1", wearer="W1")),
        "consent": lambda: record_consent(**WHO, consent=home),
        "asked": lambda: ask_absence(**WHO, absence=absence(order="O-W1")),
        "decided": lambda: decide_absence(**decided, approved=True, reason="work"),
        "cancelled": lambda: cancel_absence(**WHO, wearer="W1", reference="A1"),
        "fitted": lambda: fit("d1", "W1", 0),
        "removed": lambda: remove("d1", 5),
        "unit": lambda: install_home_unit(
            **unit, wearer="W1", address="home", at=utc("2026-03-01")
        ),
        "unit gone": lambda: end_holding(**unit, at=now),
        "activation": lambda: wore(device="d2"),
        "corrected": lambda: wore(device="d2", end="2026-02-02"),
    }
    for step, change in steps.items():
        assert not getattr(change(), "problems", ()), step
        assert watching.changed() == {"W1"}, step
        assert watching.changed() == set(), step


def test_whoever_an_activation_was_said_of_before_is_named_too(instance: Any) -> None:
    wore("W1")
    watching = Watching()
    wore("W2")
    assert watching.changed() == {"W1", "W2"}


def test_a_device_described_anew_names_whoever_wears_it(instance: Any) -> None:
    registered("D1", "D2")
    wore("W1")
    watching = Watching()
    registered("D3")
    watching.changed()
    from tipstaff.services.device_inventory import describe_device

    described = describe_device(**WHO, device=name("D1"), description=_described(reporting_s=300))
    assert described.problems == ()
    assert watching.changed() == {"W1"}
    assert watching.changed() == set()


def _described(**other: Any) -> Any:
    from made_devices import described

    return described(**other)


def test_looks_and_positions_name_nobody(instance: Any) -> None:
    from tipstaff.services.case_view import show_case

    monitored("W1")
    watching = Watching()
    show_case(**WHO, wearer="W1")
    _entry("import_positions", [uuid4()])
    assert watching.changed() == set()


def test_an_erasure_names_the_erased(instance: Any) -> None:
    watching = Watching()
    erased = uuid4()
    _entry("run_retention", [erased], Operation.ERASURE)
    assert watching.changed() == {str(erased)}


@pytest.mark.parametrize("sealed_first", [True, False])
def test_what_waits_for_its_number_is_told_once(instance: Any, sealed_first: bool) -> None:
    """Also where a change that began long before is committed after later ones were seen."""
    from tipstaff.records import audit

    watching = Watching()
    first, late = uuid4(), uuid4()
    _entry("record_order", [first])
    if sealed_first:
        audit.seal()
    assert watching.changed() == {str(first)}
    audit.seal()
    assert watching.changed() == set()
    _entry("import_orders", [late], at=utc("2020-01-01"))
    audit.seal()
    assert watching.changed() == {str(late)}
    assert watching.changed() == set()


def test_statements_are_few_and_by_indices_when_nothing_changed(instance: Any) -> None:
    from django.db import connection

    monitored("W1")
    watching = Watching()
    with CaptureQueriesContext(connection) as asked:
        watching.changed()
    assert len(asked) == 4  # three of the poll's, and the names of this test
    if connection.vendor == "sqlite":
        for query in list(asked)[:3]:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
                plan = " ".join(str(row[-1]) for row in cursor.fetchall())
            assert "USING INDEX" in plan or "USING COVERING INDEX" in plan, plan


def _entry(
    use_case: str,
    whom: list[UUID],
    operation: Operation = Operation.COLLECTION,
    at: datetime | None = None,
) -> None:
    from django.db import transaction

    from tipstaff.records import audit
    from tipstaff.records.chain import Entry

    entry = Entry(
        entry_id=uuid4(),
        at=at or datetime.now(UTC),
        request_ref=uuid4(),
        actor_ref=uuid4(),
        role="",
        operation=operation,
        phase=Phase.SERVED,
        use_case=use_case,
        purpose=Purpose.DATA_QUALITY,
        authority="",
        subject_refs=tuple(map(str, whom)),
    )
    with transaction.atomic():
        audit.append(entry)
