"""From orders to watches: what is demanded of a wearer, when it is enforceable, and where.

A condition holds as `monitoring.held` has it, in its hours, less authorised absences. Versions that
say the same of it are one watch, so a change of anything else touches nothing; a changed zone is
another watch from the change on, and the old one keeps what it was up to then (T11).
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from tipstaff.domain.conditions import (
    Attendance,
    Condition,
    Curfew,
    TreatmentAppointment,
    Venue,
    ZoneCondition,
)
from tipstaff.domain.periods import MICROSECONDS, Period, to_micros
from tipstaff.domain.problems import Problem
from tipstaff.domain.timetables import Timetable, addresses_of, demands
from tipstaff.domain.zones import AddressBuffer, Circle, ZoneKind, zone_periods
from tipstaff.monitoring.held import Demands, Held, Where, all_held
from tipstaff.monitoring.outlines import outline_of
from tipstaff.monitoring.parameters import EngineParameters
from tipstaff.monitoring.watches import (
    AttendanceWatch,
    CurfewWatch,
    Demanded,
    Periods,
    PlaceToBe,
    Watch,
    ZoneWatch,
)


class CompileCode(StrEnum):
    """What keeps something that is demanded from being watched as it should be."""

    ADDRESS_WITHOUT_PLACE = "ADDRESS_WITHOUT_PLACE"


@dataclass(frozen=True, slots=True, repr=False)
class Compiled:
    """Watches, in order of their conditions' names, and what keeps one from being whole."""

    watches: tuple[Watch, ...]
    problems: tuple[Problem, ...]


def compile_watches(
    told: Demands, during: Period, known_at: datetime, parameters: EngineParameters
) -> Compiled:
    """The watches of one wearer within `during` (an activation), as known at an instant."""
    held = sorted(all_held(told, during, known_at), key=lambda one: (one.name, one.during))
    grouped: dict[tuple[str, Hashable], list[Held]] = {}
    for one in held:
        content = _content(one)
        if content is not None:
            grouped.setdefault((one.name, content), []).append(one)
    watches: list[Watch] = []
    problems: list[Problem] = []
    for group in grouped.values():
        problems += _missing(group)
        watches += _watch(group, parameters)
    return Compiled(_going_on(watches), tuple(dict.fromkeys(problems)))


def _going_on(watches: list[Watch]) -> tuple[Watch, ...]:
    """Periods that start where one of an earlier version ends go on: what stands is not over.

    A curfew goes on at the same addresses in the same places alone; it has no grace again.
    """
    zones = {
        (watch.condition, watch.keep_in, end_us)
        for watch in watches
        if isinstance(watch, ZoneWatch)
        for _, end_us in watch.periods
    }
    curfews = {
        (watch.condition, _chosen(places, period), period.end_us)
        for watch in watches
        if isinstance(watch, CurfewWatch)
        for places in (_places(watch),)
        for period in watch.periods
    }
    return tuple(_goes_on(watch, zones, curfews) for watch in watches)


def _goes_on(watch: Watch, zones: Collection[Hashable], curfews: Collection[Hashable]) -> Watch:
    if isinstance(watch, ZoneWatch):
        starts = (start_us for start_us, _ in watch.periods)
        own = (watch.condition, watch.keep_in)
        return replace(watch, goes_on=frozenset(at for at in starts if (*own, at) in zones))
    if isinstance(watch, CurfewWatch):
        places = _places(watch)
        return replace(
            watch, periods=tuple(_judged(watch, places, one, curfews) for one in watch.periods)
        )
    return watch


def _judged(
    watch: CurfewWatch, places: list[Hashable], period: Demanded, curfews: Collection[Hashable]
) -> Demanded:
    if (watch.condition, _chosen(places, period), period.start_us) not in curfews:
        return period
    return period._replace(judge_us=period.start_us, goes_on=True)


def _places(watch: CurfewWatch) -> list[Hashable]:
    """Each place of a watch by its reference and where it is."""
    outlines = ((place.reference, place.outline) for place in watch.places)
    return [
        (name, None if at is None else (at.latitude.tobytes(), at.longitude.tobytes()))
        for name, at in outlines
    ]


def _chosen(places: list[Hashable], period: Demanded) -> tuple[Hashable, ...]:
    return tuple(place for i, place in enumerate(places) if period.places >> i & 1)


