"""Put devices on wearers, take them off, swap them: activations, with what stands behind each.

Each use case is one transaction and refuses whole: a swap that cannot be finished takes nothing
off. A removal learnt late is told with the time at which it was; from then on the positions after
it belong to nobody, and what was believed before can still be shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from tipstaff.domain.activations import STILL_ACTIVE, Activation
from tipstaff.domain.devices import WORN_KINDS, DeviceName, DeviceState, DeviceTold
from tipstaff.domain.fittings import (
    STATE_AFTER,
    Fitted,
    Fitting,
    FittingCode,
    Removed,
    StrapCheck,
)
from tipstaff.domain.periods import Period
from tipstaff.domain.problems import Problem
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.versions import timeline
from tipstaff.records import activations, cases, device_facts, devices, wearers
from tipstaff.records.activations import WornPeriod
from tipstaff.services import fitting_checks as checks
from tipstaff.services.access import Access, admit_to
from tipstaff.services.case_recording import clock, told
from tipstaff.services.fitting_checks import RefusedWork, refuse
from tipstaff.services.limited_access import NOBODY, sees
from tipstaff.services.recording import Looked, changing


@dataclass(frozen=True, slots=True)
class FittingDone:
    """What became of it: the activation's reference, or why it was refused and nothing stored."""

    reference: str | None
    problems: tuple[Problem, ...] = ()


def fit_device(*, actor: str, purpose: Purpose, authority: str, fitting: Fitting) -> FittingDone:
    """Record that a device was put on a wearer under an order in force then.

    `fitting.order` names which order; without it the first in force counts. A fitting learnt late
    may be told with its removal. An empty reference is filled with a new one.
    """
    access = admit_to(actor, purpose, authority, "fit_device")
    if fitting.fitted is None or fitting.annulled:
        raise ValueError("a fitting says when the device was put on, and that it was")
    wanted = replace(fitting, reference=fitting.reference or uuid4().hex)
    told(wanted)  # a broken call fails before anything is locked

    def work(now: datetime, looked: Looked) -> str:
        looked.subjects = wearers.subject_refs([wanted.wearer])
        wearers.lock(wanted.wearer)
        device_facts.lock_suppliers([wanted.supplier])
        return _fit(access, wanted, now)

    return _attempt(access, DeviceName(wanted.supplier, wanted.device_id), work)


def remove_device(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    device: DeviceName,
    removed: Removed,
    reference: str = "",
) -> FittingDone:
    """Record that a device came off whoever wore it at that time, or off later than was thought.

    `reference` names the activation where the time alone does not: to put off an end that is on
    record already.
    """
    access = admit_to(actor, purpose, authority, "remove_device")
    told(Fitting("x", "x", device.supplier, device.device_id, removed=removed))

    def work(now: datetime, looked: Looked) -> str:
        return _remove(access, device, removed, reference, now, looked)[0]

    return _attempt(access, device, work)


def swap_device(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    old: DeviceName,
    new: DeviceName,
    removed: Removed,
    fitted: Fitted,
    order: str | None = None,
) -> FittingDone:
    """Record that a wearer's device was taken off and another put on at the same instant."""
    if removed.at != fitted.at:
        raise ValueError("a swap is at one instant: give both the same time")
    access = admit_to(actor, purpose, authority, "swap_device")
    told(Fitting("x", "x", old.supplier, old.device_id, removed=removed))
    wanted = Fitting(uuid4().hex, "x", new.supplier, new.device_id, order, fitted)
    told(wanted)

    def work(now: datetime, looked: Looked) -> str:
        worn = activations.worn_at(old.supplier, old.device_id, removed.at)
        wearers.lock(NOBODY if worn is None else worn.wearer)
        device_facts.lock_suppliers([old.supplier, new.supplier])
        whom = _remove(access, old, removed, "", now, looked)[1]
        return _fit(access, replace(wanted, wearer=whom), now)

    return _attempt(access, old, work)


def annul_fitting(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    device: DeviceName,
    reference: str,
    reason: str,
) -> FittingDone:
    """Record that an activation never was: it was put down for the wrong person or device.

    Its positions are nobody's from then on.
    """
    access = admit_to(actor, purpose, authority, "annul_fitting")
    told(Fitting("x", "x", device.supplier, device.device_id, annulled=reason))
    if not reason:
        raise ValueError("say why it never was")

    def work(now: datetime, looked: Looked) -> str:
        worn = _locked(access, device, reference, looked)
        activations.withdraw(device.supplier, reference, now)
        known = replace(_fitting(worn, reference), annulled=reason)
        _keep(access, known, worn.start, now)
        return reference

    return _attempt(access, device, work)


def _attempt(
    access: Access, device: DeviceName, work: Callable[[datetime, Looked], str]
) -> FittingDone:
    """Do it and note it, or undo all of it and note that it was refused."""
    keys = devices.keys_of(device.supplier, [device.device_id])
    extent = {"devices": sorted(str(key) for key in keys.values())}
    with changing(access, extent=extent) as looked:
        try:
            with transaction.atomic():
                reference = work(clock(), looked)
        except RefusedWork as refused:
            looked.extent |= {"problems": 1, "code": str(refused.problem.code)}
            return FittingDone(None, (refused.problem,))
        looked.rows = 1
    return FittingDone(reference)


