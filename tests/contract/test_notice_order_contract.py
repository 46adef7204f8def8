"""One bad relay holds up nobody else; what is told late says how things stand by then."""

from __future__ import annotations

import threading
from typing import Any, ClassVar

import pytest
from instance_fixtures import TestInstance
from made_notices import NOW, after, contact, made_wearer, queued

from tipstaff.domain.deliveries import LEASE, AttemptCode
from tipstaff.domain.protocols import Means
from tipstaff.notices.carriers import Message, Sent


class Carrier:
    """Takes what it is given, or fails; `waits` is called before."""

    gives_receipts: ClassVar[bool] = False

    def __init__(self, code: AttemptCode = AttemptCode.DELIVERED, waits: Any = None) -> None:
        self.code, self.waits, self.taken = code, waits, list[Message]()

    def send(self, message: Message, address: str) -> Sent:
        if self.waits is not None:
            self.waits()
        self.taken.append(message)
        return Sent(self.code)

    def receipt(self, reference: str) -> Sent | None:
        return None


def use(monkeypatch: pytest.MonkeyPatch, **carriers: Any) -> None:
    from tipstaff.services import notice_delivery
    from tipstaff.services.notice_carriers import SetUp

    made = SetUp({Means(name): one for name, one in carriers.items()}, {})
    monkeypatch.setattr(notice_delivery, "set_up", lambda _values: made)


def put(*notices: Any) -> None:
    from tipstaff.records.outbox import queue

    assert queue(notices) == len(notices)


def test_texts_go_out_while_a_relay_of_emails_answers_nothing(
    instance: TestInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipstaff.services.notice_worker import keep_delivering

    ended, told = threading.Event(), threading.Event()
    emails = Carrier(AttemptCode.FAILED, waits=lambda: ended.wait(60))
    texts = Carrier(waits=told.set)
    use(monkeypatch, email=emails, text=texts)
    contact()
    contact(means=Means.TEXT, address="07700900123")
    wearer = made_wearer()
    put(*(queued(wearer, n) for n in range(1, 9)))
    put(queued(wearer, 20, means=Means.TEXT, queued_at=after(1)))
    worker = threading.Thread(target=keep_delivering, args=(ended, 0.01))
    worker.start()
    came = told.wait(20)
    ended.set()
    worker.join()
    assert came
    assert not any(message.told.alert == 20 for message in emails.taken)


def test_the_time_is_read_anew_for_each_round(
    instance: TestInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leases count from it, and so do the times on record: an old one would be wrong for both."""
    from tipstaff.services import notice_delivery, notice_worker

    now = [NOW]

    def slow() -> None:
        now[0] += 2 * LEASE

    emails = Carrier(waits=slow)
    use(monkeypatch, email=emails)
    monkeypatch.setattr(notice_worker, "clock", lambda: now[0])
    monkeypatch.setattr(notice_worker, "_AT_ONCE", 1)
    contact()
    wearer = made_wearer()
    put(*(queued(wearer, n) for n in range(1, 4)))
    assert notice_worker.deliver_all() == 3
    assert notice_delivery.deliver_due(now[0]) == {}
    assert [round((message.at - NOW) / LEASE) for message in emails.taken] == [0, 2, 4]
