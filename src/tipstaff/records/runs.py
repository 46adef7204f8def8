"""Matching runs and their answers, as values: numbers and codes; sentences are made on reading.

Beside the open answers of a search, those about wearers of limited access are a *reserved* run. To
whoever is not to see it there is none: each question is one statement either way.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from django.db.models import Exists, OuterRef, Q, QuerySet, Value

from tipstaff.records import crimes, readings, wearers
from tipstaff.records.bulk import insert
from tipstaff.records.chunks import chunked
from tipstaff.records.models import AnswerChange, Candidate, Exclusion, Run
from tipstaff.records.reach import ListReach, count_up_to, of_those_reached, with_limits

CrimeKey = tuple[str, str, int]
_ROWS_A_ROUND: Final = 10_000
#: The tables by which a run tells of somebody.
_TELLING: Final = (Candidate, Exclusion, AnswerChange)

#: Columns that both kinds of answer have, as `matching.outcomes` names them.
SHARED_COLUMNS: Final = (
    "device_ids", "log10_lr", "log10_lr_low", "log10_lr_high", "strength", "presence_probability",
    "searched_wearers", "nearest_m", "nearest_at", "dwell_s", "fixes_near", "coverage",
    "decided_by", "legacy_match", "legacy_labels", "numbers",
)  # fmt: skip
#: Whether a run has a candidate whose trail nobody has read.
_TO_READ: Final = Exists(readings.unread(Candidate.objects.filter(run=OuterRef("pk"))))
#: Columns of candidates alone.
_RANKED: Final = ("rank", "expected_chance_matches", "raw_log10")
#: What stands for an empty text; every other column's emptiness is None.
_EMPTY: Final[Mapping[str, Any]] = {
    "device_ids": "", "strength": "", "legacy_labels": "", "legacy_match": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RunFact:
    """What is said of a run beside its answers. `manifest` is kept byte for byte."""

    manifest: str
    parameters: Mapping[str, Any]
    model_version: str
    software_version: str
    data_digest: str
    started_at: datetime
    finished_at: datetime


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run in a list; `open_run` is None but for a reserved one.

    `crimes` is how many were matched, `batches` the files that they came in. `to_read`: whether it
    has a candidate whose trail nobody has read.
    """

    run_id: UUID
    model_version: str
    data_digest: str
    started_at: datetime
    finished_at: datetime
    open_run: UUID | None = None
    crimes: int = 0
    batches: tuple[str, ...] = ()
    to_read: bool = False


def add(fact: RunFact, run_id: UUID | None = None, *, open_run: UUID | None = None) -> UUID:
    """Record a run, under an id chosen beforehand or a new one; its answers follow.

    With `open_run` it is reserved: the part of that run which only the cleared may see.
    """
    row = Run.objects.create(
        id=run_id or uuid4(),
        manifest=fact.manifest,
        parameters=dict(fact.parameters),
        model_version=fact.model_version,
        software_version=fact.software_version,
        data_digest=fact.data_digest,
        started_at=fact.started_at,
        finished_at=fact.finished_at,
        open_run_id=open_run,
    )
    return row.id


def add_candidates(run_id: UUID, rows: Iterable[Mapping[str, Any]]) -> tuple[int, set[UUID]]:
    """Record candidates; how many, and whom they concern by the audit's references."""
    return _add(run_id, rows, Candidate, _RANKED)


def add_exclusions(run_id: UUID, rows: Iterable[Mapping[str, Any]]) -> tuple[int, set[UUID]]:
    """Record every answer that is not a candidate; as `add_candidates`."""
    return _add(run_id, rows, Exclusion, ("outcome",))


def find(run_id: UUID, *, cleared: bool = False) -> RunFact | None:
    """A run; a reserved one only to the cleared."""
    row = _visible(cleared=cleared).filter(id=run_id).first()
    if row is None:
        return None
    return RunFact(
        manifest=row.manifest,
        parameters=row.parameters,
        model_version=row.model_version,
        software_version=row.software_version,
        data_digest=row.data_digest,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )


def open_run_of(run_id: UUID) -> UUID | None:
    """The open run beside which a run is reserved; None for an open one."""
    found: UUID | None = Run.objects.values_list("open_run_id", flat=True).get(id=run_id)
    return found


def known(run_ids: Iterable[UUID]) -> set[UUID]:
    """Those of some ids under which a run is on record."""
    found: set[UUID] = set()
    for chunk in chunked(run_ids):
        found.update(Run.objects.filter(id__in=chunk).values_list("id", flat=True))
    return found


def of_limited(run_id: UUID) -> set[str]:
    """The wearers of limited access of whom a run tells something; one statement a table."""
    found: set[str] = set()
    for answer in _TELLING:
        rows = answer.objects.filter(run_id=run_id, wearer__limit__isnull=False)
        found.update(rows.values_list(_WEARER, flat=True).distinct())
    return found


def newest(limit: int, reach: ListReach) -> list[RunLine]:
    """The latest runs that may be listed, newest first."""
    rows = _listed(reach).annotate(to_read=_TO_READ).order_by("-finished_at", "-id")
    return [_line(row) for row in rows[:limit]]


