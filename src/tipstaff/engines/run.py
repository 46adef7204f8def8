"""A whole match: fixes and crimes in, the tables and the manifest of a run out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tipstaff import __version__
from tipstaff.domain.crimes import Crime
from tipstaff.domain.periods import from_micros
from tipstaff.engines.duckdb_engine import DuckdbEngine
from tipstaff.formats import run_files
from tipstaff.formats.run_binding import OUTPUTS, digests_of
from tipstaff.matching import results
from tipstaff.matching.excursions import Excursions
from tipstaff.matching.excursions_v1 import EXCURSIONS_V1
from tipstaff.matching.inputs import Intake, Worn
from tipstaff.matching.loading import load
from tipstaff.matching.match import match
from tipstaff.matching.parameters import MatchParameters
from tipstaff.matching.permits import Permits
from tipstaff.matching.results import Matched
from tipstaff.matching.trails import Trails
from tipstaff.patterns.routine import Routine

#: Wearers are worked on by this many threads; the answers do not depend on it.
THREADS: Final = 2
Progress = Callable[[str, float], None]


@dataclass(slots=True)
class Timings:
    """Seconds spent by step; never part of the run's own bytes."""

    seconds: dict[str, float] = field(default_factory=dict)
    _step: str = "reading the positions"
    _since: float = field(default_factory=time.perf_counter)

    def enter(self, step: str) -> None:
        """A step begins; the one before it ends."""
        now = time.perf_counter()
        self.seconds[self._step] = self.seconds.get(self._step, 0.0) + now - self._since
        self._step, self._since = step, now


@dataclass(frozen=True, slots=True)
class MatchRun:
    """A finished match and what it took."""

    matched: Matched
    parameters: MatchParameters
    timings: Timings


@dataclass(frozen=True, slots=True)
class UsualFixes:
    """The fixes that say what is usual, where they are not the evidence itself.

    `worn` has the wearers of the evidence, `readable` the periods that may be read.
    """

    fixes: Any
    worn: Worn
    readable: pa.Table


def _usual_trails(usual: UsualFixes, engine: DuckdbEngine | None) -> Trails:
    rows = (engine or DuckdbEngine()).ordered_fixes(usual.fixes, usual.readable)
    return load(rows, usual.worn.wearers, usual.worn.active).trails


def run_match(  # noqa: PLR0913 (what a run is made of)
    fixes: Any,
    worn: Worn,
    devices: Mapping[int, str],
    crimes: Iterable[Crime],
    parameters: MatchParameters,
    *,
    engine: DuckdbEngine | None = None,
    excursions: Excursions = EXCURSIONS_V1,
    routines: Sequence[Routine] | None = None,
    permits: Permits | None = None,
    readable: pa.Table | None = None,
    usual: UsualFixes | None = None,
    linked: Sequence[Crime] = (),
    wanted: NDArray[np.bool_] | None = None,
    progress: Progress = lambda _step, _share: None,
) -> MatchRun:
    """Match `crimes` against the fixes of everyone in `worn` who may be searched.

    `fixes`: what `DuckdbEngine.ordered_fixes` takes; `devices` names them by key; `routines`: one a
    wearer, in the order of `worn`, where history lies in summaries rather than in the fixes.
    `permits`: of crimes in the order of their keys, and of the wearers of `worn`; without it
    everybody may be searched. `readable`: the periods (as `worn.table`) whose fixes may be read;
    without it all. `usual`, `linked`, `wanted` as for `match`.
    """
    timings = Timings()

    def tell(step: str, share: float) -> None:
        timings.enter(step)
        progress(step, share)

    progress("reading the positions", 0.0)
    periods = worn.table if readable is None else readable
    rows = (engine or DuckdbEngine()).ordered_fixes(fixes, periods)
    loaded = load(rows, worn.wearers, worn.active)
    known = None if usual is None else _usual_trails(usual, engine)
    ordered = sorted(crimes, key=lambda crime: crime.key)
    with ThreadPoolExecutor(THREADS) as pool:
        answers = match(
            loaded.trails,
            ordered,
            parameters,
            excursions,
            run=pool.map,
            progress=tell,
            routines=routines,
            permits=permits,
            known=known,
            linked=linked,
            wanted=wanted,
        )
    return MatchRun(Matched(answers, ordered, loaded, worn, devices), parameters, timings)


