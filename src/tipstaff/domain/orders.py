"""Orders: why and until when a person is monitored, and what is demanded, as one version says it.

An order is about a person and stays out of `repr`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from tipstaff.domain.conditions import Condition
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.wall_time import wall_time


class OrderStatus(StrEnum):
    """How far an order has come."""

    REFERRED = "referred"
    SUITABLE = "suitable"
    NOT_SUITABLE = "not_suitable"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    ENDED = "ended"


#: Statuses of what is no order: asked for, found suitable or not. Nobody is monitored under them.
NOT_YET_MADE: Final = frozenset(
    {OrderStatus.REFERRED, OrderStatus.SUITABLE, OrderStatus.NOT_SUITABLE}
)
#: Statuses that an order does not come back from.
OVER: Final = frozenset({OrderStatus.REVOKED, OrderStatus.ENDED})


@dataclass(frozen=True, slots=True)
class SchemeRule:
    """The version of an eligibility rule under which the wearer was found eligible."""

    rule_id: str
    version: int


@dataclass(frozen=True, slots=True, repr=False)
class Officer:
    """Who answers for the order: a name and an organisation."""

    name: str
    organisation: str


@dataclass(frozen=True, slots=True, repr=False)
class Decision:
    """That somebody decided `status`, when and why: absent reasons made monitoring unlawful."""

    status: OrderStatus
    by: Officer
    at: datetime
    reasons: str


@dataclass(frozen=True, slots=True, repr=False)
class Order:
    """An order. `reference` is unique among those of one wearer; `wearer` is the wearer's.

    In force from `starts_at` up to, not including, `ends_at` (None: no end is set). `served_at`:
    when the wearer was told of it; None: not yet. `rule`: the scheme's, where there is one.
    `decision`: the last one about its status. `restores`: the reference of the licence order whose
    conditions were relaxed for this one, and come back when consent to this one is withdrawn.
    """

    reference: str
    wearer: str
    basis: LegalBasis
    issued_by: str
    starts_at: datetime
    officer: Officer
    force: str
    status: OrderStatus
    ends_at: datetime | None = None
    served_at: datetime | None = None
    rule: SchemeRule | None = None
    reviews: tuple[date, ...] = ()
    conditions: tuple[Condition, ...] = ()
    decision: Decision | None = None
    restores: str = ""


def enforceable_from(order: Order) -> datetime | None:
    """From when a breach may be told: the later of start and service; None while not served."""
    if order.served_at is None:
        return None
    return max(order.starts_at, order.served_at)


def next_review(order: Order, today: date) -> date | None:
    """The first review that falls on `today` or later; None where none is set."""
    return min((day for day in order.reviews if day >= today), default=None)


def review_due(order: Order) -> date | None:
    """The first day of review that no decision has answered; None where there is none.

    A review ends in a decision about the order, with who made it and why, be it that monitoring
    goes on. It answers every day of review up to its own.
    """
    decided = None if order.decision is None else wall_time(order.decision.at).date()
    left = (day for day in order.reviews if decided is None or day > decided)
    return min(left, default=None)
