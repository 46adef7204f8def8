"""Devices of a person: fitted, taken off, exchanged; a fitting that never was."""

from __future__ import annotations

from typing import Final
from uuid import uuid4

from django.utils import timezone

from tipstaff.domain.devices import DeviceName
from tipstaff.domain.fittings import Fitted, Fitting, RemovalReason, Removed, StrapCheck
from tipstaff.domain.problems import Problem
from tipstaff.domain.supplier_details import SupplierCode
from tipstaff.domain.suppliers import NAME_ACTION, supplier_name
from tipstaff.formats.fitting_json import FITTING
from tipstaff.records.activations import WornPeriod
from tipstaff.services.access import Who
from tipstaff.services.case_view import CaseView
from tipstaff.services.fittings import annul_fitting, fit_device, remove_device, swap_device
from tipstaff.web.acts import Act, Done, Field, Given, Kind, words_of
from tipstaff.web.cases import all_of, orders_of
from tipstaff.web.given_times import local_input
from tipstaff.web.person_forms.form import PersonForm, choices, to_the_person
from tipstaff.web.times import uk_time
from tipstaff.web.written import unkept

_DEVICE: Final = Field("device", "Number of the device", where="device_id")
_SUPPLIER: Final = Field("supplier", "Supplier of the device", hint="As its keys name it")
_BY: Final = Field("by", "Who did it", where="fitted.by")
_STRAP: Final = Field(
    "strap", "The strap", Kind.ONE, options=words_of(StrapCheck),
    where="fitted.strap_check",
)  # fmt: skip
_NOTE: Final = Field("note", "What else is to be known", Kind.WORDS, needed=False)


def named(one: WornPeriod | Fitting) -> str:
    """What a device is called in the address of its forms."""
    return f"{one.supplier}/{one.device_id}"


def fitting_of(found: CaseView, one: WornPeriod) -> Fitting | None:
    """What was recorded of how a device that is worn was put on; None: nothing."""
    return next((f for f in all_of(found, Fitting) if _goes_on(f) and named(f) == named(one)), None)


def _goes_on(one: Fitting) -> bool:
    return one.removed is None and not one.annulled


def supplier_of(given: Given) -> str | Problem:
    """The supplier that was entered, or what is wrong with it."""
    found = supplier_name(given.text("supplier"))
    return found or Problem(SupplierCode.NAME, "supplier", NAME_ACTION)


def suppliers_before(found: CaseView) -> dict[str, list[str]]:
    """The supplier of the device that they wore last, for a form; nothing where none is known."""
    known = [one.supplier for one in all_of(found, Fitting)] + [w.supplier for w in found.worn]
    return {"supplier": known[-1:]} if known else {}


def now() -> list[str]:
    """The present minute, as a field has it."""
    return [local_input(timezone.now())]


def _fit(found: CaseView, wearer: str, _about: str) -> Act:
    orders = [(o.reference, f"Order {o.reference}") for o, _ in orders_of(found)]

    def do(who: Who, given: Given) -> Done:
        supplier = supplier_of(given)
        if isinstance(supplier, Problem):
            return Done((supplier,))
        strap = given.the(StrapCheck, "strap")
        fitted = Fitted(given.the_moment("at"), given.text("by"), given.text("place"), strap)
        order = given.text("order") or None
        name = uuid4().hex
        made = Fitting(name, wearer, supplier, given.text("device"), order, fitted)
        return Done(unkept(FITTING, made) or fit_device(**who, fitting=made).problems)

    fields = (
        _DEVICE, _SUPPLIER,
        Field("order", "Under which order", Kind.CHOICE, options=choices(orders)),
        Field("at", "When it was put on", Kind.MOMENT),
        _BY,
        Field("place", "Where", needed=False, where="fitted.place"),
        _STRAP,
    )  # fmt: skip
    filled = {"at": now(), **suppliers_before(found)}
    if len(orders) == 1:
        filled["order"] = [orders[0][0]]
    return Act(
        "fit", "fit_device", "Record that a device was fitted", "Record it", do,
        "The fitting was recorded. Positions of the device are this person’s from then on.",
        "person", fields, back_values=to_the_person(wearer), filled=filled,
    )  # fmt: skip


