"""What bears on how long a wearer's data are kept: orders, activations, answers, records, holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Max, Min

from tipstaff.domain.case_kinds import Kind
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.order_spells import Told, chosen_apart, spell_of
from tipstaff.domain.orders import OrderStatus
from tipstaff.domain.periods import Period, without
from tipstaff.domain.retention import Category, Spell
from tipstaff.domain.retention_schedule import Kept, Person, Timed
from tipstaff.records import holds
from tipstaff.records.chunks import chunked
from tipstaff.records.models import (
    Activation,
    AnswerChange,
    Candidate,
    ErasedStretch,
    Exclusion,
    OrderStretch,
    Subject,
    Wearer,
)
from tipstaff.records.personal_data import CATEGORY_OF

_INSTANT: Final = timedelta(microseconds=1)
_ROUND: Final = 500


@dataclass(frozen=True, slots=True, repr=False)
class WearerFacts:
    """A wearer and what bears on keeping."""

    row: UUID
    subject_ref: UUID
    reference: str
    person: Person


def everyone(now: datetime) -> Iterator[WearerFacts]:
    """Every wearer, by reference."""
    rows = Wearer.objects.order_by("reference").values_list("id", "subject_ref", "reference")
    for chunk in chunked(rows.iterator(), _ROUND):
        yield from _facts(chunk, now)


def held_fast(rows: Iterable[UUID], now: datetime) -> Iterator[WearerFacts]:
    """Some wearers by their rows, which nobody else changes up to the end of this transaction.

    Recording an order and placing a hold take the same rows, so none slips in before the decision.
    """
    for chunk in chunked(sorted(rows)):
        kept = Wearer.objects.select_for_update().filter(id__in=chunk).order_by("id")
        yield from _facts(list(kept.values_list("id", "subject_ref", "reference")), now)


def of_reference(reference: str, now: datetime) -> WearerFacts | None:
    """One wearer; None where there is none of that reference."""
    rows = Wearer.objects.filter(reference=reference).values_list("id", "subject_ref", "reference")
    return next(iter(_facts(list(rows), now)), None)


def spells(wearers: list[UUID], now: datetime) -> dict[UUID, tuple[Spell, ...]]:
    """The orders of some wearers (rows) as they bear on keeping, as they are known at `now`."""
    told: dict[tuple[UUID, UUID, str], list[Told]] = {}
    restores: dict[UUID, set[tuple[str, str]]] = {}
    rows = OrderStretch.objects.filter(wearer__in=wearers).order_by("valid_from")
    for r in rows:
        shown = Told(
            r.valid_from, LegalBasis(r.basis), OrderStatus(r.status), r.starts_at, r.ends_at
        )
        told.setdefault((r.wearer_id, r.subject_id, r.reference), []).append(shown)
        if r.restores:
            restores.setdefault(r.wearer_id, set()).add((r.reference, r.restores))
    found: dict[UUID, dict[str, Spell]] = {}
    for (wearer, subject, reference), timeline in told.items():
        spell = spell_of(str(subject), timeline, now)
        if spell is not None:
            found.setdefault(wearer, {})[reference] = spell
    return {row: chosen_apart(each, restores.get(row, ())) for row, each in found.items()}


def spells_of(subject_refs: Iterable[UUID], now: datetime) -> dict[UUID, tuple[Spell, ...]]:
    """The same, of people by their random references."""
    found: dict[UUID, tuple[Spell, ...]] = {}
    for chunk in chunked(sorted(set(subject_refs))):
        refs = dict(Wearer.objects.filter(subject_ref__in=chunk).values_list("id", "subject_ref"))
        found |= {refs[row]: orders for row, orders in spells(list(refs), now).items()}
    return found


def _facts(listed: list[tuple[UUID, UUID, str]], now: datetime) -> Iterator[WearerFacts]:
    rows = [row for row, _ref, _reference in listed]
    orders, held = spells(rows, now), _held(rows, now)
    timed, records = _timed(rows), _records(rows)
    for row, ref, reference in listed:
        person = Person(
            orders.get(row, ()), tuple(timed.get(row, ())), tuple(records.get(row, ())), row in held
        )
        yield WearerFacts(row, ref, reference, person)


def _held(rows: list[UUID], now: datetime) -> set[UUID]:
    """Those under a hold."""
    return set(holds.in_force(now).filter(wearer__in=rows).values_list("wearer", flat=True))


def _timed(rows: list[UUID]) -> dict[UUID, list[Timed]]:
    erased: dict[tuple[UUID, str], list[Period]] = {}
    for r in ErasedStretch.objects.filter(wearer__in=rows):
        erased.setdefault((r.wearer_id, r.key), []).append(Period(r.start, r.end))
    found: dict[UUID, list[Timed]] = {}
    for wearer, key, period in _worn(rows):
        for left in without(period, erased.get((wearer, key), [])):
            found.setdefault(wearer, []).append(Timed(Category.TRAIL, key, left))
    for wearer, period in _answered(rows).items():
        found.setdefault(wearer, []).append(Timed(Category.ANSWERS, "", period))
    return found


def _worn(rows: list[UUID]) -> list[tuple[UUID, str, Period]]:
    current = Activation.objects.filter(wearer__in=rows, superseded_at__isnull=True)
    columns = current.order_by("start", "id").values_list("wearer", "device_id", "start", "end")
    return [(w, str(key), Period(a, b)) for w, key, a, b in columns if a < b]


def _answered(rows: list[UUID]) -> dict[UUID, Period]:
    """From the first to the last crime about which something was said of each wearer."""
    ends: dict[UUID, Period] = {}
    for model in (Candidate, Exclusion, AnswerChange):
        answers: Any = model.objects.filter(wearer__in=rows).values("wearer").order_by()
        for each in answers.annotate(a=Min("crime_version__start"), b=Max("crime_version__start")):
            period, other = Period(each["a"], each["b"] + _INSTANT), ends.get(each["wearer"])
            if other is not None:
                period = Period(min(period.start, other.start), max(period.end, other.end))
            ends[each["wearer"]] = period
    return ends


def _records(rows: list[UUID]) -> Mapping[UUID, list[Kept]]:
    """Case records but the wearer's own, which goes with the person."""
    found: dict[UUID, list[Kept]] = {}
    subjects = Subject.objects.filter(wearer__in=rows).exclude(kind=Kind.WEARER)
    for row, wearer, kind in subjects.order_by("id").values_list("id", "wearer", "kind"):
        order = str(row) if kind == Kind.ORDER else None
        found.setdefault(wearer, []).append(Kept(CATEGORY_OF[Kind(kind)], str(row), order))
    return found
