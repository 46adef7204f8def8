"""Detectors of breaches: ours, and the naive ones it is judged beside, over the same fixes.

Each tells findings, which `monitoring.visits` groups by the one rule of episodes. The naive ones:

- *point in polygon*: a fix inside begins, a fix outside ends;
- *satellites only*: the same, of satellite fixes alone;
- *with a margin*: a fix begins only if the whole circle of its claimed radius is inside; one whose
  point is outside ends.

For a curfew inside and outside change places, the ground is the house and its margin, and hours
begin with the same grace.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from tipstaff.domain.findings import Finding, FindingKind, Level, Step, Told, Why
from tipstaff.domain.fixes import Mechanism
from tipstaff.domain.periods import from_micros
from tipstaff.domain.zones import AddressBuffer, Area, Harm
from tipstaff.monitoring.engine import FactColumns, advance, told_by_wearer
from tipstaff.monitoring.fix_columns import columns_of
from tipstaff.monitoring.fleet_states import new_fleet_state
from tipstaff.monitoring.fleets import fleet_of
from tipstaff.monitoring.outline_rows import starts_of
from tipstaff.monitoring.outlines import outline_of
from tipstaff.monitoring.parameters import PARAMETERS_V1, EngineParameters
from tipstaff.monitoring.presence_jobs import unit_columns
from tipstaff.monitoring.replay import WornFixes, speaking_rows
from tipstaff.monitoring.watches import CurfewWatch, Demanded, PlaceToBe, Watch, ZoneWatch
from validation.watched_lives import Town, WatchedLife
from validation.watched_truth import curfew_hours, watched_ground

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
Mask = NDArray[np.bool_]

POINT, SATELLITES, MARGIN = "point in polygon", "satellites only", "with a margin"
NAIVE: Final = (POINT, SATELLITES, MARGIN)
CONDITION: Final = "watched"


@dataclass(frozen=True, slots=True)
class Fixes:
    """One wearer's fixes as they speak: one an instant, in order; places in metres on the plane.

    `claimed_m` is NaN where no radius is stated.
    """

    at_us: I64
    lat_e7: I64
    lon_e7: I64
    mechanism: I64
    radius_cm: I64
    x: F64
    y: F64
    claimed_m: F64


@dataclass(frozen=True, slots=True)
class Heard(Fixes):
    """Simulated ones; `kind` is the simulation's truth of each error."""

    kind: I64


def heard(town: Town, life: WatchedLife) -> Heard:
    """What a wearer's tag sent, as it is written in a feed."""
    reports = life.reports
    at_us = town.start_us + np.rint(reports.t_s * 1e6).astype(np.int64)
    degrees = town.plane.to_degrees(reports.x, reports.y)
    lat, lon = (10 * np.rint(np.asarray(v) * 1e6).astype(np.int64) for v in degrees)
    claimed = reports.claimed_m
    radius = np.where(np.isnan(claimed), -1, np.rint(100.0 * np.nan_to_num(claimed)))
    fixes = WornFixes(
        np.zeros(at_us.size, dtype=np.int64), at_us, lat, lon, reports.mechanism.astype(np.int64),
        radius.astype(np.int64),
    )  # fmt: skip
    rows = speaking_rows(fixes)
    x, y = town.plane.to_plane(lat[rows] / 1e7, lon[rows] / 1e7)
    return Heard(
        at_us[rows], lat[rows], lon[rows], fixes.mechanism[rows], fixes.radius_cm[rows],
        np.asarray(x), np.asarray(y), claimed[rows], reports.kind[rows],
    )  # fmt: skip


def watch_of(town: Town, life: WatchedLife, parameters: EngineParameters) -> Watch:
    """The condition as the engine watches it."""
    drawing, shape = life.drawing, life.drawing.shape(town.plane)
    if drawing.harm is not None:
        whole = ((town.start_us, _end_us(town)),)
        return ZoneWatch(CONDITION, False, Harm(drawing.harm), outline_of(shape), whole)
    if not isinstance(shape, Area):
        raise TypeError("a house is a polygon")
    numbers = parameters.presence
    ground = AddressBuffer("home", shape.parts[0], numbers.margin_m)
    grace = round(numbers.grace_s * 1e6)
    nights = tuple(Demanded(a, b, 1, a + grace) for a, b in curfew_hours(town))
    return CurfewWatch(CONDITION, (PlaceToBe("home", outline_of(ground)),), nights)


