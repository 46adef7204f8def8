"""Simulated worlds put through the match, and what came out beside what was so."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC
from io import BytesIO

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tipstaff.domain.activations import STILL_ACTIVE
from tipstaff.domain.crimes import Crime
from tipstaff.domain.periods import to_micros
from tipstaff.engines.duckdb_engine import DuckdbEngine
from tipstaff.formats.positions import read_positions
from tipstaff.matching.excursions import Excursions
from tipstaff.matching.inputs import ALWAYS, WornPeriod, worn
from tipstaff.matching.loading import Loaded, load
from tipstaff.matching.match import Answers, match
from tipstaff.matching.parameters import MatchParameters
from tipstaff.positions.loose_files import gather
from tipstaff.positions.mappings import shipped_mapping
from tipstaff.simulation.world import World


def loaded(world: World) -> Loaded:
    """The world's positions as trails, by way of its position file."""
    stream = BytesIO()
    pq.write_table(world.positions, stream)
    stream.seek(0)
    latest = world.positions.column("fix_time").to_numpy().max().astype("M8[us]").item()
    batches = read_positions(stream, shipped_mapping("tipstaff"), now=latest.replace(tzinfo=UTC))
    loose = gather(batches, ALWAYS)
    who = worn(
        WornPeriod(
            loose.keys[row["device_id"]],
            row["wearer_id"],
            to_micros(row["start"]),
            to_micros(row["end"] or STILL_ACTIVE),
        )
        for row in world.activations.to_pylist()
        if row["device_id"] in loose.keys
    )
    return load(DuckdbEngine().ordered_fixes(loose.table, who.table), who.wearers, who.active)


@dataclass(frozen=True, slots=True)
class Played:
    """A world after the match: `offender` (C,) index of the wearer, −1 where nobody tagged."""

    loaded: Loaded
    crimes: list[Crime]
    offender: NDArray[np.int64]
    answers: Answers
    world: World


def play(world: World, parameters: MatchParameters, excursions: Excursions) -> Played:
    """Match a world's crimes."""
    data = loaded(world)
    place = {name: i for i, name in enumerate(data.trails.wearers)}
    truth = {
        (row["force"], row["reference"]): row["wearer_id"] for row in world.truth_crimes.to_pylist()
    }
    crimes = sorted(world.crimes, key=lambda c: c.key)
    offender = np.array([place.get(truth[(c.force, c.reference)], -1) for c in crimes])
    with ThreadPoolExecutor(2) as pool:
        answers = match(data.trails, crimes, parameters, excursions, run=pool.map)
    return Played(data, crimes, offender.astype(np.int64), answers, world)
