"""The world as Arrow tables: what suppliers and police would send, and the truth behind it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tipstaff.domain.fixes import TIMESTAMP
from tipstaff.domain.geodesy import LocalPlane
from tipstaff.domain.periods import to_micros
from tipstaff.simulation.devices import Device, Wearing
from tipstaff.simulation.faults import Fault
from tipstaff.simulation.people import Person
from tipstaff.simulation.plan import WorldPlan
from tipstaff.simulation.police import Recorded

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

SECOND_US: Final = 1_000_000


def named(codes: NDArray[Any], names: list[str]) -> pa.Array:
    """Codes as the names they stand for."""
    return pa.DictionaryArray.from_arrays(codes.astype(np.int32), names).cast(pa.string())


def times(micros: I64) -> pa.Array:
    """Microseconds since 1970 as instants."""
    return pa.array(micros, pa.int64()).cast(TIMESTAMP)


def number(values: NDArray[Any]) -> pa.Array:
    """Numbers, NaN as null."""
    return pa.array(values, pa.float64(), from_pandas=True)


def _instant(plan: WorldPlan, seconds: float | None) -> Any:
    if seconds is None:
        return None
    return plan.start + timedelta(microseconds=round(seconds * SECOND_US))


def activation_table(
    plan: WorldPlan, people: list[Person], devices: list[Device], wearings: list[Wearing]
) -> pa.Table:
    """Who wore which device when; no end: still worn."""
    ordered = sorted(wearings, key=lambda w: (w.start_s, devices[w.device].device_id))
    rows = [
        {
            "activation_id": f"A{index:06d}",
            "device_id": devices[w.device].device_id,
            "wearer_id": people[w.wearer].wearer_id,
            "start": _instant(plan, w.start_s),
            "end": _instant(plan, w.end_s),
        }
        for index, w in enumerate(ordered, start=1)
    ]
    text = ("activation_id", "device_id", "wearer_id")
    schema = pa.schema(
        [*((n, pa.string()) for n in text), ("start", TIMESTAMP), ("end", TIMESTAMP)]
    )
    return pa.Table.from_pylist(rows, schema)


_CRIME_SCHEMA: Final = pa.schema(
    [
        ("force", pa.string()),
        ("reference", pa.string()),
        ("wearer_id", pa.string()),
        ("kind", pa.string()),
        ("committed_start", TIMESTAMP),
        ("committed_end", TIMESTAMP),
        ("present_start", TIMESTAMP),
        ("present_end", TIMESTAMP),
        ("latitude", pa.float64()),
        ("longitude", pa.float64()),
        ("stated_latitude", pa.float64()),
        ("stated_longitude", pa.float64()),
        ("series_id", pa.string()),
    ]
)


def truth_crime_table(
    plan: WorldPlan, plane: LocalPlane, people: list[Person], recorded: list[Recorded]
) -> pa.Table:
    """Who did what, when and where; no wearer: somebody without a tag."""
    rows = []
    for r in recorded:
        offence = r.offence
        latitude, longitude = plane.to_degrees(offence.scene.x, offence.scene.y)
        who = offence.offender
        rows.append(
            {
                "force": r.crime.force,
                "reference": r.crime.reference,
                "wearer_id": None if who is None else people[who].wearer_id,
                "kind": offence.kind.value,
                "committed_start": _instant(plan, offence.start_s),
                "committed_end": _instant(plan, offence.end_s),
                "present_start": _instant(plan, offence.start_s - offence.before_s),
                "present_end": _instant(plan, offence.end_s + offence.after_s),
                "latitude": round(float(latitude), 7),
                "longitude": round(float(longitude), 7),
                "stated_latitude": r.crime.latitude,
                "stated_longitude": r.crime.longitude,
                "series_id": f"S{offence.series}" if offence.series else None,
            }
        )
    return pa.Table.from_pylist(rows, _CRIME_SCHEMA)


def fault_table(plan: WorldPlan, faults: list[tuple[str, Fault]]) -> pa.Table:
    """What was wrong with which device when, in true time."""
    rows = [
        {
            "device_id": device_id,
            "kind": fault.kind,
            "start": _instant(plan, fault.start_s),
            "end": _instant(plan, fault.end_s),
            "detail": fault.detail,
        }
        for device_id, fault in sorted(faults, key=lambda f: (f[0], f[1].start_s, f[1].kind))
    ]
    schema = pa.schema(
        [
            ("device_id", pa.string()),
            ("kind", pa.string()),
            ("start", TIMESTAMP),
            ("end", TIMESTAMP),
            ("detail", pa.string()),
        ]
    )
    return pa.Table.from_pylist(rows, schema)


def start_us(plan: WorldPlan) -> int:
    """The world's start in microseconds since 1970."""
    return to_micros(plan.start)
