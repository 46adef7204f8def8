"""Lives: a wearer with one device for a period, and all by which it is watched.

What a home unit reports comes under the unit's own number. Which wearer's unit it was, and at
which of their addresses, is what `units_of` and `address_of_unit` answer, by the time of the event.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid5

from tipstaff.monitoring.device_watches import ReportingPlan
from tipstaff.monitoring.held import Demands

#: A home unit: its supplier and that supplier's number for it.
UnitName = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Lifetime:
    """From `start` up to, not including, `end` (None: it has none yet)."""

    start: datetime
    end: datetime | None = None

    def contains(self, instant: datetime) -> bool:
        """Whether `instant` is inside (start included, end not)."""
        return self.start <= instant and (self.end is None or instant < self.end)


@dataclass(frozen=True, slots=True, repr=False)
class UnitStay:
    """That a home unit was at an address of the wearer, by its reference in their record."""

    address: str
    period: Lifetime


@dataclass(frozen=True, slots=True, repr=False)
class Life:
    """A life, by a reference that stays: see `records.live_lives`.

    `wearer` is the audit's reference of the wearer. `collecting`: when any of their orders supports
    collection from the device, apart and in order; outside it nothing is kept, so that its silence
    says nothing. `home_units`: where each unit was, in order.
    `stamp` is a digest of all the rest: while it is the same nothing has to be made ready anew.
    `damaged`: a record of the wearer is not what was recorded, so that nothing can be watched; a
    person has to be told.
    """

    life: UUID
    wearer: UUID
    supplier: str
    device_id: str
    period: Lifetime
    demands: Demands
    collecting: tuple[Lifetime, ...] = ()
    plan: ReportingPlan = field(default_factory=ReportingPlan)
    home_units: Mapping[UnitName, tuple[UnitStay, ...]] = field(default_factory=dict)
    stamp: bytes = b""
    damaged: bool = False


def life_id(wearer: UUID, supplier: str, activation: str, device_id: str) -> UUID:
    """By what a life is known: it stays when the activation's beginning or end is corrected."""
    return uuid5(wearer, f"{supplier}\0{activation}\0{device_id}")


def address_of_unit(life: Life, unit: UnitName, at: datetime) -> str | None:
    """At which address of the wearer a unit was at `at`; None where it was at none."""
    stays = life.home_units.get(unit, ())
    return next((stay.address for stay in stays if stay.period.contains(at)), None)


def units_of(lives: Iterable[Life]) -> dict[UnitName, tuple[Life, ...]]:
    """The lives that each home unit speaks of at some time; which, and where: `address_of_unit`.

    A unit's word is of its wearer's tag and does not say which: it goes to each of their lives.
    """
    found: dict[UnitName, list[Life]] = {}
    for life in lives:
        for unit in life.home_units:
            found.setdefault(unit, []).append(life)
    return {unit: tuple(listed) for unit, listed in found.items()}
