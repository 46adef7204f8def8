"""Searches and their runs: from "about to combine crimes with trails" to the recorded answers.

A search is a combination in the sense of the Data Protection Act 2018, section 62. `begin_search`
commits that it was asked for; only with the `Search` it returns can crimes and wearers be had;
`record_run` commits the answers together with the entry that says whom they concern.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from tipstaff.domain.crimes import Crime
from tipstaff.domain.periods import Period
from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.records import activations, crimes, devices, runs, sources, wearers
from tipstaff.records.activations import WornPeriod
from tipstaff.records.runs import RunFact, RunLine
from tipstaff.services.access import Access, admit
from tipstaff.services.limited_access import list_reach, may_see
from tipstaff.services.recording import Looked, reading, request, write
from tipstaff.services.sealing import seal

#: The rule by which `searchable` decides; named in every manifest.
SEARCHABLE_RULE: Final = "all"


@dataclass(frozen=True, slots=True)
class Search:
    """A search that was admitted and written into the audit."""

    access: Access
    extent: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RunAnswers:
    """A run as recorded: rows keyed as in a result file, `decided_by` coded, no sentences."""

    run_id: UUID
    run: RunFact
    candidates: list[dict[str, Any]]
    exclusions: list[dict[str, Any]]

    @property
    def manifest(self) -> dict[str, Any]:
        """The manifest, read."""
        return dict(json.loads(self.run.manifest))


def begin_search(
    *, actor: str, purpose: Purpose, authority: str, batch: str, extent: Mapping[str, Any]
) -> Search:
    """Admit a search of the crimes of `batch` (or "all") and commit that it was asked for.

    `extent` says how far it goes, in words and whole numbers: a floating-point number is refused.
    """
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.COMBINATION,
        use_case="match",
    )
    search = Search(access, {"batch": batch, **extent})
    request(access, extent=search.extent)
    return search


def crimes_of_batches(search: Search, batch: str) -> list[Crime]:
    """The crimes whose latest version `batch` brought ("all": any), withdrawn ones left out."""
    del search  # held by the caller: proof that the search is in the audit
    return crimes.current(batch)


def wearer_activations(search: Search, period: Period) -> list[WornPeriod]:
    """Who wore which device in `period`, clipped to it, in a total order."""
    del search
    return activations.worn_in(period)


def registered_devices(search: Search) -> dict[int, devices.DeviceName]:
    """Every device by its key: wearers of their own where no activation was ever recorded."""
    del search
    return dict(devices.every_device())


def activations_known(search: Search) -> bool:
    """Whether any activation is on record; without one, each device is its own wearer."""
    del search
    return activations.any_recorded()


def batch_digests(search: Search, batch_ids: Iterable[str]) -> list[tuple[str, str]]:
    """The id and the digest of each crime file received as one of these batches."""
    del search
    return crimes.digests_of(batch_ids)


def quarantined_rows(search: Search, digests: Iterable[str]) -> int | None:
    """Rows of these position files that were quarantined; None where one's are not on record."""
    del search
    return sources.quarantined_rows(digests)


def searchable(crime: Crime, people: Iterable[str]) -> list[str]:
    """Those wearers against whom `crime` may be matched: all, until law is recorded here."""
    del crime
    return list(people)


def record_run(
    search: Search,
    *,
    manifest: str,
    started_at: datetime,
    candidates: Iterable[Mapping[str, Any]],
    exclusions: Iterable[Mapping[str, Any]],
    finished_at: datetime | None = None,
    run_id: UUID | None = None,
) -> UUID:
    """Record a run and its answers, and the `served` entry with them, in one transaction.

    `manifest` is JSON text, kept byte for byte; it must hold `parameters`, `model_version`,
    `software_version` and `data_digest`. Answers are rows keyed as in a result file, `decided_by`
    as its code, `explanation` left out; `numbers` may hold what a sentence needs besides. `run_id`
    is given where something was kept under it beforehand. Give
    iterables that are cheap to walk: the database's write lock is held meanwhile.
    """
    said = json.loads(manifest)
    fact = RunFact(
        manifest=manifest,
        parameters=said["parameters"],
        model_version=said["model_version"],
        software_version=said["software_version"],
        data_digest=said["data_digest"],
        started_at=started_at,
        finished_at=finished_at or datetime.now(UTC),
    )
    looked = Looked(extent=dict(search.extent))
    with transaction.atomic(durable=True):
        recorded = runs.add(fact, run_id)
        found, seen = runs.add_candidates(recorded, candidates)
        others, cleared = runs.add_exclusions(recorded, exclusions)
        looked.subjects = seen | cleared
        looked.rows = found + others
        looked.extent["run"] = str(recorded)
        write(search.access, looked)
    seal()
    return recorded


def nothing_found(search: Search) -> None:
    """Record that a search ended without a crime to match: nobody's data were read."""
    with transaction.atomic(durable=True):
        write(search.access, Looked(extent=dict(search.extent)))
    seal()


def read_run(
    *, actor: str, purpose: Purpose, authority: str, run_id: UUID, with_exclusions: bool = True
) -> RunAnswers | None:
    """A run with its answers; None where there is none of that id that the actor may see.

    A run with an answer about somebody whom the actor may not see is none: ranks and counts would
    tell of them. Whoever is cleared reads it; others match again.
    """
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.CONSULTATION,
        use_case="read_run",
    )
    with reading(access, extent={"run": str(run_id)}) as looked:
        fact, of_limited = runs.find(run_id), runs.of_limited(run_id)
        if fact is None or not of_limited <= may_see(access, of_limited):
            return None
        found = list(runs.candidates(run_id))
        others = list(runs.exclusions(run_id)) if with_exclusions else []
        rows = chain(found, others)
        looked.subjects = wearers.subject_refs({row["wearer_id"] for row in rows})
        looked.rows = len(found) + len(others)
    return RunAnswers(run_id, fact, found, others)


def list_runs(*, actor: str, purpose: Purpose, authority: str, limit: int = 50) -> list[RunLine]:
    """The latest runs that the actor may read, newest first; nothing about any person."""
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.CONSULTATION,
        use_case="list_runs",
    )
    with reading(access, extent={}) as looked:
        lines = runs.newest(limit, list_reach(access))
        looked.rows = len(lines)
    return lines
