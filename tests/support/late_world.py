"""A small town on an instance whose data arrive late: what stands, and what would afresh."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tipstaff.domain.accuracy_simulated import ERROR_MODEL_SIMULATED
from tipstaff.domain.activations import STILL_ACTIVE, Activation
from tipstaff.domain.crimes import Crime
from tipstaff.domain.local_time import DAY_US
from tipstaff.domain.periods import to_micros
from tipstaff.domain.purposes import Purpose
from tipstaff.formats.run_files import write_results
from tipstaff.matching.recorded import read_back
from tipstaff.matching.results import result_table
from tipstaff.positions.mappings import shipped_mapping
from tipstaff.simulation.world import World

WHO: dict[str, Any] = {
    "actor": "tester", "purpose": Purpose.DEMONSTRATION, "authority": "simulated people",
}  # fmt: skip
#: A device on a UTC day.
Piece = tuple[str, int]


def pieces_of(world: World) -> list[Piece]:
    """The devices' days about the crimes: what may come late."""
    days = {to_micros(c.start) // DAY_US + step for c in world.crimes for step in (-1, 0, 1)}
    device, day = _columns(world)
    found = {(d, int(t)) for d, t in zip(device, day, strict=True) if int(t) in days}
    return sorted(found)


def _columns(world: World) -> tuple[list[str], Any]:
    times = world.positions["fix_time"].to_numpy().astype("M8[us]").astype(np.int64)
    return world.positions["device_id"].to_pylist(), times // DAY_US


def of_pieces(world: World, pieces: Sequence[Piece], *, others: bool = False) -> pa.Table:
    """The fixes of some pieces, or all `others`."""
    wanted = set(pieces)
    device, day = _columns(world)
    inside = [(d, int(t)) in wanted for d, t in zip(device, day, strict=True)]
    return world.positions.filter(pa.array([held != others for held in inside]))


def take_in(folder: Path, table: pa.Table) -> None:
    """Import fixes as one file."""
    from tipstaff.services.positions import import_positions

    path = folder / "late.parquet"
    pq.write_table(table, path)
    import_positions(**WHO, path=path, mapping=shipped_mapping("tipstaff"))


def put_on(world: World, wearers: Sequence[str]) -> None:
    """Record what some wearers wore."""
    from tipstaff.services.activations import import_activations

    told = [
        Activation(
            row["activation_id"], row["device_id"], row["wearer_id"], row["start"],
            row["end"] or STILL_ACTIVE,
        )
        for row in world.activations.to_pylist()
        if row["wearer_id"] in wearers
    ]  # fmt: skip
    import_activations(**WHO, supplier="tipstaff", incoming=told)


def first_match() -> Any:
    """Match all crimes, all devices searched."""
    from tipstaff.services.matching import match_batch

    return match_batch(**WHO, batch="all", every=True, everybody=True, error=ERROR_MODEL_SIMULATED)


def pending(**options: Any) -> Any:
    """Match again what is pending."""
    from tipstaff.services import pending as service

    return service.pending(**(WHO | options))


def standing_rows() -> dict[Any, bytes]:
    """The data rows of a results file of what stands, by crime."""
    from tipstaff.records import pending as records
    from tipstaff.records import runs

    found = {}
    for fact in records.backgrounds():
        for each in records.standing(fact.background_id):
            rows = [*runs.candidates(each.run_id), *runs.exclusions(each.run_id)]
            own = [row for row in rows if key_of(row) == each.crime]
            found[each.crime, fact.reserved] = as_bytes(own)
    return found


def afresh_rows() -> dict[Any, bytes]:
    """The same, of matching everything at once on the same backgrounds; nothing is recorded."""
    from tipstaff.records import pending as records
    from tipstaff.services import match_again, renewing, runs, searchable
    from tipstaff.services.access import admit_to

    access = admit_to(WHO["actor"], WHO["purpose"], WHO["authority"], "pending")
    found: dict[Any, bytes] = {}
    for fact in records.backgrounds():
        search = runs.Search(access, {}, fact.everybody)
        subject, now = match_again.subject_of(search, fact), datetime.now(UTC)
        law = None if fact.everybody else searchable.law_at(now)
        looked = match_again.look_again(search, subject, law, now, afresh=True)
        answers = renewing.renew(looked).answers
        found |= {(key, fact.reserved): as_bytes(rows) for key, rows in answers.items()}
    return found


def key_of(row: Any) -> Any:
    """The crime version of an answer."""
    return (row["force"], row["crime_reference"], row["crime_version"])


def as_bytes(rows: list[Any]) -> bytes:
    """Rows as a results file has them."""
    return write_results(result_table(read_back(rows)))


def record(crimes: Sequence[Crime]) -> None:
    """Crimes as an import leaves them."""
    from searched_instance import record_crimes

    record_crimes(crimes)
