"""Fixes and findings written as one would say them, for tables of cases.

A fix is `10:01 gps r10 -60,0`: at a time of one day in UTC, by satellite, with a claimed radius of
10 m (left out where none is claimed), 60 m west of the middle. The mechanisms are gps, wifi, lbs
and rf. An event is `10:01 unit hears home`: of the home unit at an address, hears, deaf, power_off,
power_on, moved or returned. A finding is `10:03 began probable fix_inside since 10:01`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from tipstaff.domain.findings import Finding, FindingKind, PeriodOutcome, Told
from tipstaff.domain.fixes import Mechanism
from tipstaff.domain.geodesy import LocalPlane, to_e7
from tipstaff.domain.periods import to_micros
from tipstaff.domain.zones import Place
from tipstaff.monitoring.facts import Fact, Fix
from tipstaff.monitoring.home_unit import HomeUnitEvent, HomeUnitKind
from tipstaff.monitoring.watches import Periods

MIDDLE = LocalPlane(53.0, -1.5)
MECHANISMS = {
    "gps": Mechanism.GPS,
    "rf": Mechanism.RF,
    "lbs": Mechanism.LBS,
    "wifi": Mechanism.WIFI,
}
FIX = re.compile(r"((?:\+\d )?[\d:]+) (gps|rf|lbs|wifi)(?: r([\d.]+))? (-?[\d.]+,-?[\d.]+)")


def instant(words: str) -> int:
    """`10:01`, `10:01:30` or `+1 00:10` (the day after), in µs since 1970."""
    day, _, clock = words.rpartition(" ")
    parts = [int(part) for part in clock.split(":")]
    at = datetime(2026, 6, 1 + int(day or 0), *parts, tzinfo=UTC)
    return to_micros(at)


def periods(*words: str) -> Periods:
    """`10:00-11:00`, or `22:00-+1 06:00` over midnight."""
    pairs = (each.split("-") for each in words)
    return tuple((instant(start), instant(end)) for start, end in pairs)


def place(east_m: float, north_m: float, about: LocalPlane = MIDDLE) -> Place:
    """The place so many metres east and north of the middle."""
    latitude, longitude = about.to_degrees([east_m], [north_m])
    return Place(float(latitude[0]), float(longitude[0]))


def fix(words: str, about: LocalPlane = MIDDLE) -> Fix:
    """One fix."""
    found = FIX.fullmatch(words)
    assert found, f"no fix: {words}"
    when, mechanism, radius, where = found.groups()
    east, north = (float(part) for part in where.split(","))
    at = place(east, north, about)
    return Fix(
        at_us=instant(when),
        lat_e7=int(to_e7(at.latitude)),
        lon_e7=int(to_e7(at.longitude)),
        mechanism=int(MECHANISMS[mechanism]),
        radius_cm=-1 if radius is None else round(float(radius) * 100),
    )


def fact(words: str, about: LocalPlane = MIDDLE) -> Fact:
    """One fix, or one event of a home unit."""
    when, unit, event = words.partition(" unit ")
    if not unit:
        return fix(words, about)
    kind, address = event.split()
    return HomeUnitEvent(instant(when), HomeUnitKind[kind.upper()], address)


def facts(lines: Iterable[str], about: LocalPlane = MIDDLE) -> list[Fact]:
    """Facts, one a line."""
    return [fact(line, about) for line in lines]


def fixes(lines: Iterable[str], about: LocalPlane = MIDDLE) -> list[Fix]:
    """Fixes, one a line."""
    return [fix(line, about) for line in lines]


def every(minutes: int, start: str, end: str, rest: str) -> list[str]:
    """The same fix again and again: from `start`, every so many minutes, before `end`."""
    first, last = (int(t[:2]) * 60 + int(t[3:]) for t in (start, end))
    return [f"{at // 60:02}:{at % 60:02} {rest}" for at in range(first, last, minutes)]


def clock(at: datetime) -> str:
    """`10:01`, with `+1 ` before it on the day after, and seconds where there are any."""
    ahead = f"+{at.day - 1} " if at.day > 1 else ""
    return ahead + at.strftime("%H:%M:%S").removesuffix(":00")


def told(findings: Iterable[Told]) -> list[str]:
    """Findings in words; the kind is named where it is not the zone's. Outcomes are left out."""
    return [_one(one) for one in findings if isinstance(one, Finding)]


def outcomes(findings: Iterable[Told]) -> list[str]:
    """What periods came to: `kept, absent 0:00:00, unknown 0:15:00, there 19:03 to 23:00`."""
    return [_outcome(one) for one in findings if isinstance(one, PeriodOutcome)]


def _one(finding: Finding) -> str:
    kind = "" if finding.kind is FindingKind.ZONE else f"{finding.kind} "
    level = finding.level.name.lower()
    since = clock(finding.since)
    return f"{clock(finding.at)} {kind}{finding.step} {level} {finding.why} since {since}"


def _outcome(one: PeriodOutcome) -> str:
    absent, unknown = (timedelta(seconds=s) for s in (one.absent_s, one.unknown_s))
    there = ", never there"
    if one.first_there is not None and one.last_there is not None:
        there = f", there {clock(one.first_there)} to {clock(one.last_there)}"
    return f"{one.outcome}, absent {absent}, unknown {unknown}{there}"
