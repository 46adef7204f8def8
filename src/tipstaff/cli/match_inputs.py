"""All that a match on files alone reads, and what of it could not be used."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tipstaff.cli.match_crimes import CrimesRead, crimes_of
from tipstaff.cli.match_files import activations_of, position_inputs, positions_of, worn_of
from tipstaff.cli.match_quarantine import Quarantined
from tipstaff.cli.position_files import fail, mapping_and_source
from tipstaff.domain.activations import Activation
from tipstaff.engines.duckdb_engine import DuckdbEngine
from tipstaff.formats.crimes import Mode
from tipstaff.matching.inputs import Attribution, InputFile, Intake, Worn, history_around
from tipstaff.positions.loose_files import LooseFixes


@dataclass(frozen=True, slots=True)
class Given:
    """The files of a call and how to read them; `as_of` where the call said what time it is."""

    positions: list[Path]
    crimes: list[Path]
    activations: Path | None
    mapping: str
    mode: Mode
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class FilesRead:
    """What a match needs of its files. `all_good`: no row of them was left out."""

    crimes: CrimesRead
    loose: LooseFixes
    worn: Worn
    devices: dict[int, str]
    intake: Intake
    all_good: bool


def read_all(given: Given, aside: Quarantined) -> FilesRead:
    """Read every file; position rows that cannot be believed are put `aside`."""
    crimes = crimes_of(given.crimes, given.mode)
    if not crimes.standing:
        raise fail("There is no good crime to match. tipstaff check crimes FILE tells why.")
    mapping, source = mapping_and_source(given.mapping)
    told, told_by = _activations(given.activations)
    files = position_inputs(given.positions)
    period = history_around(crimes.standing)
    now = given.as_of or datetime.now(UTC)
    loose = positions_of(files, mapping, period, now, aside)
    worn, devices = worn_of(loose, told, period)
    named = InputFile("mapping", Path(given.mapping).name, hashlib.sha256(source).hexdigest())
    intake = Intake(
        files=(*(file for file, _path in files), named, *crimes.inputs, *told_by),
        quarantined_rows=aside.rows,
        read_as_of=now if aside.in_future else given.as_of,
        attribution=_attribution(loose, worn, told),
    )
    return FilesRead(crimes, loose, worn, devices, intake, crimes.all_good and not aside.rows)


def _activations(path: Path | None) -> tuple[list[Activation] | None, tuple[InputFile, ...]]:
    if path is None:
        return None, ()
    told, file = activations_of(path)
    return told, (file,)


def _attribution(loose: LooseFixes, worn: Worn, told: list[Activation] | None) -> Attribution:
    if told is None:
        return Attribution()
    return DuckdbEngine().attribution(loose.table, worn.table)