def _fit(access: Access, wanted: Fitting, now: datetime) -> str:
    """Record a fitting; the wearer's and the supplier's rows are held."""
    fitted, removed = wanted.fitted, wanted.removed
    if fitted is None:
        raise ValueError("a fitting says when the device was put on")
    end = STILL_ACTIVE if removed is None else removed.at
    for at in (fitted.at, *([] if removed is None else [end])):
        checks.not_to_come(at, now)
    if end <= fitted.at:
        raise refuse(FittingCode.NOT_WORN, "removed.at")
    if fitted.strap_check is StrapCheck.FAILED:
        raise refuse(FittingCode.STRAP_CHECK_FAILED, "fitted.strap_check")
    described = checks.device_ready(wanted.supplier, wanted.device_id, fitted.at, WORN_KINDS, now)
    known = checks.whose(access, wanted.wearer, fitted.at, now)
    order = checks.order_in_force(known, fitted.at, wanted.order)
    if activations.is_taken(wanted.supplier, wanted.reference):
        raise refuse(FittingCode.REFERENCE_TAKEN, "reference")
    checks.wears_no_other(wanted.wearer, Period(fitted.at, end), described, now)
    _activate(wanted, fitted.at, end, now)
    _keep(access, replace(wanted, order=order.reference), fitted.at, now)
    if removed is not None:
        _tell_state(access, DeviceName(wanted.supplier, wanted.device_id), removed, now)
    return wanted.reference


def _remove(
    access: Access,
    device: DeviceName,
    removed: Removed,
    reference: str,
    now: datetime,
    looked: Looked,
) -> tuple[str, str]:
    """Record a removal; the activation's reference, and the wearer's."""
    checks.not_to_come(removed.at, now)
    found = activations.last_before(device.supplier, device.device_id, removed.at)
    named = reference or found or ""
    worn = _locked(access, device, named, looked)
    if removed.at <= worn.start or (not reference and worn.end < removed.at):
        raise refuse(FittingCode.NOT_WORN, "removed.at")
    known = replace(_fitting(worn, named), removed=removed)
    _activate(known, worn.start, removed.at, now)
    _keep(access, known, worn.start, now)
    _tell_state(access, device, removed, now)
    return named, worn.wearer


def _locked(access: Access, device: DeviceName, reference: str, looked: Looked) -> WornPeriod:
    """The activation of that reference, its wearer's and its supplier's rows held; else refused.

    Of a wearer who may not be seen there is none; the statements are the same.
    """
    worn = activations.believed(device.supplier, reference)
    wearers.lock(NOBODY if worn is None else worn.wearer)
    device_facts.lock_suppliers([device.supplier])
    worn = activations.believed(device.supplier, reference)
    seen = sees(access, NOBODY if worn is None else worn.wearer)
    looked.subjects = set() if worn is None else {worn.subject_ref}
    if worn is None or not seen or worn.device_id != device.device_id:
        raise refuse(FittingCode.NOT_WORN, "device_id")
    return worn


def _activate(known: Fitting, start: datetime, end: datetime, now: datetime) -> None:
    wanted = Activation(known.reference, known.device_id, known.wearer, start, end)
    decided = activations.record(known.supplier, [wanted], now)
    if decided.clashes or decided.not_worn:
        raise refuse(FittingCode.DEVICE_IN_USE, "device_id")


def _fitting(worn: WornPeriod, reference: str) -> Fitting:
    """What is on record of the fitting behind an activation, which may be no more than that."""
    found = checks.fitting_of(worn.wearer, reference)
    if found is not None and isinstance(found.value, Fitting):
        return found.value
    return Fitting(reference, worn.wearer, worn.supplier, worn.device_id)


def _keep(access: Access, known: Fitting, start: datetime, now: datetime) -> None:
    """A version for all of the time: what was thought before shows by the other clock alone."""
    cases.record([told(known, valid_from=start)], at=now, by=access.actor_ref)


def _tell_state(access: Access, device: DeviceName, removed: Removed, now: datetime) -> None:
    """Say where the device is since it came off, up to what was told of it for later."""
    described = checks.description_at(device.supplier, device.device_id, removed.at, now)
    if described is None:
        return
    state = STATE_AFTER.get(removed.reason, DeviceState.RETURNED)
    keys = devices.keys_of(device.supplier, [device.device_id])
    facts = device_facts.known_of(keys.values())[keys[device.device_id]]
    later = [s.start for s in timeline(f.stated for f in facts) if s.start > removed.at]
    since = DeviceTold(
        device.supplier,
        device.device_id,
        replace(described, state=state),
        valid_from=removed.at,
        valid_to=min(later, default=None),
        reason=removed.reason.value,
    )
    device_facts.record([since], at=now, by=access.actor_ref)
