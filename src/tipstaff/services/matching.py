"""Match the crimes of a batch against the archive, record the answers and what the report needs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import pyarrow as pa

from tipstaff.domain.accuracy import ErrorModel
from tipstaff.domain.purposes import Purpose
from tipstaff.engines.run import Progress
from tipstaff.formats import run_files
from tipstaff.formats.run_binding import mismatch
from tipstaff.formats.run_files import SUFFIXES, UnreadableRun
from tipstaff.matching.recorded import read_back
from tipstaff.matching.results import result_table
from tipstaff.positions.damage import naming_damage
from tipstaff.records import runs as run_records
from tipstaff.services import match_parts, run_folder, runs
from tipstaff.services.instance import open_instance
from tipstaff.services.limited_access import cleared
from tipstaff.services.match_parts import Part

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
        done = match_parts.parts(search, ordered, error, progress)
    return _record(search, done, started_at)


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


def _record(search: runs.Search, done: Sequence[Part], started_at: datetime) -> BatchMatch:
    """Keep the files of each part, then record all parts together; or leave nothing."""
    folder = open_instance().runs_folder
    run_folder.sweep(folder, run_records.known, started_at)
    opened, reserved = done[0], done[1] if len(done) > 1 else None
    try:
        for part in done:
            files = {_name(kind): part.files[SUFFIXES[kind]] for kind in KEPT}
            run_folder.keep(folder, part.told.run_id, files)
        beside = None if reserved is None else reserved.told
        runs.record_run(search, opened.told, started_at=started_at, reserved=beside)
    except BaseException:
        for part in done:
            run_folder.drop(folder, part.told.run_id)
        raise
    shown = cleared(search.access)
    return BatchMatch(
        opened.told.run_id,
        opened.files,
        opened.seconds,
        json.loads(opened.told.manifest)["counts"],
        reserved.told.run_id if reserved is not None and shown else None,
    )


def _name(kind: str) -> str:
    return "run" + SUFFIXES[kind]


def _gone(kind: str) -> UnreadableRun:
    return UnreadableRun(
        f"the {kind} kept for this run cannot be read",
        "Restore the runs folder of the instance from a backup, or run the match again.",
    )
