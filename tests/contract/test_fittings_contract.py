"""Fittings, removals and swaps on both databases: recorded, refused, and shown by two clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from made_cases import order, utc, wearer
from made_devices import (
    WHO,
    at,
    codes,
    fit,
    monitored,
    name,
    registered,
    remove,
    swap,
)

from tipstaff.domain.devices import DeviceKind
from tipstaff.domain.fittings import Fitted, Fitting, RemovalReason, Removed, StrapCheck
from tipstaff.domain.orders import OrderStatus
from tipstaff.domain.periods import Period

EVER = Period(at(-10_000), at(10_000))


@pytest.fixture
def ready(instance: Any) -> None:
    registered("d1", "d2")
    monitored("W1", "W2")


@pytest.fixture
def ready_here(sqlite_instance: Any) -> None:
    """The same on one database, for what neither decides."""
    registered("d1", "d2")
    monitored("W1", "W2")


def worn(**other: Any) -> list[tuple[str, str, float, float | None]]:
    """(device, wearer, from, to in minutes; None: still worn)."""
    from tipstaff.records import activations

    return [
        (w.device_id, w.wearer, (w.start - at(0)) / timedelta(minutes=1), _end(w.end))
        for w in activations.worn_in(EVER, **other)
    ]


def _end(end: datetime) -> float | None:
    return None if end == EVER.end else (end - at(0)) / timedelta(minutes=1)


def state(device: str) -> str | None:
    from tipstaff.records.device_lists import DevicesWanted, listed

    lines = listed(DevicesWanted(), now=datetime.now(UTC))
    return next(line.state for line in lines if line.device_id == device)


def fitting(whom: str, reference: str) -> Fitting:
    from tipstaff.services.fitting_checks import fitting_of

    found = fitting_of(whom, reference)
    assert found is not None
    assert isinstance(found.value, Fitting)
    return found.value


def entries(use_case: str) -> list[Any]:
    from tipstaff.records.models import AuditEntry

    return list(AuditEntry.objects.filter(use_case=use_case).order_by("at"))


def test_a_device_is_fitted_and_comes_off(ready: None) -> None:
    from tipstaff.records.models import Wearer

    done = fit("d1", "W1", 0, fitted=Fitted(at(0), "A Fitter", "at home", StrapCheck.PASSED))
    assert codes(done) == []
    assert worn() == [("d1", "W1", 0, None)]
    assert state("d1") == "worn"
    assert remove("d1", 60).reference == done.reference
    assert worn() == [("d1", "W1", 0, 60)]
    assert state("d1") == "returned"
    known = fitting("W1", done.reference)
    assert known.order == "O-W1"
    assert known.removed == Removed(at(60), "A Fitter", RemovalReason.ORDER_ENDED)
    refs = {w.reference: str(w.subject_ref) for w in Wearer.objects.all()}
    for use_case in ("fit_device", "remove_device"):
        (entry,) = entries(use_case)
        assert entry.subject_refs == [refs["W1"]]
        assert "W1" not in str(entry.extent)
        assert "A Fitter" not in str(entry.extent)


def test_the_same_device_goes_to_another_at_the_same_instant(ready: None) -> None:
    fit("d1", "W1", 0)
    assert codes(fit("d1", "W2", 30)) == ["DEVICE_IN_USE"]
    remove("d1", 60)
    assert codes(fit("d1", "W2", 59)) == ["DEVICE_IN_USE"]
    assert codes(fit("d1", "W2", 60)) == []
    assert worn() == [("d1", "W1", 0, 60), ("d1", "W2", 60, None)]


def test_a_swap_is_one_instant_or_nothing(ready: None) -> None:
    fit("d1", "W1", 0)
    assert codes(swap("d2", "d1", 10)) == ["NOT_WORN"]
    assert codes(swap("d1", "d3", 10)) == ["DEVICE_NOT_DESCRIBED"]
    assert worn() == [("d1", "W1", 0, None)]  # the first half was undone
    assert [e.extent.get("code") for e in entries("swap_device")][-1] == "DEVICE_NOT_DESCRIBED"
    assert codes(swap("d1", "d2", 10)) == []
    assert worn() == [("d1", "W1", 0, 10), ("d2", "W1", 10, None)]
    assert (state("d1"), state("d2")) == ("returned", "worn")


@pytest.mark.parametrize(
    ("device", "whom", "other", "code"),
    [
        ("d9", "W1", {}, "DEVICE_NOT_DESCRIBED"),
        ("d1", "W9", {}, "WEARER_NOT_KNOWN"),
        ("d1", "W1", {"order": "O-W2"}, "NO_ORDER_IN_FORCE"),
        ("d1", "W1", {"fitted": Fitted(utc("2025-12-31 23:59"), "F")}, "NO_ORDER_IN_FORCE"),
        ("d1", "W1", {"fitted": Fitted(utc("2026-07-01"), "F")}, "NO_ORDER_IN_FORCE"),
        ("d1", "W1", {"fitted": Fitted(utc("2100-01-01"), "F")}, "TIME_TO_COME"),
        ("d1", "W1", {"fitted": Fitted(at(0), "F", "", StrapCheck.FAILED)}, "STRAP_CHECK_FAILED"),
    ],
)  # fmt: skip
def test_what_is_not_so_is_refused(
    sqlite_instance: Any, device: str, whom: str, other: dict[str, Any], code: str
) -> None:
    registered("d1")
    monitored("W1", "W2")
    assert codes(fit(device, whom, 0, **other)) == [code]
    assert worn() == []
    assert entries("fit_device")[0].extent["code"] == code


@pytest.mark.parametrize("status", [s for s in OrderStatus if s is not OrderStatus.ACTIVE])
def test_only_an_active_order_is_one(sqlite_instance: Any, status: OrderStatus) -> None:
    registered("d1")
    monitored("W1", status=status)
    assert codes(fit("d1", "W1", 0)) == ["NO_ORDER_IN_FORCE"]


def test_the_order_is_that_of_the_time_of_fitting(sqlite_instance: Any) -> None:
    from tipstaff.services.cases import record_order

    registered("d1")
    monitored("W1")
    suspended = order("O-W1", wearer="W1", status=OrderStatus.SUSPENDED)
    record_order(**WHO, order=suspended, valid_from=at(100), reason="in hospital")
    assert codes(fit("d1", "W1", 100)) == ["NO_ORDER_IN_FORCE"]
    assert codes(fit("d1", "W1", 99)) == []


def test_the_edges_of_an_order_are_half_open(sqlite_instance: Any) -> None:
    registered("d1", "d2")
    monitored("W1")
    begun = Fitted(utc("2026-01-01"), "F")
    assert codes(fit("d1", "W1", 0, fitted=begun)) == []


def test_two_of_one_kind_are_worn_in_a_trial_alone(ready_here: None) -> None:
    registered("t1", supplier="other", trial="Dorset 2026")
    registered("p1", kind=DeviceKind.TWO_PIECE)
    fit("d1", "W1", 0)
    assert codes(fit("d2", "W1", 5)) == ["WEARS_ONE_ALREADY"]
    assert codes(fit("t1", "W1", 5, supplier="other")) == []
    assert codes(fit("p1", "W1", 5)) == []


def test_lost_and_damaged_devices_wait_until_they_are_described_anew(ready_here: None) -> None:
    from made_devices import described

    from tipstaff.services.device_inventory import describe_device

    for number, reason in enumerate([RemovalReason.LOST, RemovalReason.CUT_OFF]):
        assert codes(fit("d1", "W1", number * 10)) == []
        assert codes(remove("d1", number * 10 + 5, reason=reason)) == []
        assert codes(fit("d1", "W1", number * 10 + 6)) == ["DEVICE_NOT_TO_HAND"]
        again = {"description": described(), "valid_from": at(number * 10 + 7)}
        assert describe_device(**WHO, device=name("d1"), **again).new


def test_a_removal_learnt_late_shows_by_the_other_clock(ready: None) -> None:
    from tipstaff.records import activations

    done = fit("d1", "W1", 0)
    before = datetime.now(UTC)
    remove("d1", 30)
    between = datetime.now(UTC)
    assert codes(remove("d1", 20, reference=done.reference)) == []
    assert worn() == [("d1", "W1", 0, 20)]
    assert worn(known_at=between) == [("d1", "W1", 0, 30)]
    assert worn(known_at=before) == [("d1", "W1", 0, None)]
    assert worn(known_at=at(0)) == []
    then = activations.worn_at("acme", "d1", at(25), known_at=between)
    assert then is not None
    assert then.wearer == "W1"
    assert activations.worn_at("acme", "d1", at(25)) is None
    assert activations.worn_at("acme", "d1", at(20), known_at=between) is not None
    assert activations.worn_at("acme", "d1", at(20)) is None


def test_an_end_is_put_off_only_by_name_and_only_while_the_device_is_free(ready_here: None) -> None:
    done = fit("d1", "W1", 0)
    remove("d1", 30)
    assert codes(remove("d1", 40)) == ["NOT_WORN"]
    assert codes(remove("d1", 40, reference=done.reference)) == []
    fit("d1", "W2", 50)
    assert codes(remove("d1", 60, reference=done.reference)) == ["DEVICE_IN_USE"]
    assert worn() == [("d1", "W1", 0, 40), ("d1", "W2", 50, None)]


def test_what_never_was_is_annulled_and_the_right_person_fitted(ready: None) -> None:
    from tipstaff.services.fittings import annul_fitting

    done = fit("d1", "W1", 0)
    again = {"device": name("d1"), "reference": done.reference, "reason": "the wrong person"}
    assert codes(annul_fitting(**WHO, **again)) == []
    assert worn() == []
    assert fitting("W1", done.reference).annulled == "the wrong person"
    assert codes(annul_fitting(**WHO, **again)) == ["NOT_WORN"]
    assert codes(fit("d1", "W2", 0)) == []
    assert codes(fit("d2", "W1", 0, reference=done.reference)) == ["REFERENCE_TAKEN"]


def test_a_fitting_learnt_with_its_removal(ready_here: None) -> None:
    fit("d1", "W2", 100)
    over = Removed(at(50), "F", RemovalReason.CUSTODY)
    assert codes(fit("d1", "W1", 0, removed=Removed(at(101), "F", RemovalReason.OTHER))) == [
        "DEVICE_IN_USE"
    ]
    assert codes(fit("d1", "W1", 0, removed=over)) == []
    assert worn() == [("d1", "W1", 0, 50), ("d1", "W2", 100, None)]
    assert state("d1") == "worn"


def test_a_supplier_s_own_activation_comes_off_too(ready_here: None) -> None:
    from tipstaff.domain.activations import Activation
    from tipstaff.services.activations import import_activations

    import_activations(**WHO, supplier="acme", incoming=[Activation("a7", "d7", "W1", at(0))])
    assert codes(fit("d1", "W1", 5)) == ["WEARS_ONE_ALREADY"]  # nobody said what d7 is
    assert remove("d7", 30).reference == "a7"
    assert fitting("W1", "a7").fitted is None
    assert worn() == [("d7", "W1", 0, 30)]


def test_a_limited_wearer_is_nobody(sqlite_instance: Any) -> None:
    from tipstaff.services.cases import record_wearer

    registered("d1")
    monitored("W1")
    record_wearer(**WHO, wearer=wearer("W1", limited_access=True))
    assert codes(fit("d1", "W1", 0)) == ["WEARER_NOT_KNOWN"]


def test_a_clock_that_goes_back_never_makes_what_was_known_overlap(instance: Any) -> None:
    from tipstaff.domain.activations import Activation
    from tipstaff.records import activations

    def say(end: float, when: datetime, whom: str, name: str) -> None:
        with transaction.atomic():
            activations.record("acme", [Activation(name, "d", whom, at(0), at(end))], when)

    say(60, at(1000), "W1", "a")
    say(10, at(900), "W1", "a")
    with transaction.atomic():
        activations.record("acme", [Activation("b", "d", "W2", at(10), at(60))], at(800))
    for known in (at(850), at(950)):
        assert worn(known_at=known) == []
    assert worn(known_at=at(1000)) == [("d", "W1", 0, 10), ("d", "W2", 10, 60)]


def test_a_broken_call_stores_nothing(sqlite_instance: Any) -> None:
    from tipstaff.services.fittings import fit_device, swap_device

    registered("d1", "d2")
    monitored("W1")
    with pytest.raises(ValueError, match="cannot be stored"):
        fit("d1", "W1", 0, fitted=Fitted(at(0), "two\nlines"))
    with pytest.raises(ValueError, match="put on"):
        fit_device(**WHO, fitting=Fitting("", "W1", "acme", "d1"))
    with pytest.raises(ValueError, match="one instant"):
        swap_device(
            **WHO, old=name("d1"), new=name("d2"), fitted=Fitted(at(1), "F"),
            removed=Removed(at(2), "F", RemovalReason.SWAPPED),
        )  # fmt: skip
    assert worn() == []
