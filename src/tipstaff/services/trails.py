"""Look at positions: one person's or one device's trail, and who was near a place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tipstaff.domain.devices import DeviceName
from tipstaff.domain.geodesy import to_e7
from tipstaff.domain.name_kinds import NameKind
from tipstaff.domain.periods import Period, to_micros
from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.positions import queries
from tipstaff.positions.damage import naming_damage
from tipstaff.records import activations, device_facts, devices
from tipstaff.records.activations import WornPeriod
from tipstaff.services.access import admit
from tipstaff.services.recording import reading
from tipstaff.services.trail_names import Ambiguous, Meant, meaning
from tipstaff.services.whole_archive import whole_archive


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
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    name: str,
    period: Period,
    kind: NameKind | None = None,
) -> FixesFound | Ambiguous | None:
    """The fixes of a wearer, or else of every device of that name; None where neither is known.

    A wearer's trail holds what their devices reported while they wore them, and nothing else.
    `kind` says which is meant; without it a name that is both a wearer's and a device's is
    `Ambiguous`, and nothing is read. A victim's device is known for the sake of victims' safety
    alone.
    """
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.CONSULTATION,
        use_case="trail",
    )
    archive = whole_archive()
    meant = meaning(name, kind, access.purpose)
    extent, whom = _concerned(meant, period)
    with reading(access, extent=extent, subjects=whom) as looked, naming_damage():
        if not isinstance(meant, Meant):
            return meant
        spans, worn = meant.spans(period)
        named = devices.names_of(span.device_key for span in spans)
        table = in_order(queries.trail(archive, spans), named)
        looked.rows = table.num_rows
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
    """The fixes within `radius_m` of a place, whoever's; no home unit's or victim's device's.

    The audit names whom they belong to, and the devices of those that belong to nobody.
    """
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.CONSULTATION,
        use_case="near",
    )
    archive = whole_archive()
    place = {
        "lat_e7": int(to_e7(latitude)),
        "lon_e7": int(to_e7(longitude)),
        "radius_cm": round(radius_m * 100),
    }
    with reading(access, extent={**_period(period), **place}) as looked, naming_damage():
        found = _searched(queries.near(archive, latitude, longitude, radius_m, period))
        named = devices.names_of(found["device_key"].to_pylist())
        table = in_order(found, named)
        worn = tuple(w for w in activations.worn_in(period) if w.device_key in named)
        looked.subjects, strangers = _present(table, worn)
        looked.extent["devices"] = _keys(strangers)
        looked.rows = table.num_rows
    return FixesFound(table, _names(named), worn)


def _searched(found: pa.Table) -> pa.Table:
    """Without what home units and victims' devices reported."""
    keys = found["device_key"].unique().to_pylist()
    hidden = pa.array(sorted(device_facts.never_searched(keys)), pa.int64())
    return found.filter(pc.invert(pc.is_in(found["device_key"], value_set=hidden)))


def _concerned(
    meant: Meant | Ambiguous | None, period: Period
) -> tuple[dict[str, Any], frozenset[UUID]]:
    """The extent of a look at a name, and whom it concerns.

    Devices stand in it by their keys: it may not be known who wore them, or only later.
    """
    extent: dict[str, Any] = dict(_period(period))
    if not isinstance(meant, Meant):
        return {**extent, "of": "nothing"}, frozenset()
    extent["of"] = meant.kind.value
    if meant.devices:
        extent["devices"] = _keys(meant.devices)
    return extent, frozenset(meant.subjects(period))


def _keys(device_keys: Iterable[int]) -> list[str]:
    """Device keys for the audit, as text: whole numbers of 63 bits are not safe in all JSON."""
    return [str(key) for key in sorted(device_keys)]


def _names(named: Mapping[int, DeviceName]) -> dict[int, str]:
    return {key: name.device_id for key, name in named.items()}


def in_order(table: pa.Table, named: Mapping[int, DeviceName]) -> pa.Table:
    """Fixes of one instant by the devices' names: keys are random, and differ between instances."""
    ranks = {key: rank for rank, key in enumerate(sorted(named, key=lambda key: named[key]))}
    by_name = np.array([ranks[key] for key in table["device_key"].to_pylist()], dtype=np.int64)
    times = table["fix_time"].cast(pa.int64()).to_numpy()
    return table.take(pa.array(np.lexsort((np.arange(len(times)), by_name, times))))


def _present(table: pa.Table, worn: Iterable[WornPeriod]) -> tuple[set[UUID], set[int]]:
    """Those of `worn` to whom a fix belongs, and the devices with one that belongs to nobody."""
    keys = table["device_key"].to_numpy()
    times = table["fix_time"].cast(pa.int64()).to_numpy()
    owned = np.zeros(len(keys), np.bool_)
    found: set[UUID] = set()
    for period in worn:
        inside = (times >= to_micros(period.start)) & (times < to_micros(period.end))
        own = inside & (keys == period.device_key)
        owned |= own
        if np.any(own):
            found.add(period.subject_ref)
    return found, set(keys[~owned].tolist())


def _period(period: Period) -> dict[str, str]:
    return {"from": period.start.isoformat(), "to": period.end.isoformat()}
