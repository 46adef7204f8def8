"""Conditions of an order in plain words, for whoever reads them on a page."""

from __future__ import annotations

from collections.abc import Iterable

from tipstaff.domain.conditions import (
    Attendance,
    Condition,
    Curfew,
    Proximity,
    Trail,
    TreatmentAppointment,
    ZoneCondition,
)
from tipstaff.domain.timetables import Hours, Timetable, Weekday
from tipstaff.domain.variation_words import in_words
from tipstaff.domain.zones import AddressBuffer, Area, Circle, Corridor, Shape, Zone, ZoneKind


def condition_words(one: Condition) -> tuple[str, list[str]]:
    """What the condition demands, and the hours in which it does (empty: always)."""
    match one:
        case Curfew():
            return "Stay at home", hours_in_words(one.timetable)
        case ZoneCondition():
            return zone_words(one.zone), hours_in_words(one.zone.schedule)
        case Trail():
            until = "" if one.until is None else f", until {one.until:%-d %B %Y}"
            return f"Whereabouts are monitored{until}", []
        case Attendance():
            return f"Be at {one.venue.name}", hours_in_words(one.timetable)
        case TreatmentAppointment():
            return f"Treatment at {one.venue.name}", hours_in_words(one.timetable)
        case Proximity():
            whom = one.protects.value
            return f"Stay {distance_words(one.distance_m)} away from the protected {whom}", []


def zone_words(zone: Zone) -> str:
    """What a zone means, and its form: where it is, the map shows."""
    what = "Stay out of" if zone.kind is ZoneKind.EXCLUSION else "Stay within"
    return f"{what} {_form(zone.shape)}"


def _form(shape: Shape) -> str:
    match shape:
        case Circle():
            return f"a circle of {distance_words(shape.radius_m)} about a place"
        case Corridor():
            return f"a corridor, {distance_words(shape.half_width_m)} to each side of a line"
        case AddressBuffer():
            return f"all within {distance_words(shape.buffer_m)} of an address"
        case Area():
            parts = len(shape.parts)
            return "an area" if parts == 1 else f"an area in {parts} parts"


def distance_words(metres: float) -> str:
    """A distance as a person would say it."""
    if metres < 1000:
        return f"{metres:.0f} m"
    return f"{metres / 1000:.1f}".removesuffix(".0") + " km"


def hours_in_words(timetable: Timetable | None) -> list[str]:
    """Weekly hours, days with the same hours in one line, then one-offs; empty: at all times."""
    if timetable is None:
        return []
    days: dict[Hours, list[Weekday]] = {}
    for row in timetable.rows:
        days.setdefault(row.hours, []).append(row.weekday)
    weekly = [f"{days_in_words(on)}, {in_words(hours)}" for hours, on in days.items()]
    return weekly + [in_words(one) for one in timetable.one_offs]


def days_in_words(days: Iterable[Weekday]) -> str:
    """Days of the week as a person would say them: runs of three and more with a "to"."""
    on = sorted(set(days))
    if len(on) == len(Weekday):
        return "Every day"
    runs: list[list[Weekday]] = []
    for day in on:
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    told = [name for run in runs for name in _run(run)]
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"


def _run(run: list[Weekday]) -> list[str]:
    names = [day.name.capitalize() for day in run]
    return [f"{names[0]} to {names[-1]}"] if len(run) > 2 else names
