"""Live monitoring of this instance: messages in, alerts and notices out, nothing lost in between.

What was found, who is to be told, and how far was read are committed together (`live_telling`).
Now and then the lives themselves are put down, with the place up to which messages are in them; a
worker that starts goes on from there and reads again what came since. What it finds again is on
record already, so nobody is told twice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from tipstaff.domain.findings import Finding, FindingKind, Level, PeriodOutcome, Step, Why
from tipstaff.domain.periods import from_micros, to_micros
from tipstaff.domain.received import Received
from tipstaff.domain.zones import Harm
from tipstaff.formats.life_bytes import life_from_bytes, life_to_bytes, snapshot_to_bytes
from tipstaff.monitoring.fleet_states import StateError
from tipstaff.monitoring.kept_lives import KeptLife, digest_of
from tipstaff.monitoring.lives import Life
from tipstaff.monitoring.watchroom import Watchroom
from tipstaff.positions.checkpoint_tables import CheckpointsErasedError, Latest, LifeRow
from tipstaff.positions.checkpoints import Checkpoints
from tipstaff.positions.inbox_reading import Mark as InboxMark
from tipstaff.positions.inbox_tables import Cursor
from tipstaff.records import feeds_seen, last_heard
from tipstaff.records.live_changes import Mark, changed_since
from tipstaff.records.live_lives import LINGERS, lives_on_record
from tipstaff.records.shipped_monitoring import codes_for
from tipstaff.services.error_models import rulebook
from tipstaff.services.heard_devices import HeardDevices
from tipstaff.services.heard_feeds import HeardFeeds
from tipstaff.services.inbox import InboxReader
from tipstaff.services.live_ahead import Ahead
from tipstaff.services.live_facts import Directory, arrivals
from tipstaff.services.live_outages import watch_feeds
from tipstaff.services.live_past import StoredFacts, StoredPast
from tipstaff.services.live_telling import Kept, WearerTold, keep_told, tell_by_clock
from tipstaff.services.live_watched import ANEW, Ready, made_ready
from tipstaff.services.others_looked import OthersLooks
from tipstaff.services.shards import Shard

#: A message is in the inbox so long after it came in, at most: the clock is not run further.
SETTLED: Final = timedelta(seconds=2)
#: Messages read at once, and wearers told of in one transaction.
MOST: Final = 5_000
TOLD_AT_ONCE: Final = 500


@dataclass(slots=True)
class Turn:
    """What one turn did: messages read, facts that are somebody's, and what was kept of them."""

    messages: int = 0
    facts: int = 0
    kept: list[Kept] = field(default_factory=list)
    behind_s: float = 0.0


