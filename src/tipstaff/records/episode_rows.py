"""Episodes as rows, and back: exactly the values that were stored."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from tipstaff.domain.findings import FindingKind, Level, Why
from tipstaff.domain.periods import Period
from tipstaff.domain.transitions import EpisodeState
from tipstaff.monitoring.episodes import Change, Episode
from tipstaff.monitoring.visits import End, Visit
from tipstaff.records import bulk
from tipstaff.records.models import Episode as EpisodeRow
from tipstaff.records.models import EpisodeRevision


@dataclass(frozen=True, slots=True)
class Held:
    """By which feed's outage an episode opens no alert, and when to look again; empty: it is not.

    `look_at` is None while the outage goes on: when it clears, somebody looks.
    """

    feed: str = ""
    look_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeptEpisode:
    """An episode as it stands, and by what it is held."""

    value: Episode
    held: Held = Held()


@dataclass(frozen=True, slots=True)
class EpisodeChange:
    """An episode to be stored: its wearer's row; `change` is None where nothing else is told."""

    wearer: UUID
    kept: KeptEpisode
    change: Change | None


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """What was told of an episode at one revision, and when it came to be known."""

    revision: int
    change: Change
    known_at: datetime
    began: datetime
    level: Level
    whys: tuple[Why, ...]
    ended: datetime | None
    end: End
    filled: bool


def episode_of(row: Any) -> KeptEpisode:
    """The value of a row."""
    visit = Visit(
        row.condition, FindingKind(row.kind), row.began, row.told_at, Level(row.level),
        tuple(Why(why) for why in row.whys), row.ended, End(row.end), row.filled,
    )  # fmt: skip
    value = Episode(
        row.number, visit, row.revision, EpisodeState(row.state), row.into, row.split_from
    )
    return KeptEpisode(value, Held(row.held_by, row.look_at))


def store(changes: Sequence[EpisodeChange], *, now: datetime) -> None:
    """Store episodes as they now stand, and what each change told, as a revision of its own."""
    if changes:
        bulk.upsert(EpisodeRow, map(_row, changes), key=("wearer_id", "number"))
        bulk.insert(EpisodeRevision, _revisions(changes, now))


def _row(change: EpisodeChange) -> dict[str, Any]:
    one, held = change.kept.value, change.kept.held
    return {
        "id": uuid4(),
        "wearer_id": change.wearer,
        "number": one.number,
        "condition": one.visit.condition,
        "told_at": one.visit.told_at,
        "kind": one.visit.kind,
        "revision": one.revision,
        "state": one.state,
        "into": one.into,
        "split_from": one.split_from,
        "held_by": held.feed,
        "look_at": held.look_at,
        **_said(one.visit),
    }


def _revisions(changes: Iterable[EpisodeChange], now: datetime) -> Iterator[dict[str, Any]]:
    for change in changes:
        one = change.kept.value
        if change.change is not None:
            yield {
                "id": uuid4(),
                "wearer_id": change.wearer,
                "number": one.number,
                "revision": one.revision,
                "change": change.change,
                "known_at": now,
                **_said(one.visit),
            }


def _said(visit: Visit) -> dict[str, Any]:
    return {
        "began": visit.began,
        "level": int(visit.level),
        "whys": list(visit.whys),
        "ended": visit.ended,
        "end": visit.end,
        "filled": visit.filled,
    }


def revisions_of(wearer: UUID, number: int) -> tuple[RevisionLine, ...]:
    """All that was told of an episode of the wearer with that row, in order."""
    rows = EpisodeRevision.objects.filter(wearer=wearer, number=number).order_by("revision")
    return tuple(map(_line, rows))


def _line(row: Any) -> RevisionLine:
    return RevisionLine(
        row.revision, Change(row.change), row.known_at, row.began, Level(row.level),
        tuple(Why(why) for why in row.whys), row.ended, End(row.end), row.filled,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class KnownEpisode:
    """An episode as it was told by some instant: its last revision known then."""

    number: int
    condition: str
    kind: FindingKind
    last: RevisionLine


def known_episodes(
    wearers: Collection[UUID], period: Period, known_at: datetime
) -> tuple[KnownEpisode, ...]:
    """The episodes of wearers (the audit's references) of a period, as known at an instant.

    Those that had begun before its end and not ended before its start, as far as was known.
    """
    rows = EpisodeRow.objects.filter(wearer__subject_ref__in=list(wearers)).order_by("number")
    known: dict[tuple[UUID, int], Any] = {}
    revisions = EpisodeRevision.objects.filter(
        wearer__subject_ref__in=list(wearers), known_at__lte=known_at
    )
    for revision in revisions.order_by("revision"):
        known[revision.wearer_id, revision.number] = revision
    found = []
    for row in rows:
        last = known.get((row.wearer_id, row.number))
        if last is None or last.began >= period.end:
            continue
        if last.ended is None or last.ended >= period.start:
            kind = FindingKind(row.kind)
            found.append(KnownEpisode(row.number, row.condition, kind, _line(last)))
    return tuple(found)
