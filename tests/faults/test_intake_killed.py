"""kill −9 at any moment: no message that was answered for is lost, and none is there twice.

TIPSTAFF_FAULT_ROUNDS rounds of kills at random moments, of the inbox's writer and of the drain.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import made_messages
from fed_instance import WHO, WORN, activate, issue_key, position
from killed_program import killed
from made_messages import fix
from program import environment
from served import serving

from tipstaff.positions.inbox_reading import SqliteInboxReader
from tipstaff.positions.inbox_sqlite import SqliteInboxStore
from tipstaff.positions.inbox_tables import Cursor

ROUNDS = int(os.environ.get("TIPSTAFF_FAULT_ROUNDS", "20"))
SUPPORT = str(Path(made_messages.__file__).parent)

#: Sends batches from many threads, each again now and then, and says what was answered for.
WRITER = f"""
import sys, threading
sys.path.insert(0, {SUPPORT!r})
from pathlib import Path
from made_messages import batch
from tipstaff.positions import inbox_tables
from tipstaff.positions.inbox import Inbox
from tipstaff.positions.inbox_sqlite import SqliteInboxStore
inbox_tables.SEGMENT_ROWS = 700
folder, begin = sys.argv[1].split("@")
inbox = Inbox(SqliteInboxStore(Path(folder) / "inbox.sqlite3"))
lock = threading.Lock()
def send(own):
    for n in range(int(begin) + own, int(begin) + 40_000, 4):
        for again in range(1 + n % 2):
            inbox.append(batch(*range(n * 5, n * 5 + 5))).result()
        with lock:
            print(n, flush=True)
for own in range(4):
    threading.Thread(target=send, args=(own,)).start()
"""


def test_no_accepted_message_is_lost_and_none_is_there_twice(tmp_path: Path) -> None:
    chance = random.Random(3)
    reader = SqliteInboxReader(tmp_path / "inbox.sqlite3", tmp_path / "readers")
    accepted: set[int] = set()
    for round_ in range(max(4, ROUNDS // 2)):
        lines = killed(WRITER, f"{tmp_path}@{round_ * 50_000}", chance.uniform(0.0, 0.25))
        accepted |= {int(line) for line in lines if line}
    SqliteInboxStore(tmp_path / "inbox.sqlite3").close()  # what comes up again finds it whole
    found: list[Any] = []
    cursor = Cursor()
    while (page := reader.read(cursor, 5_000)).messages:
        found += page.messages
        cursor = page.cursor
    held = Counter((message.digest_high, message.digest_low) for message in found)
    assert set(held.values()) == {1}
    for number in accepted:
        for one in range(number * 5, number * 5 + 5):
            message = fix(one)
            assert (message.digest_high, message.digest_low) in held, one
    assert len(accepted) > ROUNDS // 2


#: Drains the inbox of an instance; killed by itself at the n-th step between the stores.
DRAIN = """
import os, signal, sys
import tipstaff.services
from tipstaff.domain.purposes import Purpose
from tipstaff.positions import archive, event_files, inbox_reading, quarantine
from tipstaff.records import sources
from tipstaff.services import inbox_drain
steps = [0]
def dying(owner, name):
    plain = getattr(owner, name)
    def wrapped(*args, **kwargs):
        for _side in (0, 1):
            if _side:
                result = plain(*args, **kwargs)
            steps[0] += 1
            if steps[0] == int(sys.argv[1]):
                os.kill(os.getpid(), signal.SIGKILL)
        return result
    setattr(owner, name, wrapped)
for owner, name in [(inbox_reading.SqliteInboxReader, "set_mark"), (archive.Archive, "append"),
                    (sources, "begin"), (sources, "finish"), (inbox_drain, "write_events"),
                    (quarantine.QuarantineFile, "keep")]:
    dying(owner, name)
inbox_drain.drain_to_archive(actor="tester", purpose=Purpose.SYSTEM_ADMINISTRATION, authority="")
print("done", flush=True)
"""

#: Steps of a drain, before and after each of what `DRAIN` names.
STEPS = 14


def test_a_drain_that_dies_at_any_step_is_done_again(sqlite_instance: Any) -> None:
    from tipstaff.domain.periods import Period
    from tipstaff.domain.received import Batch
    from tipstaff.positions.archive import Archive
    from tipstaff.services.inbox_drain import drain_to_archive

    data = sqlite_instance.data
    activate("T1")
    sent = died = 0
    every = range(1, STEPS + 1)
    chosen = every if ROUNDS > STEPS * 2 else sorted(random.Random(ROUNDS).sample(every, 3))
    for step in [*chosen, STEPS + 1]:
        store = SqliteInboxStore(data / "inbox.sqlite3")
        event = fix(sent)._replace(kind=2, digest_low=sent, code="strap_cut", body="{}")
        wrong = fix(sent, clock=1)._replace(digest_high=sent)
        rows = [fix(n) for n in range(sent, sent + 3)]
        store.commit([Batch("acme", "json", made_messages.NOW_US, kept=[*rows, event, wrong])], 1)
        store.close()
        sent += 3
        process = subprocess.run([sys.executable, "-c", DRAIN, str(step)], env=environment(data),
                                 capture_output=True, text=True, check=False)  # fmt: skip
        if step > STEPS:
            assert process.stdout == "done\n"  # there is no further step at which to die
            break
        assert process.returncode == -9, process.stderr[-2000:]
        died += 1
        drain_to_archive(**WHO)
        ever = Period(datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
        batches = list(Archive(data / "archive").fixes(ever))
        times = [t for batch in batches for t in batch.column("fix_time").to_pylist()]
        assert len(times) == len(set(times)) == sent
        lines = [x for f in (data / "events").glob("*.jsonl") for x in f.read_text().splitlines()]
        assert len(lines) == died
        aside = [x for f in (data / "quarantine").glob("*") for x in f.read_text().splitlines()]
        assert len(aside) == died
    assert died == len(chosen)


def _until_more(answered: set[str], senders: list[threading.Thread]) -> None:
    """Wait for one more answer, while there is somebody who may get it."""
    before = len(answered)
    while len(answered) == before and any(one.is_alive() for one in senders):
        time.sleep(0.01)


def test_what_a_sender_was_answered_for_outlives_the_server(sqlite_instance: Any) -> None:
    data = sqlite_instance.data
    key = issue_key()
    activate(WORN)
    answered: set[str] = set()
    chance = random.Random(5)

    def send(port: int, own: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        try:
            while True:
                number = len(answered) * 8 + own
                body = position(ago_s=90 + number * 8 + own)
                connection.request("POST", "/intake/json", json.dumps([body] * 2), headers)
                if connection.getresponse().read() == b'{"received": 2, "unread": 0}':
                    answered.add(body["fix_time"])
        except (OSError, http.client.HTTPException):
            return
        finally:
            connection.close()

    for _round in range(max(1, ROUNDS // 20)):
        with serving(data) as server:
            senders = [threading.Thread(target=send, args=(server.port, own)) for own in range(4)]
            for one in senders:
                one.start()
            _until_more(answered, senders)
            time.sleep(chance.uniform(0.0, 0.5))
            server.process.kill()
            for one in senders:
                one.join()
    reader = SqliteInboxReader(data / "inbox.sqlite3", data / "readers")
    times = [message.time_us for message in reader.read(Cursor(), 100_000).messages]
    assert len(times) == len(set(times))
    expected = {int(datetime.fromisoformat(text).timestamp()) * 1_000_000 for text in answered}
    assert expected
    assert expected <= set(times)
