"""Which fixes an actor may see: those of wearers whom they see; of nobody's, who reach everybody.

What somebody wore whom the actor may not see is left out, as if the device had been silent then.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa

from tipstaff.domain.access_rows import Reach
from tipstaff.domain.periods import Period, to_micros
from tipstaff.positions.queries import Span
from tipstaff.records.activations import WornPeriod
from tipstaff.services.access import Access
from tipstaff.services.limited_access import may_see
from tipstaff.services.trail_names import Meant


@dataclass(frozen=True, slots=True)
class Sight:
    """Who wore what, as far as the actor sees it; `hidden` is the rest.

    `strangers`: whether fixes that belong to nobody are seen.
    """

    worn: tuple[WornPeriod, ...]
    hidden: tuple[WornPeriod, ...]
    strangers: bool


def sight_of(access: Access, worn: Iterable[WornPeriod]) -> Sight:
    """What the actor sees of who wore what."""
    told = list(worn)
    seen = may_see(access, {w.wearer for w in told})
    return Sight(
        tuple(w for w in told if w.wearer in seen),
        tuple(w for w in told if w.wearer not in seen),
        strangers=access.reach is Reach.UNIT,
    )


def spans_of(meant: Meant, sight: Sight, period: Period) -> list[Span]:
    """What to look up in the archive for a name."""
    if not meant.devices or not sight.strangers:
        return [Span(w.device_key, Period(w.start, w.end)) for w in sight.worn]
    return [
        Span(key, free)
        for key in meant.devices
        for free in _between(period, [w for w in sight.hidden if w.device_key == key])
    ]


def seen_fixes(found: pa.Table, sight: Sight) -> pa.Table:
    """Those of some fixes that the actor sees."""
    hidden = _belonging(found, sight.hidden)
    if sight.strangers:
        return found.filter(pa.array(~hidden))
    return found.filter(pa.array(_belonging(found, sight.worn)))


def _belonging(found: pa.Table, worn: Iterable[WornPeriod]) -> np.ndarray:
    """Which fixes belong to one of these."""
    keys = found["device_key"].to_numpy()
    times = found["fix_time"].cast(pa.int64()).to_numpy()
    owned = np.zeros(len(keys), np.bool_)
    for one in worn:
        inside = (times >= to_micros(one.start)) & (times < to_micros(one.end))
        owned |= inside & (keys == one.device_key)
    return owned


def _between(period: Period, taken: Iterable[WornPeriod]) -> list[Period]:
    """The parts of a period that none of these takes."""
    free: list[Period] = []
    start: datetime = period.start
    for one in sorted(taken, key=lambda w: w.start):
        if start < one.start:
            free.append(Period(start, one.start))
        start = max(start, one.end)
    if start < period.end:
        free.append(Period(start, period.end))
    return free
