"""What the engine found of many wearers becomes episodes, alerts and notices: the worker's door.

One durable transaction: what was found, who is to be told, and how far the worker has read are
committed together, so that after a crash the same is done again and changes nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from tipstaff.domain.findings import Finding, PeriodOutcome
from tipstaff.domain.zones import Harm
from tipstaff.monitoring.episodes import Episode
from tipstaff.monitoring.resumed import recomputed_since
from tipstaff.positions.inbox_tables import Cursor
from tipstaff.records import alerts, period_outcomes
from tipstaff.records.alerts import KeptAlerts
from tipstaff.services.alert_round import Kept, Moved, keep_round
from tipstaff.services.feed_watch import feed_watch

__all__ = ["READER", "Kept", "WearerTold", "cursor_of", "keep_told", "tell_by_clock"]

#: The worker, among those who read the inbox.
READER: Final = "monitoring"


@dataclass(frozen=True, slots=True)
class WearerTold:
    """What the engine says of one wearer now.

    `wearer` is the audit's reference of the wearer. `findings` and `outcomes`: all from `since` on,
    world and knowledge, made anew (None: from the beginning of the activation). An outcome from
    then on that is not among them is withdrawn; without `outcomes` nothing is said of any. Episodes
    that ended before `since` are left as they are; see `monitoring.resumed` for those that stood
    over it. `evidence`: the instants of which anything is known, in order. `harms`: the harm of
    each condition's zone. `by_correction`: whether orders, zones or activations were corrected,
    rather than facts come in.
    """

    wearer: UUID
    findings: tuple[Finding, ...] = field(repr=False)
    evidence: tuple[datetime, ...] = field(repr=False)
    horizon: datetime
    harms: Mapping[str, Harm] = field(repr=False)
    outcomes: tuple[PeriodOutcome, ...] | None = field(default=None, repr=False)
    since: datetime | None = None
    by_correction: bool = False


def keep_told(
    told: Sequence[WearerTold],
    now: datetime,
    *,
    cursor: Cursor | None,
    reader: str = READER,
    fence: Callable[[], None] = lambda: None,
) -> Kept:
    """Keep what was found of each wearer once, and how far the worker has read.

    As many statements for one wearer as for 500; where nothing changed, nothing is written but the
    cursor. A wearer who is on record no more is passed over. `fence` raises, and nothing is kept,
    where the caller may speak for these wearers no longer.
    """
    with transaction.atomic(durable=True):
        fence()
        done = _keep(told, now) if told else Kept()
        if cursor is not None:
            alerts.keep_cursor(reader, cursor.segment, cursor.sequence, now=now)
    return done


def tell_by_clock(now: datetime, most: int) -> Kept:
    """Queue what fell due by the clock alone, and open what an outage held, of `most` wearers.

    Called again and again; with more than `most` due, the longest due come first.
    """
    with transaction.atomic(durable=True):
        due = alerts.due_at(now, most)
        if not due:
            return Kept()
        alerts.lock(due)
        kept = alerts.to_look_at(due, now=now)
        moved = [
            Moved(ref, one, [episode.value for episode in one.episodes])
            for ref, one in sorted(kept.items())
        ]
        return _round(moved, now)


def cursor_of(reader: str = READER) -> Cursor | None:
    """How far a reader has come; None where it never began."""
    found = alerts.cursor_of(reader)
    return None if found is None else Cursor(*found)


def _keep(told: Sequence[WearerTold], now: datetime) -> Kept:
    by_wearer = {one.wearer: one for one in told}
    if len(by_wearer) != len(told):
        raise ValueError("each wearer is told of once")
    alerts.lock(by_wearer)
    kept = alerts.kept_of(by_wearer, since=_earliest(told))
    known = {ref: by_wearer[ref] for ref in sorted(kept)}
    _keep_outcomes(kept, known, now)
    return _round([_moved(kept[ref], one) for ref, one in known.items()], now)


def _moved(kept: KeptAlerts, told: WearerTold) -> Moved:
    before = [one.value for one in kept.episodes]
    after = recomputed_since(
        before, told.findings, told.evidence, told.horizon, told.since, kept.last_episode
    )
    return Moved(told.wearer, kept, after, told.harms.get, told.by_correction)


def _round(moved: Sequence[Moved], now: datetime) -> Kept:
    episodes: list[Episode] = [one for each in moved for one in each.episodes]
    return keep_round(moved, feed_watch([one.kept for one in moved], episodes), now)


def _earliest(told: Sequence[WearerTold]) -> datetime | None:
    """From when on episodes are to be read for all of them; None: from ever, or of nobody."""
    starts = [one.since for one in told if one.since is not None]
    return min(starts, default=None) if len(starts) == len(told) else None


def _keep_outcomes(
    kept: Mapping[UUID, KeptAlerts], told: Mapping[UUID, WearerTold], now: datetime
) -> None:
    """Store outcomes that are new or other, and withdraw those that are no more."""
    rows = [one.row for one in kept.values()]
    stands = period_outcomes.outcomes_of(rows, since=_earliest(list(told.values())))
    fresh: dict[UUID, list[PeriodOutcome]] = {}
    gone: dict[UUID, list[PeriodOutcome]] = {}
    for ref, one in told.items():
        if one.outcomes is None:
            continue
        row = kept[ref].row
        before = {_period(o): o for o in stands.get(row, ()) if _since(o, one.since)}
        after = {_period(o): o for o in one.outcomes}
        fresh[row] = [o for key, o in after.items() if before.get(key) != o]
        gone[row] = [o for key, o in before.items() if key not in after]
    period_outcomes.store(fresh, gone, now=now)


def _since(one: PeriodOutcome, since: datetime | None) -> bool:
    return since is None or one.at >= since


def _period(one: PeriodOutcome) -> tuple[str, str, datetime]:
    return (one.kind, one.condition, one.start)
