"""Record plans, reviews, tasks and contacts, one at a time: each a new version, never an edit."""

from __future__ import annotations

from datetime import datetime

from tipstaff.domain.case_kinds import CaseValue, Kind
from tipstaff.domain.cases import validity_problems
from tipstaff.domain.plan_checks import check_plan
from tipstaff.domain.plan_codes import PlanCode
from tipstaff.domain.plan_work import Contact, Review, Task
from tipstaff.domain.plan_work_checks import check_contact, check_review, check_task
from tipstaff.domain.plans import Plan
from tipstaff.domain.problems import Problem
from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.records.case_versions import history, now_of, orders_now, subject_of
from tipstaff.records.cases import Told
from tipstaff.services.access import admit
from tipstaff.services.case_recording import RecordedCase, clock, record_told, today_at, told
from tipstaff.services.recording import changing


def record_plan(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    plan: Plan,
    reason: str = "",
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
) -> RecordedCase:
    """Record a plan of a wearer whose record is there. When it holds: see `records.cases.Told`."""
    what = told(plan, reason, valid_from, valid_to)
    return _record(actor, purpose, authority, "record_plan", what)


def record_review(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    review: Review,
    reason: str = "",
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
) -> RecordedCase:
    """Record that a plan was reviewed; by its `next_due` the next review is due from then on.

    One that ends the plan does not end the order: that is a version of the order.
    """
    what = told(review, reason, valid_from, valid_to)
    return _record(actor, purpose, authority, "record_review", what)


def record_task(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    task: Task,
    reason: str = "",
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
) -> RecordedCase:
    """Record a task under a plan; what becomes of it is the task told anew."""
    what = told(task, reason, valid_from, valid_to)
    return _record(actor, purpose, authority, "record_task", what)


def record_contact(
    *, actor: str, purpose: Purpose, authority: str, contact: Contact, reason: str = ""
) -> RecordedCase:
    """Enter a contact into the log, or correct it by a later version, with the reason for it.

    A correction speaks of all the time of the entry: the wrong words show only to who asks what
    was known before.
    """
    return _record(actor, purpose, authority, "record_contact", told(contact, reason))


def _record(
    actor: str, purpose: Purpose, authority: str, use_case: str, what: Told
) -> RecordedCase:
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.COLLECTION,
        use_case=use_case,
    )
    with changing(access, extent={"of": what.kind.value}) as looked:
        now = clock()
        meant, unexplained = _correcting(what)
        problems = (
            *validity_problems(meant.valid_from, meant.valid_to),
            *_wearer_problems(meant.wearer),
            *_problems(what.value, now),
            *unexplained,
        )
        return record_told(access, meant, problems, looked, now)


def _correcting(what: Told) -> tuple[Told, tuple[Problem, ...]]:
    """A contact told before is corrected from where its first version holds, and needs a reason."""
    subject = subject_of(what.wearer, Kind.CONTACT, what.name)
    if what.kind is not Kind.CONTACT or subject is None:
        return what, ()
    before = history(subject)
    start = min(fact.stated.valid_from for fact in before)
    meant = Told(what.value, start, None, what.reason)
    if what.reason.strip() or before[-1].value == what.value:
        return meant, ()
    action = "say in the reason what was wrong; or give a new contact a reference of its own"
    return meant, (Problem(PlanCode.CORRECTION_WITHOUT_REASON, "reference", action),)


def _wearer_problems(wearer: str) -> tuple[Problem, ...]:
    if subject_of(wearer) is not None:
        return ()
    action = "record the wearer first: no record of that reference is there"
    return (Problem(PlanCode.WEARER_NOT_KNOWN, "wearer", action),)


def _problems(value: CaseValue, now: datetime) -> tuple[Problem, ...]:
    if isinstance(value, Plan):
        return check_plan(value, orders_now(value.wearer, now=now))
    if isinstance(value, Review):
        return check_review(value, _plan(value.wearer, value.plan, now), today_at(now))
    if isinstance(value, Task):
        return check_task(value, _plan(value.wearer, value.plan, now))
    if isinstance(value, Contact):
        return check_contact(value, now)
    raise TypeError(f"no part of a plan: {type(value).__name__}")


def _plan(wearer: str, reference: str, now: datetime) -> Plan | None:
    """The plan of that reference as it stands."""
    plans = (plan for plan in now_of(wearer, Kind.PLAN, now=now) if isinstance(plan, Plan))
    return next((plan for plan in plans if plan.reference == reference), None)