def _end_us(town: Town) -> int:
    return town.start_us + round(town.plan.span_s * 1e6)


def told_by_engine(
    town: Town, all_heard: Sequence[Heard], parameters: EngineParameters
) -> list[list[Finding]]:
    """What the engine tells of each wearer of breaches, in order of time."""
    watched = [[watch_of(town, life, parameters)] for life in town.lives]
    fleet = fleet_of(watched, parameters)
    fixes = columns_of(
        np.concatenate([h.at_us for h in all_heard]),
        np.concatenate([h.lat_e7 for h in all_heard]),
        np.concatenate([h.lon_e7 for h in all_heard]),
        np.concatenate([h.mechanism for h in all_heard]),
        np.concatenate([h.radius_cm for h in all_heard]),
        parameters,
    )
    facts = FactColumns(
        fixes,
        starts_of(h.at_us.size for h in all_heard),
        unit_columns([event for life in town.lives for event in life.units], fleet.addresses),
        starts_of(len(life.units) for life in town.lives),
    )
    state = new_fleet_state(fleet, town.start_us - 1)
    told, _ = advance(fleet, state, facts, _end_us(town))
    return [breaches_told(own) for own in told_by_wearer(fleet, told)]


def breaches_told(told: Sequence[Told]) -> list[Finding]:
    """The findings of zones and curfews among what is told."""
    kinds = {FindingKind.ZONE, FindingKind.CURFEW}
    return [one for one in told if isinstance(one, Finding) and one.kind in kinds]


def told_naively(name: str, town: Town, life: WatchedLife, own: Fixes) -> list[Finding]:
    """What a naive detector tells of a wearer."""
    ground = watched_ground(life)
    if not life.drawing.is_curfew:
        return list(told_of_points(name, own, ground))
    grace = round(PARAMETERS_V1.presence.grace_s * 1e6)
    nights = [(start + grace, end) for start, end in curfew_hours(town)]
    return [one for night in nights for one in told_of_points(name, own, ground, night)]


def told_of_points(
    name: str, own: Fixes, ground: shapely.Polygon, hours: tuple[int, int] | None = None
) -> Iterator[Finding]:
    """What a naive detector tells of one zone; of a ground to be in, within `hours` (µs)."""
    low, high = (0, own.at_us.size) if hours is None else np.searchsorted(own.at_us, hours)
    part = slice(int(low), int(high))
    x, y, claimed_m = own.x[part], own.y[part], own.claimed_m[part]
    against = shapely.contains_xy(ground, x, y) != (hours is not None)
    begins = against
    if name == MARGIN:
        edge_m = shapely.distance(ground.exterior, shapely.points(x, y))
        begins = against & (edge_m >= np.nan_to_num(claimed_m))
    speaks = np.ones(x.size, dtype=np.bool_)
    if name == SATELLITES:
        speaks = own.mechanism[part] == int(Mechanism.GPS)
    steps = _Steps(own.at_us[part][speaks], begins[speaks], against[speaks])
    if hours is None:
        return _followed(steps, FindingKind.ZONE)
    return _followed(steps, FindingKind.CURFEW, hours[1])


class _Steps(NamedTuple):
    """Of each fix its instant, whether it begins an alert, and whether it speaks against one."""

    at_us: I64
    begins: Mask
    against: Mask


def _followed(steps: _Steps, kind: FindingKind, until_us: int | None = None) -> Iterator[Finding]:
    """Beginnings and ends of fixes followed in order; `until_us` is when the hours end."""
    at_us, begins, against = steps
    since = -1
    for row in np.flatnonzero(begins | ~against).tolist():
        if since < 0 and begins[row]:
            since = int(at_us[row])
            yield _finding(kind, since, Step.BEGAN, Why.FIX_INSIDE, since)
        elif since >= 0 and not against[row]:
            yield _finding(kind, int(at_us[row]), Step.ENDED, Why.FIX_OUTSIDE, since)
            since = -1
    if since >= 0 and until_us is not None:
        yield _finding(kind, until_us, Step.ENDED, Why.PERIOD_ENDED, since)


def _finding(kind: FindingKind, at_us: int, step: Step, why: Why, since_us: int) -> Finding:
    at, since = from_micros(at_us), from_micros(since_us)
    return Finding(at, kind, CONDITION, step, Level.CONFIRMED, why, since)
