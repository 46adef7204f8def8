"""A full disk: senders are told to come again, nothing is half-stored, and it goes on after."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fed_instance import WORN, activate, issue_key, position, send
from made_messages import NOW_US, batch
from small_disk import filled, small_disk

from tipstaff.positions.inbox import Inbox
from tipstaff.positions.inbox_reading import SqliteInboxReader
from tipstaff.positions.inbox_sqlite import SqliteInboxStore
from tipstaff.positions.inbox_tables import Cursor, InboxWriteError


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", "1500k") as mounted:
        yield mounted


def fill_up(inbox: Inbox, stored: list[int]) -> None:
    for start in range(0, 100_000, 100):
        inbox.append(batch(*range(start, start + 100))).result()
        stored += range(start, start + 100)


def test_the_inbox_on_a_full_disk(disk: Path) -> None:
    store = SqliteInboxStore(disk / "inbox.sqlite3")
    inbox = Inbox(store, now_us=lambda: NOW_US)
    stored: list[int] = []
    with pytest.raises(InboxWriteError, match="disk full"):
        fill_up(inbox, stored)
    refused = batch(*range(len(stored), len(stored) + 100))
    with pytest.raises(InboxWriteError):
        inbox.append(refused).result()
    subprocess.run(["mount", "-o", "remount,size=6000k", str(disk)], check=True)
    assert inbox.append(refused).result().new == 100
    assert inbox.append(batch(*stored[-5:])).result().repeated == 5
    inbox.close()
    reader = SqliteInboxReader(disk / "inbox.sqlite3", disk / "readers")
    found = reader.read(Cursor(), 1_000_000).messages
    assert len({m.time_us for m in found}) == len(found) == len(stored) + 100


def test_a_sender_is_told_to_come_again(sqlite_instance: Any, disk: Path) -> None:
    from tipstaff.feeds.http import HttpIntake
    from tipstaff.services.feed_intake import FeedIntake

    key = issue_key()
    activate(WORN)
    inbox = Inbox(SqliteInboxStore(disk / "inbox.sqlite3"))
    application = HttpIntake(FeedIntake(inbox))
    with filled(disk):
        refused = send(application, "/intake/json", [position()], key)
        assert refused.told == (507, "NOT_STORED")
        assert refused.headers["retry-after"] == "30"
    assert send(application, "/intake/json", [position()], key).json == {"received": 1, "unread": 0}
    application.close()
    inbox.close()
