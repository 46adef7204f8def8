"""The county's cases: five schemes, each person with an order, a tag and what belongs to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, Final

from tipstaff.cli.county.cast import FORCE, Player, name_of
from tipstaff.cli.county.units import unit_of
from tipstaff.cli.county.world import SUPPLIER, County, seldom
from tipstaff.domain.absences import Absence
from tipstaff.domain.conditions import Attendance, Condition, Curfew, Trail, Venue, ZoneCondition
from tipstaff.domain.consents import Consent, ConsentKind, ConsentScope, WithdrawnBy
from tipstaff.domain.devices import Description, DeviceKind, DeviceName
from tipstaff.domain.eligibility_facts import Case as Facts
from tipstaff.domain.eligibility_facts import Sentence, SentenceKind
from tipstaff.domain.fittings import Fitted, Fitting, RemovalReason, Removed, StrapCheck
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.orders import Decision, Officer, Order, OrderStatus, SchemeRule
from tipstaff.domain.plan_work import Channel, Contact, Party, Task
from tipstaff.domain.plans import Agency, AgencyKind, Goal, Plan
from tipstaff.domain.releases import Release, ReleasePlace
from tipstaff.domain.roles import Relation, Role
from tipstaff.domain.search_facts import Scope
from tipstaff.domain.terms import Term
from tipstaff.domain.timetables import Hours, Row, Timetable, Weekday
from tipstaff.domain.wearers import Address, Name, Need, NeedKind, Wearer
from tipstaff.domain.zones import Circle, Harm, Place, Zone, ZoneKind

_RULE: Final = SchemeRule("acquisitive-crime", 3)
_OFFICER: Final = Officer("Rowan Officer", "Derbyshire Police")
HOUSING: Final = Agency(
    "housing", "Riverside Homes", AgencyKind.HOUSING, "H Worker", "01332 000000"
)
#: Lives are simulated without knowing of curfews: these hours most people keep anyway.
_NIGHT: Final = Hours(time(0, 30), time(5), ("home",))
_FARTHER: Final = 6.0
_LATE: Final = Hours(time(1), time(5), ("home",))


@dataclass(frozen=True, slots=True)
class Cases:
    """Who is in which scheme, by reference."""

    licence: tuple[str, ...]
    voluntary: tuple[str, ...]
    checkpoint: tuple[str, ...]
    bail: tuple[str, ...]
    consent: tuple[str, ...]

    @property
    def everyone(self) -> tuple[str, ...]:
        """All of them."""
        return self.licence + self.voluntary + self.checkpoint + self.bail + self.consent


def share_out(wearers: tuple[str, ...]) -> Cases:
    """Two in five under the acquisitive-crime project, the rest over the other four schemes."""
    first = max(1, len(wearers) * 2 // 5)
    rest = wearers[first:]
    cuts = [len(rest) * n // 4 for n in range(5)]
    voluntary, checkpoint, bail, consent = (rest[a:b] for a, b in pairwise(cuts))
    return Cases(wearers[:first], voluntary, checkpoint, bail, consent)


def record_cases(county: County, players: Mapping[Role, Player]) -> Cases:
    """Record everybody with their order, and assign them."""
    shared = share_out(county.wearers)
    iom = players[Role.IOM_COORDINATOR]
    for number in range(len(county.wearers)):
        iom.records("cases.record_wearer", wearer=person_of(county, number))
    for wearer in shared.licence:
        _licence(county, iom, wearer)
    for wearer in shared.voluntary:
        _voluntary(county, iom, wearer, restores=True)
    for wearer in shared.checkpoint:
        _checkpoint(county, iom, wearer)
    for wearer in shared.bail:
        _bail(county, iom, wearer)
    for wearer in shared.consent:
        _voluntary(county, iom, wearer, restores=False)
    _assign(players, shared)
    return shared


def person_of(county: County, number: int) -> Wearer:
    """The record of a wearer by their number, counted from 0."""
    wearer = county.wearers[number]
    given, family = name_of(number)
    address = Address("home", (f"{number + 1} Made-up Street", "Derby"), "", county.homes[wearer])
    needs = (Need(NeedKind.READING, "read letters out"),) if number % 7 == 3 else ()
    return Wearer(
        wearer, (Name(given, family),), date(1980 + number % 25, 1 + number % 12, 3),
        addresses=(address,), language="cy" if number % 6 == 5 else "en", needs=needs,
    )  # fmt: skip


def _order(county: County, wearer: str, basis: LegalBasis, **other: Any) -> Order:
    values: dict[str, Any] = {
        "reference": f"{wearer}-1",
        "wearer": wearer,
        "basis": basis,
        "issued_by": "HMP Made-up",
        "starts_at": county.start + timedelta(hours=10),
        "officer": _OFFICER,
        "force": FORCE,
        "status": OrderStatus.ACTIVE,
        "ends_at": county.now + timedelta(days=90),
        "served_at": county.start + timedelta(hours=11),
        "reviews": ((county.now + timedelta(days=6)).date(),),
    }
    return Order(**(values | other))


def curfew(
    county: County, hours: Hours = _NIGHT, days: tuple[Weekday, ...] = tuple(Weekday)
) -> Curfew:
    """Nights at home."""
    rows = tuple(Row(day, hours) for day in days)
    return Curfew("nights", Timetable(rows, county.start.date()))


def _nights(county: County, wearer: str) -> tuple[Condition, ...]:
    """A curfew for whoever mostly keeps it: nobody is ordered home who works at night."""
    return (curfew(county),) if wearer in county.keeps else ()


def units_at(county: County, shared: Cases) -> list[str]:
    """Who has a home unit: whoever is under a curfew every night."""
    return [one for one in shared.licence + shared.bail if one in county.keeps]


def zone_place(county: County, wearer: str) -> Place:
    """The middle of the zone of a wearer: where they seldom are, but sometimes."""
    return seldom(county.positions, county.old[wearer], county.homes[wearer])


def zone_near(county: County, wearer: str, harm: Harm) -> ZoneCondition:
    """A circle to keep out of."""
    return _keep_out(zone_place(county, wearer), harm)


def _keep_out(place: Place, harm: Harm) -> ZoneCondition:
    return ZoneCondition("keep-out", Zone(ZoneKind.EXCLUSION, Circle(place, 150.0), harm))


def _licence(county: County, by: Player, wearer: str) -> None:
    conditions: tuple[Condition, ...] = (Trail("whereabouts"), *_nights(county, wearer))
    if int(wearer[1:]) % 2:
        conditions = (*conditions, zone_near(county, wearer, Harm.HIGH))
    order = _order(county, wearer, LegalBasis.LICENCE, rule=_RULE, conditions=conditions)
    sentence = Sentence(
        "BIAD", SentenceKind.STANDARD_DETERMINATE, Term(24),
        (county.start - timedelta(days=400)).date(),
    )  # fmt: skip
    facts = Facts(
        basis=LegalBasis.LICENCE, sentence=sentence, beside=(),
        licence_last_day=(county.now + timedelta(days=90)).date(), area=FORCE, fixed_address=True,
        monitored_in_full=False, unsuitable=False,
    )  # fmt: skip
    by.records(
        "assessments.assess_eligibility", wearer=wearer, reference="E1", facts=facts,
        rule_id=_RULE.rule_id, on_date=county.start.date(),
    )  # fmt: skip
    by.records("cases.record_order", order=order)


def _consent(county: County, wearer: str) -> Consent:
    scope = ConsentScope(
        collection=True, crime_matching=True, crime_types=Scope(everything=True),
        forces=Scope(frozenset({FORCE})), agencies=("housing",),
    )  # fmt: skip
    return Consent(
        "C1", wearer, ConsentKind.VOLUNTARY, county.start, written=True, taken_by="Rowan Officer",
        text="voluntary-1", scope=scope, capacity_considered=True, interpreter_considered=True,
    )  # fmt: skip


def _voluntary(county: County, by: Player, wearer: str, *, restores: bool) -> None:
    """A tag by choice; with `restores`, a curfew of a licence is eased for it."""
    since = county.start + timedelta(days=3)
    strict: dict[str, Any] = {"reference": f"{wearer}-L", "conditions": (curfew(county),)}
    licence = _order(county, wearer, LegalBasis.LICENCE, **strict)
    if restores:
        by.records("cases.record_order", order=licence)
    by.records("consents.record_consent", consent=_consent(county, wearer))
    tag = _order(
        county, wearer, LegalBasis.VOLUNTARY, issued_by="IOM team", starts_at=since,
        served_at=since, restores=licence.reference if restores else "",
        conditions=(Trail("whereabouts"), zone_near(county, wearer, Harm.MEDIUM)),
    )  # fmt: skip
    by.records("cases.record_order", order=tag)
    if restores:
        eased = replace(licence, conditions=(curfew(county, _LATE, (Weekday.SUNDAY,)),))
        by.records("cases.record_order", order=eased, valid_from=since, reason="opted in to a tag")


def _checkpoint(county: County, by: Player, wearer: str) -> None:
    venue = Venue(
        "Made-up Hall", Place(county.homes[wearer].latitude + 0.006, county.homes[wearer].longitude)
    )
    weekly = Timetable((Row(Weekday.TUESDAY, Hours(time(10), time(11))),), county.start.date())
    decided = Decision(OrderStatus.ACTIVE, _OFFICER, county.start, "first offence, wants help")
    by.records("consents.record_consent", consent=_consent(county, wearer))
    contract = _order(
        county, wearer, LegalBasis.CHECKPOINT, issued_by="Checkpoint", decision=decided,
        conditions=(Trail("whereabouts"), Attendance("sessions", venue, weekly)),
    )  # fmt: skip
    by.records("cases.record_order", order=contract)


def _bail(county: County, by: Player, wearer: str) -> None:
    order = _order(
        county, wearer, LegalBasis.COURT_BAIL, issued_by="Made-up Magistrates’ Court",
        conditions=(zone_near(county, wearer, Harm.HIGH), *_nights(county, wearer)),
    )  # fmt: skip
    by.records("cases.record_order", order=order)


def fit(county: County, by: Player) -> None:
    """The first tags are put on."""
    for wearer in county.wearers:
        device = DeviceName(SUPPLIER, county.old[wearer])
        _register(by, device, "T1")
        fitted = Fitted(fitted_at(county), "F Itter", "at home", StrapCheck.PASSED)
        fitting = Fitting("", wearer, SUPPLIER, device.device_id, None, fitted)
        by.records("fittings.fit_device", fitting=fitting, **_DEPOT)


def fitted_at(county: County) -> datetime:
    """When the first tags were put on: once every order had begun."""
    return county.start + timedelta(days=3, hours=2)


def swap(county: County, by: Player, shared: Cases) -> None:
    """The first tags are changed for a newer model, and home units are set up."""
    removed = Removed(county.swapped, "F Itter", RemovalReason.SWAPPED, "a newer model")
    fitted = Fitted(county.swapped, "F Itter", "at home", StrapCheck.PASSED)
    for wearer in county.wearers:
        old = DeviceName(SUPPLIER, county.old[wearer])
        new = DeviceName(SUPPLIER, county.new[old.device_id])
        _register(by, new, "T2")
        by.records(
            "fittings.swap_device", old=old, new=new, removed=removed, fitted=fitted, **_DEPOT
        )
    for wearer in units_at(county, shared):
        unit = DeviceName(SUPPLIER, unit_of(county, wearer))
        _register(by, unit, "H1", DeviceKind.HOME_UNIT)
        at = county.swapped
        by.records(
            "holdings.install_home_unit",
            device=unit,
            wearer=wearer,
            address="home",
            at=at,
            **_DEPOT,
        )


def correct_zone(county: County, by: Player, wearer: str) -> None:
    """The zone of a wearer had been copied wrongly: it lies farther off, and always did."""
    (held,) = by.does("case_view.show_case", wearer=wearer, **_DEPOT).orders
    order = held.shown.value
    home, place = county.homes[wearer], zone_place(county, wearer)
    far = [a + _FARTHER * (b - a) for a, b in zip(home, place, strict=True)]
    zone = _keep_out(Place(*far), Harm.HIGH)
    others = tuple(one for one in order.conditions if one.reference != zone.reference)
    by.records(
        "cases.record_order", order=replace(order, conditions=(*others, zone)),
        valid_from=order.starts_at, reason="the zone was copied wrongly from the licence",
    )  # fmt: skip


def _register(
    by: Player, device: DeviceName, model: str, kind: DeviceKind = DeviceKind.TAG
) -> None:
    described = Description(kind, model, reporting_s=600)
    by.records("device_inventory.register_device", device=device, description=described, **_DEPOT)


def _purpose() -> dict[str, Any]:
    from tipstaff.domain.purposes import Purpose

    return {"purpose": Purpose.OFFENDER_MANAGEMENT}


_DEPOT: Final = _purpose()


def _assign(players: Mapping[Role, Player], shared: Cases) -> None:
    from tipstaff.services.assignments import Handing

    iom = players[Role.IOM_COORDINATOR]
    for wearer in shared.everyone:
        for relation, role in (
            (Relation.OFFENDER_MANAGER, Role.OFFENDER_MANAGER),
            (Relation.PROBATION_PRACTITIONER, Role.PROBATION_PRACTITIONER),
        ):
            handing = Handing(wearer, relation, user=role.value)
            iom.records("assignments.assign_case", handing=handing)
    for wearer in shared.voluntary:
        handing = Handing(wearer, Relation.PARTNER, user=Role.PARTNER_AGENCY.value)
        iom.records("assignments.assign_case", handing=handing)
    for wearer in shared.bail:
        handing = Handing(wearer, Relation.VICTIM_LIAISON, user=Role.VICTIM_LIAISON.value)
        iom.records("assignments.assign_case", handing=handing)


def plan_together(county: County, players: Mapping[Role, Player], shared: Cases) -> None:
    """Joint plans with a task and a contact each, and absences that were asked for."""
    iom, today = players[Role.IOM_COORDINATOR], county.now.date()
    for number, wearer in enumerate(shared.voluntary + shared.licence[:2]):
        goal = Goal("g1", "a tenancy", "housing", "tenancy signed", today + timedelta(days=30))
        plan = Plan(
            "P1", wearer, "IOM", _OFFICER, county.start.date(), today + timedelta(days=number - 2),
            agencies=(HOUSING,), goals=(goal,), wearer_agrees=True,
        )  # fmt: skip
        iom.records("plans.record_plan", plan=plan)
        task = Task(
            "T1", wearer, "P1", "housing", "ring about the tenancy", today - timedelta(days=5),
            today + timedelta(days=number - 1), "H Worker",
        )  # fmt: skip
        iom.records("plans.record_task", task=task)
        contact = Contact(
            "K1", wearer, county.now - timedelta(days=2), "offender_manager", Channel.VISIT,
            Party.WEARER, "At home, well; asks about work.",
        )  # fmt: skip
        iom.records("plans.record_contact", contact=contact)
    for wearer in units_at(county, shared)[:2]:
        start = (county.now + timedelta(days=2)).replace(hour=18, minute=0, second=0)
        absence = Absence(
            "A1", wearer, f"{wearer}-1", "nights", start, start + timedelta(hours=14),
            "a night shift", "the wearer", county.now - timedelta(days=1),
        )  # fmt: skip
        iom.records("absences.ask_absence", absence=absence)


def to_come(county: County, players: Mapping[Role, Player]) -> None:
    """Three with no tag yet: to be released in days, released and not fitted, and only referred."""
    iom = players[Role.IOM_COORDINATOR]
    referred = _order(
        county, _somebody(county, iom, 42), LegalBasis.VOLUNTARY, issued_by="IOM team",
        starts_at=county.now, served_at=None, reviews=(),
        status=OrderStatus.REFERRED, conditions=(Trail("whereabouts"),),
    )  # fmt: skip
    iom.records("cases.record_order", order=referred, reason="asked for a tag at a visit")
    for number, days in ((40, 3), (41, -1)):
        wearer = _somebody(county, iom, number)
        at = (county.now + timedelta(days=days)).replace(hour=9, minute=0, second=0)
        order = _order(
            county, wearer, LegalBasis.LICENCE, starts_at=at, served_at=None,
            conditions=(curfew(county),),
        )  # fmt: skip
        iom.records("cases.record_order", order=order)
        release = Release(
            "R1", wearer, order.reference, ReleasePlace.PRISON, "HMP Made-up", at,
            Officer("P Officer", "HMP Made-up"), "home", at + timedelta(hours=8),
        )  # fmt: skip
        iom.records("releases.record_release", release=release)


def _somebody(county: County, by: Player, number: int) -> str:
    """One more person on record, by their number."""
    wearer = f"D{number:03d}"
    place = next(iter(county.homes.values()))
    home = Address("home", (f"{number} Made-up Street", "Derby"), "", place)
    names = (Name(*name_of(number)),)
    person = Wearer(wearer, names, date(1991, 2, 3), addresses=(home,))
    by.records("cases.record_wearer", wearer=person)
    return wearer


def limit(county: County, by: Player, setting_up: Player, wearer: str) -> None:
    """Make a wearer's record one of limited access, and clear one reviewer for it."""
    person = person_of(county, county.wearers.index(wearer))
    limited = replace(person, limited_access=True)
    by.records("cases.record_wearer", wearer=limited, reason="a witness in another case")
    setting_up.records(
        "grants.grant_access", username=Role.HUB_MANAGER.value, wearer=None,
        reason="cleared to review matches of limited access", authority="demonstration",
    )  # fmt: skip


def withdraw(by: Player, wearer: str, at: datetime) -> None:
    """A voluntary wearer takes their consent back: order, tag and taking in end at that instant."""
    by.records(
        "consents.withdraw_consent", wearer=wearer, reference="C1", how=WithdrawnBy.IN_PERSON,
        told_to="Rowan Officer", at=at,
    )  # fmt: skip
