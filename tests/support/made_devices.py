"""Devices and fittings for tests, made up: nobody's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from made_cases import order, utc, wearer

from tipstaff.domain.devices import Description, DeviceKind
from tipstaff.domain.fittings import Fitted, Fitting, RemovalReason, Removed
from tipstaff.domain.purposes import Purpose

WHO: dict[str, Any] = {
    "actor": "tester", "purpose": Purpose.OFFENDER_MANAGEMENT, "authority": "",
}  # fmt: skip
NOON = datetime(2026, 2, 2, 12, tzinfo=UTC)


def at(minutes: float) -> datetime:
    """Minutes after noon of a day on which the made-up orders are in force."""
    return NOON + timedelta(minutes=minutes)


def described(kind: DeviceKind = DeviceKind.TAG, **other: Any) -> Description:
    return Description(**{"kind": kind, "model": "M1", **other})


def name(device: str, supplier: str = "acme") -> Any:
    from tipstaff.domain.devices import DeviceName

    return DeviceName(supplier, device)


def registered(*devices: str, supplier: str = "acme", **other: Any) -> None:
    """Devices in stock."""
    from tipstaff.services.device_inventory import register_device

    for device in devices:
        done = register_device(**WHO, device=name(device, supplier), description=described(**other))
        assert done.problems == ()


def monitored(*references: str, **other: Any) -> None:
    """Wearers with an order in force in the first half of 2026."""
    from tipstaff.services.cases import record_order, record_wearer

    for reference in references:
        record_wearer(**WHO, wearer=wearer(reference))
        made = order(f"O-{reference}", wearer=reference, **other)
        assert record_order(**WHO, order=made).problems == ()


def fit(device: str, whom: str, minutes: float, **other: Any) -> Any:
    from tipstaff.services.fittings import fit_device

    fitted = other.pop("fitted", Fitted(at(minutes), "A Fitter"))
    made = Fitting("", whom, other.pop("supplier", "acme"), device, fitted=fitted)
    return fit_device(**WHO, fitting=_with(made, **other))


def remove(device: str, minutes: float, **other: Any) -> Any:
    from tipstaff.services.fittings import remove_device

    reason = other.pop("reason", RemovalReason.ORDER_ENDED)
    removed = Removed(at(minutes), "A Fitter", reason)
    owner = other.pop("supplier", "acme")
    return remove_device(**WHO, device=name(device, owner), removed=removed, **other)


def swap(old: str, new: str, minutes: float, **other: Any) -> Any:
    from tipstaff.services.fittings import swap_device

    return swap_device(
        **WHO,
        old=name(old),
        new=name(new),
        removed=Removed(at(minutes), "A Fitter", RemovalReason.SWAPPED),
        fitted=Fitted(at(minutes), "A Fitter"),
        **other,
    )


def codes(done: Any) -> list[str]:
    return [str(problem.code) for problem in done.problems]


def _with(made: Fitting, **other: Any) -> Fitting:
    from dataclasses import replace

    return replace(made, **other)


__all__ = ["NOON", "WHO", "at", "codes", "described", "fit", "monitored", "name", "registered",
           "remove", "swap", "utc"]  # fmt: skip
