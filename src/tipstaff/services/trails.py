"""Look at positions: one person's or one device's trail, and who was near a place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import pyarrow as pa

from tipstaff.domain.geodesy import to_e7
from tipstaff.domain.periods import Period, to_micros
from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.positions import queries
from tipstaff.positions.archive import Archive
from tipstaff.positions.queries import Span
from tipstaff.records import activations, devices, wearers
from tipstaff.records.activations import WornPeriod
from tipstaff.records.devices import DeviceName
from tipstaff.services.access import admit
from tipstaff.services.instance import open_instance
from tipstaff.services.recording import reading


@dataclass(frozen=True, slots=True)
class FixesFound:
    """Fixes (`TRAIL_SCHEMA`, or `NEAR_SCHEMA`) in time order.

    `names` are the devices' names by key; `worn` says who wore those devices in the period asked
    for: a fix whose time it does not cover belongs to nobody.
    """

    table: pa.Table
    names: Mapping[int, str]
    worn: tuple[WornPeriod, ...]


def trail(
    *, actor: str, purpose: Purpose, authority: str, name: str, period: Period
) -> FixesFound | None:
    """The fixes of a wearer, or else of every device of that name; None where neither is known.

    A wearer's trail holds what their devices reported while they wore them, and nothing else.
    """
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.CONSULTATION,
        use_case="trail",
    )
    archive = Archive(open_instance().archive_folder)
    known = wearers.subject_refs([name])
    owned = {} if known else devices.keys_named(name)
    whom = known or activations.subjects_of(owned, period)
    extent = {**_period(period), "of": "wearer" if known else "device"}
    with reading(access, extent=extent, subjects=frozenset(whom)) as looked:
        if known:
            worn = activations.worn_in(period, wearer=name)
            spans = [Span(w.device_key, Period(w.start, w.end)) for w in worn]
        else:
            worn = [w for w in activations.worn_in(period) if w.device_key in owned]
            spans = [Span(key, period) for key in owned]
        named = devices.names_of(span.device_key for span in spans)
        table = _in_order(queries.trail(archive, spans), named)
        looked.rows = table.num_rows
    if not known and not owned:
        return None
    return FixesFound(table, _names(named), tuple(worn))


def near(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    latitude: float,
    longitude: float,
    radius_m: float,
    period: Period,
) -> FixesFound:
    """The fixes within `radius_m` of a place, whoever's."""
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.CONSULTATION,
        use_case="near",
    )
    archive = Archive(open_instance().archive_folder)
    place = {
        "lat_e7": int(to_e7(latitude)),
        "lon_e7": int(to_e7(longitude)),
        "radius_cm": round(radius_m * 100),
    }
    with reading(access, extent={**_period(period), **place}) as looked:
        found = queries.near(archive, latitude, longitude, radius_m, period)
        named = devices.names_of(found["device_key"].to_pylist())
        table = _in_order(found, named)
        worn = tuple(w for w in activations.worn_in(period) if w.device_key in named)
        looked.subjects = _present(table, worn)
        looked.rows = table.num_rows
    return FixesFound(table, _names(named), worn)


def _names(named: Mapping[int, DeviceName]) -> dict[int, str]:
    return {key: name.device_id for key, name in named.items()}


def _in_order(table: pa.Table, named: Mapping[int, DeviceName]) -> pa.Table:
    """Fixes of one instant by the devices' names: keys are random, and differ between instances."""
    ranks = {key: rank for rank, key in enumerate(sorted(named, key=lambda key: named[key]))}
    by_name = np.array([ranks[key] for key in table["device_key"].to_pylist()], dtype=np.int64)
    times = table["fix_time"].cast(pa.int64()).to_numpy()
    return table.take(pa.array(np.lexsort((np.arange(len(times)), by_name, times))))


def _present(table: pa.Table, worn: Iterable[WornPeriod]) -> set[UUID]:
    """Those of `worn` to whom at least one fix belongs."""
    keys = table["device_key"].to_numpy()
    times = table["fix_time"].cast(pa.int64()).to_numpy()
    found: set[UUID] = set()
    for period in worn:
        inside = (times >= to_micros(period.start)) & (times < to_micros(period.end))
        if np.any(inside & (keys == period.device_key)):
            found.add(period.subject_ref)
    return found


def _period(period: Period) -> dict[str, str]:
    return {"from": period.start.isoformat(), "to": period.end.isoformat()}
