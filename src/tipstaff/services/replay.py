"""What was known of a wearer at a time: what was told of them then, and what all known facts say.

Two answers, side by side. *Told* is the record of what people had before them: episodes as their
last revision by then has them. *Found* is what the rules of this version say of the facts and the
orders that were known then, handed over in the order in which they came in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tipstaff.domain.findings import Told
from tipstaff.domain.periods import Period, to_micros
from tipstaff.domain.purposes import Purpose
from tipstaff.monitoring.brought_on import LiveFact, Rulebook, Snapshot, first_snapshot
from tipstaff.monitoring.kept_lives import KeptLife
from tipstaff.monitoring.lives import Life
from tipstaff.monitoring.watchroom import Arrived, Watchroom
from tipstaff.records import wearers
from tipstaff.records.episode_rows import KnownEpisode, known_episodes
from tipstaff.records.live_lives import lives_on_record
from tipstaff.services.access import admit_to
from tipstaff.services.error_models import rulebook
from tipstaff.services.inbox import inbox_reader
from tipstaff.services.limited_access import as_seen
from tipstaff.services.live_past import StoredFacts
from tipstaff.services.live_watched import made_ready
from tipstaff.services.recording import reading


@dataclass(frozen=True, slots=True)
class Replayed:
    """What was known of a wearer at `known_at`, within a period."""

    known_at: datetime
    told: tuple[KnownEpisode, ...]
    found: tuple[Told, ...]
    facts: int


def replay(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    wearer: str,
    period: Period,
    known_at: datetime,
) -> Replayed | None:
    """What was known of a wearer at `known_at`; None where there is no such wearer to be seen.

    Facts count from when they came in; those in the archive, from when they were brought there.
    """
    access = admit_to(actor, purpose, authority, "replay")
    whom = frozenset(wearers.subject_refs([wearer]))
    extent = {"known_at": known_at.isoformat(), "from": period.start.isoformat(),
              "to": period.end.isoformat()}  # fmt: skip
    with reading(access, extent=extent, subjects=whom) as looked:
        seen = wearers.subject_refs([as_seen(access, wearer)])
        lives = lives_on_record(period.start, seen, known_at)
        told = known_episodes(seen, period, known_at)
        if not seen:
            return None
        found, facts = _found(lives, period, known_at)
        looked.rows = len(told) + len(found)
    return Replayed(known_at, told, found, facts)


def _found(
    lives: Sequence[Life], period: Period, known_at: datetime
) -> tuple[tuple[Told, ...], int]:
    """What the rules say, in order, and of how many facts."""
    source, count, told, rules = StoredFacts(inbox_reader()), 0, list[Told](), rulebook()
    known_us = to_micros(known_at)
    for life in lives:
        ready = made_ready(life, known_at, rules)
        every = source.of(ready, life.period.start)
        known = [one for one in every if one.fact.ingested_us <= known_us]
        past = _FromTheBeginning(known, rules)
        room = Watchroom(rules, past)
        room.watch(ready.watched)
        room.take({ready.watched.life: known}, known_us)
        told += room.lives[ready.watched.life].everything
        count += len(known)
    inside = [one for one in told if period.contains(one.at)]
    return tuple(sorted(inside, key=lambda one: one.at)), count


@dataclass(slots=True)
class _FromTheBeginning:
    """A past without snapshots."""

    known: Sequence[Arrived]
    rules: Rulebook

    def back_to(
        self,
        life: KeptLife,
        at_us: int,  # noqa: ARG002 (the beginning serves)
    ) -> tuple[Snapshot, Sequence[LiveFact]]:
        """See `watchroom.Past`: the beginning, and what had been taken before."""
        came_us = life.known.horizon_us
        facts = [o.fact for o in self.known if not o.doubted and o.fact.ingested_us <= came_us]
        return first_snapshot(life.watched, self.rules), [f for f in facts if f.at_us <= came_us]
