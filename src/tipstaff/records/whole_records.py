"""A wearer's whole record out of the records, and one that another operator kept into them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from tipstaff.domain.activations import STILL_ACTIVE
from tipstaff.domain.case_kinds import Kind
from tipstaff.domain.case_records import (
    WholeRecord,
    WholeSubject,
    WholeVersion,
    Worn,
    WornRecord,
    added_to,
)
from tipstaff.formats.case_forms import FORMS, text_of
from tipstaff.records import bulk, case_lists
from tipstaff.records.case_versions import digest_of, value_of
from tipstaff.records.cases import add_subjects, hold
from tipstaff.records.models import Activation, Subject, Version, VersionOrigin

_PLACES: Final = {form.kind.value: place for place, form in enumerate(FORMS)}


class DifferentRecordError(Exception):
    """A wearer of that reference is here with other content; nothing was changed."""


@dataclass(frozen=True, slots=True)
class TakenFrom:
    """Who handed a record over (an operator's name), when we took it in, and which account did."""

    operator: str
    at: datetime
    by: UUID


def whole_record(wearer: str) -> WholeRecord:
    """Every version kept of a wearer. What came from elsewhere says when it was recorded there."""
    rows = Version.objects.filter(subject__wearer__reference=wearer).order_by("number")
    found: dict[tuple[int, str], list[WholeVersion]] = {}
    for row in rows.select_related("subject", "origin"):
        key = (_PLACES[row.subject.kind], row.subject.reference)
        found.setdefault(key, []).append(_version(row))
    subjects = tuple(
        WholeSubject(FORMS[place].kind, reference, tuple(found[place, reference]))
        for place, reference in sorted(found)
    )
    return WholeRecord(wearer, subjects)


def worn_record(wearer: str) -> WornRecord:
    """Every device that a wearer wore, as it is now believed."""
    rows = Activation.objects.filter(wearer__reference=wearer, superseded_at__isnull=True)
    rows = rows.order_by("supplier__name", "activation_id")
    columns = ("supplier__name", "activation_id", "device__device_id", "start", "end")
    worn = (
        Worn(supplier, name, device, start, None if end >= STILL_ACTIVE else end)
        for supplier, name, device, start, end in rows.values_list(*columns)
    )
    return WornRecord(wearer, tuple(worn))


def take_in(record: WholeRecord, taken: TakenFrom) -> int:
    """Record what `record` says beyond what is here, in its order; how many versions are new.

    In the caller's transaction. What is here must be the beginning of what is told, else
    DifferentRecordError. Each version keeps its number and periods; we say of it that we have known
    it since `taken.at`, and beside it what its origin says.
    """
    owner = hold({record.wearer})[record.wearer]
    new = added_to(whole_record(record.wearer).subjects, record.subjects)
    if new is None:
        raise DifferentRecordError
    subjects = _subjects(owner, new)
    rows = [row for one in new for row in _rows(one, subjects[one.kind, one.reference], taken)]
    bulk.insert(Version, (version for version, _origin in rows))
    bulk.insert(VersionOrigin, (origin for _version, origin in rows))
    case_lists.renew(subjects.values(), {}, now=taken.at)
    return len(rows)


def _subjects(owner: UUID, told: tuple[WholeSubject, ...]) -> dict[tuple[Kind, str], UUID]:
    known = Subject.objects.filter(wearer=owner).values_list("kind", "reference", "id")
    found = {(Kind(kind), name): subject for kind, name, subject in known}
    wanted = [(one.kind, one.reference) for one in told]
    missing = {name: uuid4() for name in wanted if name not in found}
    add_subjects({(owner, *name): subject for name, subject in missing.items()})
    return {name: (found | missing)[name] for name in wanted}


def _rows(
    told: WholeSubject, subject: UUID, taken: TakenFrom
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each version and its origin as rows; never recorded before the last one that is here."""
    last = Version.objects.filter(subject=subject).order_by("-number").first()
    at = taken.at if last is None else max(taken.at, last.recorded_at)
    for one in told.versions:
        key, content = uuid4(), text_of(one.value)
        version = {
            "id": key,
            "subject_id": subject,
            "number": one.number,
            "valid_from": one.valid_from,
            "valid_to": one.valid_to,
            "recorded_at": at,
            "recorded_by": taken.by,
            "reason": one.reason,
            "content": content,
            "digest": digest_of(content),
        }
        origin = {
            "version_id": key,
            "taken_from": taken.operator,
            "recorded_at": one.recorded_at,
            "recorded_by": one.recorded_by,
        }
        yield version, origin


def _version(row: Any) -> WholeVersion:
    origin = getattr(row, "origin", None)
    said = row if origin is None else origin
    return WholeVersion(
        number=row.number,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        recorded_at=said.recorded_at,
        recorded_by=said.recorded_by,
        reason=row.reason,
        value=value_of(row.subject.kind, row.content, row.digest),
    )
