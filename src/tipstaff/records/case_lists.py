"""The lists made from case records: kept in step with the versions, in the same transaction.

What lists show is made from the current timeline of each order, a row for each stretch of it, so
that what is scheduled shows from its day on without anybody touching the records. A stretch is cut
after each day of review too: the next review is then a column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet

from tipstaff.domain.case_kinds import CaseValue, Kind
from tipstaff.domain.identifiers import Identifier
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.orders import Officer, Order, OrderStatus, next_review, review_due
from tipstaff.domain.versions import Stretch, timeline
from tipstaff.domain.wall_time import first_reached, wall_time
from tipstaff.domain.wearers import Wearer
from tipstaff.records import absence_lists, bulk, plan_lists, release_lists
from tipstaff.records.case_versions import limited_of, stated, value_of
from tipstaff.records.chunks import chunked
from tipstaff.records.models import LimitedWearer, OrderStretch, Version, WearerIdentifier
from tipstaff.records.reach import ListReach, count_up_to, of_those_reached, within

MOST_LINES: Final = 1000
Given = Mapping[str, CaseValue]


@dataclass(frozen=True, slots=True, repr=False)
class OrderLine:
    """A line of a list: an order as it now stands. `wearer` is the reference."""

    subject: UUID
    subject_ref: UUID
    wearer: str
    reference: str
    basis: LegalBasis
    force: str
    officer: Officer
    starts_at: datetime
    ends_at: datetime | None
    status: OrderStatus
    next_review: date | None
    limited_access: bool


@dataclass(frozen=True, slots=True, repr=False)
class ReviewLine:
    """An order and the first day of review that no decision has answered."""

    due: date
    order: OrderLine


@dataclass(frozen=True, slots=True)
class ListWanted:
    """Which orders a list shows; None: all. `after` is the reference and subject of the last line.

    `reach`: whose orders may show to whoever asks.
    """

    reach: ListReach
    force: str | None = None
    status: OrderStatus | None = None
    after: tuple[str, UUID] | None = None
    limit: int = 50


def orders(wanted: ListWanted, *, now: datetime) -> tuple[OrderLine, ...]:
    """A page of orders by reference, as they stand at `now`. One statement, by an index."""
    rows = _orders(wanted, now)
    if wanted.after is not None:
        reference, subject = wanted.after
        beyond = Q(reference__gt=reference) | Q(reference=reference, subject__gt=subject)
        rows = rows.filter(beyond, reference__gte=reference)
    rows = rows.select_related("wearer")
    return tuple(_line(row) for row in rows[: min(wanted.limit, MOST_LINES)])


def reviews_due(by: date, *, now: datetime, limit: int, reach: ListReach) -> tuple[ReviewLine, ...]:
    """Orders that run and whose review is due by a day, the longest due first. One statement."""
    listed = _reviews(by, now, reach).select_related("wearer")
    page = listed[: min(limit, MOST_LINES)]
    return tuple(ReviewLine(row.review_due, _line(row)) for row in page if row.review_due)


def count_orders(wanted: ListWanted, *, now: datetime) -> int:
    """How many orders that list has, up to its `limit`."""
    return count_up_to(_orders(wanted, now), wanted.limit)


def count_reviews_due(by: date, *, now: datetime, most: int, reach: ListReach) -> int:
    """How many orders the list of reviews due has, up to `most`."""
    return count_up_to(_reviews(by, now, reach), most)


def _orders(wanted: ListWanted, now: datetime) -> QuerySet[OrderStretch]:
    rows = OrderStretch.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=now), valid_from__lte=now
    )
    rows = within(rows, wanted.reach, now=now).order_by("reference", "subject")
    if wanted.force is not None:
        rows = rows.filter(force=wanted.force)
    return rows if wanted.status is None else rows.filter(status=wanted.status)


def _reviews(by: date, now: datetime, reach: ListReach) -> QuerySet[OrderStretch]:
    rows = OrderStretch.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=now),
        Q(ends_at__isnull=True) | Q(ends_at__gt=now),
        valid_from__lte=now,
        review_due__lte=by,
        status__in=(OrderStatus.ACTIVE, OrderStatus.SUSPENDED),
    )
    shown: QuerySet[OrderStretch] = of_those_reached(rows, reach, now=now)
    return shown.order_by("review_due", "reference")


@dataclass(frozen=True, slots=True)
class KnownAs:
    """A wearer whose record shows an identifier."""

    wearer: str
    subject_ref: UUID


def known_as(identifier: Identifier) -> tuple[KnownAs, ...]:
    """The wearers whose record shows this identifier at any time, by reference.

    One statement. Those out of reach are among them: whoever tells somebody asks who may be seen.
    """
    rows = WearerIdentifier.objects.filter(kind=identifier.kind, value=identifier.value)
    columns = rows.order_by("wearer__reference")
    return tuple(
        KnownAs(wearer, subject_ref)
        for wearer, subject_ref in columns.values_list("wearer__reference", "wearer__subject_ref")
    )


def forces_of(wearers: Iterable[str]) -> dict[tuple[str, str], str]:
    """The force of each order of some wearers, by wearer and reference, from now on or last."""
    found: dict[tuple[str, str], str] = {}
    for chunk in chunked(sorted(set(wearers))):
        rows = OrderStretch.objects.filter(wearer__reference__in=chunk).order_by("valid_from")
        for wearer, order, force in rows.values_list("wearer__reference", "reference", "force"):
            found[wearer, order] = force
    return found


def wearers_known_as(identifier: Identifier) -> tuple[str, ...]:
    """The references of the wearers whose record shows this identifier at any time.

    Those of limited access are among them: whoever tells somebody has to ask for clearance first.
    """
    rows = WearerIdentifier.objects.filter(kind=identifier.kind, value=identifier.value)
    return tuple(rows.order_by("wearer__reference").values_list("wearer__reference", flat=True))


def renew(subjects: Iterable[UUID], given: Given, *, now: datetime) -> None:
    """Make the lists' rows of these subjects anew, from all their versions.

    `given`: values by the digests of their contents, which need not be read again.
    """
    for chunk in chunked(sorted(subjects)):
        by_subject: dict[UUID, list[Any]] = {}
        rows = Version.objects.filter(subject__in=chunk).select_related("subject")
        for row in rows.order_by("number"):
            by_subject.setdefault(row.subject_id, []).append(row)
        people = [rows for rows in by_subject.values() if rows[0].subject.kind == Kind.WEARER]
        orders = [rows for rows in by_subject.values() if rows[0].subject.kind == Kind.ORDER]
        owners = {rows[0].subject.wearer_id for rows in by_subject.values()}
        limited = limited_of(sorted(owners), now=now)
        _renew_identifiers(people, given)
        _renew_limits(people, limited)
        _renew_stretches(orders, limited, given)
        plan_lists.renew(by_subject.values(), limited, lambda row: _value(row, given))
        release_lists.renew(by_subject.values(), limited)
        absence_lists.renew(by_subject.values(), limited, lambda row: _value(row, given))


def _renew_identifiers(people: list[list[Any]], given: Given) -> None:
    owners = [rows[0].subject.wearer_id for rows in people]
    WearerIdentifier.objects.filter(wearer__in=owners).delete()
    bulk.insert(WearerIdentifier, (row for rows in people for row in _identifier_rows(rows, given)))


def _identifier_rows(rows: list[Any], given: Given) -> Iterator[dict[str, Any]]:
    shown = {stretch.number for stretch in timeline(stated(row) for row in rows)}
    found: set[Identifier] = set()
    for row in rows:
        value = _value(row, given)
        if row.number in shown and isinstance(value, Wearer):
            found.update(value.identifiers)
    for one in sorted(found, key=lambda one: (one.kind, one.value)):
        yield {"wearer_id": rows[0].subject.wearer_id, "kind": one.kind, "value": one.value}


def _renew_limits(people: list[list[Any]], limited: dict[UUID, bool]) -> None:
    """Their orders show the limit as their record now says it."""
    owners = [rows[0].subject.wearer_id for rows in people]
    for flag in (False, True):
        same = [owner for owner in owners if limited.get(owner, True) is flag]
        changed = OrderStretch.objects.filter(wearer__in=same).exclude(limited_access=flag)
        changed.update(limited_access=flag)
        plan_lists.renew_limits(same, limited=flag)
        release_lists.renew_limit(same, limited=flag)
        absence_lists.renew_limit(same, limited=flag)
    LimitedWearer.objects.filter(wearer__in=owners).delete()
    bulk.insert(
        LimitedWearer, ({"wearer_id": owner} for owner in owners if limited.get(owner, True))
    )


def _renew_stretches(orders: list[list[Any]], limited: dict[UUID, bool], given: Given) -> None:
    OrderStretch.objects.filter(subject__in=[rows[0].subject_id for rows in orders]).delete()
    # Without a record of the wearer's nobody knows whether access is limited: then it is.
    bulk.insert(
        OrderStretch,
        (
            row
            for rows in orders
            for row in _stretch_rows(rows, limited.get(rows[0].subject.wearer_id, True), given)
        ),
    )


def _value(row: Any, given: Given) -> CaseValue:
    if row.digest in given:
        return given[row.digest]
    return value_of(row.subject.kind, row.content, row.digest)


def _stretch_rows(
    rows: list[Any],
    limited: bool,  # noqa: FBT001
    given: Given,
) -> Iterator[dict[str, Any]]:
    values = {row.number: _value(row, given) for row in rows}
    subject = rows[0].subject
    for stretch in timeline(stated(row) for row in rows):
        order = values[stretch.number]
        if not isinstance(order, Order):
            continue
        for piece in _between_reviews(stretch, order):
            yield {
                "subject_id": subject.id,
                "wearer_id": subject.wearer_id,
                "limited_access": limited,
                **_columns(piece, order),
            }


def _between_reviews(stretch: Stretch, order: Order) -> Iterator[Stretch]:
    """The stretch, cut at the end of each day of review."""
    start = stretch.start
    for day in sorted(set(order.reviews)):
        cut = first_reached(datetime.combine(day + timedelta(days=1), time.min))
        if cut > start and (stretch.end is None or cut < stretch.end):
            yield Stretch(stretch.number, start, cut)
            start = cut
    yield Stretch(stretch.number, start, stretch.end)


def _columns(piece: Stretch, order: Order) -> dict[str, Any]:
    return {
        "number": piece.number,
        "valid_from": piece.start,
        "valid_to": piece.end,
        "reference": order.reference,
        "basis": order.basis,
        "force": order.force,
        "officer": order.officer.name,
        "organisation": order.officer.organisation,
        "starts_at": order.starts_at,
        "ends_at": order.ends_at,
        "status": order.status,
        "next_review": next_review(order, wall_time(piece.start).date()),
        "review_due": review_due(order),
        "restores": order.restores,
    }


def _line(row: Any) -> OrderLine:
    return OrderLine(
        subject=row.subject_id,
        subject_ref=row.wearer.subject_ref,
        wearer=row.wearer.reference,
        reference=row.reference,
        basis=LegalBasis(row.basis),
        force=row.force,
        officer=Officer(row.officer, row.organisation),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        status=OrderStatus(row.status),
        next_review=row.next_review,
        limited_access=row.limited_access,
    )
