"""What the access policy decides from: who acts, what is asked, whom it concerns, what was allowed.

References name people and stay out of `repr`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from tipstaff.domain.geodesy import distance_m
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.periods import Period
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import Course, Role


@dataclass(frozen=True, slots=True)
class ActorFacts:
    """An account as it stands: `role` is None where it has none that is known.

    `courses`: until when each training holds (None: without an end). `wearer` is the reference of
    the wearer whose own account it is.
    """

    ref: UUID
    role: Role | None
    active: bool = True
    force: str | None = None
    team: UUID | None = None
    organisation: str = ""
    wearer: str | None = field(default=None, repr=False)
    courses: Mapping[Course, datetime | None] = field(default_factory=dict)

    def trained(self, course: Course, now: datetime) -> bool:
        """Whether training in `course` is in force."""
        if course not in self.courses:
            return False
        until = self.courses[course]
        return until is None or now < until


#: No search by place is wider.
WIDEST_M: Final = 50_000.0


@dataclass(frozen=True, slots=True)
class Area:
    """A circle on the ground that a place search may cover: degrees and metres."""

    latitude: float = field(repr=False)
    longitude: float = field(repr=False)
    radius_m: float

    @property
    def is_a_place(self) -> bool:
        """Whether it lies on Earth, and is no wider than any search; not where a number is none."""
        on_earth = abs(self.latitude) <= 90 and abs(self.longitude) <= 180
        return on_earth and 0 < self.radius_m <= WIDEST_M

    def covers(self, other: Area) -> bool:
        """Whether the other circle lies within this one, to the centimetre."""
        away = float(distance_m(self.latitude, self.longitude, other.latitude, other.longitude))
        return away + other.radius_m <= self.radius_m + 0.01


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks for. `name` is a wearer's reference or a device's, as it was typed."""

    use_case: str
    purpose: Purpose
    name: str | None = field(default=None, repr=False)
    period: Period | None = None
    area: Area | None = None


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """The wearer whom it concerns, as the records tell.

    `orders`: the force and legal basis of each order that now shows. `assigned`: to the actor or
    to the actor's team. `limited`: the record says limited access, now or at a time to come.
    """

    reference: str = field(repr=False)
    orders: frozenset[tuple[str, LegalBasis]] = frozenset()
    assigned: bool = False
    limited: bool = False


@dataclass(frozen=True, slots=True)
class PermitFacts:
    """An approval of the actor's, or one taken in an emergency: for this use case alone.

    In force from `starts_at` up to, not including, `ends_at`. `emergency`: nobody approved it.
    """

    ref: UUID
    use_case: str
    purpose: Purpose
    period: Period
    starts_at: datetime
    ends_at: datetime
    name: str | None = field(default=None, repr=False)
    area: Area | None = None
    emergency: bool = False

    def covers(self, asked: Asked, now: datetime) -> bool:
        """Whether what is asked lies within what was approved, in every respect."""
        return (
            self.starts_at <= now < self.ends_at
            and (self.use_case, self.purpose) == (asked.use_case, asked.purpose)
            and (self.name is None or self.name == asked.name)
            and _period_within(asked.period, self.period)
            and _area_within(asked.area, self.area)
        )


@dataclass(frozen=True, slots=True)
class GrantFacts:
    """A grant by name for records of limited access: one wearer's, or all (`wearer` is None)."""

    starts_at: datetime
    ends_at: datetime | None
    wearer: str | None = field(default=None, repr=False)

    def opens(self, reference: str, now: datetime) -> bool:
        """Whether it opens that wearer's record now."""
        return self.in_force(now) and self.wearer in {None, reference}

    def in_force(self, now: datetime) -> bool:
        """Whether it holds now."""
        return self.starts_at <= now and (self.ends_at is None or now < self.ends_at)


def _period_within(asked: Period | None, allowed: Period) -> bool:
    return asked is None or (allowed.start <= asked.start and asked.end <= allowed.end)


def _area_within(asked: Area | None, allowed: Area | None) -> bool:
    if asked is None:
        return allowed is None
    return allowed is not None and allowed.covers(asked)
