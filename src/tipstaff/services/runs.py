"""Searches and their runs: from "about to combine crimes with trails" to the recorded answers.

A search is a combination in the sense of the Data Protection Act 2018, section 62. `begin_search`
commits that it was asked for; only with the `Search` it returns can crimes and wearers be had;
`record_run` commits the answers together with the entry that says whom they concern.

What was found lawfully stays readable, also after a consent was withdrawn: what was or may be
disclosed is held under the Criminal Procedure and Investigations Act 1996.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from tipstaff.domain.crimes import Crime
from tipstaff.domain.devices import DeviceName
from tipstaff.domain.periods import Period
from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.records import (
    activations,
    crimes,
    device_facts,
    devices,
    erasures,
    runs,
    sources,
    wearers,
)
from tipstaff.records.activations import WornPeriod
from tipstaff.records.runs import RunFact, RunLine
from tipstaff.services import searchable
from tipstaff.services.access import Access, admit
from tipstaff.services.limited_access import cleared, list_reach, may_see
from tipstaff.services.recording import Looked, reading, request, write
from tipstaff.services.sealing import seal
from tipstaff.services.standing import Basis, stand


class ErasedMeanwhileError(Exception):
    """Somebody was erased while the match ran, and its answers may name them: none was recorded."""

    def __init__(self) -> None:
        super().__init__(
            "Data were erased while the match ran. Nothing was recorded; run the match again."
        )


@dataclass(frozen=True, slots=True)
class Search:
    """A search that was admitted and written into the audit.

    `everybody`: of all devices; else of those whom the case records let be searched.
    """

    access: Access
    extent: Mapping[str, Any]
    everybody: bool = False


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
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    batch: str,
    extent: Mapping[str, Any],
    everybody: bool = False,
) -> Search:
    """Admit a search of the crimes of `batch` (or "all") and commit that it was asked for.

    `extent` says how far it goes, in words and whole numbers: a floating-point number is refused.
    `everybody`: all devices are to be searched, which case records must not forbid.
    """
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.COMBINATION,
        use_case="match",
    )
    searchable.check(access, everybody=everybody)
    by = searchable.EVERYBODY if everybody else searchable.policy_name()
    search = Search(access, {"batch": batch, "searchable": by, **extent}, everybody)
    request(access, extent=search.extent)
    return search


def crimes_of_batches(search: Search, batch: str) -> list[Crime]:
    """The crimes whose latest version `batch` brought ("all": any), withdrawn ones left out."""
    del search  # held by the caller: proof that the search is in the audit
    return crimes.current(batch)


def crimes_beside(search: Search, those: Iterable[Crime]) -> list[Crime]:
    """The crimes that stand beside some: they may be linked to them."""
    del search
    given = {(crime.force, crime.reference) for crime in those}
    return [c for c in crimes.current() if (c.force, c.reference) not in given]


def wearer_activations(
    search: Search, period: Period, *, known_at: datetime | None = None
) -> list[WornPeriod]:
    """Who wore which device in `period`, clipped to it, in a total order.

    As is believed now, or was known at `known_at`.
    """
    del search
    return activations.worn_in(period, known_at=known_at)


def registered_devices(search: Search) -> dict[int, DeviceName]:
    """Every device that is searched, by its key: wearers of their own where no activation ever was.

    Home units and victims' devices are none of them: a match does not read their positions.
    """
    del search
    hidden = device_facts.never_searched()
    return {key: name for key, name in devices.every_device() if key not in hidden}


def wearers_by_device(search: Search) -> dict[int, frozenset[str]]:
    """Who wore each device at any time; where nobody did, each device is its own wearer."""
    del search
    return activations.wearers_by_device()


def anybody_erased(search: Search) -> bool:
    """Whether anybody was ever erased: their devices do not become wearers of their own again."""
    del search
    return activations.any_erased()


def batch_digests(search: Search, batch_ids: Iterable[str]) -> list[tuple[str, str]]:
    """The id and the digest of each crime file received as one of these batches."""
    del search
    return crimes.digests_of(batch_ids)


def quarantined_rows(search: Search, digests: Iterable[str]) -> int | None:
    """Rows of these position files that were quarantined; None where one's are not on record."""
    del search
    return sources.quarantined_rows(digests)


