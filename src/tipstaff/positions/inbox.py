"""The inbox: every message is in it, durably, before its sender hears that it was accepted.

Requests put batches into a bounded queue; one thread writes as many as wait in one transaction
(group commit) and tells each request what became of its batch. Where the queue is full nothing is
taken: the sender is asked to come again, and memory stays bounded.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from tipstaff.domain.periods import to_micros
from tipstaff.domain.received import Batch, Held, Stored
from tipstaff.positions.inbox_tables import InboxWriteError

#: Messages that may wait, and messages that one transaction takes, a batch more or less.
MOST_WAITING: Final = 50_000
MOST_AT_ONCE: Final = 10_000


class InboxFullError(Exception):
    """Too much is waiting to be written; nothing was taken. To be tried again soon."""


class InboxClosedError(Exception):
    """The inbox is being closed; nothing was taken."""


class InboxStore(Protocol):
    """Where an inbox is kept; only its writer's thread calls it."""

    def commit(self, batches: Sequence[Batch], now_us: int) -> list[Stored]:
        """Store batches in one transaction, durable on return."""

    def held(self, most: int, after: int = 0) -> list[tuple[int, Held]]:
        """Messages that are held, each with its number."""

    def settle(self, keep: Sequence[int], forget: Sequence[int], now_us: int) -> None:
        """Take held messages in, and forget others."""

    def forget_unread(self, before_us: int) -> int:
        """Forget what could not be read and was received before then."""

    def drop_read(self, through: int) -> int:
        """Drop segments that nobody needs any longer."""

    def close(self) -> None:
        """Close it."""


def _now_us() -> int:
    return to_micros(datetime.now(UTC))


class Inbox:
    """The one writer of an inbox. `append` may be called from any thread."""

    def __init__(
        self,
        store: InboxStore,
        *,
        most_waiting: int = MOST_WAITING,
        now_us: Callable[[], int] = _now_us,
    ) -> None:
        self._store = store
        self._most_waiting = most_waiting
        self._now_us = now_us
        self._waiting: deque[tuple[Batch, Future[Stored]]] = deque()
        self._jobs: deque[tuple[Callable[[InboxStore], Any], Future[Any]]] = deque()
        self._messages = 0
        self._closing = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._write, name="inbox", daemon=True)
        self._thread.start()

    def append(self, batch: Batch) -> Future[Stored]:
        """Have a batch stored; the future is done once it is on the disk, or failed.

        Raises InboxFullError or InboxClosedError, and then nothing was taken. The future fails
        with InboxWriteError.
        """
        future: Future[Stored] = Future()
        future.set_running_or_notify_cancel()  # a sender who hangs up stops nothing
        with self._changed:
            if self._closing:
                raise InboxClosedError
            if self._messages and self._messages + len(batch) > self._most_waiting:
                raise InboxFullError
            self._messages += len(batch)
            self._waiting.append((batch, future))
            self._changed.notify()
        return future

    def run(self, job: Callable[[InboxStore], Any]) -> Future[Any]:
        """Have something else done by the writer, between two transactions."""
        future: Future[Any] = Future()
        future.set_running_or_notify_cancel()
        with self._changed:
            if self._closing:
                raise InboxClosedError
            self._jobs.append((job, future))
            self._changed.notify()
        return future

    def waiting(self) -> int:
        """How many messages wait to be written."""
        return self._messages

    def close(self) -> None:
        """Write what waits, and end."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()
        self._store.close()

    def _write(self) -> None:
        while True:
            with self._changed:
                while not (self._waiting or self._jobs or self._closing):
                    self._changed.wait()
                if not (self._waiting or self._jobs):
                    return
                group = self._take()
                jobs = list(self._jobs)
                self._jobs.clear()
            self._commit(group)
            for job, future in jobs:
                _settle(future, lambda job=job: job(self._store))  # type: ignore[misc]

    def _take(self) -> list[tuple[Batch, Future[Stored]]]:
        group: list[tuple[Batch, Future[Stored]]] = []
        messages = 0
        while self._waiting and messages < MOST_AT_ONCE:
            group.append(self._waiting.popleft())
            messages += len(group[-1][0])
        return group

    def _commit(self, group: list[tuple[Batch, Future[Stored]]]) -> None:
        if not group:
            return
        try:
            told = self._store.commit([batch for batch, _future in group], self._now_us())
        except Exception as error:
            failed = error if isinstance(error, InboxWriteError) else InboxWriteError(
                f"the inbox could not be written ({type(error).__name__})"
            )  # fmt: skip
            for _batch, future in group:
                future.set_exception(failed)
        else:
            for (_batch, future), stored in zip(group, told, strict=True):
                future.set_result(stored)
        finally:
            with self._changed:
                self._messages -= sum(len(batch) for batch, _future in group)


def _settle(future: Future[Any], job: Callable[[], Any]) -> None:
    try:
        future.set_result(job())
    except Exception as error:
        future.set_exception(error)
