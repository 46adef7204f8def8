"""Calls that change something, on an instance that `furnish` made: what is killed in the middle.

By name; each stands alone on a fresh copy of that instance. Beside them stand the samples of
`use_case_samples`, whose calls change things too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from made_cases import absence, consent, decision, order, release, utc, visit, voluntary, wearer
from made_plans import contact, plan, review, task
from scheme_people import Person, codes
from use_case_samples import SAMPLES

from tipstaff.domain.consents import WithdrawnBy
from tipstaff.domain.devices import Description, DeviceKind, DeviceName
from tipstaff.domain.eligibility_facts import Case as Facts
from tipstaff.domain.fittings import Fitted, Fitting, RemovalReason, Removed
from tipstaff.domain.orders import Order, OrderStatus
from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.domain.roles import Role

LOCAL: Final = Person("tester", Purpose.OFFENDER_MANAGEMENT)
WORN, SPARE, UNIT = (DeviceName("acme", name) for name in ("worn", "spare", "unit"))
AT: Final = utc("2026-03-01 12:00")
Call = Callable[[], Any]


def does(path: str, /, **what: Any) -> Call:
    """The use case carried out by the local user, without a fault."""
    return lambda: LOCAL.records(path, **what)


def furnish() -> None:
    """Somebody on licence who opted in, a plan, a release, an absence asked for, three devices."""
    for call in (
        does("cases.record_wearer", wearer=wearer()),
        does("cases.record_order", order=_licence()),
        does("consents.record_consent", consent=consent()),
        does("cases.record_order", order=voluntary(restores="L1")),
        does("plans.record_plan", plan=plan()),
        does("releases.record_release", release=release(order="L1")),
        *(_registered(device) for device in (WORN, SPARE, UNIT)),
        does("fittings.fit_device", fitting=_fitting(WORN, "2026-02-01")),
    ):  # fmt: skip
        call()


def _licence() -> Order:
    return order("L1", conditions=order().conditions[:1], reviews=())


def _registered(device: DeviceName) -> Call:
    kind = DeviceKind.HOME_UNIT if device is UNIT else DeviceKind.TAG
    return does(
        "device_inventory.register_device", device=device, description=Description(kind, "M1")
    )


def _fitting(device: DeviceName, day: str) -> Fitting:
    return Fitting("", "W1", device.supplier, device.device_id, "V1", Fitted(utc(day), "A Fitter"))


def _removed(reason: RemovalReason = RemovalReason.ORDER_ENDED) -> Removed:
    return Removed(AT, "A Fitter", reason)


def _revoked() -> Any:
    told = decision(OrderStatus.REVOKED, "2026-03-01", "charged")
    made = replace(_licence(), status=OrderStatus.REVOKED, ends_at=AT, decision=told)
    return LOCAL.records("cases.record_order", order=made, valid_from=AT)


def _absent() -> Any:
    """Asked for and decided: by another, so that the second is refused and told."""
    LOCAL.records("absences.ask_absence", absence=absence(order="L1"))
    done = LOCAL.does(
        "absences.decide_absence", wearer="W1", reference="A1", approved=True, reason="work"
    )
    assert codes(done) == ["ASKER_DECIDES"]
    return LOCAL.records("absences.cancel_absence", wearer="W1", reference="A1")


def _held() -> Any:
    placed = LOCAL.records("holds.hold", wearer="W1", reason="inquest", authority="Coroner 1")
    return LOCAL.records(
        "holds.release_hold", hold_id=placed.hold_id, reason="over", authority="Coroner 1"
    )


def _keys() -> Any:
    from tipstaff.domain.supplier_keys import KeyScope
    from tipstaff.services.supplier_keys import WantedKey

    wanted = WantedKey("acme", "feed", frozenset(KeyScope))
    issued = LOCAL.does("supplier_keys.issue_key", wanted=wanted)
    rotated = LOCAL.does("supplier_keys.rotate_key", key_id=issued.key.key_id, overlap_days=1)
    return LOCAL.does("supplier_keys.revoke_key", key_id=rotated.key.key_id)


def _tokens() -> Any:
    from tipstaff.services.accounts import Duty
    from tipstaff.services.api_tokens import WantedToken

    duty = Duty(Role.AUDITOR, "Made Up")
    LOCAL.records("accounts.add_account", username="olive", duty=duty)
    wanted = WantedToken("tests", frozenset({"read"}), account="olive")
    made = LOCAL.does("api_tokens.add_token", wanted=wanted)
    return LOCAL.does("api_tokens.end_token", token_id=made.token.token_id)


def _erased() -> Any:
    """Erased by a court's order once nothing stands: piece by piece, and finished."""
    for name, made in (("L1", _licence()), ("V1", voluntary(restores="L1"))):
        told = decision(OrderStatus.REVOKED, "2026-03-01", "charged")
        over = replace(made, reference=name, status=OrderStatus.REVOKED, ends_at=AT, decision=told)
        LOCAL.records("cases.record_order", order=over, valid_from=AT)
    return LOCAL.records("retention.erase_wearer", wearer="W1", authority="Court 1")


