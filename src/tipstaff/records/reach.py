"""Whom an account reaches: facts of wearers for the policy, and the same reach as a filter of SQL.

The two say the same: `tests/contract/test_reach_contract.py` compares them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from tipstaff.domain.access_facts import ActorFacts, GrantFacts, TargetFacts
from tipstaff.domain.access_policy import NOT_A_FORCES
from tipstaff.domain.access_rows import Reach
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.records.chunks import chunked
from tipstaff.records.models import Assignment, Grant, LimitedWearer, OrderStretch, Wearer


@dataclass(frozen=True, slots=True)
class ListReach:
    """Whose orders a list may show: the actor's reach, and what grants open.

    `mine`: of a reach wider than the own cases, those alone. `every_limited`: a grant for all;
    `limited`: wearers of limited access whom a grant opens by name.
    """

    actor: ActorFacts
    reach: Reach
    mine: bool = False
    every_limited: bool = False
    limited: frozenset[str] = frozenset()


def facts_of(
    references: Iterable[str], actor: ActorFacts, *, now: datetime
) -> dict[str, TargetFacts]:
    """What the policy has to know of each wearer, on record or not: three statements a chunk.

    As many whether they are there or not: nothing tells them apart from outside.
    """
    found: dict[str, TargetFacts] = {}
    for chunk in chunked(sorted(set(references))):
        limited = limited_among(chunk)
        assigned = set(
            _held_by(actor, now)
            .filter(wearer__reference__in=chunk)
            .values_list("wearer__reference", flat=True)
        )
        orders: dict[str, set[tuple[str, LegalBasis]]] = {}
        rows = OrderStretch.objects.filter(_shows(now), wearer__reference__in=chunk)
        for name, force, basis in rows.values_list("wearer__reference", "force", "basis"):
            orders.setdefault(name, set()).add((force, LegalBasis(basis)))
        for name in chunk:
            found[name] = TargetFacts(
                name, frozenset(orders.get(name, ())), name in assigned, name in limited
            )
    return found


def on_record(references: Iterable[str]) -> set[str]:
    """Those references under which there is a wearer, with a record or without."""
    found: set[str] = set()
    for chunk in chunked(sorted(set(references))):
        rows = Wearer.objects.filter(reference__in=chunk)
        found.update(rows.values_list("reference", flat=True))
    return found


def limited_among(references: Iterable[str]) -> set[str]:
    """Those of some wearers of whom the record says limited access, now or at a time to come."""
    found: set[str] = set()
    for chunk in chunked(sorted(set(references))):
        rows = LimitedWearer.objects.filter(wearer__reference__in=chunk)
        found.update(rows.values_list("wearer__reference", flat=True))
    return found


def limited_subjects(subjects: Iterable[UUID]) -> dict[UUID, str]:
    """Those of the audit's references that stand for limited access, and for whom."""
    found: dict[UUID, str] = {}
    for chunk in chunked(sorted(set(subjects))):
        rows = LimitedWearer.objects.filter(wearer__subject_ref__in=chunk)
        found.update(rows.values_list("wearer__subject_ref", "wearer__reference"))
    return found


def within(
    rows: QuerySet[OrderStretch], wanted: ListReach, *, now: datetime
) -> QuerySet[OrderStretch]:
    """Those rows of lists that the actor reaches: each case by an index."""
    rows = rows.filter(_open_to(wanted))
    match Reach.OWN_CASES if wanted.mine else wanted.reach:
        case Reach.UNIT:
            return rows
        case Reach.FORCE:
            return rows.filter(force=wanted.actor.force or "").exclude(basis__in=NOT_A_FORCES)
        case Reach.OWN_CASES:
            return rows.filter(wearer__in=_held_by(wanted.actor, now).values("wearer"))
        case Reach.SELF:
            return rows.filter(wearer__reference=wanted.actor.wearer or "")
        case Reach.NOBODY:
            return rows.none()


def of_those_reached(rows: Any, wanted: ListReach, *, now: datetime) -> Any:
    """Those rows about wearers whom the actor reaches, of a list that names no force.

    `rows` have a `wearer` and the `limited_access` of that wearer's record. A force's reach has its
    own cases in other forces too, as `access_policy.in_reach` has.
    """
    rows = rows.filter(_open_to(wanted))
    held = Q(wearer__in=_held_by(wanted.actor, now).values("wearer"))
    match Reach.OWN_CASES if wanted.mine else wanted.reach:
        case Reach.UNIT:
            return rows
        case Reach.FORCE:
            orders = OrderStretch.objects.filter(_shows(now), force=wanted.actor.force or "")
            ours = orders.exclude(basis__in=NOT_A_FORCES).values("wearer")
            return rows.filter(Q(wearer__in=ours) | held)
        case Reach.OWN_CASES:
            return rows.filter(held)
        case Reach.SELF:
            return rows.filter(wearer__reference=wanted.actor.wearer or "")
        case Reach.NOBODY:
            return rows.none()


def with_limits(rows: Any) -> Any:
    """Rows that have a `wearer`, with the `limited_access` that `of_those_reached` asks for."""
    limited = LimitedWearer.objects.filter(wearer=OuterRef("wearer"))
    return rows.annotate(limited_access=Exists(limited))


def count_up_to(rows: Any, most: int) -> int:
    """How many rows there are, and no more than `most`.

    In the order of their list: the database goes by the list's index, not through the table.
    """
    return int(rows[:most].count())


def grants_of(actor: UUID, *, now: datetime) -> tuple[GrantFacts, ...]:
    """The grants of an account that are in force."""
    rows = Grant.objects.filter(user=actor, ended_at__isnull=True, starts_at__lte=now)
    rows = rows.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now))
    told = rows.values_list("starts_at", "ends_at", "wearer")
    return tuple(GrantFacts(start, end, name or None) for start, end, name in told)


def _open_to(wanted: ListReach) -> Q:
    """Rows that are open to all, or that a grant of the actor's opens."""
    if wanted.every_limited:
        return Q()
    open_to_all = Q(limited_access=False)
    if wanted.limited:
        open_to_all |= Q(wearer__reference__in=sorted(wanted.limited))
    return open_to_all


def _held_by(actor: ActorFacts, now: datetime) -> QuerySet[Assignment]:
    """Assignments in force of the person or of their team."""
    whose = Q(user=actor.ref)
    if actor.team is not None:
        whose |= Q(team=actor.team)
    return Assignment.objects.filter(
        whose, Q(ends_at__isnull=True) | Q(ends_at__gt=now), ended_at__isnull=True,
        starts_at__lte=now,
    )  # fmt: skip


def _shows(now: datetime) -> Q:
    return Q(valid_to__isnull=True, valid_from__lte=now) | Q(valid_to__gt=now, valid_from__lte=now)
