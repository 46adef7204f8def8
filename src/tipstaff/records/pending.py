"""Which answers stand, what they rest on, and what changed in them, as values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from tipstaff.domain.periods import Period
from tipstaff.records import crimes, wearers
from tipstaff.records.bulk import insert
from tipstaff.records.chunks import chunked
from tipstaff.records.crimes import CrimeKey
from tipstaff.records.models import (
    AnswerChange,
    Background,
    BackgroundMember,
    CrimeVersion,
    Renewal,
    RestingEvidence,
    StandingAnswers,
)

#: Wearer's reference, first and last UTC day since 1970.
EvidenceKey = tuple[str, tuple[int, int]]
#: Digests of what was worn and of the fixes.
Evidence = tuple[str, str]
_CHANGE: Final = (
    "kind", "outcome_before", "outcome_after", "band_before", "band_after", "log10_before",
    "log10_after",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BackgroundFact:
    """A background version: see `models.pending.Background`."""

    first_run: UUID
    reserved: bool
    everybody: bool
    cut_off: datetime | None
    known_at: datetime
    period: Period
    rows: int
    heard_until: datetime | None
    checked_at: datetime
    background_id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True)
class StandingFact:
    """The run whose answers stand for a crime version, and the digest of what they rest on."""

    crime: CrimeKey
    run_id: UUID
    digest: str


@dataclass(frozen=True, slots=True)
class RenewalFact:
    """A crime version whose answers in an earlier run were replaced; `pairs` were made again."""

    crime: CrimeKey
    earlier: UUID
    pairs: int


def add_background(fact: BackgroundFact, members: Mapping[str, str]) -> None:
    """Record a background with its members: digests by wearer."""
    Background.objects.create(
        id=fact.background_id,
        first_run_id=fact.first_run,
        reserved=fact.reserved,
        everybody=fact.everybody,
        cut_off=fact.cut_off,
        known_at=fact.known_at,
        period_from=fact.period.start,
        period_to=fact.period.end,
        rows=fact.rows,
        heard_until=fact.heard_until,
        checked_at=fact.checked_at,
    )
    people = wearers.ensure(members)
    insert(
        BackgroundMember,
        (
            {"background_id": fact.background_id, "wearer_id": people[name], "digest": digest}
            for name, digest in members.items()
        ),
    )


def backgrounds() -> list[BackgroundFact]:
    """Every background on which an answer stands, oldest first."""
    standing = StandingAnswers.objects.values("background")
    rows = Background.objects.filter(id__in=standing).order_by("known_at", "reserved", "id")
    return [
        BackgroundFact(
            first_run=row.first_run_id,
            reserved=row.reserved,
            everybody=row.everybody,
            cut_off=row.cut_off,
            known_at=row.known_at,
            period=Period(row.period_from, row.period_to),
            rows=row.rows,
            heard_until=row.heard_until,
            checked_at=row.checked_at,
            background_id=row.id,
        )
        for row in rows
    ]


def members(background: UUID) -> dict[str, str]:
    """The digest of each member's periods, by reference."""
    rows = BackgroundMember.objects.filter(background_id=background)
    return dict(rows.values_list("wearer__reference", "digest"))


def evidence(background: UUID) -> dict[EvidenceKey, Evidence]:
    """What the standing answers rest on, by wearer and days."""
    rows = RestingEvidence.objects.filter(background_id=background)
    columns = ("wearer__reference", "first_day", "last_day", "worn", "fixes")
    return {
        (name, (first, last)): (worn, fixes)
        for name, first, last, worn, fixes in rows.values_list(*columns)
    }


def set_evidence(
    background: UUID, gone: Iterable[EvidenceKey], new: Mapping[EvidenceKey, Evidence]
) -> None:
    """Forget some evidence, and put in place what is looked at now."""
    named = {name for name, _days in [*gone, *new]}
    people = wearers.ensure(named)
    wanted = {(people[name], *days) for name, days in [*gone, *new]}
    for chunk in chunked(sorted(people.values())):
        rows = RestingEvidence.objects.filter(background_id=background, wearer_id__in=chunk)
        found = rows.values_list("id", "wearer_id", "first_day", "last_day")
        old = [row for row, *key in found if tuple(key) in wanted]
        for part in chunked(old):
            RestingEvidence.objects.filter(id__in=part).delete()
    insert(
        RestingEvidence,
        (
            {
                "background_id": background,
                "wearer_id": people[name],
                "first_day": days[0],
                "last_day": days[1],
                "worn": worn,
                "fixes": fixes,
            }
            for (name, days), (worn, fixes) in new.items()
        ),
    )


def lock(background: UUID) -> None:
    """Hold a background and what stands on it for the caller's transaction."""
    list(Background.objects.select_for_update().filter(id=background))
    list(StandingAnswers.objects.select_for_update().filter(background_id=background))


