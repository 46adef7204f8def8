"""How devices and feeds fare: each device by its own plan, each feed by itself, each chore.

A fleet is never well because its average is: who is silent is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tipstaff.domain.outages import FeedOutage
from tipstaff.domain.purposes import Purpose
from tipstaff.records import chore_runs, feed_outages, feeds_seen, last_heard
from tipstaff.records.feeds_seen import FeedFact
from tipstaff.records.last_heard import DeviceHeard, FleetCount, PlaceLine
from tipstaff.services.access import admit_to
from tipstaff.services.case_recording import clock
from tipstaff.services.chores import CHORES, Chore, due_at
from tipstaff.services.limited_access import list_reach
from tipstaff.services.recording import reading

#: So many devices are named at most.
_MOST: Final = 1000
#: A worker puts down every ten seconds; one that did not for so long is ended, or stuck.
WORKER_STILL: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class ChoreHealth:
    """A chore: when it began last, whether it failed, when it is due next."""

    name: str
    words: str
    began_at: datetime | None
    failed: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class FleetHealth:
    """At `at`: feeds that are out, fleets counted, devices that are not on time, chores, feeds.

    `worker_at`: when a worker last put down how feeds stand; None: none did.
    """

    at: datetime
    outages: tuple[FeedOutage, ...]
    fleets: tuple[FleetCount, ...]
    still: tuple[DeviceHeard, ...]
    chores: tuple[ChoreHealth, ...]
    feeds: tuple[FeedFact, ...] = ()
    worker_at: datetime | None = None

    @property
    def worker_is_still(self) -> bool:
        """Whether the worker that put something down does so no more: then all here is old."""
        return self.worker_at is not None and self.at - self.worker_at > WORKER_STILL

    @property
    def is_well(self) -> bool:
        """Whether no feed is out, no device silent, no chore failing, and the worker at work."""
        silent = any(one.silent for one in self.fleets)
        failing = any(one.failed for one in self.chores)
        return not (self.outages or silent or failing or self.worker_is_still)


def fleet_health(
    *, actor: str, purpose: Purpose, authority: str, supplier: str | None = None
) -> FleetHealth:
    """How all is, or one supplier's devices; `still` has at most 1,000, the longest still first.

    Of devices that somebody wears, as the worker heard them; nothing of who wears them.
    """
    access = admit_to(actor, purpose, authority, "fleet_health")
    now = clock()
    with reading(access, extent={"supplier": supplier}) as looked:
        still = tuple(last_heard.not_on_time(now, supplier, limit=_MOST))
        fleets = last_heard.fleets(now, supplier)
        facts, feeds = chore_runs.known(), feeds_seen.known()
        looked.rows = len(still)
    outages = tuple(o for o in feed_outages.going_on() if supplier in {None, o.feed})
    return FleetHealth(
        at=now,
        outages=outages,
        fleets=tuple(fleets),
        still=still,
        chores=tuple(_chore(chore, facts, now) for chore in CHORES),
        feeds=tuple(one for one in feeds if supplier in {None, one.feed}),
        worker_at=max((one.put_down_at for one in feeds), default=None),
    )


def last_positions(
    *, actor: str, purpose: Purpose, authority: str, mine: bool = False, limit: int = 2000
) -> tuple[PlaceLine, ...]:
    """Where each wearer within reach was last, by reference; the audit names them all.

    `mine`: of the cases assigned to the actor or their team alone.
    """
    access = admit_to(actor, purpose, authority, "last_positions")
    with reading(access, extent={"mine": mine, "limit": limit}) as looked:
        lines = last_heard.places(list_reach(access, mine=mine), now=clock(), limit=limit)
        looked.subjects |= {line.subject_ref for line in lines}
        looked.rows = len(lines)
    return tuple(lines)


def _chore(chore: Chore, facts: dict[str, chore_runs.ChoreFact], now: datetime) -> ChoreHealth:
    fact = facts.get(chore.name)
    return ChoreHealth(
        chore.name,
        chore.words,
        None if fact is None else fact.began_at,
        "" if fact is None else fact.failed,
        due_at(chore, fact, now),
    )
