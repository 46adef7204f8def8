"""The list of releases: made from the versions of releases and visits, in step with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet

from tipstaff.domain.case_kinds import Kind
from tipstaff.domain.orders import Officer
from tipstaff.domain.releases import Release, Visit, fitted_at
from tipstaff.domain.versions import timeline
from tipstaff.records import bulk
from tipstaff.records.case_versions import stated, value_of
from tipstaff.records.models import ReleaseStretch, Version
from tipstaff.records.reach import ListReach, count_up_to, of_those_reached

MOST_LINES: Final = 1000
_ORDER: Final = ("fit_by", "subject")
_KINDS: Final = (Kind.RELEASE, Kind.VISIT)


@dataclass(frozen=True, slots=True, repr=False)
class ReleaseLine:
    """A line of a list: a release as it now stands. `wearer` is the reference."""

    subject: UUID
    subject_ref: UUID
    wearer: str
    reference: str
    order: str
    place_name: str
    officer: Officer
    released_at: datetime
    fit_by: datetime
    fitted_at: datetime | None
    limited_access: bool


def upcoming(
    *, since: datetime, now: datetime, limit: int, reach: ListReach
) -> tuple[ReleaseLine, ...]:
    """A page of releases whose deadline is not before `since`, by deadline. One statement."""
    return _lines(_upcoming(since, now, reach), limit)


def count_upcoming(*, now: datetime, most: int, reach: ListReach) -> int:
    """How many lines that list has from now on, up to `most`."""
    return count_up_to(_upcoming(now, now, reach), most)


def unfitted(
    *, now: datetime, limit: int, reach: ListReach | None = None
) -> tuple[ReleaseLine, ...]:
    """Whoever was to be fitted by `now` and is not, the longest overdue first. One statement.

    `reach`: of whom; None: of everybody, for what shows nobody.
    """
    return _lines(_unfitted(now, reach), limit)


def count_unfitted(*, now: datetime, most: int, reach: ListReach) -> int:
    """How many lines that list has, up to `most`."""
    return count_up_to(_unfitted(now, reach), most)


def renew(by_subject: Iterable[list[Any]], limited: Mapping[UUID, bool]) -> None:
    """Make anew the rows of every wearer of whom a release or a visit is among these versions.

    `limited`: by the wearer's row, whether access to their record is; unknown is limited.
    """
    changed = (rows[0].subject for rows in by_subject if rows[0].subject.kind in _KINDS)
    owners = sorted({subject.wearer_id for subject in changed})
    if not owners:
        return
    ReleaseStretch.objects.filter(wearer__in=owners).delete()
    bulk.insert(ReleaseStretch, _rows(owners, limited))


def renew_limit(owners: list[UUID], *, limited: bool) -> None:
    """The releases of these wearers show the limit as their record now says it."""
    rows = ReleaseStretch.objects.filter(wearer__in=owners).exclude(limited_access=limited)
    rows.update(limited_access=limited)


def _current(now: datetime, reach: ListReach | None) -> QuerySet[ReleaseStretch]:
    rows = ReleaseStretch.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=now), valid_from__lte=now
    )
    if reach is None:
        return rows
    shown: QuerySet[ReleaseStretch] = of_those_reached(rows, reach, now=now)
    return shown


def _upcoming(since: datetime, now: datetime, reach: ListReach) -> QuerySet[ReleaseStretch]:
    return _current(now, reach).filter(fit_by__gte=since).order_by(*_ORDER)


def _unfitted(now: datetime, reach: ListReach | None) -> QuerySet[ReleaseStretch]:
    rows = _current(now, reach).filter(fit_by__lte=now, fitted_at__isnull=True)
    return rows.order_by(*_ORDER)


def _lines(rows: QuerySet[ReleaseStretch], limit: int) -> tuple[ReleaseLine, ...]:
    listed = rows.select_related("wearer")
    return tuple(_line(row) for row in listed[: min(limit, MOST_LINES)])


def _rows(owners: list[UUID], limited: Mapping[UUID, bool]) -> Iterator[dict[str, Any]]:
    versions = Version.objects.filter(subject__wearer__in=owners, subject__kind__in=_KINDS)
    told: dict[UUID, dict[UUID, list[Any]]] = {}
    for row in versions.select_related("subject").order_by("number"):
        mine = told.setdefault(row.subject.wearer_id, {})
        mine.setdefault(row.subject_id, []).append(row)
    for owner in sorted(told):
        visits = [value for rows in told[owner].values() for value in _last(rows)]
        for rows in told[owner].values():
            yield from _release_rows(rows, visits, limited.get(owner, True))


def _last(rows: list[Any]) -> Iterator[Visit]:
    """The visit as it was told last; none where the versions are of something else."""
    if rows[0].subject.kind != Kind.VISIT:
        return
    value = value_of(Kind.VISIT, rows[-1].content, rows[-1].digest)
    if isinstance(value, Visit):
        yield value


def _release_rows(
    rows: list[Any],
    visits: list[Visit],
    limited: bool,  # noqa: FBT001
) -> Iterator[dict[str, Any]]:
    if rows[0].subject.kind != Kind.RELEASE:
        return
    by_number = {row.number: row for row in rows}
    for stretch in timeline(stated(row) for row in rows):
        row = by_number[stretch.number]
        release = value_of(Kind.RELEASE, row.content, row.digest)
        if isinstance(release, Release) and not release.cancelled:
            yield {
                "subject_id": row.subject_id,
                "wearer_id": row.subject.wearer_id,
                "valid_from": stretch.start,
                "valid_to": stretch.end,
                "limited_access": limited,
                **_columns(release, fitted_at(release, visits)),
            }


def _columns(release: Release, fitted: datetime | None) -> dict[str, Any]:
    return {
        "reference": release.reference,
        "order": release.order,
        "place_name": release.place_name,
        "officer": release.officer.name,
        "organisation": release.officer.organisation,
        "released_at": release.released_at,
        "fit_by": release.fit_by,
        "fitted_at": fitted,
    }


def _line(row: Any) -> ReleaseLine:
    return ReleaseLine(
        subject=row.subject_id,
        subject_ref=row.wearer.subject_ref,
        wearer=row.wearer.reference,
        reference=row.reference,
        order=row.order,
        place_name=row.place_name,
        officer=Officer(row.officer, row.organisation),
        released_at=row.released_at,
        fit_by=row.fit_by,
        fitted_at=row.fitted_at,
        limited_access=row.limited_access,
    )
