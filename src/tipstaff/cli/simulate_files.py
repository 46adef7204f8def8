"""The files of a simulated world: the same world, the same bytes."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from tipstaff.domain.crimes import Crime
from tipstaff.formats.crimes_writing import write_crimes
from tipstaff.simulation.world import World

_README = """\
A simulated town and the truth about it, made by `tipstaff simulate`. Nobody in it is real.

  plan                wearers {wearers}, days {days}, seed {seed}, force {force},
                      from {start} (UTC), town {width} m wide
  positions.{suffix:<8}  what the tags' supplier would send, in order of upload: late rows, repeats
                      and wrong clocks included (Tipstaff's own position format)
  activations.csv     who wore which device when; an empty end: still worn
  crimes/*.csv        what the force would send: one national crime file a day
  streets.geojson     the town's streets and its shops, pubs, works and hostels
  truth/paths.parquet   where every wearer was at every whole minute, indoors or not, how moving
  truth/fixes.parquet   for each device and stated time: where the wearer truly was, how wrong the
                        report was (metres), and of what kind the error is
  truth/crimes.csv      who did what when and where; no wearer: somebody without a tag
  truth/faults.csv      gaps, flat batteries, tags left at home, stuck receivers, wrong clocks,
                        late uploads

The same parameters and the same version of Tipstaff give the same files, byte for byte.
"""


def write_world(world: World, out: Path, positions: str) -> None:
    """Write everything below `out`, which is made if need be."""
    for folder in (out, out / "crimes", out / "truth"):
        folder.mkdir(parents=True, exist_ok=True)
    _write_positions(world.positions, out, positions)
    _write_csv(world.activations, out / "activations.csv")
    for batch, content in crime_files(world.crimes).items():
        (out / "crimes" / f"{batch}.csv").write_bytes(content)
    streets = json.dumps(world.streets, separators=(",", ":"), sort_keys=True)
    (out / "streets.geojson").write_text(streets + "\n", encoding="utf-8")
    _write_parquet(world.truth_paths, out / "truth" / "paths.parquet")
    _write_parquet(world.truth_fixes, out / "truth" / "fixes.parquet")
    _write_csv(world.truth_crimes, out / "truth" / "crimes.csv")
    _write_csv(world.faults, out / "truth" / "faults.csv")
    (out / "README.txt").write_text(_readme(world, positions), encoding="utf-8")


def _readme(world: World, suffix: str) -> str:
    plan = world.plan
    return _README.format(
        wearers=plan.wearers, days=plan.days, seed=plan.seed, force=plan.force,
        start=plan.start.date().isoformat(), width=round(plan.width_m), suffix=suffix,
    )  # fmt: skip


def _write_positions(table: pa.Table, out: Path, form: str) -> None:
    if form == "parquet":
        _write_parquet(table, out / "positions.parquet")
        return
    with (out / "positions.csv").open("wb") as file:
        writer: Any = None
        for batch in table.to_batches(1 << 18):
            part = _with_iso_times(pa.Table.from_batches([batch]))
            if writer is None:
                style = pyarrow.csv.WriteOptions(quoting_style="needed")
                writer = pyarrow.csv.CSVWriter(file, part.schema, write_options=style)
            writer.write_table(part)
        if writer is not None:
            writer.close()


def _write_parquet(table: pa.Table, path: Path) -> None:
    pq.write_table(table, path, compression="zstd", row_group_size=1 << 20)


def _with_iso_times(table: pa.Table) -> pa.Table:
    """Instants as ISO 8601 text with Z, to the second or, where needed, the microsecond."""
    for index, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type):
            text = pc.strftime(table.column(index), format="%Y-%m-%dT%H:%M:%SZ", locale="C")
            short = pc.replace_substring_regex(text, r"\.?0*Z$", "Z")
            table = table.set_column(index, field.name, short)
    return table


def _write_csv(table: pa.Table, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(table.column_names)
        writer.writerows([_text(value) for value in row.values()] for row in table.to_pylist())


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return str(value)


def crime_files(crimes: list[Crime]) -> dict[str, bytes]:
    """Batch id → national CSV."""
    batches: dict[str, list[Crime]] = {}
    for crime in crimes:
        batches.setdefault(crime.batch, []).append(crime)
    return {batch: write_crimes(content) for batch, content in batches.items()}