def _remove(found: CaseView, wearer: str, about: str) -> Act | None:
    one = _worn(found, about)
    if one is None:
        return None

    def do(who: Who, given: Given) -> Done:
        reason = given.the(RemovalReason, "reason")
        removed = Removed(given.the_moment("at"), given.text("by"), reason, given.text("note"))
        wrong = unkept(FITTING, Fitting("x", wearer, *_name(one), removed=removed))
        device = DeviceName(*_name(one))
        return Done(wrong or remove_device(**who, device=device, removed=removed).problems)

    fields = (
        Field("at", "When it came off", Kind.MOMENT, where="removed.at"),
        Field("reason", "Why", Kind.CHOICE, options=words_of(RemovalReason)),
        Field("by", "Who did it, or found it off", where="removed.by"),
        Field("note", "What else is to be known", Kind.WORDS, needed=False, where="removed.note"),
    )
    return Act(
        "remove", "remove_device", "Record that a device came off", "Record it", do,
        "It was recorded. Positions after that time are nobody’s.",
        "person", fields, back_values=to_the_person(wearer), about=_told(found, wearer, one),
        filled={"at": now()},
    )  # fmt: skip


def _exchange(found: CaseView, wearer: str, about: str) -> Act | None:
    one = _worn(found, about)
    if one is None:
        return None
    before = fitting_of(found, one)
    order = None if before is None else before.order

    def do(who: Who, given: Given) -> Done:
        supplier = supplier_of(given)
        if isinstance(supplier, Problem):
            return Done((supplier,))
        at, by = given.the_moment("at"), given.text("by")
        removed = Removed(at, by, given.the(RemovalReason, "reason"), given.text("note"))
        fitted = Fitted(at, by, strap_check=given.the(StrapCheck, "strap"))
        fresh = Fitting("x", wearer, supplier, given.text("device"), order, fitted, removed)
        wrong = unkept(FITTING, fresh)
        new = DeviceName(supplier, given.text("device"))
        return Done(wrong or swap_device(
            **who, old=DeviceName(*_name(one)), new=new, removed=removed, fitted=fitted,
            order=order,
        ).problems)  # fmt: skip

    fields = (
        Field("device", "Number of the new device", where="device_id"),
        _SUPPLIER,
        Field("at", "When they were exchanged", Kind.MOMENT),
        Field("reason", "Why the old one came off", Kind.CHOICE, options=words_of(RemovalReason)),
        _BY, _STRAP, _NOTE,
    )  # fmt: skip
    filled = {"at": now(), "supplier": [one.supplier], "reason": [RemovalReason.SWAPPED.value]}
    return Act(
        "exchange", "swap_device", "Exchange a device for another", "Record it", do,
        "The exchange was recorded.", "person", fields, back_values=to_the_person(wearer),
        about=_told(found, wearer, one), filled=filled,
    )  # fmt: skip


def _annul(found: CaseView, wearer: str, about: str) -> Act | None:
    one = _worn(found, about)
    fitting = None if one is None else fitting_of(found, one)
    if one is None or fitting is None:
        return None
    reference = fitting.reference

    def do(who: Who, given: Given) -> Done:
        reason, device = given.text("reason"), DeviceName(*_name(one))
        wrong = unkept(FITTING, Fitting("x", wearer, *_name(one), annulled=reason))
        if wrong:
            return Done(wrong)
        done = annul_fitting(**who, device=device, reference=reference, reason=reason)
        return Done(done.problems)

    return Act(
        "annul", "annul_fitting", "Record that a fitting never was", "It never was", do,
        "It was recorded that the fitting never was.", "person",
        (Field("reason", "Why it was put down", Kind.WORDS, where="annulled"),),
        "For what was put down for the wrong person or device. Every position of the device since "
        "then is nobody’s.", to_the_person(wearer), _told(found, wearer, one),
    )  # fmt: skip


def _worn(found: CaseView, about: str) -> WornPeriod | None:
    return next((one for one in found.worn if named(one) == about), None)


def _name(one: WornPeriod) -> tuple[str, str]:
    return one.supplier, one.device_id


def _told(found: CaseView, wearer: str, one: WornPeriod) -> tuple[tuple[str, str], ...]:
    made = fitting_of(found, one)
    put_on = None if made is None else made.fitted
    said = "Nobody recorded how" if put_on is None else f"{uk_time(put_on.at)}, by {put_on.by}"
    device = f"{one.device_id} of {one.supplier}"
    return (("Person", wearer), ("Device", device), ("Put on", said))


FORMS: Final[tuple[PersonForm, ...]] = (
    PersonForm("fit", "fit_device", _fit),
    PersonForm("remove", "remove_device", _remove),
    PersonForm("exchange", "swap_device", _exchange),
    PersonForm("annul", "annul_fitting", _annul),
)
