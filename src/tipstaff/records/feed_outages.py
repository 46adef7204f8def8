"""Outages of feeds as values: one row for each, about nobody; and what they hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Q

from tipstaff.domain.outages import FeedOutage
from tipstaff.domain.periods import Period
from tipstaff.records import bulk
from tipstaff.records.chunks import chunked
from tipstaff.records.models import Activation, Episode
from tipstaff.records.models import FeedOutage as Row


def known(*, since: datetime) -> list[FeedOutage]:
    """Outages that go on, or were cleared after `since`."""
    rows = Row.objects.filter(Q(cleared_at__isnull=True) | Q(cleared_at__gt=since))
    return [_value(row) for row in rows.order_by("feed", "since")]


def going_on() -> list[FeedOutage]:
    """Outages that go on."""
    rows = Row.objects.filter(cleared_at__isnull=True).order_by("feed", "since")
    return [_value(row) for row in rows]


def keep(outages: Iterable[FeedOutage], *, now: datetime) -> None:
    """Store outages; one that is there takes its clearing."""
    rows = [
        {"id": uuid4(), "feed": one.feed, "since": one.since, "known_at": now,
         "cleared_at": one.cleared_at}
        for one in outages
    ]  # fmt: skip
    if rows:
        bulk.upsert(Row, rows, key=("feed", "since"))


def look_again(feeds: Collection[str], *, now: datetime) -> None:
    """Have the clock look at every episode that goes on and that an outage of these feeds held."""
    if feeds:
        Episode.objects.filter(held_by__in=sorted(feeds), ended__isnull=True).update(look_at=now)


def feeds_of(wearers: Collection[UUID]) -> dict[UUID, list[tuple[Period, str]]]:
    """When each wearer, by their row's key, wore a device of which supplier: its feed."""
    out: dict[UUID, list[tuple[Period, str]]] = {}
    for chunk in chunked(sorted(wearers)):
        rows = Activation.objects.filter(wearer__in=chunk, superseded_at__isnull=True)
        told = rows.order_by("start").values_list("wearer", "start", "end", "supplier__name")
        for wearer, start, end, supplier in told:
            out.setdefault(wearer, []).append((Period(start, end), supplier))
    return out


def _value(row: Any) -> FeedOutage:
    return FeedOutage(row.feed, row.since, row.cleared_at)
