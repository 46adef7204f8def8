"""Nothing is watched of which nothing may be collected: consent withdrawn, a licence relaxed.

The intake drops what no order supports (`domain.intake_gate`). What orders demand is cut to the
same time here, so that nobody is judged by the little that is left. That matters where a person
chose to be tagged: under every other order its own status says it already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from operator import itemgetter

from tipstaff.domain.consents import Consent
from tipstaff.domain.intake_gate import Supported, supported
from tipstaff.domain.intake_words import WearerFacts
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.order_life import StatusStretch
from tipstaff.domain.orders import Order, OrderStatus
from tipstaff.domain.versions import SINCE_EVER, Stated, timeline
from tipstaff.monitoring.held import OrderVersion

#: All versions of one order.
Versions = Sequence[OrderVersion]


def collecting(
    orders: Sequence[Versions], consents: Iterable[Consent], since: datetime
) -> dict[str, tuple[Supported, ...]]:
    """When each order, by reference, supports collection from a tag worn since `since`."""
    timelines = {_name(versions): tuple(_stretches(versions)) for versions in orders}
    return supported(WearerFacts(timelines, tuple(consents)), since)


def at_any_time(when: Mapping[str, Sequence[Supported]]) -> tuple[Supported, ...]:
    """The stretches in which any of the orders supports collection, apart and in order."""
    found: list[Supported] = []
    for start, end in sorted((one for each in when.values() for one in each), key=itemgetter(0)):
        if not found or (found[-1][1] is not None and found[-1][1] < start):
            found.append((start, end))
        else:
            first, last = found.pop()
            found.append((first, None if last is None or end is None else max(last, end)))
    return tuple(found)


def cut_to(
    orders: Sequence[Versions], when: Mapping[str, Sequence[Supported]], since: datetime
) -> Sequence[Versions]:
    """The orders as they may be watched by a tag worn since `since`.

    Where a person chose to be tagged, each order is given further versions, which no record holds,
    for the time in which it supports no collection: suspended. What stands before `since` is left.
    """
    if not any(_chosen(order) for versions in orders for _, order in versions):
        return orders
    return [_cut(versions, when[_name(versions)], since) for versions in orders]


def _chosen(order: Order) -> bool:
    return order.basis is LegalBasis.VOLUNTARY or bool(order.restores)


def _name(versions: Versions) -> str:
    return versions[0][1].reference


def _stretches(versions: Versions) -> Iterator[StatusStretch]:
    orders = {stated.number: order for stated, order in versions}
    for shown in timeline(stated for stated, _ in versions):
        order = orders[shown.number]
        yield StatusStretch(
            start=shown.start,
            end=shown.end,
            status=order.status,
            basis=order.basis,
            begins=order.starts_at,
            ends=order.ends_at,
            restores=order.restores,
        )


def _cut(versions: Versions, when: Sequence[Supported], since: datetime) -> Versions:
    number = max(stated.number for stated, _ in versions)
    idle = replace(versions[-1][1], status=OrderStatus.SUSPENDED)
    gaps = enumerate(_between(when, since), start=number + 1)
    return [*versions, *((Stated(n, start, end, SINCE_EVER), idle) for n, (start, end) in gaps)]


def _between(when: Sequence[Supported], since: datetime) -> Iterator[Supported]:
    """The time from `since` on that is in none of them."""
    at: datetime | None = since
    for start, end in when:
        if at is not None and at < start:
            yield at, start
        at = end
    if at is not None:
        yield at, None
