"""What is on record of a life, made ready to be watched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from tipstaff.domain.conditions import ZoneCondition
from tipstaff.domain.periods import Period, to_micros
from tipstaff.domain.problems import Problem
from tipstaff.domain.zones import Harm
from tipstaff.monitoring.brought_on import Rulebook, Watched
from tipstaff.monitoring.compile import compile_watches
from tipstaff.monitoring.device_parameters import DEVICES_V1
from tipstaff.monitoring.device_watches import DeviceWatch
from tipstaff.monitoring.held import name_of
from tipstaff.monitoring.lives import Life
from tipstaff.monitoring.parameters import PARAMETERS_V1
from tipstaff.monitoring.watches import Periods, Watch, ZoneWatch

RULES: Final = Rulebook(PARAMETERS_V1, DEVICES_V1)
#: How far ahead periods are made ready, and how long before they run out they are made ready anew.
AHEAD: Final = timedelta(days=35)
ANEW: Final = timedelta(days=7)
_FAR: Final = to_micros(datetime(9000, 1, 1, tzinfo=UTC))


@dataclass(frozen=True, slots=True, repr=False)
class Ready:
    """A life made ready until an instant; the harm of its zones, by condition; what is amiss."""

    life: Life
    watched: Watched
    until: datetime
    harms: Mapping[str, Harm]
    problems: tuple[Problem, ...]


def made_ready(life: Life, now: datetime) -> Ready:
    """Watches of a life, with its periods up to `AHEAD` of now."""
    start = life.period.start
    until = max(now, start) + AHEAD
    end = until if life.period.end is None else min(life.period.end, until)
    compiled = compile_watches(life.demands, Period(start, end), now, RULES.places)
    device = DeviceWatch(
        f"{life.supplier}/{life.device_id}",
        tuple(_span(one.start, one.end) for one in life.collecting),
        _demanded(compiled.watches),
        life.plan,
    )
    watched = Watched(str(life.life), to_micros(start), compiled.watches, device)
    return Ready(life, watched, end, _harms(life), compiled.problems)


def _span(start: datetime, end: datetime | None) -> tuple[int, int]:
    return to_micros(start), _FAR if end is None else to_micros(end)


def _demanded(watches: Sequence[Watch]) -> Periods:
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


def _harms(life: Life) -> dict[str, Harm]:
    return {
        name_of(order, condition): condition.zone.harm
        for versions in life.demands.orders
        for _, order in versions
        for condition in order.conditions
        if isinstance(condition, ZoneCondition)
    }
