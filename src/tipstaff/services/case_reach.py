"""Writing within one's reach: references that may be used, orders of one's own force, new cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from tipstaff.domain.access_rows import Reach
from tipstaff.domain.order_codes import OrderCode
from tipstaff.domain.orders import Order
from tipstaff.domain.problems import Problem
from tipstaff.domain.roles import Relation, Role
from tipstaff.records import assignments, case_lists, reach
from tipstaff.records.assignments import Holder
from tipstaff.services.access import Access
from tipstaff.services.case_rules import Known, known_of
from tipstaff.services.limited_access import as_seen, may_see

#: What somebody is to a case that they record; anybody else is its caseworker.
_RELATIONS: Final[Mapping[Role, Relation]] = {
    Role.OFFENDER_MANAGER: Relation.OFFENDER_MANAGER,
    Role.PROBATION_PRACTITIONER: Relation.PROBATION_PRACTITIONER,
}


@dataclass(frozen=True, slots=True)
class References:
    """Of the references that something is told of: those not on record, and those out of reach.

    `forces`: the force of each order of theirs, by wearer and reference.
    """

    new: frozenset[str] = field(repr=False)
    barred: frozenset[str] = field(repr=False)
    forces: Mapping[tuple[str, str], str] = field(repr=False)


def standing_of(access: Access, references: Iterable[str]) -> References:
    """Where references stand for the actor."""
    asked = frozenset(references)
    held = reach.on_record(asked)
    barred = frozenset(held) - may_see(access, asked)
    forces = {} if access.actor.force is None else case_lists.forces_of(asked)
    return References(asked - held, barred, forces)


def known_to(access: Access, wearer: str, now: datetime) -> Known:
    """What stands of a wearer at `now`; of one out of reach nothing, as of nobody."""
    whom = as_seen(access, wearer)
    return known_of([whom], now)[whom]


def not_usable(told_of: References, reference: str) -> tuple[Problem, ...]:
    """What is wrong with a reference that stands for somebody out of reach.

    This is the one answer that differs from that for nobody: two people cannot have one reference.
    It tells that it is taken; not for whom, nor why they are out of reach.
    """
    if reference not in told_of.barred:
        return ()
    action = "this reference is not free for your use: take another, or ask a hub manager"
    return (Problem(OrderCode.REFERENCE_NOT_USABLE, "reference", action),)


def force_problems(access: Access, told_of: References, order: Order) -> tuple[Problem, ...]:
    """What is wrong with an order of another force, told by an account that acts for one.

    Nor may it take over an order that is another force's as the records now say.
    """
    own = access.actor.force
    held = told_of.forces.get((order.wearer, order.reference), own)
    if own is None or order.force == held == own:
        return ()
    action = "record orders of your own force: another force's are its own to record"
    return (Problem(OrderCode.OTHER_FORCE, "force", action),)


def take_on(access: Access, new: Iterable[str], now: datetime) -> None:
    """Assign new cases to whoever recorded them, unless they reach everybody anyway.

    In the caller's transaction: nobody is left without somebody who answers for the case.
    """
    names = sorted(new)
    if access.reach is Reach.UNIT or not names or access.actor.role is None:
        return
    assignments.assign(
        names,
        Holder(user=access.actor_ref),
        _RELATIONS.get(access.actor.role, Relation.CASEWORKER),
        starts_at=now,
        ends_at=None,
        at=now,
        by=access.actor_ref,
        reason="recorded by this account",
    )
