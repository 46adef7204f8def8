"""Erasures under way, those that are on record as finished, and the rows that they take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tipstaff.domain.erasures import Erasure, Piece
from tipstaff.domain.periods import Period, without
from tipstaff.domain.purposes import Operation
from tipstaff.domain.retention import Category
from tipstaff.formats.erasure_json import read_erasure, write_erasure
from tipstaff.monitoring.lives import life_id
from tipstaff.records import personal_data
from tipstaff.records.chunks import chunked
from tipstaff.records.models import Activation, AuditEntry, ErasedStretch, ErasureIntent, Wearer

#: The use cases whose audit entries say that an erasure is finished.
FINISHED: Final = ("erase", "erase_again")


@dataclass(frozen=True, slots=True)
class Begun:
    """An erasure that is not finished: who decided it and why, and what is done.

    `counted`: what was to go, by store, counted before anything went; `done`: stores.
    """

    erasure: Erasure
    request_ref: UUID
    actor_ref: UUID | None
    role: str
    use_case: str
    purpose: str
    authority: str
    counted: Mapping[str, Mapping[str, int]] | None = None
    done: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a random reference means, as long as the link is there: the row and the name."""

    row: UUID
    reference: str


def begin(begun: Begun) -> None:
    """Note that an erasure is decided; from here on it is finished, whatever happens."""
    ErasureIntent.objects.create(
        id=begun.erasure.erasure_id,
        began_at=begun.erasure.at,
        request_ref=begun.request_ref,
        actor_ref=begun.actor_ref,
        role=begun.role,
        use_case=begun.use_case,
        purpose=begun.purpose,
        authority=begun.authority,
        policy=begun.erasure.policy,
        work=write_erasure(begun.erasure),
    )


def unfinished() -> list[Begun]:
    """Every erasure that is not finished, oldest first."""
    return [
        Begun(
            read_erasure(row.work),
            row.request_ref,
            row.actor_ref,
            row.role,
            row.use_case,
            row.purpose,
            row.authority,
            row.done.get("counted"),
            frozenset(row.done.get("stores", [])),
        )
        for row in ErasureIntent.objects.order_by("began_at", "id")
    ]


def any_unfinished() -> bool:
    """Whether an erasure is under way, or was left by a crash."""
    return ErasureIntent.objects.exists()


def counted(erasure_id: UUID, counts: Mapping[str, Mapping[str, int]]) -> None:
    """Note what is to go, by store."""
    _note_done(erasure_id, {"counted": {store: dict(found) for store, found in counts.items()}})


def store_done(erasure_id: UUID, store: str) -> None:
    """Note that a store is done."""
    done = ErasureIntent.objects.get(id=erasure_id).done
    _note_done(erasure_id, {"stores": sorted({*done.get("stores", []), store})})


def _note_done(erasure_id: UUID, what: Mapping[str, Any]) -> None:
    row = ErasureIntent.objects.get(id=erasure_id)
    row.done = {**row.done, **what}
    row.save(update_fields=["done"])


def end(erasure_id: UUID) -> None:
    """Forget what was to be done; the audit's entry of the same transaction says that it was."""
    ErasureIntent.objects.filter(id=erasure_id).delete()


def being_erased() -> set[UUID]:
    """The references of the people of whom something is being erased."""
    return {piece.subject_ref for begun in unfinished() for piece in begun.erasure.pieces}


def finished_entries() -> list[AuditEntry]:
    """The audit's entries of finished erasures, oldest first."""
    rows = AuditEntry.objects.filter(operation=Operation.ERASURE, use_case__in=FINISHED)
    return list(rows.order_by("at", "id"))


def finished_ids() -> set[UUID]:
    """The ids of the erasures that are on record as finished."""
    return {UUID(each) for entry in finished_entries() for each in entry.extent["erasures"]}


def repeated_ids() -> set[UUID]:
    """Ids of erasures that only repeated others on a restored copy: no journal names them."""
    again = (entry for entry in finished_entries() if entry.use_case == FINISHED[1])
    return {UUID(entry.extent["erasures"][0]) for entry in again}


def since(moment: datetime) -> bool:
    """Whether an erasure is under way or was finished since `moment`."""
    ended = AuditEntry.objects.filter(
        operation=Operation.ERASURE, use_case__in=FINISHED, at__gte=moment
    )
    return any_unfinished() or ended.exists()


def named(subject_refs: Iterable[UUID]) -> dict[UUID, Named]:
    """Whom these references mean, those that still mean somebody."""
    found: dict[UUID, Named] = {}
    for chunk in chunked(sorted(set(subject_refs))):
        rows = Wearer.objects.filter(subject_ref__in=chunk)
        for ref, row, reference in rows.values_list("subject_ref", "id", "reference"):
            found[ref] = Named(row, reference)
    return found


def count_rows(pieces: Iterable[Piece]) -> dict[str, int]:
    """Rows that go, by table."""
    total: Counter[str] = Counter()
    listed = list(pieces)
    people = named(piece.subject_ref for piece in listed)
    for piece in listed:
        person = people.get(piece.subject_ref)
        if person is not None and piece.whole:
            total.update(personal_data.count_person(person.row))
        elif person is not None:
            total.update(personal_data.count_subjects(piece.records))
            for period in piece.answers:
                total.update(personal_data.count_answers(person.row, period))
    return dict(total)


def erase_rows(erasure: Erasure) -> None:
    """Delete the rows that go, in the caller's transaction; note what was erased in part."""
    people = named(piece.subject_ref for piece in erasure.pieces)
    for piece in erasure.pieces:
        person = people.get(piece.subject_ref)
        if person is None:
            continue
        if piece.whole:
            personal_data.erase_person(person.row)
            continue
        personal_data.erase_subjects(piece.records)
        for period in piece.answers:
            personal_data.erase_answers(person.row, period)
        _note(person.row, piece, erasure.at)


def worn_by(wearer: UUID, now: datetime) -> tuple[tuple[int, Period], ...]:
    """Every stretch of a device's time that was ever said to be this wearer's and no other's.

    What an earlier belief said counts too, but for what now belongs to another wearer.
    """
    found: set[tuple[int, Period]] = set()
    for row in Activation.objects.filter(wearer=wearer).order_by("start", "id"):
        period = Period(row.start, max(row.start, min(row.end, now)))
        others = Activation.objects.filter(
            device__device_key=row.device_id,
            superseded_at__isnull=True,
            start__lt=row.end,
            end__gt=row.start,
        ).exclude(wearer=wearer)
        theirs = [Period(other.start, other.end) for other in others]
        found.update((row.device_id, left) for left in without(period, theirs))
    return tuple(sorted(found))


def lives_touching(worn: Iterable[tuple[int, Period]]) -> set[str]:
    """Names of the lives that may have taken something of these stretches, whoever's they are.

    A life is an activation as it was once believed.
    """
    columns = ("wearer__subject_ref", "supplier__name", "activation_id", "device__device_id")
    found: set[str] = set()
    for key, period in worn:
        rows = Activation.objects.filter(
            device__device_key=key, start__lt=period.end, end__gt=period.start
        )
        found |= {str(life_id(*row)) for row in rows.values_list(*columns)}
    return found


def _note(wearer: UUID, piece: Piece, at: datetime) -> None:
    for key, period in piece.worn:
        facts = {
            "category": Category.TRAIL,
            "key": str(key),
            "start": period.start,
            "end": period.end,
        }
        rows = ErasedStretch.objects.filter(wearer=wearer, **facts)
        if not rows.exists():
            ErasedStretch.objects.create(wearer_id=wearer, erased_at=at, **facts)