class LiveWatch:
    """Everybody who is watched. One thread; `begin` first, then `turn` again and again."""

    def __init__(
        self,
        reader: InboxReader,
        checkpoints: Checkpoints,
        shard: Shard | None = None,
        fence: Callable[[], None] = lambda: None,
    ) -> None:
        self._reader = reader
        self.shard = shard or Shard()
        self._fence = fence
        self._checkpoints = checkpoints
        self.ready: dict[str, Ready] = {}
        self._facts = StoredFacts(reader)
        self._rules = rulebook()
        self._past = StoredPast(checkpoints, self._facts, self.ready, self._rules)
        self.room = Watchroom(self._rules, self._past)
        self._directory = Directory.of(())
        self._lives_of: dict[UUID, list[str]] = {}
        self._digests: dict[str, bytes] = {}
        self._stepped: set[str] = set()
        self._gone: set[str] = set()
        self._ahead = Ahead(reader, self._rules)
        self._heard = HeardDevices()
        self._others = OthersLooks(self._rules.devices)
        self._feeds = HeardFeeds()
        self._corrected: set[UUID] = set()
        self.cursor = Cursor()
        self._inbox = ""
        self._mark: Mark | None = None
        self._untold = False
        self.last_seen: dict[str, datetime] = {}
        self._behind_at: datetime | None = None

    # -- beginning, and changes of the records

    def begin(self, now: datetime) -> None:
        """Watch everybody, each from where they stood when they were last put down."""
        self._mark, _ = changed_since(None)
        latest = self._checkpoints.latest()
        self._inbox = self._reader.inbox_id() if self._reader.exists() else ""
        if latest.inbox_id == self._inbox:
            self.cursor = latest.cursor
        elif self._inbox:
            self.cursor = Cursor(0, self._reader.state().last)
        lives = [life for life in lives_on_record(now) if self.shard.has(life.wearer)]
        self._facts.expect(lives, self.cursor.sequence)
        for life in lives:
            self._begin_one(life, latest, now)
        self._laid_out()
        self._heard.remember(self.shard.has)
        self._others.remember(self.room, self.ready)
        self.last_seen = {one.feed: one.seen_at for one in feeds_seen.known()}

    def _begin_one(self, life: Life, latest: Latest, now: datetime) -> None:
        key = str(life.life)
        ready = self._made_ready(life, now)
        content = latest.lives.get(key) if latest.inbox_id == self._inbox else None
        try:
            kept = content and life_from_bytes(
                content, ready.watched, self._digests[key], self._rules
            )
        except StateError:
            kept = None
        if kept:
            self.room.restore(kept)
        else:
            self._from_the_beginning(key, now)

    def _made_ready(self, life: Life, now: datetime) -> Ready:
        ready = made_ready(life, now, self._rules)
        key = str(life.life)
        self.ready[key] = ready
        self._digests[key] = digest_of(ready.watched, self._rules)
        if life.damaged:
            self.room.stirred.add(key)
        return ready

    def _from_the_beginning(self, key: str, now: datetime) -> None:
        """Judge a life anew, by all facts that were read of it."""
        watched, before = self.ready[key].watched, self.room.lives.get(key)
        facts = self._past.facts_since(key, from_micros(watched.since_us))
        self.room.watch_anew(watched, before, facts, to_micros(now))
        self._stepped.add(key)

    def _laid_out(self) -> None:
        self._directory = Directory.of(ready.life for ready in self.ready.values())
        self._lives_of = {}
        for key, ready in self.ready.items():
            self._lives_of.setdefault(ready.life.wearer, []).append(key)

    def look_at_records(self, now: datetime) -> int:
        """Take in what changed on record; of how many wearers."""
        self._mark, changed = changed_since(self._mark)
        wearers = {wearer for wearer in changed if self.shard.has(wearer)}
        wearers |= {
            ready.life.wearer
            for ready in self.ready.values()
            if ready.until - now < ANEW and ready.life.period.end != ready.until
        }
        if wearers:
            self._changed(wearers, now)
        return len(wearers)

    def _changed(self, wearers: Collection[UUID], now: datetime) -> None:
        listed = {str(life.life): life for life in lives_on_record(now, wearers)}
        self._facts.expect(listed.values(), self._facts.until)
        mine = {key for key, ready in self.ready.items() if ready.life.wearer in wearers}
        for key, life in listed.items():
            was = self.ready.get(key)
            if was is None or was.life.stamp != life.stamp or was.until - now < ANEW:
                self._anew(key, life, now)
        for key in mine - listed.keys():
            self._leave(key, now)
        self._laid_out()

    def _anew(self, key: str, life: Life, now: datetime) -> None:
        was, digest = self.ready.get(key), self._digests.get(key)
        ready = self._made_ready(life, now)
        if was is not None and _only_longer(was, ready) and digest == self._digests[key]:
            self.room.go_on_with(ready.watched)
            return
        self._from_the_beginning(key, now)
        if was is not None:
            self._corrected.add(life.wearer)

    def _leave(self, key: str, now: datetime) -> None:
        """Watch a life no longer: it is over for good, or was never so."""
        ready = self.ready[key]
        end = ready.life.period.end
        others = [
            r for k, r in self.ready.items() if r.life.wearer == ready.life.wearer and k != key
        ]
        is_over = end is not None and now - end >= LINGERS
        if is_over and any(other.life.period.start < end for other in others if end):
            return
        self.room.leave(key)
        last_heard.forget([(ready.life.wearer, ready.life.supplier, ready.life.device_id)])
        del self.ready[key], self._digests[key]
        self._stepped.discard(key)
        self._gone.add(key)
        if not is_over:
            self._corrected.add(ready.life.wearer)

    # -- messages and the clock

    def turn(self, now: datetime) -> Turn:
        """Read what came in, let the clock run, and keep what is told by then."""
        done = Turn()
        page = self._reader.read(self.cursor, MOST) if self._reader.exists() else None
        messages: Sequence[Received] = page.messages if page is not None else ()
        clock = now - SETTLED
        self._behind_at = from_micros(messages[-1].received_us) if len(messages) == MOST else None
        clock = min(clock, self._behind_at or clock)
        told = arrivals(messages, self._directory, codes_for)
        arrived = {key: own for key, own in told.items() if key in self.room.lives}
        arrived = self._others.with_others(self.room, self.ready, arrived, clock, self._behind_at)
        through = self._facts.until if page is None else page.cursor.sequence
        self._facts.expect((self.ready[key].life for key in arrived), through)
        self.room.take(arrived, to_micros(clock))
        self._stepped |= arrived.keys()
        self._look_ahead(page.cursor if page is not None and len(messages) == MOST else None)
        done.messages, done.facts = len(messages), sum(map(len, arrived.values()))
        self._seen(messages)
        if messages and page is not None:
            self.cursor = page.cursor
            done.behind_s = (now - from_micros(messages[-1].received_us)).total_seconds()
        done.kept = self._tell(now, moved=bool(messages))
        return done

    def _look_ahead(self, behind: Cursor | None) -> None:
        """Look through what waits behind the page that was read; None: nothing does."""
        if behind is None:
            self._ahead.caught_up()
            return
        self.room.stirred |= self._ahead.look(behind, self._directory) & self.room.lives.keys()

    def _seen(self, messages: Sequence[Received]) -> None:
        self._heard.note(messages)
        self._feeds.note(messages)
        latest = {message.supplier: message.received_us for message in messages}
        self.last_seen |= {feed: from_micros(came_us) for feed, came_us in latest.items()}

    def _tell(self, now: datetime, *, moved: bool) -> list[Kept]:
        """Keep what is told of those of whom something else may be told than before."""
        stirred, self.room.stirred = self.room.stirred, set()
        corrected, self._corrected = self._corrected, set()
        self._stepped |= stirred
        wearers = {self.ready[key].life.wearer for key in stirred} | corrected
        told = list(self._told(wearers, corrected, now))
        try:
            return self._kept(told, now, moved=moved)
        except BaseException:
            self.room.stirred |= stirred  # nobody was told: they are told again
            self._corrected |= corrected
            raise

    def _kept(self, told: Sequence[WearerTold], now: datetime, *, moved: bool) -> list[Kept]:
        """Keep it in chunks, the cursor with the last; also one that could not be kept before."""
        if not (told or moved or self._untold):
            return []
        self._untold = True
        chunks = [told[at : at + TOLD_AT_ONCE] for at in range(0, len(told), TOLD_AT_ONCE)]
        kept = [self._keep(chunk, now, None) for chunk in chunks[:-1]]
        kept.append(self._keep(chunks[-1] if chunks else (), now, self.cursor))
        self._untold = False
        return kept

    def _keep(self, told: Sequence[WearerTold], now: datetime, cursor: Cursor | None) -> Kept:
        return keep_told(told, now, cursor=cursor, reader=self.shard.reader, fence=self._fence)

    def _told(
        self, wearers: Collection[UUID], corrected: Collection[UUID], now: datetime
    ) -> Iterable[WearerTold]:
        for wearer in sorted(wearers):
            keys = self._lives_of.get(wearer, ())
            yield self._told_of(wearer, keys, now, by_correction=wearer in corrected)

    def _told_of(
        self, wearer: UUID, keys: Sequence[str], now: datetime, *, by_correction: bool
    ) -> WearerTold:
        kept = [self.room.lives[key] for key in keys]
        told = [one for life in kept for one in (*life.everything, *self._ahead.told_of(life))]
        # What came in while the turn began is told in it: nothing else would tell it again.
        horizon = max([now, *(one.at for one in told)])
        told += [_unwatchable(self.ready[key].life) for key in keys if self.ready[key].life.damaged]
        evidence = sorted(at_us for life in kept for at_us in life.evidence)
        harms: dict[str, Harm] = {}
        for key in keys:
            harms |= self.ready[key].harms
        starts = [self.ready[key].life.period.start for key in keys]
        return WearerTold(
            wearer=wearer,
            findings=tuple(one for one in told if isinstance(one, Finding)),
            evidence=tuple(map(from_micros, evidence)),
            horizon=horizon,
            harms=harms,
            outcomes=tuple(one for one in told if isinstance(one, PeriodOutcome)),
            since=min(starts) + timedelta(microseconds=1) if starts else None,
            by_correction=by_correction,
        )

    def escalate(self, now: datetime, most: int = TOLD_AT_ONCE) -> Kept:
        """Tell whoever is to be told by now because nobody did anything."""
        return tell_by_clock(now, most)

    def put_down_heard(self, now: datetime) -> int:
        """Put down when devices were heard, and where they were; of how many there was news."""
        if self.shard.leads:
            self._feeds.put_down(self.last_seen, now)
        return self._heard.put_down(self._directory, now)

    def put_down_some_heard(self, now: datetime) -> int:
        """The same of some devices, those that wait longest."""
        return self._heard.put_down_some(self._directory, now)

    def look_at_feeds(self, now: datetime, allowed: Mapping[str, timedelta] | None = None) -> int:
        """Note feeds that fell silent, and those that are back; how many are out.

        A worker that is behind says nothing of the time that it has not read yet.
        """
        now = min(now, self._behind_at or now)
        return len(watch_feeds(self.last_seen, now, allowed))

    # -- putting down

    def put_down(self) -> int:
        """Put down where every life stands that moved; how many. Then the inbox may forget.

        Where somebody was erased meanwhile, what is held of them is let go first.
        """
        try:
            return self._put_down()
        except CheckpointsErasedError:
            self.look_at_records(datetime.now(UTC))
            self._checkpoints.latest()
            return self._put_down()

    def thin(self, now: datetime) -> int:
        """Drop what of everybody's history is older than 48 hours, but the last of each day."""
        return self._checkpoints.thin(to_micros(now))

    def _put_down(self) -> int:
        if not self._inbox and self._reader.exists():
            self._inbox = self._reader.inbox_id()
        latest = [self._row(self.room.lives[key]) for key in sorted(self._stepped)]
        history = [
            LifeRow(key, str(self.ready[key].life.wearer), one.horizon_us, content)
            for key, one in self.room.hours
            if key in self.ready
            for content in (snapshot_to_bytes(one, self._digests[key]),)
        ]
        void = {key: at for key, at in self.room.void.items() if key not in self._gone}
        self._checkpoints.commit(
            self._inbox, self.cursor, latest, history, gone=self._gone, void=void
        )
        if self._reader.exists():
            done = self.cursor.sequence
            self._reader.set_mark(self.shard.reader, InboxMark(done, done))
        self._stepped, self._gone = set(), set()
        self.room.hours, self.room.void = [], {}
        return len(latest)

    def _row(self, life: KeptLife) -> LifeRow:
        key = life.watched.life
        content = life_to_bytes(life, self._digests[key])
        return LifeRow(key, str(self.ready[key].life.wearer), life.solid.horizon_us, content)


def _unwatchable(life: Life) -> Finding:
    """That nothing can be watched of a life, since a record of the wearer is damaged."""
    began = life.period.start
    return Finding(
        began, FindingKind.WHEREABOUTS, "", Step.BEGAN, Level.CONFIRMED, Why.RECORD_DAMAGED, began
    )


def _only_longer(was: Ready, now: Ready) -> bool:
    """Whether nothing but how far ahead periods are made ready is other than it was."""
    return was.life.stamp == now.life.stamp
