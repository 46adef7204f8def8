"""Match the crimes of a batch against the archive, record the answers and what the report needs."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import pyarrow as pa

from tipstaff.domain.accuracy import ErrorModel
from tipstaff.domain.crimes import Crime
from tipstaff.domain.periods import Period, to_micros
from tipstaff.domain.purposes import Purpose
from tipstaff.engines.run import MatchRun, Progress, manifest_of, run_bytes, run_match
from tipstaff.formats import run_files
from tipstaff.formats.run_binding import digests_of, mismatch
from tipstaff.formats.run_files import SUFFIXES, UnreadableRun
from tipstaff.matching.inputs import (
    Attribution,
    InputFile,
    Intake,
    Worn,
    WornPeriod,
    each_device_a_wearer,
    history_around,
    worn,
)
from tipstaff.matching.outcomes import Outcome
from tipstaff.matching.parameters import MatchParameters
from tipstaff.matching.recorded import coded_rows, read_back
from tipstaff.matching.results import result_table
from tipstaff.positions.damage import naming_damage
from tipstaff.positions.queries import Held
from tipstaff.records import runs as run_records
from tipstaff.records.devices import DeviceName
from tipstaff.services import run_erasing, run_folder, runs
from tipstaff.services.instance import open_instance
from tipstaff.services.positions import catch_up
from tipstaff.services.whole_archive import whole_archive

#: The files of a run that are kept beside the records, by what they hold.
KEPT: Final = ("crimes", "facts")


class NarrowedSearchError(Exception):
    """Not everyone may be searched for each crime, and a match of this version cannot heed that."""


@dataclass(frozen=True, slots=True)
class BatchMatch:
    """A recorded match: `files` by suffix as `formats.run_files` names them."""

    run_id: UUID
    files: Mapping[str, bytes]
    timings: Mapping[str, float]
    counts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RunTables:
    """A run as its report needs it; `formats.run_files` and `matching.outcomes` name columns."""

    results: pa.Table
    crimes: pa.Table
    facts: pa.Table
    manifest: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Inputs:
    """What a search found to match: fixes, who wore what, and the names of devices by number."""

    held: Held
    worn: Worn
    devices: dict[int, str]
    intake: Intake


def match_batch(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    batch: str,
    every: bool,
    error: ErrorModel,
    progress: Progress = lambda _step, _share: None,
) -> BatchMatch | None:
    """Match the crimes of `batch` ("all": every crime that stands); None where there are none.

    `every` writes out everyone who came near and not candidates alone; all are recorded anyway.
    """
    started_at = datetime.now(UTC)
    extent = {"outcomes": "all" if every else "candidates"}
    search = runs.begin_search(
        actor=actor, purpose=purpose, authority=authority, batch=batch, extent=extent
    )
    crimes = runs.crimes_of_batches(search, batch)
    if not crimes:
        runs.nothing_found(search)
        return None
    with naming_damage():
        found = _inputs(search, crimes)
        _heed(crimes, found.worn)
        run = run_match(
            found.held.contents(),
            found.worn,
            found.devices,
            crimes,
            MatchParameters(error=error),
            progress=progress,
        )
    return _record(search, run, found.intake, started_at, every=every)


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
        if other is not None and _as_erasure_left(folder / str(run_id), kind, content):
            other = None
        if isinstance(table, UnreadableRun):
            return table
        if other is not None:
            return other
        found[kind] = table
    return found


def _as_erasure_left(run: Path, kind: str, content: bytes) -> bool:
    """Whether an erasure wrote the file anew without somebody's fixes, and it is what it wrote."""
    note = run_erasing.note_of(run)
    return note is not None and note.get(kind) == digests_of({kind: content})[kind]


def _inputs(search: runs.Search, crimes: list[Crime]) -> _Inputs:
    period = history_around(crimes)
    archive = whole_archive()
    catch_up(archive)
    names = runs.registered_devices(search)
    ordered = sorted(names, key=lambda key: names[key])
    number = {key: i for i, key in enumerate(ordered)}
    labels = {number[key]: label for key, label in _labels(names).items()}
    held = Held.of(archive, period, number)
    sources = held.sources()
    files = [InputFile("positions", digest[:12], digest) for digest in sources]
    batches = runs.batch_digests(search, {crime.batch for crime in crimes})
    files += [InputFile("crimes", batch, digest) for batch, digest in batches]
    if runs.activations_known(search):
        periods = _worn_periods(search, period, number)
        files.append(InputFile("activations", "who wore what", _digest(periods, labels)))
        people = worn(periods)
        attribution = held.attribution(people.table)
    else:
        people, attribution = each_device_a_wearer(held.ends(), labels), Attribution()
    quarantined = runs.quarantined_rows(search, sources)
    intake = Intake(tuple(files), quarantined, attribution=attribution)
    return _Inputs(held, people, labels, intake)


def _worn_periods(
    search: runs.Search, period: Period, number: Mapping[int, int]
) -> list[WornPeriod]:
    return [
        WornPeriod(number[w.device_key], w.wearer, to_micros(w.start), to_micros(w.end))
        for w in runs.wearer_activations(search, period)
        if w.device_key in number
    ]


def _labels(names: Mapping[int, DeviceName]) -> dict[int, str]:
    """Each device by its supplier's name for it, with the supplier where two use the same."""
    times = Counter(name.device_id for name in names.values())
    return {
        key: f"{name.supplier}/{name.device_id}" if times[name.device_id] > 1 else name.device_id
        for key, name in names.items()
    }


def _digest(periods: Iterable[WornPeriod], labels: Mapping[int, str]) -> str:
    """SHA-256 over who wore what when, as it bears on these crimes."""
    lines = sorted(
        f"{labels[p.device_key]}\0{p.wearer}\0{p.start_us}\0{p.end_us}\n" for p in periods
    )
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _heed(crimes: list[Crime], people: Worn) -> None:
    """Fail closed where the rule lets someone be searched for some crimes only."""
    if any(len(runs.searchable(crime, people.wearers)) < len(people.wearers) for crime in crimes):
        raise NarrowedSearchError


def _record(
    search: runs.Search,
    run: MatchRun,
    intake: Intake,
    started_at: datetime,
    *,
    every: bool,
) -> BatchMatch:
    coded = coded_rows(run.matched)
    candidates = [row for row in coded if row["outcome"] == Outcome.CANDIDATE.value]
    exclusions = [row for row in coded if row["outcome"] != Outcome.CANDIDATE.value]
    rows = read_back(coded if every else candidates)
    manifest = manifest_of(
        run,
        intake=intake,
        outcomes=str(search.extent["outcomes"]),
        searchable=runs.SEARCHABLE_RULE,
        rows=len(rows),
    )
    written = run_bytes(run, manifest, rows)
    folder, run_id = open_instance().runs_folder, uuid4()
    run_folder.sweep(folder, run_records.known, started_at)
    run_folder.keep(folder, run_id, {_name(kind): written[SUFFIXES[kind]] for kind in KEPT})
    try:
        runs.record_run(
            search,
            manifest=written[SUFFIXES["manifest"]].decode(),
            started_at=started_at,
            candidates=candidates,
            exclusions=exclusions,
            run_id=run_id,
        )
    except BaseException:
        run_folder.drop(folder, run_id)
        raise
    return BatchMatch(run_id, written, run.timings.seconds, manifest["counts"])


def _name(kind: str) -> str:
    return "run" + SUFFIXES[kind]


def _gone(kind: str) -> UnreadableRun:
    return UnreadableRun(
        f"the {kind} kept for this run cannot be read",
        "Restore the runs folder of the instance from a backup, or run the match again.",
    )
