"""Who met whom: all pairs within the actor's reach, none named in advance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tipstaff.domain.geodesy import E7, from_mercator, to_mercator
from tipstaff.domain.periods import Period, from_micros, to_micros
from tipstaff.domain.problems import Problem
from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.patterns.meetings import MeetingRules, Meetings
from tipstaff.patterns.meetings import meetings as every_meeting
from tipstaff.positions import queries
from tipstaff.positions.damage import naming_damage
from tipstaff.positions.queries import Span
from tipstaff.records import activations, device_facts
from tipstaff.records.activations import WornPeriod
from tipstaff.services.access import admit
from tipstaff.services.data_lock import locked_trails, open_spans
from tipstaff.services.fix_sight import sight_of
from tipstaff.services.recording import reading
from tipstaff.services.whole_archive import whole_archive

#: A longer period is asked for in parts.
LONGEST: Final = timedelta(days=7)
FARTHEST_M: Final = 500.0


class MeetingCode(StrEnum):
    """Why meetings cannot be asked for so."""

    TOO_LONG = "TOO_LONG"
    TOO_FAR = "TOO_FAR"


@dataclass(frozen=True, slots=True)
class Met:
    """Two wearers who were near each other: how long, how near at the nearest, and where then."""

    first: str = field(repr=False)
    second: str = field(repr=False)
    began_at: datetime
    ended_at: datetime
    least_m: float
    nearest_at: datetime
    latitude: float = field(repr=False)
    longitude: float = field(repr=False)


@dataclass(frozen=True, slots=True)
class Crowd:
    """A minute and a place with so many wearers that pairs in it were not followed."""

    at: datetime
    latitude: float = field(repr=False)
    longitude: float = field(repr=False)
    wearers: int


@dataclass(frozen=True, slots=True)
class MeetingsFound:
    """Meetings by beginning; of how many wearers anything was known; crowds, by time.

    `locked`: some positions were left out, since the order that allowed them has ended.
    """

    met: tuple[Met, ...] = ()
    wearers: int = 0
    crowds: tuple[Crowd, ...] = ()
    locked: bool = False
    problems: tuple[Problem, ...] = ()


def meetings(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    period: Period,
    wearer: str | None = None,
    rules: MeetingRules | None = None,
) -> MeetingsFound:
    """The meetings of all whom the actor may see in a period; of `wearer` alone where one is given.

    Home units and victims' devices meet nobody. The audit names whom it tells of.
    """
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.COMBINATION,
        use_case="meetings",
        period=period,
    )
    how = rules or MeetingRules()
    problems = tuple(_problems(period, how))
    if problems:
        return MeetingsFound(problems=problems)
    archive = whole_archive()
    extent: dict[str, Any] = {
        "from": period.start.isoformat(), "to": period.end.isoformat(),
        "distance_cm": round(how.distance_m * 100), "least_s": round(how.least_s),
        "of_one": wearer is not None,
    }  # fmt: skip
    with reading(access, extent=extent) as looked, naming_damage():
        worn = _searched(sight_of(access, activations.worn_in(period)).worn)
        shut = locked_trails(purpose, worn)
        spans = open_spans([Span(w.device_key, Period(w.start, w.end)) for w in worn], shut)
        found = _found(queries.trail(archive, spans), worn, how)
        if wearer is not None:
            found = replace(found, met=tuple(m for m in found.met if wearer in {m.first, m.second}))
        refs = {w.wearer: w.subject_ref for w in worn}
        looked.subjects |= {refs[name] for m in found.met for name in (m.first, m.second)}
        if wearer in refs:
            looked.subjects.add(refs[wearer])
        looked.rows = len(found.met)
    return replace(found, locked=bool(shut))


def _problems(period: Period, how: MeetingRules) -> list[Problem]:
    found = []
    if period.end - period.start > LONGEST:
        action = f"ask for at most {LONGEST.days} days at once"
        found.append(Problem(MeetingCode.TOO_LONG, "period", action))
    if not 0 < how.distance_m <= FARTHEST_M:
        action = f"give a distance above 0 and up to {FARTHEST_M:.0f} m"
        found.append(Problem(MeetingCode.TOO_FAR, "distance", action))
    return found


def _searched(worn: Sequence[WornPeriod]) -> list[WornPeriod]:
    hidden = set(device_facts.never_searched(sorted({w.device_key for w in worn})))
    return [w for w in worn if w.device_key not in hidden]


def _found(table: pa.Table, worn: Sequence[WornPeriod], how: MeetingRules) -> MeetingsFound:
    names, wearer, t_us, latitude, longitude = _in_order(table.filter(table["speaks"]), worn)
    x, y = map(np.asarray, to_mercator(latitude, longitude))
    found = every_meeting(wearer, t_us, x, y, how)
    met = [_met(found, n, names, (wearer, t_us, x, y)) for n in range(len(found.first))]
    at, south = from_mercator(found.crowd_x, found.crowd_y), found.crowd_at_us
    crowds = tuple(
        Crowd(from_micros(int(south[n])), float(at[0][n]), float(at[1][n]), int(size))
        for n, size in enumerate(found.crowd_size)
    )
    by_time = tuple(sorted(met, key=lambda m: (m.began_at, m.first, m.second)))
    return MeetingsFound(by_time, len(names), crowds)


def _in_order(
    table: pa.Table, worn: Sequence[WornPeriod]
) -> tuple[list[str], NDArray[np.int64], NDArray[np.int64], Any, Any]:
    """Names, and the fixes in columns by wearer's number and time, one of an instant."""
    keys = table["device_key"].to_numpy()
    times = table["fix_time"].cast(pa.int64()).to_numpy()
    ordered = sorted({w.wearer for w in worn})
    numbers = {name: n for n, name in enumerate(ordered)}
    whose = np.full(len(keys), -1, np.int64)
    rows_of = _rows_by_key(keys)
    for one in worn:
        rows = rows_of.get(one.device_key)
        if rows is not None:
            own = times[rows]
            inside = (own >= to_micros(one.start)) & (own < to_micros(one.end))
            whose[rows[inside]] = numbers[one.wearer]
    order = np.lexsort((times, whose))
    order = order[whose[order] >= 0]
    who, when = whose[order], times[order]
    first = np.ones(len(order), np.bool_)
    first[1:] = (np.diff(who) > 0) | (np.diff(when) > 0)
    order = order[first]
    known, dense = np.unique(whose[order], return_inverse=True)
    latitude, longitude = (table[n].to_numpy()[order] / E7 for n in ("lat_e7", "lon_e7"))
    names = [ordered[n] for n in known]
    return names, dense.astype(np.int64), times[order], latitude, longitude


def _rows_by_key(keys: NDArray[np.int64]) -> dict[int, NDArray[np.int64]]:
    if not len(keys):
        return {}
    order = np.argsort(keys, kind="stable")
    known, starts = np.unique(keys[order], return_index=True)
    pieces = np.split(order, starts[1:])
    return dict(zip(known.tolist(), pieces, strict=True))


def _met(found: Meetings, n: int, names: list[str], fixes: tuple[Any, ...]) -> Met:
    wearer, t_us, x, y = fixes
    first = int(found.first[n])
    low, high = np.searchsorted(wearer, [first, first + 1])
    when = int(found.least_at_us[n])
    place = [np.array([np.interp(when, t_us[low:high], v[low:high])]) for v in (x, y)]
    latitude, longitude = from_mercator(*place)
    return Met(
        names[first],
        names[int(found.second[n])],
        from_micros(int(found.began_us[n])),
        from_micros(int(found.ended_us[n])),
        round(float(found.least_m[n]), 1),
        from_micros(when),
        float(latitude[0]),
        float(np.asarray(longitude)[0]),
    )
