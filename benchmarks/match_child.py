"""The measured side of `bench match`, in a process of its own so that its memory is its own.

    python -m benchmarks.match_child make|match|scan FOLDER …

Prints one line of JSON.
"""

from __future__ import annotations

# Each part imports what it needs and no more: its memory is measured.
# ruff: noqa: PLC0415
import json
import resource
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0


def _fix_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("fixes-*.parquet"))


def make(folder: Path, wearers: str, crimes: str) -> dict[str, Any]:
    """Write the day into a folder."""
    from benchmarks import national

    return {"fixes": national.make(folder, int(wearers), int(crimes))}


def scan(folder: Path) -> dict[str, Any]:
    """The floor: DuckDB reads every column of the same files once; the best of three."""
    import duckdb

    from tipstaff.domain.fixes import CONTENT_SCHEMA

    connection = duckdb.connect(":memory:")
    connection.execute("SET threads = 2")
    connection.execute("SET TimeZone = 'UTC'")
    files = connection.read_parquet([str(path) for path in _fix_files(folder)])
    wanted = ", ".join(
        f"min({f.name}), max({f.name})" if str(f.type).startswith("timestamp") else f"sum({f.name})"
        for f in CONTENT_SCHEMA
    )
    seconds = []
    for _ in range(3):
        begun = time.perf_counter()
        files.aggregate(wanted).to_arrow_table()
        seconds.append(time.perf_counter() - begun)
    return {"seconds": min(seconds), "first_seconds": seconds[0], "peak_mb": _peak_mb()}


def _summaries(folder: Path) -> Any:
    """Daily summaries wearer by wearer, from the file in the order of wearers."""
    import pyarrow.parquet as pq

    from tipstaff.patterns.routine import DailySummary

    with pq.ParquetFile(folder / "summaries.parquet") as file:
        for group in range(file.num_row_groups):
            table = file.read_row_group(group)
            columns = {name: table[name].to_numpy() for name in table.column_names}
            owner = columns.pop("wearer_no")
            edges = np.append(np.flatnonzero(np.diff(owner, prepend=-1)), len(owner))
            for low, high in pairwise(edges.tolist()):
                yield DailySummary(**{name: c[low:high] for name, c in columns.items()})


def _worn(folder: Path) -> Any:
    """Everybody wears a tag of their own, from weeks before to weeks after."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    from benchmarks.wearers import DAY, DAY_US
    from tipstaff.matching.inputs import WornPeriod, worn

    keys: set[int] = set()
    for path in _fix_files(folder):
        keys |= set(
            pc.unique(pq.read_table(path, columns=["device_key"])["device_key"]).to_pylist()
        )
    start, end = (DAY - 60) * DAY_US, (DAY + 60) * DAY_US
    return worn(WornPeriod(key, f"W{key:05}", start, end) for key in sorted(keys))


def match(folder: Path) -> dict[str, Any]:
    """The task itself: files to candidate rows."""
    from benchmarks.national import crimes_in
    from tipstaff.engines.run import run_match
    from tipstaff.matching import results
    from tipstaff.matching.parameters import MatchParameters
    from tipstaff.patterns.routine_store import StoredRoutines

    begun = time.perf_counter()
    crimes, worn = crimes_in(folder), _worn(folder)
    routines = StoredRoutines(_summaries(folder))
    prepared = time.perf_counter() - begun
    names = {i: f"D{i:05}" for i in range(len(worn.wearers))}
    peaks: dict[str, float] = {}

    def tell(step: str, _share: float) -> None:
        peaks[f"before {step}"] = round(_peak_mb())
        print(f"{time.perf_counter() - begun:7.1f} s  {step}", file=sys.stderr, flush=True)

    begun = time.perf_counter()
    run = run_match(
        _fix_files(folder), worn, names, crimes, MatchParameters(), routines=routines, progress=tell
    )
    matched = time.perf_counter() - begun
    rows = results.result_rows(run.matched, every=False)
    table = results.result_table(rows)
    per_crime = results.crime_rows(run.matched)
    counts = {
        name: sum(row[name] for row in per_crime)
        for name in ("candidates", "excluded", "not_monitorable", "cannot_exclude",
                     "legacy_candidates")
    }  # fmt: skip
    return {
        "seconds": time.perf_counter() - begun,
        "prepared_seconds": prepared,
        "steps": {**run.timings.seconds, "making tables": time.perf_counter() - begun - matched},
        "peak_mb": _peak_mb(),
        "peaks_mb": peaks,
        "counts": {
            "fixes": run.matched.loaded.rows,
            "wearers": len(worn.wearers),
            "crimes": len(crimes),
            "pairs": len(crimes) * len(worn.wearers),
            "pairs_weighed": len(run.matched.answers.code),
            "rows": table.num_rows,
            **counts,
        },
    }


def pending(folder: Path, late_share: str) -> dict[str, Any]:
    """The fixes of a share of wearers came late: find what is pending, and match that again."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from benchmarks.national import crimes_in
    from tipstaff.engines.duckdb_engine import DuckdbEngine
    from tipstaff.engines.run import run_match
    from tipstaff.matching.evidence import days_of
    from tipstaff.matching.loading import load
    from tipstaff.matching.match import linked_days
    from tipstaff.matching.parameters import MatchParameters
    from tipstaff.matching.recorded import coded_rows
    from tipstaff.matching.resting import Periods, fix_digests, worn_digests
    from tipstaff.matching.trails import Scenes
    from tipstaff.patterns.routine_store import StoredRoutines

    crimes, worn, files = crimes_in(folder), _worn(folder), _fix_files(folder)
    count = len(worn.wearers)
    names = {key: f"D{key:05}" for key in worn.table["device_key"].to_pylist()}
    late = np.arange(0, count, max(1, round(1.0 / float(late_share))))
    begun = time.perf_counter()
    spans = sorted(set(days_of(crimes).values()))
    linked_days(Scenes.of(crimes))
    periods = Periods.of(worn.table, count, names)
    worn_digests(periods, periods, worn.wearers, spans)
    told = time.perf_counter() - begun
    own = worn.table.filter(pc.is_in(worn.table["wearer_no"], value_set=pa.array(late, pa.int32())))
    rows = DuckdbEngine().ordered_fixes(files, own)
    fix_digests(load(rows, worn.wearers, worn.active), names, spans)
    found = time.perf_counter() - begun
    routines = StoredRoutines(_summaries(folder))
    wanted = np.zeros((len(crimes), count), np.bool_)
    wanted[:, late] = True
    begun = time.perf_counter()
    run = run_match(files, worn, names, crimes, MatchParameters(), routines=routines,
                    readable=own, wanted=wanted)  # fmt: skip
    answers = len(coded_rows(run.matched))
    return {
        "finding": found,
        "of_wearing": told,
        "again": time.perf_counter() - begun,
        "counts": {"late_wearers": len(late), "spans": len(spans), "answers_again": answers},
        "peak_mb": _peak_mb(),
    }


def main() -> None:
    """Run one part."""
    part, folder, *more = sys.argv[1:]
    work = {"make": make, "match": match, "pending": pending, "scan": scan}[part]
    print(json.dumps(work(Path(folder), *more)))


if __name__ == "__main__":
    main()
