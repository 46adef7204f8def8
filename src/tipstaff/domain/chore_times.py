"""When a chore is due: every so often, or once a day or month from an hour of the UK clock on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from tipstaff.domain.wall_time import DAY, first_reached, wall_time


@dataclass(frozen=True, slots=True)
class Every:
    """So long after it began last."""

    time: timedelta

    def due_at(self, began_at: datetime | None, now: datetime) -> datetime:
        """When it is due next: at once where it never began."""
        return now if began_at is None else began_at + self.time


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a day, from that time of the UK clock on."""

    at: time

    def due_at(self, began_at: datetime | None, now: datetime) -> datetime:
        """When it is due next; one that was missed is due since then."""
        if began_at is None:
            return now
        day = wall_time(began_at).date()
        then = first_reached(datetime.combine(day, self.at))
        return then if then > began_at else first_reached(datetime.combine(day + DAY, self.at))


@dataclass(frozen=True, slots=True)
class Monthly:
    """Once a calendar month, from that time of its first day on."""

    at: time

    def due_at(self, began_at: datetime | None, now: datetime) -> datetime:
        """When it is due next; one that was missed is due since then."""
        if began_at is None:
            return now
        first = wall_time(began_at).date().replace(day=1)
        then = first_reached(datetime.combine(first, self.at))
        if then > began_at:
            return then
        month = (first + timedelta(days=32)).replace(day=1)
        return first_reached(datetime.combine(month, self.at))


Rhythm = Every | Daily | Monthly
