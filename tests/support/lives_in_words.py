"""Fixes and findings written as one would say them, for tables of cases.

A fix is `10:01 gps r10 -60,0`: at a time of one day in UTC, by satellite, with a claimed radius of
10 m (left out where none is claimed), 60 m west of the middle. The mechanisms are gps, wifi, lbs
and rf. A finding is `10:03 began probable fix_inside since 10:01`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from tipstaff.domain.findings import Finding, FindingKind
from tipstaff.domain.fixes import Mechanism
from tipstaff.domain.geodesy import LocalPlane, to_e7
from tipstaff.domain.periods import to_micros
from tipstaff.domain.zones import Place
from tipstaff.monitoring.facts import Fix
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


def told(findings: Sequence[Finding]) -> list[str]:
    """Findings in words; the kind is named where it is not the zone's."""
    return [_one(finding) for finding in findings]


def _one(finding: Finding) -> str:
    kind = "" if finding.kind is FindingKind.ZONE else f"{finding.kind} "
    level = finding.level.name.lower()
    since = clock(finding.since)
    return f"{clock(finding.at)} {kind}{finding.step} {level} {finding.why} since {since}"
