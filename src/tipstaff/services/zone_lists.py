"""The zones in force of several wearers at once, for a map of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from tipstaff.domain.case_kinds import CaseValue, Kind
from tipstaff.domain.conditions import ZoneCondition
from tipstaff.domain.orders import NOT_YET_MADE, OVER, Order
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.zones import Zone
from tipstaff.records import case_versions, wearers
from tipstaff.services.access import admit_to
from tipstaff.services.case_recording import clock
from tipstaff.services.limited_access import NOBODY, may_see
from tipstaff.services.recording import reading

#: The zones of more people at once are no picture.
MOST_PEOPLE: Final = 50


@dataclass(frozen=True, slots=True)
class ZoneLine:
    """A zone in force: whose, and by which condition of which order."""

    wearer: str = field(repr=False)
    order: str
    condition: str
    zone: Zone


def list_zones(
    *, actor: str, purpose: Purpose, authority: str, people: Collection[str]
) -> tuple[ZoneLine, ...]:
    """The zones of the orders in force now of at most 50 wearers: by wearer and order.

    Whoever may not be seen has none. The audit holds all who were asked for.
    """
    if len(people) > MOST_PEOPLE:
        raise ValueError("too many people")
    access = admit_to(actor, purpose, authority, "list_zones")
    now, named = clock(), wearers.subject_refs({*people} or {NOBODY})
    with reading(access, extent={}, subjects=frozenset(named)) as looked:
        seen = may_see(access, people)
        orders = case_versions.now_of_each(seen or {NOBODY}, Kind.ORDER, now=now)
        lines = tuple(
            line for who in sorted(seen) for line in _zones(who, orders.get(who, ()), now)
        )
        looked.rows = len(lines)
    return lines


def _zones(wearer: str, orders: tuple[CaseValue, ...], now: datetime) -> Iterator[ZoneLine]:
    for order in orders:
        if not isinstance(order, Order) or not _in_force(order, now):
            continue
        for one in order.conditions:
            if isinstance(one, ZoneCondition):
                yield ZoneLine(wearer, order.reference, one.reference, one.zone)


def _in_force(order: Order, now: datetime) -> bool:
    ended = order.ends_at is not None and order.ends_at <= now
    return order.starts_at <= now and not ended and order.status not in NOT_YET_MADE | OVER
