"""What is only asked whether it is so, and how far it has gone: the part that its rules share."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tipstaff.domain.findings import FindingKind, Why
from tipstaff.domain.transitions import STANDING, Standing, StandingCause
from tipstaff.monitoring.device_watches import DeviceWatch, Found, found


@dataclass(frozen=True, slots=True)
class Stand:
    """`level` is 0 while nothing stands; `since_us` is when what stands began."""

    kind: FindingKind
    where: Standing = Standing.CLEAR
    level: int = 0
    since_us: int = 0


def stood(
    stand: Stand,
    level: int,
    at_us: int,
    why: Why,
    watch: DeviceWatch,
    *,
    since_us: int | None = None,
    probability: float | None = None,
) -> tuple[Stand, Found]:
    """The stand with `level` reached at `at_us`; 0: it is over. It never goes down but to 0.

    `since_us` is when what begins began, `at_us` where it is not given.
    """
    row = STANDING.row(stand.where, _cause(stand, level, why))
    if row is None or (stand.where is Standing.STANDS and 0 < level <= stand.level):
        return stand, []
    began = stand.since_us if stand.where is Standing.STANDS else since_us or at_us
    told = level or stand.level
    after = replace(stand, where=Standing(row.to), level=level, since_us=began)
    if row.step is None:
        return after, []
    return after, [found(watch, stand.kind, at_us, row.step, told, why, began, probability)]


def _cause(stand: Stand, level: int, why: Why) -> StandingCause:
    if why is Why.PERIOD_ENDED:
        return StandingCause.PERIOD_ENDED
    if level == 0:
        return StandingCause.OVER
    return StandingCause.SAID if stand.where is Standing.CLEAR else StandingCause.SAID_MORE


def ended(stand: Stand, at_us: int, watch: DeviceWatch) -> tuple[Stand, Found]:
    """The stand at the end of the activation."""
    return stood(stand, 0, at_us, Why.PERIOD_ENDED, watch)
