"""The lists made from plans, reviews and tasks: in step with the versions, in the same transaction.

`case_lists.renew` calls here. A row stands for a stretch of valid time, as there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from tipstaff.domain.case_kinds import CaseValue, Kind
from tipstaff.domain.plan_due import due_stretches
from tipstaff.domain.plan_work import Review, Task
from tipstaff.domain.plans import Plan
from tipstaff.domain.versions import Stated, timeline
from tipstaff.records import bulk
from tipstaff.records.case_versions import stated
from tipstaff.records.models import PlanStretch, TaskStretch, Version

#: Reads the value of a stored version.
ValueOf = Callable[[Any], CaseValue]
Limits = Mapping[UUID, bool]


@dataclass(frozen=True, slots=True)
class _Told:
    """A subject with what its versions say."""

    subject: UUID
    wearer: UUID
    kind: Kind
    values: dict[Stated, CaseValue]


def renew(subjects: Iterable[list[Any]], limits: Limits, value: ValueOf) -> None:
    """Make the rows of these subjects anew; each is given by all its versions.

    A plan's rows are made from its reviews too, so those of all plans of their wearers are made.
    `limits`: whether the wearer's record says limited access; where there is none, it counts so.
    """
    told = [_told(rows, value) for rows in subjects]
    _renew_tasks([one for one in told if one.kind is Kind.TASK], limits)
    about = {one.wearer for one in told if one.kind in {Kind.PLAN, Kind.REVIEW}}
    if about:
        _renew_plans(sorted(about), limits, value)


def renew_limits(owners: list[UUID], *, limited: bool) -> None:
    """The rows of these wearers show the limit as their record now says it."""
    for model in (PlanStretch, TaskStretch):
        rows = model.objects.filter(wearer__in=owners).exclude(limited_access=limited)
        rows.update(limited_access=limited)


def _told(rows: list[Any], value: ValueOf) -> _Told:
    subject = rows[0].subject
    kind = Kind(subject.kind)
    read = kind in {Kind.PLAN, Kind.REVIEW, Kind.TASK}
    values = {stated(row): value(row) for row in rows} if read else {}
    return _Told(subject.id, subject.wearer_id, kind, values)


def _renew_tasks(tasks: list[_Told], limits: Limits) -> None:
    TaskStretch.objects.filter(subject__in=[task.subject for task in tasks]).delete()
    bulk.insert(TaskStretch, (row for task in tasks for row in _task_rows(task, limits)))


def _task_rows(told: _Told, limits: Limits) -> Iterator[dict[str, Any]]:
    by_number = {stated.number: value for stated, value in told.values.items()}
    for stretch in timeline(told.values):
        task = by_number[stretch.number]
        if isinstance(task, Task):
            yield {
                **_where(told, stretch.start, stretch.end, limits),
                "reference": task.reference,
                "plan": task.plan,
                "agency": task.agency,
                "assignee": task.assignee,
                "what": task.what,
                "due": task.due,
                "state": task.state,
            }


def _renew_plans(owners: list[UUID], limits: Limits, value: ValueOf) -> None:
    PlanStretch.objects.filter(wearer__in=owners).delete()
    rows = Version.objects.filter(
        subject__wearer__in=owners, subject__kind__in=(Kind.PLAN, Kind.REVIEW)
    )
    by_subject: dict[UUID, list[Any]] = {}
    for row in rows.select_related("subject").order_by("number"):
        by_subject.setdefault(row.subject_id, []).append(row)
    told = [_told(versions, value) for versions in by_subject.values()]
    plans = [one for one in told if one.kind is Kind.PLAN]
    bulk.insert(PlanStretch, (row for plan in plans for row in _plan_rows(plan, told, limits)))


def _plan_rows(told: _Told, others: list[_Told], limits: Limits) -> Iterator[dict[str, Any]]:
    plans = {stated: v for stated, v in told.values.items() if isinstance(v, Plan)}
    reviews = [
        {stated: v for stated, v in one.values.items() if isinstance(v, Review)}
        for one in others
        if one.kind is Kind.REVIEW and one.wearer == told.wearer
    ]
    for stretch in due_stretches(plans, reviews):
        yield {
            **_where(told, stretch.start, stretch.end, limits),
            "reference": stretch.plan.reference,
            "scheme": stretch.plan.scheme,
            "lead": stretch.plan.lead.name,
            "organisation": stretch.plan.lead.organisation,
            "review_due": stretch.due,
        }


def _where(told: _Told, start: datetime, end: datetime | None, limits: Limits) -> dict[str, Any]:
    return {
        "subject_id": told.subject,
        "wearer_id": told.wearer,
        "valid_from": start,
        "valid_to": end,
        "limited_access": limits.get(told.wearer, True),
    }


def standing(model: Any, *, now: datetime, limited: bool) -> Any:
    """The rows of a list that hold at `now`; with those of limited access for the cleared."""
    rows = model.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=now), valid_from__lte=now)
    return rows if limited else rows.filter(limited_access=False)


def beyond(rows: Any, column: str, after: tuple[date, str, UUID] | None) -> Any:
    """The rows after the last one of the page before, by day, reference and subject."""
    if after is None:
        return rows
    day, reference, subject = after
    same = Q(**{column: day})
    later = Q(reference__gt=reference) | Q(reference=reference, subject__gt=subject)
    past = Q(**{f"{column}__gt": day}) | (same & later)
    return rows.filter(past, **{f"{column}__gte": day})
