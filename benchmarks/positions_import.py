"""Position files read, judged and stored in the archive, beside a bare reading of the same."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from benchmarks.figures import Figure, Result
from benchmarks.wearers import BLOCK, MINUTES, fixes_of, lives_of
from tipstaff.domain.fixes import CONTENT_SCHEMA, MECHANISM_NAMES
from tipstaff.formats.positions import read_positions
from tipstaff.positions.archive import Archive
from tipstaff.positions.mappings import shipped_mapping

ROWS: Final = 1_500_000
NAMED: Final = {"full": 1.0, "tiny": 0.02}
NOW: Final = datetime(2026, 6, 1, tzinfo=UTC)


def _supplied(wearers: int) -> pa.Table:
    """Fixes with the columns of Tipstaff's own position file."""
    blocks = [(b, min(BLOCK, wearers - b * BLOCK)) for b in range(-(-wearers // BLOCK))]
    fixes = pa.concat_tables(fixes_of(lives_of(b, n), b) for b, n in blocks).combine_chunks()

    def scaled(name: str, factor: float) -> Any:
        return pc.divide(fixes[name].cast(pa.float64()), factor)

    mechanism = pa.array([MECHANISM_NAMES.get(code) for code in range(7)])  # type: ignore[call-overload]
    device = pc.binary_join_element_wise("D", fixes["device_key"].cast(pa.string()), "")
    return pa.table(
        {
            "device_id": device,
            "fix_time": fixes["fix_time"],
            "latitude": scaled("lat_e7", 1e7),
            "longitude": scaled("lon_e7", 1e7),
            "precision_m": scaled("precision_cm", 100.0),
            "mechanism": pc.take(mechanism, fixes["mechanism"]),
            "speed_kmh": pc.round(scaled("speed_cmps", 100.0 / 3.6), 1),
            "direction_deg": scaled("direction_cdeg", 100.0),
            "satellites": fixes["satellites"],
            "hdop": scaled("hdop_e2", 100.0),
            "recorded_time": fixes["recorded_time"],
            "received_time": fixes["received_time"],
        }
    )


def _as_text(table: pa.Table) -> pa.Table:
    """Times as ISO 8601 with an offset, as a CSV file has them."""
    for i, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type):
            text = pc.strftime(
                table[field.name].cast(pa.timestamp("s", "UTC")), "%Y-%m-%dT%H:%M:%SZ"
            )
            table = table.set_column(i, field.name, text)
    return table


def _tables(path: Path) -> Iterator[pa.Table]:
    """The accepted rows of a file by the archive's schema, devices numbered as they come."""
    keys: dict[str, int] = {}
    with path.open("rb") as stream:
        for batch in read_positions(stream, shipped_mapping("tipstaff"), now=NOW):
            if batch.fault is not None or batch.quarantined.num_rows:
                raise RuntimeError("the made-up file is not as it should be")
            names = batch.accepted["device_id"].combine_chunks().dictionary_encode()
            distinct = names.dictionary.to_pylist()
            numbers = pa.array([keys.setdefault(name, len(keys)) for name in distinct], pa.int64())
            others = (batch.accepted[n] for n in CONTENT_SCHEMA.names[1:])
            yield pa.table([numbers.take(names.indices), *others], schema=CONTENT_SCHEMA)


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    answer = work()
    return time.perf_counter() - begun, answer


def _best(work: Callable[[], Any]) -> float:
    return min(_timed(work)[0] for _ in range(3))


def run(scale: str) -> Result:
    """Import the same fixes from CSV and from Parquet, each into an archive of its own."""
    share = NAMED[scale] if scale in NAMED else float(scale)
    table = _supplied(max(8, round(ROWS * share / MINUTES)))
    rows = table.num_rows
    with tempfile.TemporaryDirectory(prefix="tipstaff-bench-") as temporary:
        folder = Path(temporary)
        csv, parquet = folder / "fixes.csv", folder / "fixes.parquet"
        pcsv.write_csv(_as_text(table), csv)
        pq.write_table(table, parquet, compression="zstd")
        again = folder / "again.parquet"
        floors = {
            "csv": _best(lambda: pcsv.read_csv(csv)),
            "parquet": _best(
                lambda: pq.write_table(pq.read_table(parquet), again, compression="zstd")
            ),
        }
        took: dict[str, float] = {}
        for kind, path in (("csv", csv), ("parquet", parquet)):
            archive = Archive(folder / kind)
            took[kind], done = _timed(lambda a=archive, p=path: a.append(_tables(p), "bench", NOW))  # type: ignore[misc]
            if done.new_rows != rows:
                raise RuntimeError(f"{done.new_rows} of {rows} rows were stored")
        sizes = {"csv_mb": csv.stat().st_size >> 20, "parquet_mb": parquet.stat().st_size >> 20}
    names = {"csv": "pyarrow.csv reading the file", "parquet": "Parquet read and written again"}
    return Result(
        name="import",
        scale=scale,
        figures=[
            *(Figure(f"{k} into the archive", took[k], "s", floors[k], names[k]) for k in names),
            *(Figure(f"{k}: thousand rows a second", rows / took[k] / 1e3, "krows/s",
                     rows / floors[k] / 1e3, names[k]) for k in names),
        ],
        counts={"rows": rows, **sizes},
        notes=["Every value is judged and duplicates are looked for; the floors do neither."],
    )  # fmt: skip
