"""What is watched of one device while one wearer has it, and the facts that its rules take."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any, Generic, TypeVar

from tipstaff.domain.findings import Finding, FindingKind, Level, Step, Why
from tipstaff.domain.periods import MICROSECONDS, from_micros
from tipstaff.monitoring.device_parameters import DeviceParameters
from tipstaff.monitoring.events import DeviceEvent, taking
from tipstaff.monitoring.facts import Fix
from tipstaff.monitoring.watches import Periods

State = TypeVar("State")


@dataclass(frozen=True, slots=True)
class ReportingPlan:
    """How a device is meant to report: seconds between uploads, fixes, charging.

    `position_s` is None for a device that tells no position, `charge_s` for one on the mains.
    """

    upload_s: int = 600
    position_s: int | None = 60
    charge_s: int | None = 86_400


@dataclass(frozen=True, slots=True, repr=False)
class DeviceWatch:
    """A device in the `periods` in which one wearer has it (half-open, µs, apart, in order).

    `device` is its reference; `demands` are the periods in which it has to work: curfews,
    attendances, schedules of zones.
    """

    device: str
    periods: Periods
    demands: Periods = ()
    plan: ReportingPlan = field(default_factory=ReportingPlan)


@dataclass(frozen=True, slots=True)
class OthersNear:
    """How many other devices near it had positions at `at_us`, and how many were heard without."""

    at_us: int
    seen: int
    lost: int
    ingested_us: int = 0


DeviceFact = DeviceEvent | Fix | OthersNear
Found = list[Finding]


@dataclass(frozen=True, slots=True)
class DeviceRule(Generic[State]):
    """A rule about a device: a `state` lives from the beginning of a period to its end.

    `due` is when it next needs the clock (None: never), `fire` what the clock then does. What it
    finds is of the instant at which it was due, however late the clock comes. Only a rule with
    `positions` takes fixes and what is known of others near; one without takes events alone.

    `quiet` is `take` of many facts at once where nothing is found and the clock is not needed
    between them: the state that they lead to, or None where that is not plain at little cost. It is
    a short cut and never says anything else than `take` and `fire` do.
    """

    name: str
    state: type[State]
    begin: Callable[[int, DeviceWatch, DeviceParameters], State]
    take: Callable[[State, Any, DeviceWatch, DeviceParameters], tuple[State, Found]]
    due: Callable[[State, DeviceWatch, DeviceParameters], int | None]
    fire: Callable[[State, DeviceWatch, DeviceParameters], tuple[State, Found]]
    end: Callable[[State, int, DeviceWatch, DeviceParameters], tuple[State, Found]]
    positions: bool = False
    quiet: Callable[[State, Sequence[Any], DeviceWatch, DeviceParameters], State | None] | None = (
        None
    )


def order_of(fact: DeviceFact) -> tuple[Any, ...]:
    """By what facts of one instant are taken: fixes, then others near, then events; by content."""
    if isinstance(fact, DeviceEvent):
        return (fact.at_us, 2, *taking(fact)[1:])
    if isinstance(fact, OthersNear):
        return (fact.at_us, 1, fact.seen, fact.lost)
    return (fact.at_us, 0, fact.mechanism, fact.radius_cm, fact.lat_e7, fact.lon_e7)


def once(facts: Iterable[DeviceFact]) -> list[DeviceFact]:
    """Each fact once, known from its first coming on, in the order of taking."""
    listed = list(facts)
    if all(one.at_us < other.at_us for one, other in pairwise(listed)):
        return listed  # nearly always so: each is of an instant of its own
    known: dict[tuple[Any, ...], DeviceFact] = {}
    for fact in listed:
        key = order_of(fact)
        other = known.get(key)
        if other is None or fact.ingested_us < other.ingested_us:
            known[key] = fact
    return [known[key] for key in sorted(known)]


def found(
    watch: DeviceWatch,
    kind: FindingKind,
    at_us: int,
    step: Step,
    level: int,
    why: Why,
    since_us: int,
    probability: float | None = None,
) -> Finding:
    """A finding about the device."""
    return Finding(
        at=from_micros(at_us),
        kind=kind,
        condition=watch.device,
        step=step,
        level=Level(level),
        why=why,
        since=from_micros(since_us),
        probability=probability,
    )


@lru_cache(maxsize=4_096)
def us(seconds: float) -> int:
    """Whole microseconds of seconds."""
    return round(seconds * MICROSECONDS)
