"""Samples of the use cases about devices, who has them, and suppliers: see `use_case_samples`.

The wearer `W1` wears `tag-W1`, has `unit-W1` at home, and a victim has `victim-W1`; and so on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

from made_accounts import LOCAL
from made_devices import at, described, fit, name, registered
from sample_calls import Aim, Sample, Who, of, plain

from tipstaff.domain.devices import DeviceKind
from tipstaff.domain.fittings import Fitted, Fitting, RemovalReason, Removed
from tipstaff.domain.supplier_details import SupplierDetails
from tipstaff.domain.supplier_keys import KeyScope
from tipstaff.formats.device_json import write_devices

_NUMBERS = count(1)
#: The tag that was last put on a wearer, and its activation; what is free in stock.
_WORN: dict[str, tuple[str, str]] = {}
_FREE = ["tag-free"]


def furnish_devices(*wearers: str) -> None:
    """Devices of these wearers in use, and of nobody's in stock."""
    for whose in (*wearers, "nobody", "free"):
        registered(f"tag-{whose}", trial="side by side")
        registered(f"unit-{whose}", kind=DeviceKind.HOME_UNIT)
        registered(f"victim-{whose}", kind=DeviceKind.VICTIMS_DEVICE)
    for whose in wearers:
        done = fit(f"tag-{whose}", whose, 0)
        _WORN[whose] = (f"tag-{whose}", done.reference)
        problems = (done, _install(LOCAL, whose, whose), _issue(LOCAL, whose, whose))
        assert [one.problems for one in problems] == [(), (), ()]


def _worn_anew(wearer: str) -> None:
    """Another tag on the wearer, and one more in stock: what is done with one is done once."""
    if wearer == "W1":
        tag = f"tag-{next(_NUMBERS)}"
        _FREE[0] = f"{tag}-free"
        registered(tag, _FREE[0], trial="side by side")
        _WORN[wearer] = (tag, fit(tag, wearer, 0).reference)


def _tag(wearer: str) -> Any:
    return name(_WORN.get(wearer, (f"tag-{wearer}", ""))[0])


def _fit(who: Who, wearer: str) -> Any:
    fitting = Fitting("", wearer, "acme", "tag-free", fitted=Fitted(at(0), "A Fitter"))
    return of("fittings.fit_device")(**who, fitting=fitting)


def _remove(who: Who, wearer: str) -> Any:
    removed = Removed(at(60), "A Fitter", RemovalReason.ORDER_ENDED)
    return of("fittings.remove_device")(**who, device=_tag(wearer), removed=removed)


def _swap(who: Who, wearer: str) -> Any:
    both = {"old": _tag(wearer), "new": name(_FREE[0])}
    removed = Removed(at(60), "A Fitter", RemovalReason.SWAPPED)
    fitted = Fitted(at(60), "A Fitter")
    return of("fittings.swap_device")(**who, **both, removed=removed, fitted=fitted)


def _annul(who: Who, wearer: str) -> Any:
    which = {"device": _tag(wearer), "reference": _WORN.get(wearer, ("", "none"))[1]}
    return of("fittings.annul_fitting")(**who, **which, reason="the wrong person")


def _install(who: Who, wearer: str, unit: str = "free") -> Any:
    where = {"device": name(f"unit-{unit}"), "wearer": wearer, "address": "home", "at": at(0)}
    return of("holdings.install_home_unit")(**who, **where)


def _issue(who: Who, wearer: str, device: str = "free") -> Any:
    whose = {"device": name(f"victim-{device}"), "victim": "V1", "wearer": wearer, "at": at(0)}
    return of("holdings.issue_victims_device")(**who, **whose)


def _with(path: str, device: str, **options: Any) -> Callable[[Who, str], Any]:
    """A call about the wearer's device of that kind."""
    return lambda who, wearer: of(path)(**who, device=name(f"{device}-{wearer}"), **options)


def _list(who: Who, _wearer: str) -> Any:
    from tipstaff.records.device_lists import DevicesWanted

    return of("device_view.list_devices")(**who, wanted=DevicesWanted())


def _key(who: Who, _wearer: str) -> Any:
    from tipstaff.services.supplier_keys import WantedKey, issue_key

    return issue_key(**who, wanted=WantedKey("acme", "feed", frozenset({KeyScope.READ_DEVICES})))


DEVICE_SAMPLES: Mapping[str, Sample] = {
    "device_inventory.register_device": Sample(
        plain("device_inventory.register_device", device=name("new"), description=described())
    ),
    "device_inventory.describe_device": Sample(
        plain("device_inventory.describe_device", device=name("new"), description=described())
    ),
    "device_inventory.describe_supplier": Sample(
        plain("device_inventory.describe_supplier", supplier=SupplierDetails("acme"))
    ),
    "device_import.import_devices": Sample(
        plain("device_import.import_devices", content=write_devices((), ()))
    ),
    "device_import.export_devices": Sample(plain("device_import.export_devices")),
    "device_view.list_devices": Sample(_list),
    "device_view.show_device": Sample(plain("device_view.show_device", device=name("tag-W1"))),
    "device_view.who_has": Sample(_with("device_view.who_has", "tag", at=at(1)), Aim.WEARER),
    "fittings.fit_device": Sample(_fit, Aim.WEARER),
    "fittings.remove_device": Sample(_remove, Aim.WEARER, _worn_anew),
    "fittings.swap_device": Sample(_swap, Aim.WEARER, _worn_anew),
    "fittings.annul_fitting": Sample(_annul, Aim.WEARER, _worn_anew),
    "holdings.install_home_unit": Sample(_install, Aim.WEARER),
    "holdings.move_home_unit": Sample(
        _with("holdings.move_home_unit", "unit", address="home", at=at(9)), Aim.WEARER
    ),
    "holdings.issue_victims_device": Sample(_issue, Aim.WEARER),
    "holdings.end_holding": Sample(_with("holdings.end_holding", "victim", at=at(60)), Aim.WEARER),
    "supplier_keys.issue_key": Sample(_key),
    "supplier_keys.rotate_key": Sample(
        plain("supplier_keys.rotate_key", key_id="none", overlap_days=1)
    ),
    "supplier_keys.revoke_key": Sample(plain("supplier_keys.revoke_key", key_id="none")),
    "supplier_keys.list_keys": Sample(plain("supplier_keys.list_keys")),
}
