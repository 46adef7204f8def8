"""A simulated log of looks with misuse in it: of each kind, from hardly anything to a lot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from tipstaff.domain.looks import Look
from tipstaff.domain.misuse_facts import Known, StaffFacts
from validation.office import DAYS, START, Office, Size, known_of, opened, ordinary

#: Members of staff who do each kind of misuse in a log.
CULPRITS: Final = 2


@dataclass(frozen=True, slots=True)
class Planted:
    """Misuse of one kind by one member of staff, and its entries."""

    kind: str
    actor: UUID
    entries: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class SimulatedLog:
    """Looks of the month and of the time before, what is known, and what was planted."""

    looks: tuple[Look, ...]
    before: tuple[Look, ...]
    known: Known
    planted: tuple[Planted, ...]

    @property
    def entries(self) -> int:
        """How many entries of the log the month's looks are."""
        return sum(len(look.entries) for look in self.looks)


def simulated(seed: int, size: Size | None = None, *, misuse: bool = True) -> SimulatedLog:
    """A log of this seed; the same for ever."""
    office = opened(seed, size or Size())
    everything = list(ordinary(office))
    known = known_of(office)
    planted: list[Planted] = []
    for kind, plant in PLANTS.items() if misuse else ():
        for actor in office.chance.sample(sorted(office.staff), CULPRITS):
            made = plant(_Culprit(office, known, actor))
            everything += made
            entries = frozenset(entry for look in made for entry in look.entries)
            planted.append(Planted(kind, actor, entries))
    everything.sort(key=lambda look: (look.at, look.request_ref))
    return SimulatedLog(
        looks=tuple(look for look in everything if look.at >= START),
        before=tuple(look for look in everything if look.at < START),
        known=known,
        planted=tuple(planted),
    )


@dataclass(frozen=True, slots=True)
class _Culprit:
    """Who does it, where, and what is known."""

    office: Office
    known: Known
    actor: UUID

    @property
    def facts(self) -> StaffFacts:
        return self.known.staff.get(self.actor, StaffFacts())

    def count(self, least: int, most: int) -> int:
        return self.office.chance.randint(least, most)

    def at(self, first_hour: float = 9, last_hour: float = 16) -> datetime:
        """Some weekday of the month, between these hours in UTC."""
        chance = self.office.chance
        day = chance.choice([day for day in range(DAYS) if day % 7 < 5])
        return START + timedelta(days=day, hours=chance.uniform(first_hour, last_hour))

    def anyone(self, count: int) -> list[UUID]:
        return self.office.chance.sample(self.office.monitored, count)

    def look(self, at: datetime, *aimed: UUID, **other: object) -> Look:
        return self.office.look(self.actor, at, *aimed, **other)

    def private(self, whom: frozenset[UUID]) -> list[Look]:
        """Looks at one of `whom`; where none is known, at somebody of whom no tie is on record."""
        one = self.office.chance.choice(sorted(whom)) if whom else self.anyone(1)[0]
        return [self.look(self.at(), one) for _ in range(self.count(1, 3))]

    def in_turn(self, count: int, apart: timedelta, **other: object) -> list[Look]:
        """Looks at as many people, one soon after the other."""
        begin = self.at()
        return [self.look(begin + n * apart, one, **other)
                for n, one in enumerate(self.anyone(count))]  # fmt: skip


def _limited(who: _Culprit) -> list[Look]:
    return [who.look(who.at(), who.office.chance.choice(sorted(who.known.limited)), rows=0)]


def _without_reason(who: _Culprit) -> list[Look]:
    return [who.look(who.at(), one) for one in who.anyone(who.count(6, 40))]


def _repeated(who: _Culprit) -> list[Look]:
    (one,) = who.anyone(1)
    days = who.office.chance.sample(range(12), who.count(3, 10))
    return [who.look(START + timedelta(days=day, hours=11), one) for day in days]


def _after_close(who: _Culprit) -> list[Look]:
    one = who.office.chance.choice(sorted(who.known.closed_at))
    return [who.look(who.at(), one) for _ in range(who.count(1, 3))]


def _unusual_hours(who: _Culprit) -> list[Look]:
    return [who.look(who.at(1, 4), *who.anyone(1)) for _ in range(who.count(1, 4))]


def _refusals(who: _Culprit) -> list[Look]:
    return who.in_turn(
        who.count(2, 6), timedelta(minutes=1), refused="not_permitted", operation="refusal", rows=0
    )


#: How each kind of misuse is made, by the name of the rule that is meant to ask about it.
PLANTS: Final[Mapping[str, Callable[[_Culprit], list[Look]]]] = {
    "oneself": lambda who: who.private(who.facts.own),
    "neighbours": lambda who: who.private(who.facts.neighbours),
    "namesakes": lambda who: who.private(who.facts.namesakes),
    "limited_access": _limited,
    "break_glass": lambda who: [who.look(who.at(), *who.anyone(1), broke_glass=True)],
    "without_reason": _without_reason,
    "repeated": _repeated,
    "after_close": _after_close,
    "unusual_hours": _unusual_hours,
    "burst": lambda who: who.in_turn(who.count(18, 60), timedelta(seconds=9)),
    "refusals": _refusals,
    "unanswered": lambda who: who.in_turn(
        who.count(2, 6), timedelta(minutes=1), served=False, rows=0
    ),
}
