"""What world to make: its size, span, place and crimes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from tipstaff.simulation.geography import seat_of

DAY_S: Final = 86_400.0
#: At this density about fifteen wearers live within a kilometre of any place in town.
WEARERS_PER_KM2: Final = 60 / 3.5**2
SMALLEST_TOWN_M: Final = 1_500.0


@dataclass(frozen=True, slots=True)
class WorldPlan:
    """The parameters of a world; the same plan gives the same world, bit for bit.

    `first_crime_day` counts from 1, so that days before it are history without crimes.
    None for the crimes means: two by wearers for every three wearers' weeks with crimes in them,
    and half as many by people without a tag. None for the width keeps the usual density.
    """

    seed: int = 1
    wearers: int = 60
    days: int = 28
    crimes_by_wearers: int | None = None
    crimes_by_others: int | None = None
    first_crime_day: int = 15
    town_width_m: float | None = None
    start: datetime = datetime(2026, 5, 4, tzinfo=UTC)
    force: str = "Derbyshire"

    def __post_init__(self) -> None:
        for problem in self._problems():
            raise ValueError(problem)

    def _problems(self) -> list[str]:
        seat_of(self.force)
        crimes = (self.crimes_by_wearers or 0, self.crimes_by_others or 0)
        checks = (
            (self.seed >= 0, "the seed must not be negative"),
            (self.wearers >= 1, "a world needs at least one wearer"),
            (self.days >= 2, "a world needs at least two days"),
            (self.start.tzinfo is not None, "the start needs a time zone: give an aware datetime"),
            (min(crimes) >= 0, "the number of crimes must not be negative"),
            (
                1 <= self.first_crime_day < self.days or sum(crimes) == 0,
                "the first day with crimes must lie before the last day of the world",
            ),
            (
                self.town_width_m is None or self.town_width_m >= SMALLEST_TOWN_M,
                f"a town is at least {SMALLEST_TOWN_M:.0f} m wide",
            ),
        )
        return [message for good, message in checks if not good]

    @property
    def width_m(self) -> float:
        """The side of the town in metres."""
        if self.town_width_m is not None:
            return self.town_width_m
        return max(SMALLEST_TOWN_M, 1000.0 * math.sqrt(self.wearers / WEARERS_PER_KM2))

    @property
    def crime_days(self) -> int:
        """Days on which crimes are committed; the last one is left out, so windows fit."""
        return max(0, self.days - self.first_crime_day)

    @property
    def own_crimes(self) -> int:
        """How many crimes wearers commit."""
        if self.crimes_by_wearers is not None:
            return self.crimes_by_wearers
        if self.crime_days == 0:
            return 0
        return max(1, round(self.wearers * self.crime_days / 28))

    @property
    def other_crimes(self) -> int:
        """How many crimes people without a tag commit."""
        if self.crimes_by_others is not None:
            return self.crimes_by_others
        return (self.own_crimes + 1) // 2

    @property
    def span_s(self) -> float:
        """The length of the world in seconds."""
        return self.days * DAY_S

    @property
    def end(self) -> datetime:
        """The instant at which the world ends."""
        return self.start + timedelta(days=self.days)
