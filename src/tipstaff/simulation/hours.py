"""Local days of the world: people live by the clock on the wall, tags by UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

LONDON: Final = ZoneInfo("Europe/London")
HOUR_S: Final = 3600.0


@dataclass(frozen=True, slots=True)
class LocalDays:
    """The local dates that overlap the world, and wall-clock times as seconds from its start."""

    start: datetime
    days: int

    @property
    def count(self) -> int:
        """Local dates touched; one more than days, since a world need not start at midnight."""
        return self.days + 1

    def date_of(self, day: int) -> date:
        """The local date of day `day`, counted from 0."""
        return self.start.astimezone(LONDON).date() + timedelta(days=day)

    def weekend(self, day: int) -> bool:
        """Whether it is a Saturday or Sunday."""
        return self.date_of(day).weekday() >= 5

    def instant_s(self, day: int, wall_s: float) -> float:
        """Seconds from the start to a time of day; times past midnight belong to the same night."""
        midnight = datetime.combine(self.date_of(day), datetime.min.time())
        local = (midnight + timedelta(seconds=wall_s)).replace(tzinfo=LONDON)
        return (local - self.start).total_seconds()

    def day_of(self, instant: datetime) -> date:
        """The local date of an instant."""
        return instant.astimezone(LONDON).date()
