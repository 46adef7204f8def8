"""Dorset: a force outside the nineteen runs its own voluntary tags.

Written consent in the wearer's language, a licence relaxed for opting in and back on withdrawal,
one officer to one wearer, and tags of two further suppliers on trial beside the present one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from made_cases import consent, curfew, order, voluntary, wearer
from made_plans import DRUGS, HOUSING, contact, plan, task
from scheme_people import TODAY, Person, ago, codes, fits, joins, owner, sends, stays

from tipstaff.domain.access_checks import AccessCode
from tipstaff.domain.conditions import Trail
from tipstaff.domain.consent_texts import Language
from tipstaff.domain.consents import WithdrawnBy
from tipstaff.domain.devices import Description, DeviceKind, DeviceName
from tipstaff.domain.fittings import Fitted, RemovalReason, Removed
from tipstaff.domain.forces import ForceFact
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.orders import OrderStatus
from tipstaff.domain.periods import Period
from tipstaff.domain.plan_work import TaskState
from tipstaff.domain.plans import ConditionName, Goal, Relaxed
from tipstaff.domain.roles import Relation, Role

HOME, TOWN = (50.7155, -2.4405), (50.7190, -2.4600)
TRIAL = "supplier trial"
DAYS = {"dates": f"{ago(60):%Y-%m-%d}"}
STRICT, EASED = curfew("nights", **DAYS), curfew("nights", ("Sun 22:00-06:00 home",), **DAYS)
LICENCE = order(
    "L1", wearer="alun", starts_at=ago(60), ends_at=ago(-120), served_at=ago(60), reviews=(),
    force="Dorset", conditions=(STRICT,),
)  # fmt: skip
OPTED_IN = voluntary(
    "V1", wearer="alun", starts_at=ago(30), ends_at=ago(-60), force="Dorset", restores="L1",
    conditions=(Trail("whereabouts"),),
)  # fmt: skip


@dataclass(frozen=True)
class People:
    """Who plays a part, each with an account of their role."""

    team: Person
    officer: Person
    colleague: Person
    probation: Person
    centre: Person
    feeds: dict[str, Person]


def joined() -> People:
    dorset = {"force": "Dorset"}
    return People(
        joins("ivan", Role.IOM_COORDINATOR, **dorset),
        joins("olive", Role.OFFENDER_MANAGER, **dorset),
        joins("oscar", Role.OFFENDER_MANAGER, **dorset),
        joins("priya", Role.PROBATION_PRACTITIONER),
        joins("mona", Role.MONITORING_OPERATOR),
        {
            name: joins(f"feed-{name}", Role.TAG_SUPPLIER, organisation=name)
            for name in ("tipstaff", "beta", "gamma")
        },
    )


def test_a_force_runs_its_own_voluntary_tags(sqlite_instance: Any, tmp_path: Path) -> None:
    a_force_that_nobody_knew()
    people = joined()
    opting_in(people)
    the_wearer_gets_a_copy(people)
    one_officer_to_one_wearer(people)
    tasks_and_the_contact_log(people)
    tags_of_two_more_suppliers_on_trial(people)
    a_swap_that_bleeds_neither_way(people, tmp_path)
    nationally_managed_wearers_beside_them(people)
    consent_withdrawn_restores_the_licence(people)


def a_force_that_nobody_knew() -> None:
    """Dorset is none of the nineteen of the national file: it is recorded, and then it is one."""
    from tipstaff.services.accounts import Duty

    duty = Duty(Role.IOM_COORDINATOR, "Made Up", force="Dorset")
    refused = owner().does("accounts.add_account", username="early", duty=duty)
    assert codes(refused) == [AccessCode.FORCE_NOT_KNOWN]
    dorset = ForceFact("Dorset", "DOR", "Dorset Police", {"voluntary-iom": ago(90).date()})
    owner().records("teams.record_force", force=dorset)
    owner().records("teams.add_team", name="IOM Dorset", force="Dorset")


def opting_in(people: People) -> None:
    """On licence with a curfew every night; by choice a tag, and the curfew is eased for it."""
    people.team.records("cases.record_wearer", wearer=wearer("alun", language="cy"))
    people.team.records("cases.record_order", order=LICENCE)
    agreed = consent(wearer="alun", given_at=ago(31), language="cy", taken_by="I Van")
    people.team.records("consents.record_consent", consent=agreed)
    people.team.records("cases.record_order", order=OPTED_IN)
    eased = replace(LICENCE, conditions=(EASED,))
    since = {"valid_from": ago(30), "reason": "opted in to a tag"}
    people.team.records("cases.record_order", order=eased, **since)
    case = people.team.does("case_view.show_case", wearer="alun")
    (licence,) = [view for view in case.orders if view.reference == "L1"]
    assert licence.changes[-1].variations, "what changed is computed and shown"


def the_wearer_gets_a_copy(people: People) -> None:
    """In Welsh, as it was put to them, and in English for whoever wants it so."""
    which = {"wearer": "alun", "reference": "C1"}
    welsh = people.team.does("consents.copy_for", **which)
    english = people.team.does("consents.copy_for", language=Language.ENGLISH, **which)
    assert (welsh.language, english.language) == (Language.WELSH, Language.ENGLISH)
    assert len(welsh.sections) == len(english.sections) == 7
    assert welsh.title != english.title


def one_officer_to_one_wearer(people: People) -> None:
    """Who is not given the case does not see it, and the team's co-ordinator gives it."""
    from tipstaff.services.assignments import Handing

    assert people.officer.does("case_view.show_case", wearer="alun") is None
    handing = Handing("alun", Relation.OFFENDER_MANAGER, user="olive")
    people.team.records("assignments.assign_case", handing=handing)
    assert people.officer.does("case_view.show_case", wearer="alun") is not None
    assert people.colleague.does("case_view.show_case", wearer="alun") is None
    held = people.team.does("assignments.list_assignments", wearer="alun")
    assert [h.relation for h in held if h.relation is Relation.OFFENDER_MANAGER]


