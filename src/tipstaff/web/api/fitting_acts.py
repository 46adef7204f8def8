"""Devices fitted, taken off and exchanged; home units set up, moved and taken away."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import uuid4

from django.http import HttpRequest
from pydantic import Field

from tipstaff.domain.devices import DeviceName
from tipstaff.domain.fittings import Fitted, Fitting, RemovalReason, Removed, StrapCheck
from tipstaff.domain.problems import Problem
from tipstaff.formats.fitting_json import FITTING
from tipstaff.services.fittings import (
    FittingDone,
    annul_fitting,
    fit_device,
    remove_device,
    swap_device,
)
from tipstaff.services.holdings import (
    HoldingDone,
    end_holding,
    install_home_unit,
    move_home_unit,
)
from tipstaff.web.api.asking import who
from tipstaff.web.api.casework import PART
from tipstaff.web.api.problems import refused_by
from tipstaff.web.api.shapes import Asked, Done, Instant, Line, Reference
from tipstaff.web.written import unkept

Supplier = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
_Who = Annotated[Line, Field(min_length=1, max_length=200)]
_PLACE_LENGTH: Final = 200


class DeviceAsked(Asked):
    """A device, as its supplier names it."""

    supplier: Supplier
    device: Reference


class FittingAsked(DeviceAsked):
    """That a device was put on a wearer: `order` says under which, where several are in force."""

    wearer: Reference
    at: Instant
    by: _Who
    order: Reference | None = None
    place: Annotated[Line, Field(max_length=_PLACE_LENGTH)] = ""
    strap: StrapCheck = StrapCheck.NOT_DONE


class RemovalAsked(DeviceAsked):
    """That a device came off whoever wore it then."""

    at: Instant
    by: _Who
    reason: RemovalReason
    note: Line = ""


class ExchangeAsked(DeviceAsked):
    """That a device was taken off and another put on, at one instant."""

    new_supplier: Supplier
    new_device: Reference
    at: Instant
    by: _Who
    reason: RemovalReason = RemovalReason.SWAPPED
    note: Line = ""
    order: Reference | None = None
    strap: StrapCheck = StrapCheck.NOT_DONE


class AnnulmentAsked(DeviceAsked):
    """That a fitting never was: `reference` is that of the activation."""

    reference: Reference
    reason: Annotated[Line, Field(min_length=1)]


class HomeUnitAsked(DeviceAsked):
    """That a home unit was set up at an address of a wearer's record."""

    wearer: Reference
    address: Reference
    at: Instant
    reason: Line = ""


class HomeUnitMoved(DeviceAsked):
    """That it was moved to another address of the same wearer."""

    address: Reference
    at: Instant
    reason: Line = ""


class HoldingEnded(DeviceAsked):
    """That it was taken away, or given back."""

    at: Instant
    reason: Line = ""


@PART.acts("/fittings", "fit_device", Done)
def fit(request: HttpRequest, body: FittingAsked) -> Any:
    """Its positions are the wearer's from then on. `ref` is the activation's reference."""
    fitted = Fitted(body.at, body.by, body.place, body.strap)
    made = Fitting(uuid4().hex, body.wearer, body.supplier, body.device, body.order, fitted)
    _kept(made)
    return _fitted(fit_device(**who(request), fitting=made))


@PART.acts("/fittings/removed", "remove_device", Done)
def remove(request: HttpRequest, body: RemovalAsked) -> Any:
    """Also when that is learnt late: positions after it are nobody's."""
    removed = Removed(body.at, body.by, body.reason, body.note)
    _kept(Fitting("x", "x", body.supplier, body.device, removed=removed))
    return _fitted(remove_device(**who(request), device=_device(body), removed=removed))


@PART.acts("/fittings/exchanged", "swap_device", Done)
def exchange(request: HttpRequest, body: ExchangeAsked) -> Any:
    """One that cannot be finished takes nothing off."""
    removed = Removed(body.at, body.by, body.reason, body.note)
    fitted = Fitted(body.at, body.by, strap_check=body.strap)
    new = DeviceName(body.new_supplier, body.new_device)
    _kept(Fitting("x", "x", body.supplier, body.device, body.order, fitted, removed))
    done = swap_device(
        **who(request), old=_device(body), new=new, removed=removed, fitted=fitted,
        order=body.order,
    )  # fmt: skip
    return _fitted(done)


@PART.acts("/fittings/annulled", "annul_fitting", Done)
def annul(request: HttpRequest, body: AnnulmentAsked) -> Any:
    """It was put down for the wrong person or device; its positions are nobody's."""
    _kept(Fitting("x", "x", body.supplier, body.device, annulled=body.reason))
    which = {"reference": body.reference, "reason": body.reason}
    return _fitted(annul_fitting(**who(request), device=_device(body), **which))


@PART.acts("/home-units", "install_home_unit", Done)
def install(request: HttpRequest, body: HomeUnitAsked) -> Any:
    """It belongs to an address, and gives its positions to nobody."""
    done = install_home_unit(
        **who(request), device=_device(body), wearer=body.wearer, address=body.address,
        at=body.at, reason=body.reason,
    )  # fmt: skip
    return _held(done)


@PART.acts("/home-units/moved", "move_home_unit", Done)
def move(request: HttpRequest, body: HomeUnitMoved) -> Any:
    """From then on it stands at the other address."""
    done = move_home_unit(
        **who(request), device=_device(body), address=body.address, at=body.at,
        reason=body.reason,
    )  # fmt: skip
    return _held(done)


@PART.acts("/home-units/taken-away", "end_holding", Done)
def end(request: HttpRequest, body: HoldingEnded) -> Any:
    """Also late news."""
    done = end_holding(**who(request), device=_device(body), at=body.at, reason=body.reason)
    return _held(done)


def _device(body: DeviceAsked) -> DeviceName:
    return DeviceName(body.supplier, body.device)


def _kept(made: Fitting) -> None:
    """Refuse what could not be stored as it was sent."""
    problems = unkept(FITTING, made)
    if problems:
        raise refused_by(Problem(one.code, "", one.action) for one in problems)


def _fitted(done: FittingDone) -> dict[str, Any]:
    if done.problems:
        raise refused_by(done.problems)
    return {"ref": done.reference}


def _held(done: HoldingDone) -> dict[str, Any]:
    if done.problems:
        raise refused_by(done.problems)
    return {"ref": str(done.holding_ref)}
