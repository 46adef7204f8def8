"""What of each kind of record a wearer gets in their own export, and what is left out.

Left out is what is about others: victims, and how to reach third parties (Data Protection Act 2018,
section 45(4)). Where something of a record is left out, so is the reason for each of its versions:
it may tell the same, and the next one too.
A kind that has no line here is left out whole, so that nobody is endangered by forgetting; a test
fails until it has one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from tipstaff.domain.case_kinds import CaseValue, Kind
from tipstaff.domain.case_records import WholeRecord, WholeSubject, WholeVersion
from tipstaff.domain.conditions import Condition, Proximity, ZoneCondition
from tipstaff.domain.orders import Order
from tipstaff.domain.plan_work import Contact, Party
from tipstaff.domain.plans import Plan
from tipstaff.domain.wearers import Risk, RiskKind, Wearer
from tipstaff.domain.zones import AddressBuffer, Zone, ZoneKind

#: Stands where something was left out.
LEFT_OUT: Final = "left out"
#: What the wearer gets of a value; None: nothing at all.
Own = Callable[[Any], CaseValue | None]


def _whole(value: CaseValue) -> CaseValue:
    return value


def _wearer(wearer: Wearer) -> Wearer:
    risks = tuple(_risk(risk) for risk in wearer.risks)
    child = wearer.child
    if child is not None and child.responsible_adult is not None:
        adult = replace(child.responsible_adult, contact=LEFT_OUT)
        child = replace(child, responsible_adult=adult)
    return replace(wearer, risks=risks, child=child)


def _risk(risk: Risk) -> Risk:
    """A note on domestic abuse may say where somebody went."""
    told = risk.kind is RiskKind.DOMESTIC_ABUSE and risk.note
    return replace(risk, note=LEFT_OUT) if told else risk


def _order(order: Order) -> Order:
    return replace(order, conditions=tuple(_condition(one) for one in order.conditions))


def _condition(condition: Condition) -> Condition:
    """The wearer was told of the condition itself; whom it protects, and their address, are not."""
    if isinstance(condition, Proximity):
        return replace(condition, person=LEFT_OUT)
    if isinstance(condition, ZoneCondition) and condition.zone.kind is ZoneKind.EXCLUSION:
        return replace(condition, zone=_zone(condition.zone))
    return condition


def _zone(zone: Zone) -> Zone:
    if isinstance(zone.shape, AddressBuffer):
        return replace(zone, shape=replace(zone.shape, address=LEFT_OUT))
    return zone


def _plan(plan: Plan) -> Plan:
    agencies = tuple(replace(a, contact=LEFT_OUT) if a.contact else a for a in plan.agencies)
    return replace(plan, agencies=agencies)


def _contact(contact: Contact) -> Contact | None:
    """What others said may have been said in confidence; that a victim was spoken to is theirs."""
    if contact.party is Party.VICTIM:
        return None
    if contact.party in {Party.FAMILY, Party.OTHER}:
        return replace(contact, note=LEFT_OUT, party_name=LEFT_OUT)
    return contact


OWN: Final[Mapping[Kind, Own]] = {
    Kind.WEARER: _wearer,
    Kind.ORDER: _order,
    Kind.FITTING: _whole,
    Kind.PLAN: _plan,
    Kind.REVIEW: _whole,
    Kind.TASK: _whole,
    Kind.CONTACT: _contact,
}


def own_record(record: WholeRecord) -> WholeRecord:
    """A whole record as the wearer gets it: nobody's account, and nothing that is about others."""
    subjects = (_subject(one) for one in record.subjects if one.kind in OWN)
    return WholeRecord(record.wearer, tuple(one for one in subjects if one.versions))


def kinds_left_out(record: WholeRecord) -> tuple[Kind, ...]:
    """The kinds that are left out whole."""
    return tuple(sorted({one.kind for one in record.subjects} - OWN.keys()))


def _subject(subject: WholeSubject) -> WholeSubject:
    own = OWN[subject.kind]
    told = [(version, own(version.value)) for version in subject.versions]
    hidden = any(value != version.value for version, value in told)
    kept = (_version(one, value, hidden=hidden) for one, value in told if value is not None)
    return replace(subject, versions=tuple(kept))


def _version(version: WholeVersion, value: CaseValue, *, hidden: bool) -> WholeVersion:
    reason = LEFT_OUT if hidden and version.reason else version.reason
    return replace(version, value=value, reason=reason, recorded_by=None)