def tasks_and_the_contact_log(people: People) -> None:
    """The officer's plan with drugs and housing agencies; what is relaxed is on it."""
    eased = Relaxed(
        ConditionName("L1", "nights"), "Sunday nights only", ago(30).date(), "Probation"
    )
    aim = Goal("g1", "a tenancy", "housing", "tenancy signed", ago(-30).date())
    joint = plan(
        wearer="alun", starts_on=ago(30).date(), first_review=ago(-5).date(), goals=(aim,),
        agencies=(HOUSING, DRUGS), relaxed=(eased,), wearer_agrees=True,
    )  # fmt: skip
    people.officer.records("plans.record_plan", plan=joint)
    todo = task(wearer="alun", set_on=ago(20).date(), due=ago(6).date())
    people.officer.records("plans.record_task", task=todo)
    (line,) = people.officer.does("plan_lists.list_tasks")
    assert (line.wearer, line.due) == ("alun", ago(6).date())
    done = replace(todo, state=TaskState.DONE, result="two flats seen")
    people.officer.records("plans.record_task", task=done)
    assert people.officer.does("plan_lists.list_tasks") == ()
    seen = contact(wearer="alun", at=ago(10, "11:00"), made_by="O Live")
    people.officer.records("plans.record_contact", contact=seen)


def tags_of_two_more_suppliers_on_trial(people: People) -> None:
    """The present tag is worn; those of two suppliers lie ready, marked with the trial's name."""
    fits(people.centre, "alun", "7", ago(29))
    for supplier in ("beta", "gamma"):
        described = Description(DeviceKind.TAG, f"{supplier}-1", trial=TRIAL, reporting_s=60)
        device = DeviceName(supplier, "7")
        people.centre.records(
            "device_inventory.register_device", device=device, description=described
        )
    from tipstaff.services.device_view import DevicesWanted

    fleet = people.centre.does("device_view.list_devices", wanted=DevicesWanted(trial=TRIAL))
    assert {(line.supplier, line.state) for line in fleet} == {
        ("beta", "in_stock"),
        ("gamma", "in_stock"),
    }


