"""A simulated office: a month of ordinary staff, who look at people because it is their work.

Offender managers look at their caseload by day, and at colleagues' when those are away; operators
answer alerts in shifts by day and night, most often with a reason on record; analysts list and
compare. What is known of staff and cases is as incomplete as it is in an office.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from tipstaff.domain.looks import Look
from tipstaff.domain.misuse_facts import Known, StaffFacts

BEGIN: Final = datetime(2026, 3, 2, tzinfo=UTC)
HISTORY_DAYS: Final = 63
DAYS: Final = 28
START: Final = BEGIN + timedelta(days=HISTORY_DAYS)
#: How many of staff have a home on record, and of how many pairs it is known who has a reason.
HOME_KNOWN, REASON_KNOWN = 0.8, 0.97


@dataclass(frozen=True, slots=True)
class Size:
    """How many work there, and on how many wearers."""

    managers: int = 40
    operators: int = 14
    analysts: int = 6
    wearers: int = 1000


@dataclass(slots=True)
class Office:
    """Who works there, on whom, and what is known of it."""

    chance: random.Random
    size: Size
    staff: dict[UUID, str] = field(default_factory=dict)
    wearers: list[UUID] = field(default_factory=list)
    monitored: list[UUID] = field(default_factory=list)
    closed: dict[UUID, datetime] = field(default_factory=dict)
    cases: dict[UUID, list[UUID]] = field(default_factory=dict)
    reasons: set[tuple[UUID, UUID]] = field(default_factory=set)

    def new_id(self) -> UUID:
        """A random reference."""
        return UUID(int=self.chance.getrandbits(128), version=4)

    def look(self, actor: UUID, at: datetime, *aimed: UUID, **other: object) -> Look:
        """A look at persons named in the asking, with its two entries."""
        made = Look(
            request_ref=self.new_id(),
            entries=(self.new_id(), self.new_id()),
            at=at,
            actor_ref=actor,
            role=self.staff[actor],
            operation="consultation",
            use_case="show_case",
            purpose="offender_management",
            subjects=frozenset(aimed),
            aimed=frozenset(aimed),
            rows=3,
        )
        return replace(made, **other)  # type: ignore[arg-type]


def opened(seed: int, size: Size) -> Office:
    """The office of this seed, its people in it; the same for ever."""
    office = Office(random.Random(seed), size)
    _people(office)
    return office


def _people(office: Office) -> None:
    chance = office.chance
    office.wearers = [office.new_id() for _ in range(office.size.wearers)]
    size = office.size
    roles = [
        *["manager"] * size.managers,
        *["operator"] * size.operators,
        *["analyst"] * size.analysts,
    ]
    for role in roles:
        actor = office.new_id()
        office.staff[actor] = role
        if role == "manager":
            office.cases[actor] = chance.sample(office.wearers, chance.randint(12, 35))
            office.reasons |= {(actor, wearer) for wearer in office.cases[actor]}
    free = sorted(set(office.wearers) - {w for own in office.cases.values() for w in own})
    for wearer in chance.sample(free, size.wearers // 50):
        office.closed[wearer] = START - timedelta(days=chance.uniform(0, 60))
    office.monitored = [wearer for wearer in office.wearers if wearer not in office.closed]


def ordinary(office: Office) -> Iterator[Look]:
    """Everybody's looks, in no order."""
    for number, (actor, role) in enumerate(office.staff.items()):
        for day in range(HISTORY_DAYS + DAYS):
            date = BEGIN + timedelta(days=day)
            if role == "operator":
                yield from _shift(office, actor, date, (day + number * 3) % 8)
            elif date.weekday() < 5 and office.chance.random() < 0.88:
                yield from _office_day(office, actor, role, date)


def _office_day(office: Office, actor: UUID, role: str, date: datetime) -> Iterator[Look]:
    """A day from about eight to five; a late evening once in a while."""
    chance = office.chance
    late = 3 if chance.random() < 0.01 else 0
    for _ in range(chance.randint(6, 18) if role == "manager" else chance.randint(3, 8)):
        at = date + timedelta(hours=min(19.5, max(7, chance.gauss(12, 2.3))) + late)
        if role == "analyst":
            many = chance.sample(office.wearers, 30)
            yield replace(
                office.look(actor, at), use_case="match", operation="combination",
                purpose="crime_matching", subjects=frozenset(many),
            )  # fmt: skip
            continue
        whose = actor
        if chance.random() < 0.03:  # covering for a colleague
            whose = chance.choice(sorted(office.cases))
        yield _slips(office, office.look(actor, at, chance.choice(office.cases[whose])))


def _shift(office: Office, actor: UUID, date: datetime, turn: int) -> Iterator[Look]:
    """Two days, two nights, four off: an alert every twenty minutes or so, whosever it is."""
    chance = office.chance
    if turn >= 4 or chance.random() < 0.04:
        return
    begin = date + timedelta(hours=7 if turn < 2 else 19)
    for _ in range(chance.randint(15, 40)):
        wearer = chance.choice(office.monitored)
        if chance.random() < 0.97:
            office.reasons.add((actor, wearer))
        look = office.look(actor, begin + timedelta(hours=chance.uniform(0, 12)), wearer)
        yield _slips(office, replace(look, purpose="breach_investigation"))


def _slips(office: Office, look: Look) -> Look:
    """What goes wrong by itself: a program that failed, a right that was missing."""
    drawn = office.chance.random()
    if drawn < 0.002:
        return replace(look, served=False, rows=0, entries=look.entries[:1])
    if drawn < 0.004:
        return replace(
            look, refused="not_permitted", operation="refusal", subjects=frozenset(),
            aimed=frozenset(), rows=0, entries=look.entries[:1],
        )  # fmt: skip
    return look


def known_of(office: Office) -> Known:
    """What is on record of staff and cases once the looks are made; some of it is missing."""
    chance = office.chance
    facts = {
        actor: StaffFacts(
            own=frozenset(chance.sample(office.wearers, 1))
            if chance.random() < 0.3
            else frozenset(),
            neighbours=frozenset(chance.sample(office.wearers, chance.randint(1, 3))),
            namesakes=frozenset(chance.sample(office.wearers, chance.randint(0, 2))),
        )
        for actor in sorted(office.staff)
        if chance.random() < HOME_KNOWN
    }
    unknown = {a for a in sorted(office.staff) if chance.random() > REASON_KNOWN}
    reasons, cases = office.reasons, {w for own in office.cases.values() for w in own}

    def has_reason(actor: UUID, subject: UUID) -> bool | None:
        return None if actor in unknown else (actor, subject) in reasons

    limited = frozenset(chance.sample(sorted(set(office.monitored) - cases), 5))
    return Known(facts, has_reason, office.closed, limited)