@dataclass(frozen=True, slots=True)
class Recording:
    """A run to record: its manifest as JSON text, and its answers.

    `manifest` is kept byte for byte; it must hold `parameters`, `model_version`, `software_version`
    and `data_digest`. Answers are rows keyed as in a result file, `decided_by` as its code,
    `explanation` left out; `numbers` may hold what a sentence needs besides. Something may be kept
    under `run_id` beforehand. `basis`: what the answers rest on, where they are to stand for their
    crimes from now on. Give iterables that are cheap to walk: the
    database's write lock is held meanwhile.
    """

    manifest: str
    candidates: Iterable[Mapping[str, Any]]
    exclusions: Iterable[Mapping[str, Any]]
    run_id: UUID = field(default_factory=uuid4)
    basis: Basis | None = None


def record_run(
    search: Search,
    told: Recording,
    *,
    started_at: datetime,
    finished_at: datetime | None = None,
    reserved: Recording | None = None,
) -> UUID:
    """Record a run and its answers, and the `served` entry with them, in one transaction.

    `reserved`: the answers about wearers of limited access, which become a run of their own that
    only the cleared can see, with an entry of its own. Raises ErasedMeanwhileError: what the match
    read may be of somebody who is gone.
    """
    times = (started_at, finished_at or datetime.now(UTC))
    with transaction.atomic(durable=True):
        if erasures.since(started_at):
            raise ErasedMeanwhileError
        recorded = _add(search, told, times, None)
        if reserved is not None:
            _add(search, reserved, times, recorded)
    seal()
    return recorded


def _add(
    search: Search, told: Recording, times: tuple[datetime, datetime], open_run: UUID | None
) -> UUID:
    said = json.loads(told.manifest)
    fact = RunFact(
        manifest=told.manifest,
        parameters=said["parameters"],
        model_version=said["model_version"],
        software_version=said["software_version"],
        data_digest=said["data_digest"],
        started_at=times[0],
        finished_at=times[1],
    )
    recorded = runs.add(fact, told.run_id, open_run=open_run)
    found, seen = runs.add_candidates(recorded, told.candidates)
    others, cleared_of = runs.add_exclusions(recorded, told.exclusions)
    if told.basis is not None:
        stand(told.basis, recorded)
    extent = {**search.extent, "run": str(recorded)}
    write(search.access, Looked(subjects=seen | cleared_of, extent=extent, rows=found + others))
    return recorded


def add_renewal(
    search: Search, told: Recording, *, started_at: datetime, open_run: UUID | None
) -> UUID:
    """Record a run that takes the place of earlier answers, and its entry; as `record_run`.

    In the caller's transaction. With `open_run` it is reserved, as the answers were.
    """
    return _add(search, told, (started_at, datetime.now(UTC)), open_run)


def opened_by(run_id: UUID) -> UUID | None:
    """The open run beside which a run is reserved; None where it is open itself."""
    return runs.open_run_of(run_id)


def parameters_of_run(run_id: UUID) -> Mapping[str, Any]:
    """The parameters of a run, which say nothing of anybody: to match by them again."""
    found = runs.find(run_id, cleared=True)
    if found is None:
        raise LookupError("no such run")
    return found.parameters


def nothing_found(search: Search) -> None:
    """Record that a search ended without a crime to match: nobody's data were read."""
    with transaction.atomic(durable=True):
        write(search.access, Looked(extent=dict(search.extent)))
    seal()


def read_run(
    *, actor: str, purpose: Purpose, authority: str, run_id: UUID, with_exclusions: bool = True
) -> RunAnswers | None:
    """A run with its answers; None where there is none of that id that the actor may see.

    To whoever is not cleared, a reserved run is none; nor is a run shown with an answer about
    somebody who became of limited access since: ranks and counts would tell of them. Whoever is
    cleared reads it; others match again.
    """
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.CONSULTATION,
        use_case="read_run",
    )
    with reading(access, extent={"run": str(run_id)}) as looked:
        fact = runs.find(run_id, cleared=cleared(access))
        of_limited = runs.of_limited(run_id)
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


def list_reserved(
    *, actor: str, purpose: Purpose, authority: str, limit: int = 50
) -> list[RunLine]:
    """Reserved runs that name a candidate, oldest first: what waits for a cleared reviewer.

    None to whoever is not cleared, as where there is none.
    """
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.CONSULTATION,
        use_case="list_reserved",
    )
    with reading(access, extent={}) as looked:
        lines = runs.reserved_with_candidates(limit, cleared=cleared(access))
        looked.rows = len(lines)
    return lines
