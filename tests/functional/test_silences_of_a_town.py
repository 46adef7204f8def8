"""In a town whose faults are known, each silence is one of them, and each of them a silence."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from tipstaff.domain.findings import Finding, FindingKind, Step
from tipstaff.domain.fixes import Mechanism
from tipstaff.domain.periods import Period
from tipstaff.monitoring.device_fleet import fleet_findings
from tipstaff.monitoring.device_parameters import DAY_S, DEVICES_V2
from tipstaff.monitoring.device_screens import Places
from tipstaff.monitoring.device_watches import DeviceWatch, us
from tipstaff.simulation.world import World, WorldPlan, simulate

SOME = timedelta(minutes=20)
LONG = timedelta(minutes=45)
Told = dict[str, list[Finding]]


def micros(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.timestamp("us", "UTC")).cast(pa.int64())


def places(world: World) -> tuple[list[str], Places]:
    """The town's positions in columns, each once, with the time at which each came in."""
    sent = world.positions
    codes = {one.name: int(one) for one in Mechanism}
    table = pa.table(
        {
            "device": sent["device_id"],
            "at": micros(sent["fix_time"]),
            "mechanism": [
                codes.get(name or "UNKNOWN", 0) for name in sent["mechanism"].to_pylist()
            ],
            "radius": pc.fill_null(pc.round(pc.multiply(sent["precision_m"], 100)), -1),
            "lat": pc.round(pc.multiply(sent["latitude"], 1e7)),
            "lon": pc.round(pc.multiply(sent["longitude"], 1e7)),
            "came": micros(sent["received_time"]),
        }
    )
    keys = table.column_names[:-1]
    table = table.group_by(keys).aggregate([("came", "min")])
    table = table.sort_by([(name, "ascending") for name in keys])
    names = sorted(set(table["device"].to_pylist()))
    starts = np.searchsorted(table["device"].to_numpy(), [*names, "~"])
    order = ("at", "came_min", "lat", "lon", "mechanism", "radius")
    columns = (table[name].to_numpy().astype(np.int64) for name in order)
    return names, Places(*columns, starts.astype(np.int64))


@pytest.fixture(scope="module")
def world() -> World:
    return simulate(WorldPlan(seed=77, wearers=14, days=6, first_crime_day=2))


@pytest.fixture(scope="module")
def found(world: World) -> Told:
    names, columns = places(world)
    last = int(columns.at_us.max())
    begins = [int(columns.at_us[row]) for row in columns.starts[:-1]]
    watches = [
        DeviceWatch(n, ((at, last + us(DAY_S)),)) for n, at in zip(names, begins, strict=True)
    ]
    none: list[list[None]] = [[] for _ in names]
    told = fleet_findings(columns, none, none, watches, DEVICES_V2, last)  # type: ignore[arg-type]
    return dict(zip(names, told, strict=True))


def unheard(world: World) -> list[tuple[str, str, Period]]:
    """Faults that keep a device from being heard."""
    return [
        (row["device_id"], row["kind"], Period(row["start"], row["end"]))
        for row in world.faults.to_pylist()
        if row["kind"] in {"gap", "flat", "late"}
    ]


def silences(told: list[Finding]) -> list[Period]:
    """From when a device was last heard until it was heard again."""
    ended = [one for one in told if one.kind is FindingKind.SILENCE and one.step is Step.ENDED]
    return [Period(one.since, one.at) for one in ended]


def test_each_silence_is_a_fault(world: World, found: Told) -> None:
    faults = unheard(world)
    every = [(device, one) for device, told in found.items() for one in silences(told)]
    assert len(every) > 10
    for device, silence in every:
        assert any(d == device and p.padded(SOME).overlaps(silence) for d, _, p in faults)


def test_each_long_fault_is_a_silence(world: World, found: Told) -> None:
    until = _last(found)
    long = [one for one in unheard(world) if LONG.total_seconds() < one[2].seconds]
    long = [one for one in long if one[2].end + SOME < until]
    assert len(long) > 10
    for device, _, period in long:
        assert any(silence.overlaps(period) for silence in silences(found[device]))


def _last(found: Told) -> datetime:
    return max(one.at for told in found.values() for one in told)


def test_what_was_kept_and_sent_fills_them(world: World, found: Told) -> None:
    filled = [o for told in found.values() for o in told if o.step is Step.FILLED]
    late = [one for one in unheard(world) if one[1] == "late" and one[2].seconds > 3_600]
    assert len(filled) >= 0.8 * len(late) > 0


def test_nothing_else_is_said_of_devices_that_only_sleep(found: Told) -> None:
    """No lost position where a network gives one, no jump in what is only inexact."""
    kinds = {one.kind for told in found.values() for one in told}
    assert kinds <= {FindingKind.SILENCE, FindingKind.EQUIPMENT}
    frozen = [o for told in found.values() for o in told if o.kind is FindingKind.EQUIPMENT]
    assert len(frozen) <= 4
