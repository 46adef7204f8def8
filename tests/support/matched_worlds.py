"""A small simulated world, and the whole match run over what was made of its rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from io import BytesIO
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tipstaff.domain.activations import STILL_ACTIVE
from tipstaff.domain.crimes import Crime
from tipstaff.domain.periods import Period, to_micros
from tipstaff.engines.duckdb_engine import DuckdbEngine
from tipstaff.engines.run import MatchRun, manifest_of, run_bytes, run_match
from tipstaff.formats.mapping import Mapping, parse_mapping
from tipstaff.formats.positions import read_positions
from tipstaff.matching.inputs import Intake, Worn, WornPeriod, worn
from tipstaff.matching.parameters import MatchParameters
from tipstaff.matching.results import result_rows
from tipstaff.positions.loose_files import LooseFixes, gather
from tipstaff.simulation.world import World

ALWAYS = Period(datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
NOW = datetime(2027, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Input:
    """What a match reads."""

    loose: LooseFixes
    worn: Worn
    crimes: Sequence[Crime]


def gathered(tables: Iterable[pa.Table]) -> LooseFixes:
    """The fixes of position files that hold these tables."""
    how = parse_mapping(files("tipstaff.formats").joinpath("mappings/tipstaff.toml").read_bytes())
    assert isinstance(how, Mapping)

    def batches() -> Iterable[Any]:
        for table in tables:
            stream = BytesIO()
            pq.write_table(table, stream)
            stream.seek(0)
            yield from read_positions(stream, how, now=NOW)

    return gather(batches(), ALWAYS)


def input_of(
    world: World,
    tables: Iterable[pa.Table] | None = None,
    activations: Sequence[dict[str, Any]] | None = None,
    crimes: Sequence[Crime] | None = None,
) -> Input:
    """A world as a match reads it, or with some of its parts put in place of the world's own."""
    loose = gathered([world.positions] if tables is None else tables)
    rows = world.activations.to_pylist() if activations is None else activations
    periods = (
        WornPeriod(
            loose.keys[row["device_id"]],
            row["wearer_id"],
            to_micros(row["start"]),
            to_micros(row["end"] or STILL_ACTIVE),
        )
        for row in rows
        if row["device_id"] in loose.keys
    )
    return Input(loose, worn(periods), world.crimes if crimes is None else crimes)


def matched(
    given: Input, *, fixes: Any = None, threads: int | None = None, **parameters: Any
) -> MatchRun:
    """The match over `given`; `fixes` stand in for its table."""
    return run_match(
        given.loose.table if fixes is None else fixes,
        given.worn,
        given.loose.names,
        given.crimes,
        MatchParameters(**parameters),
        engine=DuckdbEngine(threads=threads),
    )


def rows_of(run: MatchRun) -> list[dict[str, Any]]:
    """Every row that is written out."""
    return result_rows(run.matched, every=True)


def bytes_of(run: MatchRun, *, with_duplicates: bool = False) -> dict[str, bytes]:
    """The files of a run; the count of rows sent twice, a fact of the input alone, as zero."""
    rows = rows_of(run)
    manifest = manifest_of(run, intake=Intake(), outcomes="all", searchable="all", rows=len(rows))
    if not with_duplicates:
        manifest["counts"] = {**manifest["counts"], "duplicate_fixes": 0}
    out = run_bytes(run, manifest, rows)
    assert json.loads(out[".manifest.json"])["counts"]["rows"] == len(rows)
    return out
