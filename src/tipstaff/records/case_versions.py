"""Versions of case records, read by two clocks, as values."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from tipstaff.domain.case_kinds import CaseValue, Kind
from tipstaff.domain.orders import Order
from tipstaff.domain.versions import Stated, in_effect, timeline
from tipstaff.formats import case_forms
from tipstaff.formats.case_forms import says_limited_access
from tipstaff.records.chunks import chunked
from tipstaff.records.models import Subject, Version

#: The place of each kind in a case.
_PLACES: Final = {form.kind.value: place for place, form in enumerate(case_forms.FORMS)}


class CaseDamagedError(Exception):
    """A stored version is not what was recorded: its content does not fit its digest."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What another operator says of a version that it handed over: when it was recorded there."""

    operator: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class VersionFact:
    """One version: when it holds and was recorded, by whom (an account's reference), and why.

    `origin` is None where it was recorded here.
    """

    stated: Stated
    recorded_by: UUID
    reason: str
    value: CaseValue
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class SubjectHistory:
    """A subject with all its versions that were asked for, in the order of recording."""

    subject: UUID
    kind: Kind
    reference: str
    versions: tuple[VersionFact, ...]


@dataclass(frozen=True, slots=True)
class FoundWearer:
    """A wearer with a record. `limited`: it says limited access, now or at a time to come."""

    row: UUID
    subject_ref: UUID
    limited: bool


def digest_of(content: str) -> str:
    """The digest that is stored beside a content."""
    return hashlib.sha256(content.encode()).hexdigest()


def subject_of(wearer: str, kind: Kind = Kind.WEARER, reference: str = "") -> UUID | None:
    """The subject of a wearer's record, or of another of theirs; None where there is none."""
    rows = Subject.objects.filter(wearer__reference=wearer, kind=kind, reference=reference)
    return rows.values_list("id", flat=True).first()


def as_of(subject: UUID, *, valid_at: datetime, known_at: datetime) -> VersionFact | None:
    """The version that shows at `valid_at` as it was known at `known_at`; None: nothing known."""
    rows = Version.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=valid_at),
        subject=subject,
        valid_from__lte=valid_at,
        recorded_at__lte=known_at,
    )
    row = rows.select_related("subject", "origin").order_by("-number").first()
    return None if row is None else _fact(row)


def history(subject: UUID) -> tuple[VersionFact, ...]:
    """Every version of a subject, in the order of recording."""
    rows = Version.objects.filter(subject=subject).select_related("subject", "origin")
    return tuple(_fact(row) for row in rows.order_by("number"))


def known_of(wearer: UUID, *, known_at: datetime) -> tuple[SubjectHistory, ...]:
    """What was recorded of a wearer by `known_at`: kinds in the order of forms, by reference.

    `wearer` is the row. One statement, however many records there are.
    """
    rows = Version.objects.filter(subject__wearer=wearer, recorded_at__lte=known_at)
    found: dict[tuple[int, str, UUID], list[VersionFact]] = {}
    for row in rows.select_related("subject", "origin").order_by("number"):
        subject = row.subject
        key = (_PLACES[subject.kind], subject.reference, subject.id)
        found.setdefault(key, []).append(_fact(row))
    return tuple(
        SubjectHistory(key[2], case_forms.FORMS[key[0]].kind, key[1], tuple(found[key]))
        for key in sorted(found)
    )


def now_of(wearer: str, kind: Kind, *, now: datetime) -> tuple[CaseValue, ...]:
    """A wearer's records of one kind as they stand at `now`, by reference."""
    return now_of_each([wearer], kind, now=now).get(wearer, ())