def count_to_read(reach: ListReach, *, since: datetime, now: datetime, most: int) -> int:
    """Candidates whose trail nobody has read, up to `most`: of the runs that may be listed.

    Of those that finished from `since` on, and of whom the actor reaches.
    """
    runs = _listed(reach).filter(finished_at__gte=since).values("id")
    rows = with_limits(readings.unread(Candidate.objects.filter(run__in=runs)))
    return count_up_to(of_those_reached(rows, reach, now=now).order_by("id"), most)


def _listed(reach: ListReach) -> QuerySet[Run]:
    """Runs that may be listed: reserved ones only to the cleared.

    Nor those that tell of somebody who became of limited access since, beyond `reach`.
    """
    rows = _visible(cleared=reach.every_limited)
    if not reach.every_limited:
        for answer in _TELLING:
            closed = answer.objects.filter(run_id=OuterRef("id"), wearer__limit__isnull=False)
            rows = rows.exclude(Exists(closed.exclude(wearer__reference__in=reach.limited)))
    return rows


def reserved_with_candidates(limit: int, *, cleared: bool = False) -> list[RunLine]:
    """Reserved runs in which somebody is a candidate, oldest first: none to the uncleared."""
    named = Candidate.objects.filter(run=OuterRef("pk"))
    rows = _visible(cleared=cleared).filter(Exists(named), open_run__isnull=False)
    rows = rows.annotate(to_read=_TO_READ).order_by("finished_at", "id")
    return [_line(row) for row in rows[:limit]]


def _visible(*, cleared: bool) -> QuerySet[Run]:
    """The runs that may be seen: one question to the database, whoever asks."""
    runs = Run.objects.annotate(clear=Value(cleared))
    return runs.filter(Q(open_run__isnull=True) | Q(clear=True))


def _line(row: Any) -> RunLine:
    manifest = json.loads(row.manifest)
    return RunLine(
        row.id,
        row.model_version,
        row.data_digest,
        row.started_at,
        row.finished_at,
        row.open_run_id,
        int(manifest.get("counts", {}).get("crimes", 0)),
        tuple(one["name"] for one in manifest.get("files", ()) if one["role"] == "crimes"),
        row.to_read,
    )


def candidates(run_id: UUID) -> Iterator[dict[str, Any]]:
    """A run's candidates, by crime and rank; keys as in a result file, decided_by coded.

    With `raw_log10`, which ranks are by.
    """
    rows = Candidate.objects.filter(run_id=run_id).order_by(*_CRIME_ORDER, "rank", _WEARER)
    return _answers(rows, _RANKED, {"outcome": "candidate"})


def exclusions(run_id: UUID) -> Iterator[dict[str, Any]]:
    """A run's other answers, by crime and wearer; as `candidates`."""
    rows = Exclusion.objects.filter(run_id=run_id).order_by(*_CRIME_ORDER, _WEARER)
    return _answers(rows, ("outcome",), dict.fromkeys(_RANKED))


_CRIME: Final = {
    "force": "crime_version__crime__force__identifier",
    "crime_reference": "crime_version__crime__reference",
    "crime_version": "crime_version__version",
}
_CRIME_ORDER: Final = tuple(_CRIME.values())
_WEARER: Final = "wearer__reference"


def _add(
    run_id: UUID,
    rows: Iterable[Mapping[str, Any]],
    model: Any,
    own: tuple[str, ...],
) -> tuple[int, set[UUID]]:
    count, subjects = 0, set[UUID]()
    versions: dict[CrimeKey, UUID] = {}
    people: dict[str, UUID] = {}
    for chunk in chunked(rows, _ROWS_A_ROUND):
        wanted = {_crime_key(row) for row in chunk} - versions.keys()
        versions |= crimes.version_keys(wanted)
        if not wanted <= versions.keys():
            raise LookupError("answers name a crime version that is not on record")
        strangers = {row["wearer_id"] for row in chunk} - people.keys()
        people |= wearers.ensure(strangers)
        subjects |= wearers.subject_refs(strangers)
        count += insert(
            model,
            (
                {
                    "run_id": run_id,
                    "crime_version_id": versions[_crime_key(row)],
                    "wearer_id": people[row["wearer_id"]],
                    **_columns(row, (*SHARED_COLUMNS, *own)),
                }
                for row in chunk
            ),
        )
    return count, subjects


def _crime_key(row: Mapping[str, Any]) -> CrimeKey:
    return (row["force"], row["crime_reference"], row["crime_version"])


def _columns(row: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    values = {name: row.get(name) for name in names}
    for name, empty in _EMPTY.items():
        if values[name] is None:
            values[name] = empty
    values["numbers"] = values["numbers"] or {}
    return values


def _answers(rows: Any, own: tuple[str, ...], fixed: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    columns = (*SHARED_COLUMNS, *own)
    paths = (*_CRIME.values(), _WEARER, *columns)
    names = (*_CRIME, "wearer_id", *columns)
    for values in rows.values_list(*paths).iterator(chunk_size=2000):
        yield {**dict(zip(names, values, strict=True)), **fixed}
