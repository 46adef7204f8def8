"""T5: a widely used server tells the device "received" before the data are safe.

Here nothing is answered before the commit, and nothing is answered "received" where it failed.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from typing import Any

import pytest
from fed_instance import WORN, activate, asend, issue_key, position
from made_messages import batch

from tipstaff.domain.received import Batch, Stored
from tipstaff.positions.inbox import Inbox
from tipstaff.positions.inbox_tables import InboxWriteError


class SlowDisk:
    """A store whose commit returns when it is let, and how the test wants it to."""

    def __init__(self) -> None:
        self.begun, self.let, self.fails = threading.Event(), threading.Event(), False

    def commit(self, batches: Sequence[Batch], _now_us: int) -> list[Stored]:
        self.begun.set()
        assert self.let.wait(10)
        if self.fails:
            raise InboxWriteError("the disk failed")
        return [Stored(len(one.kept), 0) for one in batches]

    def close(self) -> None:
        """Nothing to close."""


@pytest.mark.parametrize(("fails", "status"), [(False, 200), (True, 507)])
def test_the_answer_comes_after_the_commit(sqlite_instance: Any, fails: bool, status: int) -> None:
    from tipstaff.feeds.http import HttpIntake
    from tipstaff.services.feed_intake import FeedIntake

    disk = SlowDisk()
    disk.fails = fails
    key = issue_key()
    activate(WORN)
    inbox: Any = Inbox(disk)  # type: ignore[arg-type]
    application = HttpIntake(FeedIntake(inbox))

    async def send() -> Any:
        sent = asyncio.create_task(asend(application, "/intake/json", [position()], key))
        await asyncio.to_thread(disk.begun.wait, 10)
        done, _waiting = await asyncio.wait([sent], timeout=0.3)
        assert not done  # the commit has begun and has not ended: nothing is said yet
        disk.let.set()
        return await sent

    assert asyncio.run(send()).status == status
    application.close()
    inbox.close()


def test_a_sender_who_hangs_up_stops_no_commit() -> None:
    disk = SlowDisk()
    inbox = Inbox(disk)  # type: ignore[arg-type]
    first = inbox.append(batch(1))
    assert disk.begun.wait(10)
    assert not first.cancel()
    disk.let.set()
    assert first.result(10) == Stored(1, 0)
    assert inbox.append(batch(2)).result(10) == Stored(1, 0)
    inbox.close()
