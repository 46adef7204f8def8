"""Reading what `tipstaff match` reads from files alone: positions, crimes, activations."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import typer

from tipstaff.cli.position_files import fail, load_mapping, progress_bar, tell_quarantined
from tipstaff.domain.activations import Activation
from tipstaff.domain.batches import HeldCrime, apply_changes, plan_batch
from tipstaff.domain.crimes import Crime
from tipstaff.domain.periods import Period, to_micros
from tipstaff.formats.activations import read_activations
from tipstaff.formats.crimes import CrimeFile, Mode, Status, read_crimes
from tipstaff.formats.positions import PositionBatch, read_positions
from tipstaff.matching.inputs import Worn, WornPeriod, each_device_a_wearer, within, worn
from tipstaff.positions.loose_files import LooseFixes, gather


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def positions_of(paths: list[Path], mapping: str, period: Period) -> LooseFixes:
    """The fixes of all files in a period; what is quarantined is told on standard error."""
    how = load_mapping(mapping)
    try:
        total = sum(path.stat().st_size for path in paths)
        with progress_bar("positions", total) as done:

            def batches() -> Iterator[PositionBatch]:
                for path in paths:
                    with path.open("rb") as stream:
                        yield from read_positions(stream, how, now=datetime.now(UTC))

            loose = gather(batches(), period, None, done)
    except OSError as error:
        raise fail(f"{error.filename}: {error.strerror}.") from None
    if loose.fault is not None:
        raise fail(f"positions: {loose.fault}")
    tell_quarantined(loose.quarantined)
    return loose


def crime_files(paths: list[Path]) -> list[Path]:
    """The files themselves, and the CSV files of folders among them, in the order of names."""
    found: list[Path] = []
    for path in paths:
        found += sorted(path.glob("*.csv")) if path.is_dir() else [path]
    return found


def crimes_of(paths: list[Path], mode: Mode) -> tuple[list[Crime], bool]:
    """The crimes that stand after all files, taken in the order given; whether all rows were good.

    A crime sent again is a new version, and the latest of each is matched.
    """
    held: dict[str, dict[str, HeldCrime]] = {}
    loose: list[Crime] = []
    all_good = True
    for path in paths:
        try:
            file = read_crimes(path.read_bytes(), mode=mode)
        except OSError as error:
            raise fail(f"{path}: {error.strerror}.") from None
        all_good &= file.status is Status.SUCCESSFUL
        _tell(path, file)
        if file.batch is None:
            loose += file.crimes
        elif file.crimes:
            force = file.crimes[0].force
            known = held.setdefault(force, {})
            changes = plan_batch(
                file.batch,
                file.crimes,
                known,
                rejected=file.rejected,
                unread_rows=file.unread_rows,
            )
            held[force] = apply_changes(known, file.batch, changes)
    standing = [h.crime for force in held.values() for h in force.values() if not h.withdrawn]
    return sorted([*standing, *loose], key=lambda crime: crime.key), all_good


def _tell(path: Path, file: CrimeFile) -> None:
    if file.status is not Status.SUCCESSFUL:
        typer.echo(
            f"{path.name}: {len(file.crimes)} of {file.rows} rows accepted ({file.status}); "
            f"tipstaff check crimes {path.name} tells why.",
            err=True,
        )


def activations_of(path: Path) -> list[Activation]:
    """The activations of a file; a bad row stops the match: it could clear the wrong person."""
    try:
        file = read_activations(path.read_bytes())
    except OSError as error:
        raise fail(f"{path}: {error.strerror}.") from None
    if file.errors:
        told = "\n".join(
            f"  row {e.row} {e.activation_id}: {e.code} {e.field}; {e.action}" for e in file.errors
        )
        raise fail(f"{path.name} cannot be used to say who wore what:\n{told}")
    return list(file.accepted)


def worn_of(
    loose: LooseFixes, activations: list[Activation] | None, period: Period
) -> tuple[Worn, dict[int, str]]:
    """Who wore what in a period, and every device by key: those without a fix too."""
    if activations is None:
        return each_device_a_wearer(loose.table, loose.names), loose.names
    names = dict(loose.names)
    keys = {name: key for key, name in names.items()}
    for device in sorted({a.device_id for a in activations} - set(keys)):
        keys[device] = len(keys)
        names[keys[device]] = device
    periods = (
        WornPeriod(keys[a.device_id], a.wearer_id, to_micros(a.start), to_micros(a.end))
        for a in activations
    )
    return worn(within(periods, period)), names
