"""Lives of devices in words: minutes and kinds in, minutes, kinds and reasons out."""

from __future__ import annotations

from typing import Any

from tipstaff.domain.findings import Finding
from tipstaff.domain.fixes import Mechanism
from tipstaff.domain.periods import to_micros
from tipstaff.monitoring.device_parameters import DEVICES_V2
from tipstaff.monitoring.device_reference import device_findings, knowledge_findings
from tipstaff.monitoring.device_watches import (
    DeviceFact,
    DeviceRule,
    DeviceWatch,
    OthersNear,
    ReportingPlan,
)
from tipstaff.monitoring.events import DeviceEvent, EventKind
from tipstaff.monitoring.facts import Fix

#: 2026-01-01T00:00Z.
START = 1_767_225_600_000_000
MINUTE = 60_000_000
DAY = 1_440
NORTH, WEST = 530_000_000, -15_000_000


def at(minute: float) -> int:
    """Microseconds at a minute of the life."""
    return START + round(minute * MINUTE)


def fact(words: str) -> DeviceFact:
    """A fact: "MINUTE KIND [what] [<MINUTE]", the last when it came in, at once if left out.

    `5 strap_cut`, `5 battery_level 17 <9`, `5 fix 0 0 5` (metres north and east, radius),
    `5 network 0 0 500`, `5 others 3 0` (near with positions, and without).
    """
    body, _, came = words.partition("<")
    minute, kind, *rest = body.split()
    when, taken = at(float(minute)), at(float(came or minute))
    if kind in {"fix", "network"}:
        north, east, radius = (float(x) for x in [*rest, "0", "0", "5"][:3])
        place = (NORTH + round(north * 89.93), WEST + round(east * 149.4))
        mechanism = Mechanism.GPS if kind == "fix" else Mechanism.LBS
        return Fix(when, *place, int(mechanism), round(radius * 100), taken)
    if kind == "others":
        return OthersNear(when, int(rest[0]), int(rest[1]), taken)
    return DeviceEvent(when, EventKind(kind), taken, level_pct=int(rest[0]) if rest else -1)


def facts(*lines: str) -> list[DeviceFact]:
    return [fact(line) for line in lines]


def watch(
    end: float = 100 * DAY,
    demands: tuple[tuple[float, float], ...] = (),
    plan: ReportingPlan | None = None,
) -> DeviceWatch:
    """A device worn from the first minute on to `end`."""
    hours = tuple((at(a), at(b)) for a, b in demands)
    return DeviceWatch("device:1", ((START, at(end)),), hours, plan or ReportingPlan())


def tell(findings: list[Finding]) -> list[str]:
    """Each finding as "MINUTE step level why"."""
    return [
        f"{(to_micros(one.at) - START) / MINUTE:g} {one.step} {one.level.name.lower()} {one.why}"
        for one in findings
    ]


def world(
    rule: DeviceRule[Any], life: list[DeviceFact], seen: DeviceWatch, until: float
) -> list[str]:
    return tell(device_findings(life, seen, rule, DEVICES_V2, at(until)))


def known(
    rule: DeviceRule[Any], life: list[DeviceFact], seen: DeviceWatch, until: float
) -> list[str]:
    return tell(knowledge_findings(life, seen, rule, DEVICES_V2, at(until)))
