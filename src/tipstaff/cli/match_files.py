"""Reading what `tipstaff match` reads from files alone, beside the crimes."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from tipstaff.cli.match_quarantine import Quarantined
from tipstaff.cli.position_files import fail, progress_bar, tell_quarantined
from tipstaff.domain.activations import Activation
from tipstaff.domain.periods import Period, to_micros
from tipstaff.formats.activations import read_activations
from tipstaff.formats.mapping import Mapping
from tipstaff.formats.positions import PositionBatch, read_positions
from tipstaff.matching.inputs import (
    InputFile,
    Worn,
    WornPeriod,
    each_device_a_wearer,
    within,
    worn,
)
from tipstaff.positions.loose_files import LooseFixes, gather


def position_inputs(paths: list[Path]) -> list[tuple[InputFile, Path]]:
    """Position files with their digests, in an order that does not depend on how they are given."""
    found = []
    for path in paths:
        try:
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            raise fail(f"{path}: {error.strerror}.") from None
        found.append((InputFile("positions", path.name, digest), path))
    return sorted(found)


def positions_of(
    given: list[tuple[InputFile, Path]],
    mapping: Mapping,
    period: Period,
    now: datetime,
    aside: Quarantined,
) -> LooseFixes:
    """The fixes of all files in a period; rows that cannot be believed are put `aside` and told."""
    try:
        total = sum(path.stat().st_size for _file, path in given)
        with progress_bar("positions", total) as done:
            loose = gather(_batches(given, mapping, now, aside), period, None, done)
    except OSError as error:
        raise fail(f"{error.filename or 'positions'}: {error.strerror}.") from None
    for name, counts in sorted(aside.by_file.items()):
        tell_quarantined(counts, f"{name}: ")
    return loose


def _batches(
    given: list[tuple[InputFile, Path]], mapping: Mapping, now: datetime, aside: Quarantined
) -> Iterator[PositionBatch]:
    """The batches of all files, `bytes_done` counted over all of them; a damaged one ends it."""
    before = 0
    times = Counter(file.name for file, _path in given)
    for file, path in given:
        name = file.name if times[file.name] == 1 else f"{file.name} ({file.sha256[:12]})"
        with path.open("rb") as stream:
            for batch in read_positions(stream, mapping, now=now):
                if batch.fault is not None:
                    raise fail(f"{path}: {batch.fault}")
                aside.add(name, batch.quarantined)
                yield replace(batch, bytes_done=before + batch.bytes_done)
        before += path.stat().st_size


def activations_of(path: Path) -> tuple[list[Activation], InputFile]:
    """The activations of a file; a bad row stops the match: it could clear the wrong person."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise fail(f"{path}: {error.strerror}.") from None
    file = read_activations(content)
    if file.errors:
        told = "\n".join(
            f"  row {e.row} {e.activation_id}: {e.code} {e.field}; {e.action}" for e in file.errors
        )
        raise fail(f"{path.name} cannot be used to say who wore what:\n{told}")
    digest = hashlib.sha256(content).hexdigest()
    return list(file.accepted), InputFile("activations", path.name, digest)


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