def manifest_of(
    run: MatchRun,
    *,
    intake: Intake,
    outcomes: str,
    searchable: str | Mapping[str, Any],
    rows: int,
) -> dict[str, Any]:
    """What the run was made of and by; the same inputs give the same manifest.

    `outcomes`: what is written out ("candidates", "all"); `searchable`: who might be searched, by
    which policy, or "all"; `rows`: how many rows are written. In the manifest, `files` lists every
    input by role (positions, mapping, crimes, activations), name and SHA-256;
    `positions_read_as_of` is the instant against which times in the future were told, null where
    none was given and nothing hung on it; `counts` are of crimes, wearers (those who may be
    searched for a crime at least, and all known in the period), fixes (one a device and instant),
    rows and answers.
    `run_bytes` adds `outputs`: the SHA-256 of each file of the run.
    """
    loaded = run.matched.loaded
    crimes = results.crime_rows(run.matched)
    located = len(run.matched.answers.scenes.index)
    named = ("candidates", "excluded", "excluded_beyond", "not_monitorable", "cannot_exclude")
    counts: dict[str, Any] = {name: sum(row[name] for row in crimes) for name in named}
    times = loaded.trails.t_us
    as_of = intake.read_as_of
    return {
        "software_version": __version__,
        "model": run.parameters.strength.version,
        "model_version": run.parameters.strength.version,
        "parameters": run.parameters.to_json(),
        "excursions": EXCURSIONS_V1.version,
        "data_digest": loaded.digest,
        "files": [asdict(file) for file in sorted(intake.files)],
        "positions_read_as_of": None if as_of is None else as_of.isoformat(),
        "outcomes": outcomes,
        "searchable": searchable if isinstance(searchable, str) else dict(searchable),
        "counts": {
            "crimes": len(crimes),
            "crimes_located": located,
            "crimes_not_located": len(crimes) - located,
            "wearers": int(run.matched.answers.searchable.sum()),
            "wearers_known": len(loaded.trails.wearers),
            "fixes": loaded.rows,
            "duplicate_fixes": loaded.duplicates,
            "conflicting_fixes": loaded.conflicts,
            "quarantined_rows": intake.quarantined_rows,
            **asdict(intake.attribution),
            "rows": rows,
            "legacy_candidates": sum(row["legacy_candidates"] for row in crimes),
            **counts,
        },
        "positions_from": from_micros(int(times.min())).isoformat() if len(times) else None,
        "positions_to": from_micros(int(times.max())).isoformat() if len(times) else None,
    }


def run_bytes(
    run: MatchRun,
    manifest: dict[str, Any],
    rows: list[dict[str, Any]],
    *,
    beside: Mapping[str, str] | None = None,
) -> dict[str, bytes]:
    """The four files of a run by their suffix, bound together; see `formats.run_files`.

    `beside`: digests, by kind, of further files that belong to the run.
    """
    crimes, facts = results.crime_rows(run.matched), results.fact_rows(run.matched)
    return files_of(manifest, rows, crimes, facts, beside=beside)


def files_of(
    manifest: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    crimes: Sequence[Mapping[str, Any]],
    facts: Sequence[Mapping[str, Any]],
    *,
    beside: Mapping[str, str] | None = None,
) -> dict[str, bytes]:
    """`run_bytes` of rows that are at hand."""
    written = {
        "results": run_files.write_results(results.result_table(rows)),
        "crimes": run_files.write_crimes(_table(crimes, run_files.CRIMES_SCHEMA)),
        "facts": run_files.write_facts(_table(facts, run_files.FACTS_SCHEMA)),
    }
    outputs = {**digests_of(written), **(beside or {})}
    written["manifest"] = run_files.write_manifest({**manifest, OUTPUTS: outputs})
    return {run_files.SUFFIXES[kind]: content for kind, content in written.items()}


def _table(rows: Sequence[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pylist([dict(row) for row in rows], schema=schema)