def _content(held: Held) -> Hashable | None:
    """What makes it another watch when it changes; hours are not in it. None: not watched."""
    match held.condition:
        case ZoneCondition(_, zone):
            return (zone.kind, zone.shape, zone.harm)
        case Curfew(_, timetable):
            return (addresses_of(timetable), held.places)
        case Attendance(_, venue) | TreatmentAppointment(_, venue):
            return (venue.place, venue.radius_m)
    return None


def _watch(group: list[Held], parameters: EngineParameters) -> list[Watch]:
    first = group[0]
    match first.condition:
        case ZoneCondition(_, zone):
            periods = _joined(p for one in group for p in _zone_spans(one))
            keep_in = zone.kind is ZoneKind.INCLUSION
            watch = ZoneWatch(first.name, keep_in, zone.harm, outline_of(zone.shape), periods)
            return [watch] if periods else []
        case Curfew(_, timetable):
            return _curfew(group, addresses_of(timetable), parameters)
        case Attendance(_, venue) | TreatmentAppointment(_, venue):
            return _attendance(group, venue)
    return []


def _zone_spans(one: Held) -> Iterator[tuple[int, int]]:
    if isinstance(one.condition, ZoneCondition):
        for period in zone_periods(one.condition.zone, one.during, one.absences):
            yield to_micros(period.start), to_micros(period.end)


def _curfew(group: list[Held], names: tuple[str, ...], parameters: EngineParameters) -> list[Watch]:
    margin_m = parameters.presence.margin_m
    addresses = dict(group[0].places)
    places = tuple(_address(name, addresses.get(name), margin_m) for name in names)
    grace_us = round(parameters.presence.grace_s * MICROSECONDS)
    periods = _demanded(group, names, grace_us)
    return [CurfewWatch(group[0].name, places, periods)] if periods else []


def _address(name: str, where: Where | None, margin_m: float) -> PlaceToBe:
    if where is None:
        return PlaceToBe(name, None)
    return PlaceToBe(name, outline_of(AddressBuffer(name, where, margin_m)))


def _attendance(group: list[Held], venue: Venue) -> list[Watch]:
    outline = outline_of(Circle(venue.place, venue.radius_m))
    periods = _demanded(group, (), 0)
    place = PlaceToBe(group[0].name, outline)
    return [AttendanceWatch(group[0].name, (place,), periods)] if periods else []


def _demanded(group: list[Held], names: tuple[str, ...], grace_us: int) -> tuple[Demanded, ...]:
    """The periods of a timetable; those that touch at the same places are one."""
    found: list[Demanded] = []
    for one in group:
        for demand in demands(_timetable(one.condition), one.during, one.absences):
            start, end = to_micros(demand.period.start), to_micros(demand.period.end)
            mask = sum(1 << names.index(name) for name in demand.addresses) if names else 1
            if found and found[-1].end_us == start and found[-1].places == mask:
                found[-1] = found[-1]._replace(end_us=end)
            else:
                found.append(Demanded(start, end, mask, start + grace_us))
    return tuple(found)


def _timetable(condition: Condition) -> Timetable:
    if isinstance(condition, Curfew | Attendance | TreatmentAppointment):
        return condition.timetable
    raise TypeError("no condition with a timetable")


def _missing(group: list[Held]) -> list[Problem]:
    condition = group[0].condition
    if not isinstance(condition, Curfew):
        return []
    return [
        Problem(
            CompileCode.ADDRESS_WITHOUT_PLACE,
            group[0].name,
            "say where the address is: until then a home unit alone can tell who is there",
        )
        for name in addresses_of(condition.timetable)
        if name not in dict(group[0].places)
    ]


def _joined(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Spans in order, those that touch as one."""
    found: list[tuple[int, int]] = []
    for start, end in spans:
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return tuple(found)


def demanded(watches: Sequence[Watch]) -> Periods:
    """When the device has to work: any period of a condition, apart and in order.

    A zone that holds at all hours demands nothing of a battery: it is never charged in time for it.
    """
    timed = [w for w in watches if not isinstance(w, ZoneWatch)]
    found: list[tuple[int, int]] = []
    for start_us, end_us in sorted((p[0], p[1]) for w in timed for p in w.periods):
        if found and start_us <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end_us))
        else:
            found.append((start_us, end_us))
    return tuple(found)
