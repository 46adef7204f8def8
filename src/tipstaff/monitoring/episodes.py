"""Episodes: findings that belong to one visit, and what becomes of them when all is computed again.

A *visit* follows from findings alone: it begins with a beginning, a gap never ends it, evidence to
the contrary or the end of hours, condition or activation does. Where evidence is positions, a day
without any ends it as *end unknown*. What a device says of itself holds until it says otherwise: a
cut strap stays cut. Visits less than 15 minutes apart are one.

An *episode* is a visit with a number of its own, counted within a wearer and never used again.
When everything is computed again, each visit keeps the oldest number that it overlaps; others are
*merged* into it, further pieces *split* from it; what no visit overlaps is *retracted*. All of them
stay, for all to see.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from tipstaff.domain.findings import Finding
from tipstaff.domain.transitions import EPISODE, EpisodeCause, EpisodeState
from tipstaff.monitoring.visits import Visit, visits


@dataclass(frozen=True, slots=True)
class Episode:
    """One visit of a wearer under a number. `into`: the number that it was merged into, 0 if none.

    `split_from` is the number of which this one is a piece, 0 if none. `revision` counts from 1 and
    grows with every change of what is told.
    """

    number: int
    visit: Visit
    revision: int = 1
    state: StrEnum = EPISODE.start
    into: int = 0
    split_from: int = 0


class Change(StrEnum):
    """What became of an episode."""

    OPENED = "opened"
    SPLIT = "split"
    AMENDED = "amended"
    MERGED = "merged"
    RETRACTED = "retracted"


def recomputed(
    before: Sequence[Episode],
    findings: Iterable[Finding],
    evidence: Sequence[datetime],
    horizon: datetime,
    last: int = 0,
) -> tuple[Episode, ...]:
    """Every episode of a wearer, by number, after all findings up to the horizon were made again.

    `evidence`: the instants of which anything is known, in order (the wearer's positions). `last`:
    the highest number that was ever used, where `before` is not all of them.
    """
    made = visits(findings, evidence, horizon)
    kept: dict[int, Episode] = {one.number: one for one in before}
    taken: dict[int, Visit] = {}
    fresh: list[tuple[Visit, int]] = []
    for visit in made:
        overlapped = [one for one in _standing(kept.values()) if one.visit.overlaps(visit)]
        free = [one for one in overlapped if one.number not in taken]
        if free:
            taken[free[0].number] = visit
        else:
            fresh.append((visit, overlapped[0].number if overlapped else 0))
    for one in _standing(before):
        kept[one.number] = _after(one, taken)
    for visit, split_from in fresh:
        number = max(last, *kept, 0) + 1
        kept[number] = Episode(number, visit, split_from=split_from)
    return tuple(kept[number] for number in sorted(kept))


def _standing(episodes: Iterable[Episode]) -> list[Episode]:
    found = [one for one in episodes if one.state is EpisodeState.STANDS]
    return sorted(found, key=lambda one: one.number)


def _after(one: Episode, taken: Mapping[int, Visit]) -> Episode:
    """What becomes of an episode that stood."""
    own = taken.get(one.number)
    if own == one.visit:
        return one
    if own is not None:
        return _moved(one, EpisodeCause.AMENDED, visit=own)
    over = [number for number, visit in taken.items() if visit.overlaps(one.visit)]
    if over:
        return _moved(one, EpisodeCause.ABSORBED, into=min(over))
    return _moved(one, EpisodeCause.GONE)


def _moved(
    one: Episode, cause: EpisodeCause, *, visit: Visit | None = None, into: int = 0
) -> Episode:
    row = EPISODE.row(one.state, cause)
    if row is None:
        raise ValueError("an episode that was merged or retracted does not move again")
    after = replace(one, state=row.to, revision=one.revision + 1, into=into)
    return after if visit is None else replace(after, visit=visit)


_BY_STATE: Final[dict[StrEnum, Change]] = {
    EpisodeState.STANDS: Change.AMENDED,
    EpisodeState.MERGED: Change.MERGED,
    EpisodeState.RETRACTED: Change.RETRACTED,
}


def changes(
    before: Iterable[Episode], after: Iterable[Episode]
) -> tuple[tuple[Episode, Change], ...]:
    """What became of episodes, by number: those that are new or of which more or else is told."""
    known = {one.number: one for one in before}
    out: list[tuple[Episode, Change]] = []
    for one in after:
        was = known.get(one.number)
        if was is None:
            out.append((one, Change.SPLIT if one.split_from else Change.OPENED))
        elif was != one:
            out.append((one, _BY_STATE[one.state]))
    return tuple(out)
