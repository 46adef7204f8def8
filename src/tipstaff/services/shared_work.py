"""Several workers: each takes its fair share of the shards, and those of a worker that died.

A worker that sees that there are more of them gives one up; one that finds a shard free takes it.
What it holds it watches in turn, in one thread. Whoever lost a shard learns it from the lock or
from the fence, lets it go without another word, and may take it again.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from uuid import UUID, uuid4

from tipstaff.domain.purposes import Purpose
from tipstaff.positions.checkpoint_tables import CheckpointsBusyError
from tipstaff.records import leases
from tipstaff.records.connections import close_own
from tipstaff.records.leases import LeaseLostError
from tipstaff.services.live_work import PASSES, PAUSE_S, Rounds, Worked, monitor
from tipstaff.services.shards import Shard

LOOK_S: Final = 1.0
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Held:
    """A shard that this worker keeps: its rounds, and how to let it go."""

    rounds: Rounds
    leaving: ExitStack


@dataclass(slots=True)
class SharedWork:
    """The work of one of several workers on an instance with `of` shards."""

    actor: str
    purpose: Purpose
    authority: str
    of: int
    ended: Callable[[], bool]
    done: Worked = field(default_factory=Worked)
    told: Callable[[Worked], None] = lambda _done: None
    ref: UUID = field(default_factory=uuid4)
    held: dict[int, _Held] = field(default_factory=dict)
    _next_look: float = 0.0

    def run(self) -> Worked:
        """Until ended; then everything is put down, and is free at once.

        After a fault of the program nothing is put down: it may be of what the fault left.
        """
        fault: Exception | None = None
        try:
            while not self.ended():
                self._look()
                read = sum(self._turn(number) for number in sorted(self.held))
                self.told(self.done)
                if not read:
                    time.sleep(PAUSE_S)
        except Exception as error:
            fault = error
            raise
        finally:
            for number in sorted(self.held):
                self._let_go(number, fault)
            self._quietly(lambda: leases.leave(self.ref))
        return self.done

    def _look(self) -> None:
        """Say that one lives; take a shard that is free, or give one up, towards a fair share."""
        if time.monotonic() < self._next_look:
            return
        self._next_look = time.monotonic() + LOOK_S
        workers = self._quietly(lambda: leases.say_alive(self.ref, datetime.now(UTC))) or 1
        fair = -(-self.of // workers)
        if len(self.held) > fair:
            self._let_go(max(self.held))
        while len(self.held) < fair and self._take_one():
            pass

    def _take_one(self) -> bool:
        free = [n for n in range(self.of) if n not in self.held]
        random.shuffle(free)
        return any(self._take(number) for number in free)

    def _take(self, number: int) -> bool:
        leaving = ExitStack()
        who = {"actor": self.actor, "purpose": self.purpose, "authority": self.authority}
        try:
            watch = leaving.enter_context(
                monitor(**who, shard=Shard(number, self.of))  # type: ignore[arg-type]
            )
        except CheckpointsBusyError:
            return False
        except PASSES as error:
            self._failed(error)
            return False
        self.held[number] = _Held(Rounds(watch, self.ended, self.done), leaving)
        _log.info("shard %d of %d is taken", number, self.of)
        return True

    def _turn(self, number: int) -> int:
        try:
            return self.held[number].rounds.turn()
        except (LeaseLostError, CheckpointsBusyError) as lost:
            _log.warning("shard %d of %d is another worker's by now", number, self.of)
            self._let_go(number, lost)
        except PASSES as error:
            self._failed(error)
        return 0

    def _failed(self, error: Exception) -> None:
        self.done.failures += 1
        _log.error("monitoring: %s; tried again", type(error).__name__)
        close_own()
        time.sleep(LOOK_S)

    def _let_go(self, number: int, lost: Exception | None = None) -> None:
        """Put a shard down, unless it was lost: then it is another's to put down."""
        leaving = self.held.pop(number).leaving
        try:
            leaving.__exit__(type(lost) if lost else None, lost, None)
        except Exception as error:
            if lost is None and not isinstance(
                error, (LeaseLostError, CheckpointsBusyError, *PASSES)
            ):
                raise
            if lost is None:
                _log.error("shard %d was not put down: %s", number, type(error).__name__)

    def _quietly(self, call: Callable[[], int | None]) -> int | None:
        try:
            return call()
        except PASSES as error:
            self._failed(error)
            return None
