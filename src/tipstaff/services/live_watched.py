"""What is on record of a life, made ready to be watched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from tipstaff.domain.conditions import ZoneCondition
from tipstaff.domain.periods import Period, to_micros
from tipstaff.domain.problems import Problem
from tipstaff.domain.zones import Harm
from tipstaff.monitoring.brought_on import Rulebook, Watched
from tipstaff.monitoring.compile import compile_watches, demanded
from tipstaff.monitoring.device_watches import DeviceWatch
from tipstaff.monitoring.held import name_of
from tipstaff.monitoring.lives import Life

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


def made_ready(life: Life, now: datetime, rules: Rulebook) -> Ready:
    """Watches of a life, with its periods up to `AHEAD` of now."""
    start = life.period.start
    until = max(now, start) + AHEAD
    end = until if life.period.end is None else min(life.period.end, until)
    compiled = compile_watches(life.demands, Period(start, end), now, rules.places)
    device = DeviceWatch(
        f"{life.supplier}/{life.device_id}",
        tuple(_span(one.start, one.end) for one in life.collecting),
        demanded(compiled.watches),
        life.plan,
    )
    watched = Watched(str(life.life), to_micros(start), compiled.watches, device)
    return Ready(life, watched, end, _harms(life), compiled.problems)


def _span(start: datetime, end: datetime | None) -> tuple[int, int]:
    return to_micros(start), _FAR if end is None else to_micros(end)


def _harms(life: Life) -> dict[str, Harm]:
    return {
        name_of(order, condition): condition.zone.harm
        for versions in life.demands.orders
        for _, order in versions
        for condition in order.conditions
        if isinstance(condition, ZoneCondition)
    }
