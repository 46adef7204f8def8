"""The intake from a real MQTT broker: nothing lost, nothing acknowledged before it is safe."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fed_instance import WHO, WORN, activate, issue_key, position
from mqtt_broker import PASSWORD, RealBroker, real_broker, until

from tipstaff.domain.received import Batch, Stored
from tipstaff.formats.brokers import Broker, Topics
from tipstaff.positions.inbox import Inbox
from tipstaff.positions.inbox_tables import InboxWriteError

TOPIC = f"tipstaff/acme/{WORN}/fix"


class Disk:
    """A store in memory whose commits wait, or fail, as the test wants."""

    def __init__(self) -> None:
        self.let, self.fails = threading.Event(), False
        self.committed: list[int] = []
        self.tried = 0
        self.let.set()

    def commit(self, batches: Sequence[Batch], _now_us: int) -> list[Stored]:
        self.tried += 1
        assert self.let.wait(20)
        if self.fails:
            raise InboxWriteError("the disk failed")
        self.committed += [row.time_us for one in batches for row in one.kept]
        return [Stored(len(one.kept), 0) for one in batches]

    def close(self) -> None:
        """Nothing to close."""


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[RealBroker]:
    with real_broker(tmp_path / "broker") as running:
        yield running


def described(real: RealBroker, *topics: Topics) -> Broker:
    every = topics or (Topics("tipstaff", "acme", "tipstaff/acme"),
                       Topics("owntracks", "acme", "owntracks"))  # fmt: skip
    return Broker("hub", "127.0.0.1", real.port, False, every, username="tipstaff")


@contextmanager
def taking_in(real: RealBroker, inbox: Inbox, password: str = PASSWORD) -> Iterator[Any]:
    """A client in a thread of its own; on leaving, what it failed with is raised."""
    from tipstaff.feeds.mqtt import BrokerClient
    from tipstaff.records.connections import close_own
    from tipstaff.services.broker_intake import open_broker_intake

    broker = described(real)
    intake = open_broker_intake(**WHO, broker=broker.name, suppliers=broker.suppliers, inbox=inbox)
    client = BrokerClient(broker, intake, password, first_wait_s=0.05)
    stopped = threading.Event()
    failed: list[Exception] = []

    def run() -> None:
        try:
            client.run(stopped.is_set, stopped.wait)
        except Exception as error:
            failed.append(error)
        finally:
            close_own()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        until(lambda: client.connected or failed)
        yield client
    finally:
        stopped.set()
        thread.join(20)
    if failed:
        raise failed[0]


def fixes(count: int, first: int = 0) -> list[tuple[str, bytes]]:
    rows = [position(ago_s=60 + first + i) for i in range(count)]
    return [(TOPIC, json.dumps(row).encode()) for row in rows]


@pytest.fixture
def ready(sqlite_instance: Any) -> None:
    issue_key()
    activate(WORN, "owntracks/jane/phone")


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def inbox(disk: Disk) -> Iterator[Inbox]:
    made = Inbox(disk)  # type: ignore[arg-type]
    yield made
    made.close()


def test_into_the_inbox_by_topic(ready: None, broker: RealBroker) -> None:
    from tipstaff.services.inbox import inbox_reader, open_inbox

    place = {"_type": "location", "lat": 52.9301, "lon": -1.4802, "acc": 8, "tid": "xx",
             "tst": _seconds(position()["fix_time"])}  # fmt: skip
    left = {"_type": "transition", "event": "leave", "desc": "home", "tid": "xx",
            "tst": place["tst"], "wtst": 1, "acc": 8, "t": "c"}  # fmt: skip
    cut = {"event_time": position()["fix_time"], "code": "strap_cut"}
    sent: list[tuple[str, Any]] = [
        (TOPIC, position()),
        (f"tipstaff/acme/{WORN}/event", cut),
        ("owntracks/jane/phone", place),
        ("owntracks/jane/phone/event", left),
        (f"tipstaff/acme/{WORN}/fix", position("T2")),  # another's than the topic's
        (f"tipstaff/acme/{WORN}/cmd", cut),  # nobody subscribed to it
    ]
    with open_inbox() as inbox, taking_in(broker, inbox):
        broker.publish([(topic, json.dumps(body).encode()) for topic, body in sent])
        until(lambda: inbox_reader().exists() and inbox_reader().state().last == 4
              and inbox_reader().state().unread == 1)  # fmt: skip
    state = inbox_reader().state()
    assert (state.last, state.unread, state.held) == (4, 1, 0)


def test_nothing_is_acknowledged_before_the_commit(
    ready: None, broker: RealBroker, inbox: Inbox, disk: Disk
) -> None:
    """T5 for MQTT: what the disk refused is delivered again to whoever comes next."""
    disk.fails = True
    with taking_in(broker, inbox):
        broker.publish(fixes(3))
        until(lambda: disk.tried)
    assert disk.committed == []
    disk.fails = False
    with taking_in(broker, inbox):
        until(lambda: len(disk.committed) >= 3)
    assert len(set(disk.committed)) == 3
    seen = len(disk.committed)
    with taking_in(broker, inbox):  # now it is acknowledged, and does not come again
        broker.publish(fixes(1, first=100))
        until(lambda: len(disk.committed) > seen)
    assert len(disk.committed) == seen + 1


def test_the_disk_fails_for_a_while(
    ready: None, broker: RealBroker, inbox: Inbox, disk: Disk
) -> None:
    disk.fails = True
    with taking_in(broker, inbox):
        broker.publish(fixes(5))
        until(lambda: disk.tried > 1)
        disk.fails = False
        until(lambda: len(set(disk.committed)) == 5)


def test_a_broker_that_is_down_for_a_while_loses_nothing(
    ready: None, broker: RealBroker, inbox: Inbox, disk: Disk
) -> None:
    with taking_in(broker, inbox) as client:
        broker.publish(fixes(20))
        until(lambda: len(disk.committed) == 20)
        broker.stop()
        until(lambda: not client.connected)
        broker.start()
        broker.publish(fixes(20, first=20))
        until(lambda: len(set(disk.committed)) == 40)


def test_what_comes_while_we_are_away_is_kept(
    ready: None, broker: RealBroker, inbox: Inbox, disk: Disk
) -> None:
    with taking_in(broker, inbox):
        pass
    broker.publish(fixes(30))
    broker.stop()
    broker.start()
    with taking_in(broker, inbox):
        until(lambda: len(set(disk.committed)) == 30)


def test_a_slow_disk_holds_the_broker_back(
    ready: None, broker: RealBroker, inbox: Inbox, disk: Disk
) -> None:
    """Memory is bounded: so many are taken without an acknowledgement, the rest waits there."""
    from tipstaff.feeds.mqtt import MOST_UNANSWERED

    disk.let.clear()
    many = 2 * MOST_UNANSWERED + 50
    with taking_in(broker, inbox) as client:
        broker.publish(fixes(many))
        until(lambda: len(client._waiting) == MOST_UNANSWERED)
        disk.let.set()
        until(lambda: len(set(disk.committed)) == many)
        assert len(client._waiting) <= MOST_UNANSWERED


def test_a_full_inbox_is_tried_again(ready: None, broker: RealBroker, disk: Disk) -> None:
    disk.let.clear()
    inbox = Inbox(disk, most_waiting=2)  # type: ignore[arg-type]
    with taking_in(broker, inbox) as client:
        broker.publish(fixes(6))
        until(lambda: len(client._waiting) == 6)
        assert inbox.waiting() <= 2
        disk.let.set()
        until(lambda: len(set(disk.committed)) == 6)
    inbox.close()


def test_a_wrong_password_is_told(ready: None, broker: RealBroker, inbox: Inbox) -> None:
    from tipstaff.feeds.mqtt import BrokerRefusedError

    refused = pytest.raises(BrokerRefusedError, match="Not authorized")
    with refused, taking_in(broker, inbox, password="another"):
        pass


@pytest.mark.parametrize("known", [False, True])
def test_a_supplier_that_may_not_send_is_counted_and_not_kept(
    sqlite_instance: Any, disk: Disk, inbox: Inbox, known: bool
) -> None:
    from datetime import UTC, datetime

    from tipstaff.formats.feeds.listed import BROKER_FORMS
    from tipstaff.formats.feeds.messages import Message
    from tipstaff.services.broker_intake import open_broker_intake

    if known:
        issue_key()
        activate(WORN)
    intake = open_broker_intake(**WHO, broker="hub", suppliers=["acme"], inbox=inbox)
    take: Callable[..., Any] = intake.take_in
    given = Message(json.dumps(position()).encode(), device=WORN)
    take("acme", BROKER_FORMS["tipstaff"], given, datetime.now(UTC)).result(10)
    assert len(disk.committed) == int(known)
    with pytest.raises(ValueError, match="not opened"):
        take("other", BROKER_FORMS["tipstaff"], given, datetime.now(UTC))


def _seconds(text: str) -> int:
    from datetime import datetime

    return int(datetime.fromisoformat(text).timestamp())
