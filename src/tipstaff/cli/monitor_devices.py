"""What `tipstaff monitor replay` finds of devices themselves: their events, silences, batteries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import typer
from numpy.typing import NDArray

from tipstaff.cli.position_files import fail
from tipstaff.domain.findings import Finding
from tipstaff.formats.event_rows import read_events
from tipstaff.monitoring.device_parameters import DEVICES_V2
from tipstaff.monitoring.device_reference import DEVICE_RULES, KNOWLEDGE_RULES
from tipstaff.monitoring.device_step import new_device_state, step_known, step_world
from tipstaff.monitoring.device_watches import DeviceFact, DeviceWatch
from tipstaff.monitoring.errors_of_fixes import nominal_cm
from tipstaff.monitoring.events import DeviceEvent
from tipstaff.monitoring.facts import Fix
from tipstaff.monitoring.watches import Periods

I64 = NDArray[np.int64]
Events = Mapping[str, Sequence[DeviceEvent]]


@dataclass(frozen=True, slots=True)
class WornDevice:
    """A device in the periods (µs) in which one wearer has it, and when it has to work."""

    wearer: str
    device_id: str
    device_key: int
    periods: Periods
    demands: Periods


def events_of(path: Path) -> tuple[Events, bool]:
    """The events of a file by device, and whether all rows are good; faults are told."""
    try:
        found = read_events(path.read_bytes())
    except OSError as error:
        raise fail(f"--events {path}: {error.strerror}.") from None
    for fault in found.faults:
        typer.echo(f"{path.name} {fault}", err=True)
    if found.faults and not found.events:
        raise fail(f"--events {path}: no good row in it.")
    return found.events, not found.faults


def device_findings(
    table: pa.Table, events: Events, worn: Iterable[WornDevice], until_us: int, nu: int
) -> Iterator[tuple[str, Finding]]:
    """What is found of each device up to `until_us`, as if each fact had come in at once.

    `nu` is that of the error model, by which stated radii are brought to 95%.
    """
    fixes = _Fixes.of(table, nu)
    for one in worn:
        told: list[DeviceFact] = [*fixes.of_device(one.device_key)]
        told += events.get(one.device_id, ())
        facts = [
            fact
            for fact in told
            if fact.at_us <= until_us and any(a <= fact.at_us < b for a, b in one.periods)
        ]
        watch = DeviceWatch(one.device_id, one.periods, one.demands)
        world = new_device_state(DEVICE_RULES, DEVICES_V2)
        known = new_device_state(KNOWLEDGE_RULES, DEVICES_V2)
        for stepped in (
            step_world(world, facts, watch, DEVICES_V2, until_us),
            step_known(known, facts, watch, DEVICES_V2, until_us),
        ):
            yield from ((one.wearer, finding) for finding in stepped.findings)


@dataclass(frozen=True, slots=True)
class _Fixes:
    """Fixes in columns by device and time."""

    key: I64
    columns: tuple[I64, ...]

    @classmethod
    def of(cls, table: pa.Table, nu: int) -> _Fixes:
        key, at_us = column(table, "device_key"), column(table, "fix_time")
        stated, level = column(table, "precision_cm"), column(table, "precision_level_pct")
        radius = nominal_cm(stated, level, nu)
        rest = [column(table, name) for name in ("lat_e7", "lon_e7", "mechanism")]
        order = np.lexsort((at_us, key))
        return cls(key[order], tuple(c[order] for c in (at_us, *rest, radius)))

    def of_device(self, key: int) -> Iterator[Fix]:
        """A device's fixes in the order of time."""
        low, high = np.searchsorted(self.key, [key, key + 1])
        rows = zip(*(one[low:high].tolist() for one in self.columns), strict=True)
        for at_us, lat_e7, lon_e7, mechanism, radius_cm in rows:
            yield Fix(at_us, lat_e7, lon_e7, mechanism, radius_cm, at_us)


def column(table: pa.Table, name: str) -> I64:
    """A column as whole numbers, -1 where it is empty."""
    column = table[name].cast(pa.int64()).combine_chunks().fill_null(-1)
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.int64)