def now_of_each(
    wearers: Iterable[str], kind: Kind, *, now: datetime
) -> dict[str, tuple[CaseValue, ...]]:
    """The same of each of some wearers, of those who have any: one statement for 500 of them."""
    told: dict[tuple[str, str, UUID], list[VersionFact]] = {}
    for chunk in chunked(sorted(set(wearers))):
        rows = Version.objects.filter(subject__wearer__reference__in=chunk, subject__kind=kind)
        for row in rows.select_related("subject__wearer", "origin").order_by("number"):
            key = (row.subject.wearer.reference, row.subject.reference, row.subject_id)
            told.setdefault(key, []).append(_fact(row))
    found: dict[str, tuple[CaseValue, ...]] = {}
    for key in sorted(told):
        fact = showing(told[key], valid_at=now, known_at=now)
        if fact is not None:
            found[key[0]] = (*found.get(key[0], ()), fact.value)
    return found


def orders_now(wearer: str, *, now: datetime) -> tuple[Order, ...]:
    """The orders of a wearer as they stand at `now`, by reference."""
    return tuple(v for v in now_of(wearer, Kind.ORDER, now=now) if isinstance(v, Order))


def showing(
    versions: Iterable[VersionFact], *, valid_at: datetime, known_at: datetime
) -> VersionFact | None:
    """Which of one subject's versions shows at `valid_at` as it was known at `known_at`."""
    facts = {fact.stated: fact for fact in versions}
    shown = in_effect(facts, valid_at=valid_at, known_at=known_at)
    return None if shown is None else facts[shown]


def find(reference: str, *, now: datetime) -> FoundWearer | None:
    """The wearer of that reference who has a record; None where there is none.

    One statement, whether there is one or not: nothing tells them apart from outside.
    """
    rows = Version.objects.filter(subject__wearer__reference=reference, subject__kind=Kind.WEARER)
    found = list(rows.select_related("subject__wearer").order_by("number"))
    if not found:
        return None
    wearer = found[0].subject.wearer
    return FoundWearer(wearer.id, wearer.subject_ref, is_limited(found, now))


def limited_of(wearers: Iterable[UUID], *, now: datetime) -> dict[UUID, bool]:
    """Of those wearers (rows) who have a record: whether it says limited access, now or later."""
    found: dict[UUID, list[Any]] = {}
    for chunk in chunked(wearers):
        rows = Version.objects.filter(subject__wearer__in=chunk, subject__kind=Kind.WEARER)
        for row in rows.select_related("subject").order_by("number"):
            found.setdefault(row.subject.wearer_id, []).append(row)
    return {owner: is_limited(rows, now) for owner, rows in found.items()}


def is_limited(rows: list[Any], now: datetime) -> bool:
    """Whether the stored versions of one wearer's record say limited access: see `says_limited`."""
    return says_limited([(stated(row), says_limited_access(row.content)) for row in rows], now)


def says_limited(told: Sequence[tuple[Stated, bool]], now: datetime) -> bool:
    """Whether the versions of one wearer's record say limited access, now or at a time to come.

    A record that will say so counts as one that does: a clock a little off then shows nothing. Of
    a record that says nothing from now on, all that it ever said counts.
    """
    says = {version.number: limited for version, limited in told}
    stretches = timeline(version for version, _says in told)
    ahead = [s.number for s in stretches if s.end is None or s.end > now]
    return any(says[number] for number in (ahead or says))


def stated(row: Any) -> Stated:
    """When a stored version holds and was recorded."""
    return Stated(row.number, row.valid_from, row.valid_to, row.recorded_at)


def value_of(kind: str, content: str, digest: str) -> CaseValue:
    """The value of a stored content; CaseDamagedError where it is not what was recorded."""
    if digest_of(content) != digest:
        raise CaseDamagedError
    try:
        return case_forms.value_of(kind, content)
    except ValueError:
        raise CaseDamagedError from None


def _fact(row: Any) -> VersionFact:
    value = value_of(row.subject.kind, row.content, row.digest)
    told = getattr(row, "origin", None)
    origin = None if told is None else Origin(told.taken_from, told.recorded_at)
    return VersionFact(stated(row), row.recorded_by, row.reason, value, origin)