def a_swap_that_bleeds_neither_way(people: People, folder: Path) -> None:
    """One instant: the old tag is nobody's from then on, the new one was nobody's before it.

    Three suppliers have a device of the same number; the old tag goes on to another wearer.
    """
    at = ago(2, "12:00")
    old, new = DeviceName("tipstaff", "7"), DeviceName("beta", "7")
    people.centre.records(
        "fittings.swap_device", old=old, new=new,
        removed=Removed(at, "A Fitter", RemovalReason.SWAPPED), fitted=Fitted(at, "A Fitter"),
        order="V1",
    )  # fmt: skip
    another_wears_the_old_one(people)
    around = ago(2, "11:00")
    for supplier in ("tipstaff", "beta", "gamma"):
        place = HOME if supplier == "tipstaff" else TOWN
        sends(people.feeds[supplier], folder, stays("7", place, around, 120), supplier)
    stranger = people.feeds["gamma"]
    lines = stays("7", TOWN, ago(1), 5)
    assert refused(stranger, folder, lines, "beta") == "other_supplier"
    whole = {"name": "alun", "period": Period(ago(3), TODAY)}
    found = people.officer.does("trails.trail", **whole)
    times = found.table["fix_time"].to_pylist()
    east = [value / 1e7 < -2.45 for value in found.table["lon_e7"].to_pylist()]
    assert len(times) == 120, "sixty of the old tag, sixty of the new one"
    assert east == [time >= at for time in times]
    other = people.team.does("trails.trail", **{**whole, "name": "next"})
    assert {time >= ago(2, "12:30") for time in other.table["fix_time"].to_pylist()} == {True}
    assert other.table.num_rows == 30


def another_wears_the_old_one(people: People) -> None:
    """Half an hour after the swap the old tag is put on somebody else."""
    people.team.records("cases.record_wearer", wearer=wearer("next"))
    people.team.records("consents.record_consent", consent=consent(wearer="next", given_at=ago(9)))
    own = voluntary("V1", wearer="next", starts_at=ago(8), ends_at=ago(-60), force="Dorset")
    people.team.records("cases.record_order", order=own)
    from tipstaff.domain.fittings import Fitting

    put_on = Fitted(ago(2, "12:30"), "A Fitter")
    made = Fitting("", "next", "tipstaff", "7", "V1", put_on)
    people.centre.records("fittings.fit_device", fitting=made)


def refused(who: Person, folder: Path, lines: list[str], supplier: str) -> str:
    from tipstaff.services.access import RefusedError

    try:
        sends(who, folder, lines, supplier)
    except RefusedError as error:
        return error.code
    raise AssertionError("a supplier sent for another")


def nationally_managed_wearers_beside_them(people: People) -> None:
    """A wearer of the county whom probation manages under the national contract, in one list."""
    people.probation.records("cases.record_wearer", wearer=wearer("national"))
    parole = replace(
        LICENCE, reference="N1", wearer="national", basis=LegalBasis.PAROLE,
        issued_by="Parole Board",
    )  # fmt: skip
    people.probation.records("cases.record_order", order=parole)
    lines = people.team.does("case_view.list_orders", force="Dorset")
    assert {(line.wearer, line.basis) for line in lines} == {
        ("alun", LegalBasis.LICENCE),
        ("alun", LegalBasis.VOLUNTARY),
        ("next", LegalBasis.VOLUNTARY),
        ("national", LegalBasis.PAROLE),
    }
    own = people.officer.does("case_view.list_orders", mine=True)
    assert {line.wearer for line in own} == {"alun"}


def consent_withdrawn_restores_the_licence(people: People) -> None:
    """Taking part no longer: the tag's order is over and the licence says what it said before."""
    at = ago(1, "09:00")
    done = people.officer.does(
        "consents.withdraw_consent", wearer="alun", reference="C1", told_to="O Live", at=at,
        how=WithdrawnBy.IN_PERSON,
    )  # fmt: skip
    assert (done.problems, done.orders_ended, done.licences_restored) == ((), ("V1",), ("L1",))
    assert (done.activations_ended, done.still_supported_by) == (1, ())
    case = people.officer.does("case_view.show_case", wearer="alun")
    now = {view.reference: view.shown.value for view in case.orders if view.shown}
    assert now["L1"].conditions == (STRICT,)
    assert now["V1"].status is OrderStatus.ENDED
