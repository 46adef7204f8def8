"""The monitoring worker: turn after turn, with what has to be done now and then in between."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Final

import psycopg
from django.db import DatabaseError

from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.positions.checkpoint_tables import CheckpointsError
from tipstaff.records import leases
from tipstaff.records.connections import close_own
from tipstaff.services.access import admit
from tipstaff.services.checkpoints import open_checkpoints
from tipstaff.services.inbox import inbox_reader
from tipstaff.services.live_telling import Kept
from tipstaff.services.live_watch import MOST, LiveWatch
from tipstaff.services.long_lived import settled
from tipstaff.services.recording import reading
from tipstaff.services.shards import Shard

#: Seconds between two looks at the inbox when nothing came.
PAUSE_S: Final = 0.1
RECORDS_S: Final = 2.0
CLOCK_S: Final = 1.0
FEEDS_S: Final = 30.0
PUT_DOWN_S: Final = 300.0
HEARD_S: Final = 10.0
SOME_HEARD_S: Final = 1.0
THIN_S: Final = 3600.0
#: After a failure of the disk or the database the next try waits, up to so long.
MOST_WAIT_S: Final = 30.0
#: What goes by itself: a disk that is full, a database that is away or locked.
PASSES: Final = (DatabaseError, sqlite3.Error, psycopg.Error, CheckpointsError, OSError)
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Worked:
    """What a worker did since it began; `failing`: why its last turn was in vain, if it was."""

    lives: int = 0
    turns: int = 0
    messages: int = 0
    facts: int = 0
    opened: int = 0
    moved: int = 0
    retracted: int = 0
    notices: int = 0
    outages: int = 0
    behind_s: float = 0.0
    failures: int = 0
    failing: str = ""
    last_turn_at: float = 0.0
    turn_s: float = 0.0
    by_kind: Counter[tuple[str, str]] = field(default_factory=Counter)


@contextmanager
def monitor(
    *, actor: str, purpose: Purpose, authority: str, shard: Shard | None = None
) -> Iterator[LiveWatch]:
    """Live monitoring of everybody, or of one shard, begun; put down at the end.

    CheckpointsBusyError where another process monitors them. The audit says when it began, and when
    it ended of itself and with how many lives. Where this process may speak for the shard no longer
    (`leases.LeaseLostError`), nothing is put down: leave by that error.
    """
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.COLLECTION,
        use_case="monitor",
    )
    own = shard or Shard()
    extent = {} if own.of == 1 else {"shard": own.number, "of": own.of}
    inbox = inbox_reader()
    with (
        open_checkpoints(own.kept_as) as checkpoints,
        inbox.session(),
        reading(access, extent=extent) as looked,
    ):
        number = leases.take(own.kept_as)
        fence = partial(leases.hold, own.kept_as, number)
        watch = LiveWatch(inbox, checkpoints, own, fence)
        watch.begin(datetime.now(UTC))
        settled()
        yield watch
        watch.put_down()
        looked.rows = len(watch.ready)


@dataclass(slots=True)
class Rounds:
    """Turns of a worker, each thing in its time; `ended` says when to end."""

    watch: LiveWatch
    ended: Callable[[], bool]
    done: Worked = field(default_factory=Worked)
    told: Callable[[Worked], None] = lambda _done: None
    _next: dict[str, float] = field(default_factory=dict)

    def run(self, *, once: bool = False) -> Worked:
        """Until ended; with `once` until everything that is there was read.

        A full disk or a database that is away is waited for: the messages lie in the inbox, and
        what was found and could not be kept is told again. Anything else ends the worker, which
        begins again from what it put down.
        """
        wait_s = 1.0
        while not self.ended():
            try:
                read = self.turn()
            except PASSES as error:
                if once:
                    raise
                self._failed(error, wait_s)
                wait_s = min(2 * wait_s, MOST_WAIT_S)
                continue
            wait_s, self.done.failing = 1.0, ""
            self.told(self.done)
            if once and read < MOST:
                self._clock(datetime.now(UTC))
                self.watch.put_down_heard(datetime.now(UTC))
                return self.done
            if not read:
                time.sleep(PAUSE_S)
        return self.done

    def _failed(self, error: Exception, wait_s: float) -> None:
        self.done.failures += 1
        self.done.failing = type(error).__name__
        _log.error("monitoring: %s; tried again in %.0f s", type(error).__name__, wait_s)
        close_own()
        self.told(self.done)
        until = time.monotonic() + wait_s
        while time.monotonic() < until and not self.ended():
            time.sleep(PAUSE_S)

    def turn(self) -> int:
        """One turn; how many messages were read in it."""
        now, done, began = datetime.now(UTC), self.done, time.monotonic()
        if self._is_time("records", RECORDS_S):
            self.watch.look_at_records(now)
        turn = self.watch.turn(now)
        done.turns += 1
        done.lives = len(self.watch.ready)
        done.messages += turn.messages
        done.facts += turn.facts
        done.behind_s = turn.behind_s
        for kept in turn.kept:
            self._count(kept)
        if self._is_time("clock", CLOCK_S):
            self._clock(now)
        if self.watch.shard.leads and self._is_time("feeds", FEEDS_S):
            done.outages = self.watch.look_at_feeds(now)
        if self._is_time("some heard", SOME_HEARD_S):
            self.watch.put_down_some_heard(now)
        if self._is_time("heard", HEARD_S):
            self.watch.put_down_heard(now)
        if self._is_time("put down", PUT_DOWN_S):
            self.watch.put_down()
            settled()
        if self.watch.shard.leads and self._is_time("thin", THIN_S):
            self.watch.thin(now)
        done.last_turn_at = time.time()
        done.turn_s = time.monotonic() - began
        return turn.messages

    def _clock(self, now: datetime) -> None:
        if not self.watch.shard.leads:
            return
        self._count(self.watch.escalate(now))

    def _count(self, kept: Kept) -> None:
        done = self.done
        done.opened, done.moved = done.opened + kept.opened, done.moved + kept.moved
        done.retracted += kept.retracted
        done.notices += kept.queued
        done.by_kind.update(kept.by_kind)

    def _is_time(self, what: str, every_s: float) -> bool:
        now = time.monotonic()
        if now < self._next.get(what, now if what in {"records", "clock"} else now + every_s):
            self._next.setdefault(what, now + every_s)
            return False
        self._next[what] = now + every_s
        return True
