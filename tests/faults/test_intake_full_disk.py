"""A full disk: senders are told to come again, nothing is half-stored, and it goes on after."""

from __future__ import annotations

import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from fed_instance import WORN, activate, issue_key, position, send
from made_messages import NOW_US, batch

from tipstaff.positions.inbox import Inbox
from tipstaff.positions.inbox_reading import SqliteInboxReader
from tipstaff.positions.inbox_sqlite import SqliteInboxStore
from tipstaff.positions.inbox_tables import Cursor, InboxWriteError


@pytest.fixture
def small_disk(tmp_path: Path) -> Any:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a small file system")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def fill_up(inbox: Inbox, stored: list[int]) -> None:
    for start in range(0, 100_000, 100):
        inbox.append(batch(*range(start, start + 100))).result()
        stored += range(start, start + 100)


def test_the_inbox_on_a_full_disk(small_disk: Path) -> None:
    store = SqliteInboxStore(small_disk / "inbox.sqlite3")
    inbox = Inbox(store, now_us=lambda: NOW_US)
    stored: list[int] = []
    with pytest.raises(InboxWriteError, match="disk full"):
        fill_up(inbox, stored)
    refused = batch(*range(len(stored), len(stored) + 100))
    with pytest.raises(InboxWriteError):
        inbox.append(refused).result()
    subprocess.run(["mount", "-o", "remount,size=6000k", str(small_disk)], check=True)
    assert inbox.append(refused).result().new == 100
    assert inbox.append(batch(*stored[-5:])).result().repeated == 5
    inbox.close()
    reader = SqliteInboxReader(small_disk / "inbox.sqlite3", small_disk / "readers")
    found = reader.read(Cursor(), 1_000_000).messages
    assert len({m.time_us for m in found}) == len(found) == len(stored) + 100


def test_a_sender_is_told_to_come_again(sqlite_instance: Any, small_disk: Path) -> None:
    from tipstaff.feeds.http import HttpIntake
    from tipstaff.services.feed_intake import FeedIntake

    key = issue_key()
    activate(WORN)
    inbox = Inbox(SqliteInboxStore(small_disk / "inbox.sqlite3"))
    application = HttpIntake(FeedIntake(inbox))
    ballast = small_disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0" * 4096)
    refused = send(application, "/intake/json", [position()], key)
    assert refused.told == (507, "NOT_STORED")
    assert refused.headers["retry-after"] == "30"
    ballast.unlink()
    assert send(application, "/intake/json", [position()], key).json == {"received": 1, "unread": 0}
    application.close()
    inbox.close()
