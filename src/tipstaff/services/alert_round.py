"""One round over the alerts of many wearers: what moved, who is to be told, all stored together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from tipstaff.domain.alerts import Alert
from tipstaff.domain.notices import Notice, NoticeKey, next_notice_at, notices_due
from tipstaff.domain.pauses import Pause
from tipstaff.domain.protocols import Protocols
from tipstaff.domain.transitions import EpisodeState
from tipstaff.domain.zones import Harm
from tipstaff.monitoring.alerting import Telling, alerts_after
from tipstaff.monitoring.episodes import Change, Episode, changes
from tipstaff.records import alerts, outbox, pauses
from tipstaff.records.alert_rows import AlertChange, KeptAlert
from tipstaff.records.alerts import KeptAlerts
from tipstaff.records.episode_rows import EpisodeChange, Held, KeptEpisode
from tipstaff.records.outbox import QueuedNotice
from tipstaff.records.shipped_monitoring import shipped_protocols
from tipstaff.services.feed_watch import FeedWatch

#: What became of alerts, in words for figures.
OPENED: Final = "opened"
AMENDED: Final = "amended"
RETRACTED: Final = "retracted"


@dataclass(frozen=True, slots=True)
class Kept:
    """What a round changed: alerts opened, episodes that moved, those retracted; notices queued.

    Merged episodes count as moved. `by_kind`: the same by what became of them and kind of finding,
    for figures.
    """

    opened: int = 0
    moved: int = 0
    retracted: int = 0
    queued: int = 0
    by_kind: Counter[tuple[str, str]] = field(default_factory=Counter, compare=False)


@dataclass(frozen=True, slots=True)
class Moved:
    """What becomes of one wearer: their episodes as they now are, and how alerts take them."""

    wearer: UUID
    kept: KeptAlerts
    episodes: Sequence[Episode]
    harm_of: Callable[[str], Harm | None] = field(default=lambda _condition: None)
    by_correction: bool = False


@dataclass(slots=True)
class _Gathered:
    """What is to be stored."""

    episodes: list[EpisodeChange] = field(default_factory=list)
    alerts: list[AlertChange] = field(default_factory=list)
    notices: list[QueuedNotice] = field(default_factory=list)
    opened: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of everybody in the round."""

    now: datetime
    protocols: Protocols
    feeds: FeedWatch
    sent: Mapping[UUID, set[NoticeKey]]
    pauses: Mapping[str, list[Pause]]

    def pauses_of(self, wearer: UUID) -> list[Pause]:
        """Those of all, and of this wearer."""
        return [*self.pauses.get("", ()), *self.pauses.get(str(wearer), ())]


def keep_round(moved: Sequence[Moved], feeds: FeedWatch, now: datetime) -> Kept:
    """Open, move and follow alerts, queue what is due, and store it all.

    In the caller's transaction, which has locked these wearers. What did not change is not written.
    """
    known = _known(moved, feeds, now)
    gathered = _Gathered()
    for one in moved:
        _gather(one, known, gathered)
    alerts.store(gathered.episodes, gathered.alerts, now=now)
    queued = outbox.queue(gathered.notices) if gathered.notices else 0
    by_kind = Counter({(OPENED, kind): count for kind, count in gathered.opened.items()})
    for change in gathered.episodes:
        if change.change is not None and change.change not in {Change.OPENED, Change.SPLIT}:
            word = RETRACTED if change.change is Change.RETRACTED else AMENDED
            by_kind[word, change.kept.value.visit.kind.value] += 1
    amended, retracted = (
        sum(count for (word, _), count in by_kind.items() if word == wanted)
        for wanted in (AMENDED, RETRACTED)
    )
    return Kept(gathered.opened.total(), amended, retracted, queued, by_kind)


def _known(moved: Sequence[Moved], feeds: FeedWatch, now: datetime) -> _Known:
    oldest = min((one.value.opened_at for each in moved for one in each.kept.alerts), default=now)
    by_wearer: dict[str, list[Pause]] = {}
    for pause in pauses.covering([one.kept.row for one in moved], since=min(oldest, now)):
        by_wearer.setdefault(pause.wearer, []).append(pause)
    sent = outbox.keys_of([one.wearer for one in moved])
    return _Known(now, shipped_protocols(), feeds, sent, by_wearer)


def _gather(one: Moved, known: _Known, into: _Gathered) -> None:
    sent = known.sent.get(one.wearer, set())
    row, now = one.kept.row, known.now
    telling = Telling(
        now=now,
        protocols=known.protocols,
        harm_of=one.harm_of,
        speaks=lambda episode: not known.feeds.held(row, episode, now).feed,
        by_correction=one.by_correction,
        wearer=str(one.wearer),
        last=one.kept.last_alert,
    )
    before = {kept.value.number: kept for kept in one.kept.alerts}
    after = alerts_after([kept.value for kept in before.values()], one.episodes, sent, telling)
    into.episodes += _episode_changes(one, after, known)
    into.opened.update(alert.kind.value for alert in after if alert.number not in before)
    conditions = {episode.number: episode.visit.condition for episode in one.episodes}
    for alert in after:
        was = before.get(alert.number)
        condition = conditions[alert.opened.episode] if was is None else was.condition
        into.alerts += _alert_change(one, was, KeptAlert(alert, condition), known, into.notices)


def _episode_changes(one: Moved, after: Iterable[Alert], known: _Known) -> Iterable[EpisodeChange]:
    """Episodes of which more or else is told, or that are held or let go."""
    alerted = {alert.opened.episode for alert in after}
    was = {kept.value.number: kept for kept in one.kept.episodes}
    told = dict(changes([kept.value for kept in was.values()], one.episodes))
    for episode in one.episodes:
        held = Held()
        if episode.state is EpisodeState.STANDS and episode.number not in alerted:
            held = known.feeds.held(one.kept.row, episode, known.now)
        kept = KeptEpisode(episode, held)
        if was.get(episode.number) != kept:
            yield EpisodeChange(one.kept.row, kept, told.get(episode))


def _alert_change(
    one: Moved, was: KeptAlert | None, kept: KeptAlert, known: _Known, notices: list[QueuedNotice]
) -> Iterable[AlertChange]:
    """The alert, if it is other than it was; what is due about it is added to `notices`."""
    alert, about = kept.value, known.pauses_of(one.wearer)
    sent = {k for k in known.sent.get(one.wearer, ()) if k.episode == alert.opened.episode}
    due = notices_due(alert, known.protocols, sent, known.now, about)
    notices += [queued(one.wearer, alert, notice, known.now) for notice in due]
    sent |= {notice.key for notice in due}
    at = next_notice_at(alert, known.protocols, sent, known.now, about)
    after = KeptAlert(alert, kept.condition, at)
    if after != was:
        yield AlertChange(one.kept.row, after, 0 if was is None else len(was.value.decisions))


def queued(wearer: UUID, alert: Alert, notice: Notice, now: datetime) -> QueuedNotice:
    """A notice as the outbox takes it."""
    return QueuedNotice(
        wearer=wearer,
        alert=alert.number,
        key=notice.key,
        means=notice.means,
        late=notice.late,
        severity=shipped_protocols().severity(alert.kind, alert.told.level, alert.harm),
        kind=alert.kind,
        queued_at=now,
    )