CALLS: Final[Mapping[str, Call]] = {
    "consents.record_consent": does(
        "consents.record_consent",
        consent=consent("C2", given_at=utc("2026-04-01"), supersedes="C1"),
    ),
    "consents.withdraw_consent": does(
        "consents.withdraw_consent", wearer="W1", reference="C1", told_to="x",
        how=WithdrawnBy.IN_PERSON,
    ),
    "orders revoked": _revoked,
    "absences": _absent,
    "assessments.assess_eligibility": lambda: LOCAL.does(
        "assessments.assess_eligibility", wearer="W1", reference="E1", on_date=date(2026, 1, 5),
        rule_id="acquisitive-crime", facts=Facts(),
    ),
    "releases.record_release": does(
        "releases.record_release", release=release("R2", order="L1")
    ),
    "releases.record_fitting": does(
        "releases.record_fitting", visit=visit(at=utc("2026-01-05 17:00"))
    ),
    "plans.record_plan": does("plans.record_plan", plan=plan("P2")),
    "plans.record_review": does("plans.record_review", review=review()),
    "plans.record_task": does("plans.record_task", task=task()),
    "plans.record_contact": does("plans.record_contact", contact=contact()),
    "fittings.remove_device": does("fittings.remove_device", device=WORN, removed=_removed()),
    "fittings.swap_device": does(
        "fittings.swap_device", old=WORN, new=SPARE, fitted=Fitted(AT, "A Fitter"), order="V1",
        removed=_removed(RemovalReason.SWAPPED),
    ),
    "fittings refused": lambda: LOCAL.does(
        "fittings.fit_device", fitting=_fitting(SPARE, "2026-02-02")
    ),
    "holdings.install_home_unit": does(
        "holdings.install_home_unit", device=UNIT, wearer="W1", address="home", at=AT
    ),
    "device_inventory.describe_device": does(
        "device_inventory.describe_device", device=SPARE, reason="read again",
        description=Description(DeviceKind.TAG, "M2"),
    ),
    "equality.record_characteristics": lambda: LOCAL.does(
        "equality.record_characteristics", wearer="W1", answers={"sex": "female"},
        purpose=Purpose.EQUALITY_MONITORING,
    ),
    "holds": _held,
    "supplier_keys": _keys,
    "api_tokens": _tokens,
    "retention.erase_wearer": _erased,
    "retention.run_retention": lambda: LOCAL.does("retention.run_retention"),
}  # fmt: skip


def call_of(name: str) -> Call:
    """The call of that name: of this table, or of the samples, on the wearer `W1`."""
    if name in CALLS:
        return CALLS[name]
    from tipstaff.domain.access_rules import ROWS

    row = ROWS.get(name.partition(".")[2])
    purpose = Purpose.SYSTEM_ADMINISTRATION if row is None else min(row.purposes)
    who = {"actor": "tester", "purpose": purpose, "authority": "case 1"}
    return lambda: SAMPLES[name].call(who, "W1")


def names() -> list[str]:
    """Every call that may change something; what only looks is left out."""
    from tipstaff.domain.access_rules import ROWS

    changing = {Operation.COLLECTION, Operation.ALTERATION, Operation.ERASURE}
    rows = {name: ROWS.get(name.partition(".")[2]) for name in SAMPLES}
    sampled = {name for name, row in rows.items() if row is not None and row.operation in changing}
    return sorted({*CALLS, *sampled})


def warm_up() -> None:
    """Do a little of everything once, so that children find it imported and prepared."""
    LOCAL.records("plans.record_contact", contact=contact())
