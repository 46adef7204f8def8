"""From episodes to alerts: what opens, what moves, and what follows a closed alert.

It looks at all episodes and all alerts of a wearer, not at what changed since the last time, so
that it can be done again after a crash: done twice, it changes nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from tipstaff.domain.alerts import Alert, EpisodeNow, Evidence, is_outgrown, linked, moved
from tipstaff.domain.notices import NoticeKey, has_told
from tipstaff.domain.protocols import LATE, Protocols, Revealed, Route, route
from tipstaff.domain.transitions import EpisodeState
from tipstaff.domain.zones import Harm
from tipstaff.monitoring.episodes import Episode

_EVIDENCE: Final = {
    EpisodeState.STANDS: Evidence.STANDS,
    EpisodeState.MERGED: Evidence.MERGED,
    EpisodeState.RETRACTED: Evidence.RETRACTED,
}


def told_of(one: Episode) -> EpisodeNow:
    """What an episode says, as its alerts take it."""
    evidence = _EVIDENCE[EpisodeState(one.state)]
    goes_on = one.visit.ended is None and evidence is Evidence.STANDS
    return EpisodeNow(one.number, one.revision, one.visit.level, evidence, goes_on)


@dataclass(frozen=True, slots=True)
class Telling:
    """By what alerts of one wearer are opened at `now`.

    `harm_of` is the harm of a condition's zone, None where it has none. `speaks` is whether an
    episode may open an alert now: not a silence that is its feed's (`domain.outages`).
    `by_correction`: whether orders, zones or activations were corrected, rather than facts come in;
    what happens as the change takes effect is not revealed by it.
    `last`: the highest number of an alert that was ever used, where not all alerts are given.
    """

    now: datetime
    protocols: Protocols
    harm_of: Callable[[str], Harm | None]
    speaks: Callable[[Episode], bool]
    by_correction: bool = False
    wearer: str = field(default="", repr=False)
    last: int = 0


def alerts_after(
    alerts: Sequence[Alert],
    episodes: Iterable[Episode],
    sent: Collection[NoticeKey],
    telling: Telling,
) -> tuple[Alert, ...]:
    """Every alert of the wearer, by number, after the episodes were computed again.

    `sent`: the keys of all notices about the wearer's episodes. An episode that nobody was alerted
    to and that stands no more opens nothing.
    """
    after = {one.number: one for one in alerts}
    newest: dict[int, Alert] = {}
    for one in sorted(alerts, key=lambda one: one.number):
        newest[one.opened.episode] = one
    for episode in sorted(episodes, key=lambda one: one.number):
        told = told_of(episode)
        if episode.number in newest:
            _move(after, told, sent, telling)
            _follow(after, newest[episode.number].number, episode, telling)
        elif told.evidence is Evidence.STANDS and telling.speaks(episode):
            number = max(telling.last, *after, 0) + 1
            after[number] = _opened(number, episode, told, telling)
    return tuple(after[number] for number in sorted(after))


def _move(
    after: dict[int, Alert], told: EpisodeNow, sent: Collection[NoticeKey], telling: Telling
) -> None:
    """Move every alert on an episode."""
    keys = [key for key in sent if key.episode == told.episode]
    for number, one in after.items():
        if one.opened.episode == told.episode:
            notified = has_told(one, telling.protocols, keys)
            after[number] = moved(one, told, telling.now, notified=notified)


def _follow(after: dict[int, Alert], number: int, episode: Episode, telling: Telling) -> None:
    """Open an alert after the newest one on an episode, if the evidence outgrew it.

    It is news of now, or of the episode's end, however long ago the episode began.
    """
    if is_outgrown(after[number]):
        on = _route(episode, after[number].harm, telling, episode.visit.ended or telling.now)
        fresh = max(telling.last, *after) + 1
        old, new = linked(after[number], fresh, on, telling.now)
        after[old.number], after[new.number] = old, new


def _route(episode: Episode, harm: Harm | None, telling: Telling, happened_at: datetime) -> Route:
    revealed = telling.by_correction and telling.now - happened_at > LATE
    known = Revealed(happened_at, telling.now, revealed)
    return route(telling.protocols, episode.visit.kind, harm, known)


def _opened(number: int, episode: Episode, told: EpisodeNow, telling: Telling) -> Alert:
    harm = telling.harm_of(episode.visit.condition)
    return Alert(
        number=number,
        wearer=telling.wearer,
        kind=episode.visit.kind,
        harm=harm,
        route=_route(episode, harm, telling, episode.visit.told_at),
        opened_at=telling.now,
        opened=told,
        told=told,
    )
