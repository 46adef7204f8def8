"""The monitoring worker: turn after turn, with what has to be done now and then in between."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.services.access import admit
from tipstaff.services.checkpoints import open_checkpoints
from tipstaff.services.inbox import inbox_reader
from tipstaff.services.live_watch import MOST, LiveWatch
from tipstaff.services.recording import reading

#: Seconds between two looks at the inbox when nothing came.
PAUSE_S: Final = 0.1
RECORDS_S: Final = 2.0
CLOCK_S: Final = 1.0
FEEDS_S: Final = 30.0
PUT_DOWN_S: Final = 300.0


@dataclass(slots=True)
class Worked:
    """What a worker did since it began."""

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
    problems: int = 0


@contextmanager
def monitor(*, actor: str, purpose: Purpose, authority: str) -> Iterator[LiveWatch]:
    """Live monitoring of everybody, begun; put down at the end.

    CheckpointsBusyError where another process monitors. The audit says when it began, and when it
    ended of itself and with how many lives.
    """
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.COLLECTION,
        use_case="monitor",
    )
    with open_checkpoints() as checkpoints, reading(access, extent={}) as looked:
        watch = LiveWatch(inbox_reader(), checkpoints)
        watch.begin(datetime.now(UTC))
        yield watch
        watch.put_down()
        looked.rows = len(watch.ready)


@dataclass(slots=True)
class Rounds:
    """Turns of a worker, each thing in its time; `ended` says when to end."""

    watch: LiveWatch
    ended: Callable[[], bool]
    done: Worked = field(default_factory=Worked)
    _next: dict[str, float] = field(default_factory=dict)

    def run(self, *, once: bool = False) -> Worked:
        """Until ended; with `once` until everything that is there was read."""
        while not self.ended():
            read = self.turn()
            if once and read < MOST:
                self._clock(datetime.now(UTC))
                return self.done
            if not read:
                time.sleep(PAUSE_S)
        return self.done

    def turn(self) -> int:
        """One turn; how many messages were read in it."""
        now, done = datetime.now(UTC), self.done
        if self._is_time("records", RECORDS_S):
            self.watch.look_at_records(now)
        turn = self.watch.turn(now)
        done.turns += 1
        done.lives = len(self.watch.ready)
        done.messages += turn.messages
        done.facts += turn.facts
        done.behind_s = turn.behind_s
        for kept in turn.kept:
            self._count(kept.opened, kept.moved, kept.retracted, kept.queued)
        if self._is_time("clock", CLOCK_S):
            self._clock(now)
        if self._is_time("feeds", FEEDS_S):
            done.outages = self.watch.look_at_feeds(now)
        if self._is_time("put down", PUT_DOWN_S):
            self.watch.put_down()
        return turn.messages

    def _clock(self, now: datetime) -> None:
        kept = self.watch.escalate(now)
        self._count(kept.opened, kept.moved, kept.retracted, kept.queued)

    def _count(self, opened: int, moved: int, retracted: int, queued: int) -> None:
        done = self.done
        done.opened, done.moved = done.opened + opened, done.moved + moved
        done.retracted, done.notices = done.retracted + retracted, done.notices + queued

    def _is_time(self, what: str, every_s: float) -> bool:
        now = time.monotonic()
        if now < self._next.get(what, now if what in {"records", "clock"} else now + every_s):
            self._next.setdefault(what, now + every_s)
            return False
        self._next[what] = now + every_s
        return True