def standing(background: UUID) -> list[StandingFact]:
    """The answers that stand on a background, in the order of crimes."""
    rows = StandingAnswers.objects.filter(background_id=background)
    columns = ("crime__force__identifier", "crime__reference", "crime_version__version")
    found = rows.order_by(*columns).values_list(*columns, "run_id", "digest")
    return [StandingFact((f, r, v), run, digest) for f, r, v, run, digest in found]


def let_stand(background: UUID, *, reserved: bool, facts: Iterable[StandingFact]) -> None:
    """These answers stand from now on, in place of whatever stood for their crimes.

    A background on which nothing stands any more is forgotten, with what it rested on.
    """
    told = {fact.crime: fact for fact in facts}
    versions = crimes.version_keys(told)
    owners = _crimes_of(versions.values())
    _remove({owners[row] for row in versions.values()}, reserved=reserved)
    insert(
        StandingAnswers,
        (
            {
                "crime_id": owners[versions[key]],
                "reserved": reserved,
                "crime_version_id": versions[key],
                "background_id": background,
                "run_id": fact.run_id,
                "digest": fact.digest,
            }
            for key, fact in told.items()
        ),
    )
    _forget_unused()


def fall(keys: Iterable[CrimeKey], *, reserved: bool) -> None:
    """The answers of these crime versions stand no longer: the crimes were withdrawn."""
    owners = _crimes_of(crimes.version_keys(keys).values())
    _remove(set(owners.values()), reserved=reserved)
    _forget_unused()


def checked(background: UUID, *, heard_until: datetime | None, at: datetime) -> None:
    """Note up to which ingestion a background's answers were looked at, and when."""
    Background.objects.filter(id=background).update(heard_until=heard_until, checked_at=at)


def add_renewals(run_id: UUID, facts: Iterable[RenewalFact]) -> None:
    """Record whose place the answers of a run took."""
    told = list(facts)
    versions = crimes.version_keys({fact.crime for fact in told})
    Renewal.objects.bulk_create(
        Renewal(
            run_id=run_id,
            earlier_id=fact.earlier,
            crime_version_id=versions[fact.crime],
            pairs=fact.pairs,
        )
        for fact in told
    )


def renewals(run_id: UUID) -> list[RenewalFact]:
    """Whose place the answers of a run took, by crime."""
    path = "crime_version__crime__"
    columns = (f"{path}force__identifier", f"{path}reference", "crime_version__version")
    rows = Renewal.objects.filter(run_id=run_id).order_by(*columns)
    return [
        RenewalFact((f, r, v), earlier, pairs)
        for f, r, v, earlier, pairs in rows.values_list(*columns, "earlier_id", "pairs")
    ]


def add_changes(run_id: UUID, rows: Iterable[Mapping[str, Any]]) -> None:
    """Record what a run says otherwise: keys as `matching.changes.Changed`."""
    told = list(rows)
    versions = crimes.version_keys({row["crime"] for row in told})
    people = wearers.ensure({row["wearer"] for row in told})
    insert(
        AnswerChange,
        (
            {
                "run_id": run_id,
                "crime_version_id": versions[row["crime"]],
                "wearer_id": people[row["wearer"]],
                **{name: row[name] for name in _CHANGE},
            }
            for row in told
        ),
    )


def changes(run_id: UUID) -> list[dict[str, Any]]:
    """What a run says otherwise than those before it; as `add_changes`, by crime and wearer."""
    path = "crime_version__crime__"
    columns = (f"{path}force__identifier", f"{path}reference", "crime_version__version")
    rows = AnswerChange.objects.filter(run_id=run_id).order_by(*columns, "wearer__reference")
    return [
        {"crime": (f, r, v), "wearer": name, **dict(zip(_CHANGE, rest, strict=True))}
        for f, r, v, name, *rest in rows.values_list(*columns, "wearer__reference", *_CHANGE)
    ]


def _crimes_of(versions: Iterable[UUID]) -> dict[UUID, UUID]:
    found: dict[UUID, UUID] = {}
    for chunk in chunked(versions):
        found.update(CrimeVersion.objects.filter(id__in=chunk).values_list("id", "crime_id"))
    return found


def _remove(owners: set[UUID], *, reserved: bool) -> None:
    for chunk in chunked(sorted(owners)):
        StandingAnswers.objects.filter(crime_id__in=chunk, reserved=reserved).delete()


def _forget_unused() -> None:
    unused = Background.objects.exclude(id__in=StandingAnswers.objects.values("background"))
    for table in (BackgroundMember, RestingEvidence):
        table.objects.filter(background__in=unused).delete()
    unused.delete()


def count_of(kind: str) -> int:
    """How many changes of a kind are on record."""
    return AnswerChange.objects.filter(kind=kind).count()
