"""Episodes computed again from an instant on, where findings from before it are not made again.

What ended before the instant is left as it is. A visit that stood over it goes on with what was
told of it: its beginning, its reasons and how far its evidence went stay, and what is found from
the instant on adds to them. So nothing that was known before is forgotten, and nothing is taken
back that only findings from before could take back: whoever corrects something makes all findings
again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from tipstaff.domain.findings import Finding, Step
from tipstaff.domain.transitions import EpisodeState
from tipstaff.monitoring.episodes import Episode, recomputed
from tipstaff.monitoring.visits import Key


def reaches(one: Episode, since: datetime | None) -> bool:
    """Whether an episode had not ended before the instant; None: before everything."""
    return since is None or one.visit.ended is None or one.visit.ended >= since


def recomputed_since(
    before: Iterable[Episode],
    findings: Iterable[Finding],
    evidence: Sequence[datetime],
    horizon: datetime,
    since: datetime | None,
    last: int,
) -> tuple[Episode, ...]:
    """`episodes.recomputed` of those that reach `since`; the others are not in it.

    `findings`: all from `since` on. Where some of a visit from before are given too, all of it are.
    `last`: the highest number ever used of the wearer.
    """
    reaching = [one for one in before if reaches(one, since)]
    told = list(findings)
    if since is None:
        return recomputed(reaching, told, evidence, horizon, last)
    standing = _standing_over(reaching, told, since)
    begun = [_beginning(one, evidence, since) for one in standing.values()]
    after = recomputed(reaching, [*begun, *told], evidence, horizon, last)
    return tuple(_going_on(one, standing) for one in after)


def _standing_over(
    reaching: Iterable[Episode], findings: Iterable[Finding], since: datetime
) -> Mapping[int, Episode]:
    """Those that stood at the instant and of whose beginning nothing is found again."""
    told: set[Key] = {(one.condition, one.kind) for one in findings if one.at < since}
    return {
        one.number: one
        for one in reaching
        if one.state is EpisodeState.STANDS
        and one.visit.told_at < since
        and (one.visit.condition, one.visit.kind) not in told
    }


def _beginning(one: Episode, evidence: Sequence[datetime], since: datetime) -> Finding:
    """A finding that stands for all those from before the instant.

    At the last evidence before it that is given, so that what is not given makes no gap.
    """
    visit = one.visit
    place = bisect_right(evidence, since)
    at = max(visit.told_at, evidence[place - 1] if place else since)
    return Finding(
        at, visit.kind, visit.condition, Step.BEGAN, visit.level, visit.whys[0], visit.began
    )


def _going_on(after: Episode, standing: Mapping[int, Episode]) -> Episode:
    """What was known of its beginning is known still."""
    was = standing.get(after.number)
    if was is None or after.visit.began != was.visit.began:
        return after
    more = tuple(why for why in after.visit.whys if why not in was.visit.whys)
    visit = replace(after.visit, told_at=was.visit.told_at, whys=(*was.visit.whys, *more))
    unchanged = visit == was.visit and after.state is was.state
    return was if unchanged else replace(after, visit=visit)
