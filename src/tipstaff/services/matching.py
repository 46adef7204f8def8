"""Match the crimes of a batch against the archive, record the answers and what the report needs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid4

import numpy as np
import pyarrow as pa

from tipstaff.domain.accuracy import ErrorModel
from tipstaff.domain.crimes import Crime
from tipstaff.domain.purposes import Purpose
from tipstaff.engines.run import MatchRun, Progress, manifest_of, run_bytes, run_match
from tipstaff.formats import run_files
from tipstaff.formats.run_binding import mismatch
from tipstaff.formats.run_files import SUFFIXES, UnreadableRun
from tipstaff.matching.inputs import Intake
from tipstaff.matching.outcomes import Outcome
from tipstaff.matching.parameters import MatchParameters
from tipstaff.matching.readable import readable
from tipstaff.matching.recorded import coded_rows, read_back
from tipstaff.matching.results import result_table
from tipstaff.positions.damage import naming_damage
from tipstaff.records import runs as run_records
from tipstaff.services import match_inputs, run_folder, runs, searchable
from tipstaff.services.instance import open_instance
from tipstaff.services.limited_access import cleared
from tipstaff.services.match_inputs import Inputs
from tipstaff.services.searchable import Judged, Law

#: The files of a run that are kept beside the records, by what they hold.
KEPT: Final = ("crimes", "facts")


@dataclass(frozen=True, slots=True)
class BatchMatch:
    """A recorded match: `files` by suffix as `formats.run_files` names them.

    All is of the open part. `reserved` is the run with the answers about wearers of limited access:
    told to the cleared, and None to everybody else whether there is one or not.
    """

    run_id: UUID
    files: Mapping[str, bytes]
    timings: Mapping[str, float]
    counts: Mapping[str, Any]
    reserved: UUID | None = None


@dataclass(frozen=True, slots=True)
class RunTables:
    """A run as its report needs it; `formats.run_files` and `matching.outcomes` name columns."""

    results: pa.Table
    crimes: pa.Table
    facts: pa.Table
    manifest: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Part:
    """One match of a search: the run, what it read, and by which rule people were searched."""

    run: MatchRun
    intake: Intake
    searchable: str | Mapping[str, Any]


def match_batch(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    batch: str,
    every: bool,
    error: ErrorModel,
    everybody: bool = False,
    progress: Progress = lambda _step, _share: None,
) -> BatchMatch | None:
    """Match the crimes of `batch` ("all": every crime that stands); None where there are none.

    `every` writes out everyone who came near and not candidates alone; all are recorded anyway.
    `everybody` searches all devices, on an instance without case records and with an authority;
    without it, case records say who may be searched for which crime.
    """
    started_at = datetime.now(UTC)
    extent = {"outcomes": "all" if every else "candidates"}
    search = runs.begin_search(
        actor=actor,
        purpose=purpose,
        authority=authority,
        batch=batch,
        extent=extent,
        everybody=everybody,
    )
    crimes = runs.crimes_of_batches(search, batch)
    if not crimes:
        runs.nothing_found(search)
        return None
    ordered = sorted(crimes, key=lambda crime: crime.key)
    with naming_damage():
        opened, reserved = _parts(search, ordered, error, progress)
    return _record(search, opened, reserved, started_at, every=every)


def run_tables(
    *, actor: str, purpose: Purpose, authority: str, run_id: UUID
) -> RunTables | UnreadableRun | None:
    """A recorded run for its report, sentences made anew; None where there is none of that id."""
    answers = runs.read_run(actor=actor, purpose=purpose, authority=authority, run_id=run_id)
    if answers is None:
        return None
    found = _kept(run_id, answers.manifest)
    if isinstance(found, UnreadableRun):
        return found
    rows = read_back([*answers.candidates, *answers.exclusions])
    return RunTables(result_table(rows), found["crimes"], found["facts"], answers.manifest)


def _kept(run_id: UUID, manifest: Mapping[str, Any]) -> dict[str, pa.Table] | UnreadableRun:
    """The tables kept beside the records for a run, which must be those its manifest names."""
    folder = open_instance().runs_folder
    found: dict[str, pa.Table] = {}
    for kind, read in (("crimes", run_files.read_crimes), ("facts", run_files.read_facts)):
        try:
            content = run_folder.read(folder, run_id, _name(kind))
        except OSError:
            return _gone(kind)
        table = read(content)
        other = mismatch(manifest, {kind: content})
        if isinstance(table, UnreadableRun):
            return table
        if other is not None:
            return other
        found[kind] = table
    return found


def _parts(
    search: runs.Search, crimes: list[Crime], error: ErrorModel, progress: Progress
) -> tuple[_Part, _Part | None]:
    """The open part of a search, in which wearers of limited access are as if there were none.

    And the reserved part, which answers about them alone, where one of them may be searched.
    """
    if search.everybody:
        found = match_inputs.gather(search, crimes)
        run = _run(found, crimes, None, error, progress)
        return _Part(run, found.intake, searchable.EVERYBODY), None
    told = searchable.law_at(datetime.now(UTC))
    limited = told.limited
    opened = _by_law(search, crimes, told, limited, error, progress)
    reserved = _reserved(search, crimes, told, error) if limited else None
    return opened, reserved


def _by_law(
    search: runs.Search,
    crimes: list[Crime],
    told: Law,
    hidden: frozenset[str],
    error: ErrorModel,
    progress: Progress,
) -> _Part:
    found = match_inputs.gather(search, crimes, hidden=hidden)
    judged = _judged(told, crimes, found, hidden)
    run = _run(found, crimes, judged, error, progress)
    return _Part(run, found.intake, judged.said)


def _reserved(
    search: runs.Search, crimes: list[Crime], told: Law, error: ErrorModel
) -> _Part | None:
    """Everybody is searched, so that chance is reckoned as ever; only the limited are answered."""
    found = match_inputs.gather(search, crimes)
    judged = _judged(told, crimes, found, frozenset())
    limited = np.array([name in told.limited for name in found.worn.wearers], np.bool_)
    if not (judged.permits.anybody() & limited).any():
        return None
    judged = replace(
        judged,
        permits=replace(judged.permits, answered=limited),
        said={**judged.said, "answered": "limited access"},
    )
    run = _run(found, crimes, judged, error, lambda _step, _share: None)
    return _Part(run, found.intake, judged.said)


def _judged(told: Law, crimes: list[Crime], found: Inputs, hidden: frozenset[str]) -> Judged:
    """Who may be searched. A device that is its own wearer has no order, whatever its name."""
    people = found.worn.wearers if found.people_known else ("",) * len(found.worn.wearers)
    return searchable.judge(told, crimes, people, seen=frozenset(told.cases) - hidden)


def _run(
    found: Inputs,
    crimes: list[Crime],
    judged: Judged | None,
    error: ErrorModel,
    progress: Progress,
) -> MatchRun:
    return run_match(
        found.held.contents(),
        found.worn,
        found.devices,
        crimes,
        MatchParameters(error=error),
        permits=None if judged is None else judged.permits,
        readable=None if judged is None else readable(found.worn, judged.spans),
        progress=progress,
    )


def _record(
    search: runs.Search,
    opened: _Part,
    reserved: _Part | None,
    started_at: datetime,
    *,
    every: bool,
) -> BatchMatch:
    folder = open_instance().runs_folder
    run_folder.sweep(folder, run_records.known, started_at)
    outcomes = str(search.extent["outcomes"])
    told, files = _told(opened, outcomes, every=every)
    beside = None if reserved is None else _told(reserved, "all", every=True)
    kept = [(told, files), *([] if beside is None else [beside])]
    try:
        for one, written in kept:
            names = {_name(kind): written[SUFFIXES[kind]] for kind in KEPT}
            run_folder.keep(folder, one.run_id, names)
        runs.record_run(
            search, told, started_at=started_at, reserved=None if beside is None else beside[0]
        )
    except BaseException:
        for one, _written in kept:
            run_folder.drop(folder, one.run_id)
        raise
    counts = json.loads(told.manifest)["counts"]
    shown = None if beside is None or not cleared(search.access) else beside[0].run_id
    return BatchMatch(told.run_id, files, opened.run.timings.seconds, counts, shown)


def _told(part: _Part, outcomes: str, *, every: bool) -> tuple[runs.Recording, dict[str, bytes]]:
    """A part as it is recorded, and its files by suffix."""
    coded = coded_rows(part.run.matched)
    candidates = [row for row in coded if row["outcome"] == Outcome.CANDIDATE.value]
    exclusions = [row for row in coded if row["outcome"] != Outcome.CANDIDATE.value]
    rows = read_back(coded if every else candidates)
    manifest = manifest_of(
        part.run,
        intake=part.intake,
        outcomes=outcomes,
        searchable=part.searchable,
        rows=len(rows),
    )
    written = run_bytes(part.run, manifest, rows)
    text = written[SUFFIXES["manifest"]].decode()
    return runs.Recording(text, candidates, exclusions, uuid4()), written


def _name(kind: str) -> str:
    return "run" + SUFFIXES[kind]


def _gone(kind: str) -> UnreadableRun:
    return UnreadableRun(
        f"the {kind} kept for this run cannot be read",
        "Restore the runs folder of the instance from a backup, or run the match again.",
    )
