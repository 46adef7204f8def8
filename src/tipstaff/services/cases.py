"""Record wearers and orders, one at a time: each a new version, never an edit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from tipstaff.domain.cases import validity_problems
from tipstaff.domain.order_checks import check_order
from tipstaff.domain.order_codes import OrderCode
from tipstaff.domain.orders import OVER, Order
from tipstaff.domain.problems import Problem, below
from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.domain.wall_time import wall_time
from tipstaff.domain.wearer_checks import check_wearer
from tipstaff.domain.wearers import Wearer
from tipstaff.formats.case_json import can_be_kept
from tipstaff.records import cases, law, wearers
from tipstaff.records.case_versions import as_of, find, orders_now, subject_of
from tipstaff.records.cases import Recorded, Told
from tipstaff.services.access import Access, admit
from tipstaff.services.limited_access import cleared
from tipstaff.services.recording import Looked, changing


@dataclass(frozen=True, slots=True)
class RecordedCase:
    """What became of what was told: the version, or why it was refused and nothing was stored.

    `consequences`: what is wrong with the wearer's orders since then; nothing was refused for it.
    """

    version: int | None
    new: bool
    problems: tuple[Problem, ...] = ()
    consequences: tuple[Problem, ...] = ()


def record_wearer(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    wearer: Wearer,
    reason: str = "",
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
) -> RecordedCase:
    """Record what is known of a wearer. When it holds: see `records.cases.Told`.

    What it makes wrong with their orders (an address that is gone, a child without a responsible
    adult) is told and does not hinder it: what has come to be known has to be on record.
    """
    access = _admit(actor, purpose, authority, "record_wearer")
    told = _told(wearer, valid_from, valid_to, reason)
    problems = (*check_wearer(wearer, today_at(_now())), *validity_problems(valid_from, valid_to))
    with changing(access, extent={"of": "wearer"}) as looked:
        now = _now()
        done = _record(access, told, problems, looked, now)
        if problems or not _may_be_told(access, wearer, now):
            return done
        return replace(done, consequences=_orders_with(wearer, now))


def record_order(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    order: Order,
    reason: str = "",
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
) -> RecordedCase:
    """Record an order of a wearer whose record is there. When it holds: see `records.cases.Told`.

    A variation is the order told anew, with its reason, from the day on which it was varied.
    """
    access = _admit(actor, purpose, authority, "record_order")
    told = _told(order, valid_from, valid_to, reason)
    problems = validity_problems(valid_from, valid_to)
    with changing(access, extent={"of": "order"}) as looked:
        now = _now()
        found = (*problems, *_order_problems(order, now))
        return _record(access, told, found, looked, now)


def rule_problems(order: Order) -> tuple[Problem, ...]:
    """What is wrong with the scheme's rule that an order names: there must be that version."""
    rule = order.rule
    if rule is None or any(
        rule.version == known.version for known in law.versions_of(rule.rule_id)
    ):
        return ()
    action = "name a rule and a version that docs/reference/law.md lists, or leave it out"
    return (Problem(OrderCode.RULE_NOT_KNOWN, "rule", action),)


def today_at(now: datetime) -> date:
    """The day in Great Britain."""
    return wall_time(now).date()


def _told(
    value: Wearer | Order, valid_from: datetime | None, valid_to: datetime | None, reason: str
) -> Told:
    """What is told, if it could be read again once it is stored; else a broken call."""
    if not can_be_kept(value):
        raise ValueError("this value cannot be stored: read it with formats.case_json")
    return Told(value, valid_from, valid_to, reason)


def _order_problems(order: Order, now: datetime) -> tuple[Problem, ...]:
    subject = subject_of(order.wearer)
    fact = None if subject is None else as_of(subject, valid_at=now, known_at=now)
    if fact is None or not isinstance(fact.value, Wearer):
        action = "record the wearer first: no record of that reference is there"
        return (Problem(OrderCode.WEARER_NOT_KNOWN, "wearer", action),)
    return (*check_order(order, fact.value), *rule_problems(order))


def _may_be_told(access: Access, wearer: Wearer, now: datetime) -> bool:
    """Whether the actor may be told of the wearer's orders."""
    found = find(wearer.reference, now=now)
    return found is not None and (not found.limited or cleared(access))


def _orders_with(wearer: Wearer, now: datetime) -> tuple[Problem, ...]:
    """What is wrong with the wearer's orders that are not over, now that the record says this."""
    found: list[Problem] = []
    for order in orders_now(wearer.reference, now=now):
        if order.status not in OVER:
            found += below(f"orders[{order.reference}]", check_order(order, wearer))
    return tuple(found)


def _record(
    access: Access, told: Told, problems: tuple[Problem, ...], looked: Looked, now: datetime
) -> RecordedCase:
    """Store it, or note in its entry how many problems it was refused for."""
    if problems:
        looked.extent["problems"] = len(problems)
        looked.subjects = wearers.subject_refs([told.wearer])
        return RecordedCase(None, new=False, problems=problems)
    (done,) = cases.record([told], at=now, by=access.actor_ref)
    looked.subjects = wearers.subject_refs([told.wearer])
    looked.extent |= extent_of(done)
    looked.rows = int(done.new)
    return RecordedCase(done.number, done.new)


def extent_of(done: Recorded) -> dict[str, object]:
    """A version in the audit: its subject by the random key, and its number."""
    return {"subject": str(done.subject), "number": done.number, "new": done.new}


def _admit(actor: str, purpose: Purpose, authority: str, use_case: str) -> Access:
    return admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.COLLECTION,
        use_case=use_case,
    )


def _now() -> datetime:
    return datetime.now(UTC)
