"""Home units: set up in a person's home, moved to another address of theirs, taken away."""

from __future__ import annotations

from typing import Final

from tipstaff.domain.devices import DeviceName
from tipstaff.domain.problems import Problem
from tipstaff.records.holdings import Holding
from tipstaff.services.access import Who
from tipstaff.services.case_view import CaseView
from tipstaff.services.holdings import end_holding, install_home_unit, move_home_unit
from tipstaff.web.acts import Act, Done, Field, Given, Kind
from tipstaff.web.cases import addresses_of
from tipstaff.web.person_forms.fittings import now, supplier_of, suppliers_before
from tipstaff.web.person_forms.form import PersonForm, choices, to_the_person
from tipstaff.web.times import uk_time

_UNIT: Final = (
    Field("device", "Number of the home unit", where="device_id"),
    Field("supplier", "Supplier of the home unit", hint="As its keys name it"),
)
_AT: Final = Field("at", "When", Kind.MOMENT)
_WHY: Final = Field("reason", "Why", needed=False)


def _install(found: CaseView, wearer: str, _about: str) -> Act:
    def do(who: Who, given: Given) -> Done:
        supplier = supplier_of(given)
        if isinstance(supplier, Problem):
            return Done((supplier,))
        device = DeviceName(supplier, given.text("device"))
        at, reason = given.the_moment("at"), given.text("reason")
        address = given.text("address")
        done = install_home_unit(
            **who, device=device, wearer=wearer, address=address, at=at, reason=reason
        )
        return Done(done.problems)

    address = Field("address", "Address", Kind.CHOICE, options=choices(addresses_of(found)))
    return Act(
        "home-unit", "install_home_unit", "Record that a home unit was set up", "Record it", do,
        "The home unit was recorded.", "person", (*_UNIT, address, _AT, _WHY),
        back_values=to_the_person(wearer), filled={"at": now(), **suppliers_before(found)},
    )  # fmt: skip


def _move(found: CaseView, wearer: str, about: str) -> Act | None:
    one = _held(found, about)
    if one is None:
        return None

    def do(who: Who, given: Given) -> Done:
        at, reason = given.the_moment("at"), given.text("reason")
        address = given.text("address")
        device = DeviceName(one.supplier, one.device_id)
        done = move_home_unit(**who, device=device, address=address, at=at, reason=reason)
        return Done(done.problems)

    left = [each for each in addresses_of(found) if each[0] != one.address]
    address = Field("address", "To which address", Kind.CHOICE, options=choices(left))
    return Act(
        "home-unit-moved", "move_home_unit", "Record that a home unit was moved", "Record it", do,
        "The move was recorded.", "person", (address, _AT, _WHY),
        back_values=to_the_person(wearer), about=_told(wearer, one), filled={"at": now()},
    )  # fmt: skip


def _end(found: CaseView, wearer: str, about: str) -> Act | None:
    one = _held(found, about)
    if one is None:
        return None

    def do(who: Who, given: Given) -> Done:
        at, reason = given.the_moment("at"), given.text("reason")
        device = DeviceName(one.supplier, one.device_id)
        return Done(end_holding(**who, device=device, at=at, reason=reason).problems)

    return Act(
        "home-unit-ended", "end_holding", "Record that a home unit was taken away", "Record it", do,
        "It was recorded.", "person", (_AT, _WHY), back_values=to_the_person(wearer),
        about=_told(wearer, one), filled={"at": now()},
    )  # fmt: skip


def _held(found: CaseView, about: str) -> Holding | None:
    return next((one for one in found.homes if str(one.holding_ref) == about), None)


def _told(wearer: str, one: Holding) -> tuple[tuple[str, str], ...]:
    return (
        ("Person", wearer),
        ("Home unit", f"{one.device_id} of {one.supplier}"),
        ("Stands at", f"The address {one.address}, since {uk_time(one.start)}"),
    )


FORMS: Final[tuple[PersonForm, ...]] = (
    PersonForm("home-unit", "install_home_unit", _install),
    PersonForm("home-unit-moved", "move_home_unit", _move),
    PersonForm("home-unit-ended", "end_holding", _end),
)
