"""How a wearer kept to their order, day by day: periods kept and broken, and alerts.

What is not known is a mark of its own: a day without evidence is neither kept nor broken.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from tipstaff.domain.alerts import AlertOutcome
from tipstaff.domain.findings import FindingKind, Level, Outcome, PeriodOutcome
from tipstaff.domain.wall_time import wall_time


class DayMark(StrEnum):
    """What a day came to, the gravest first."""

    BROKEN = "broken"
    ALERT = "alert"
    UNKNOWN = "unknown"
    KEPT = "kept"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class AlertOfDay:
    """An alert by the day on which it was opened. `outcome` None: nobody closed it yet."""

    number: int
    kind: FindingKind
    condition: str
    level: Level
    opened_at: datetime
    outcome: AlertOutcome | None


@dataclass(frozen=True, slots=True)
class ComplianceDay:
    """One UK day: the periods that began on it, and the alerts that were opened on it."""

    on: date
    periods: tuple[PeriodOutcome, ...] = ()
    alerts: tuple[AlertOfDay, ...] = ()

    @property
    def mark(self) -> DayMark:
        """The gravest of what happened. Alerts found not genuine, or withdrawn, weigh nothing."""
        outcomes = {one.outcome for one in self.periods}
        genuine = any(one.outcome is AlertOutcome.GENUINE for one in self.alerts)
        if Outcome.BROKEN in outcomes or genuine:
            return DayMark.BROKEN
        if any(one.outcome is None and one.kind in ABOUT_WEARER for one in self.alerts):
            return DayMark.ALERT
        if Outcome.UNKNOWN in outcomes:
            return DayMark.UNKNOWN
        return DayMark.KEPT if Outcome.KEPT in outcomes else DayMark.NOTHING


#: Kinds that say what a wearer did; the others say what is wrong with a device or what we know.
ABOUT_WEARER: Final = frozenset(
    {FindingKind.ZONE, FindingKind.CURFEW, FindingKind.ATTENDANCE, FindingKind.STRAP,
     FindingKind.CASE, FindingKind.CHARGING, FindingKind.SHIELDING}
)  # fmt: skip


def compliance_days(
    periods: Iterable[PeriodOutcome], alerts: Iterable[AlertOfDay], *, today: date, days: int
) -> tuple[ComplianceDay, ...]:
    """The last `days` UK days up to `today`, in order; what is older or later is left out."""
    of: dict[date, list[PeriodOutcome]] = {}
    raised: dict[date, list[AlertOfDay]] = {}
    for period in periods:
        of.setdefault(wall_time(period.start).date(), []).append(period)
    for alert in alerts:
        raised.setdefault(wall_time(alert.opened_at).date(), []).append(alert)
    first = today - timedelta(days=days - 1)
    wanted = [first + timedelta(days=n) for n in range(days)]
    return tuple(
        ComplianceDay(
            day,
            tuple(sorted(of.get(day, ()))),
            tuple(sorted(raised.get(day, ()), key=lambda one: (one.opened_at, one.number))),
        )
        for day in wanted
    )
