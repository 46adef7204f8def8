"""One bad relay holds up nobody else; what is told late says how things stand by then."""

from __future__ import annotations

import threading
from typing import Any, ClassVar
from uuid import UUID

import pytest
from instance_fixtures import TestInstance
from made_notices import NOW, after, contact, made_wearer, queued
from told_findings import finding, when
from told_wearers import keep, on_record, told

from tipstaff.domain.deliveries import LEASE, AttemptCode
from tipstaff.domain.protocols import Means, Recipient
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


def out(minute: float) -> None:
    from tipstaff.services.notice_delivery import deliver_due

    deliver_due(when(minute), 50)


def liaison() -> None:
    from tipstaff.records import notice_contacts

    made = notice_contacts.Contact(
        Recipient.VICTIM_LIAISON, Means.TEXT, "07700900123", None, when(0)
    )
    notice_contacts.add(made, reason="", at=when(0), by=UUID(int=1))


def known_to_be_in(zone: str, *lines: str, until: float) -> None:
    w = on_record("W1")["W1"]
    findings = [finding(line, condition=zone) for line in lines]
    keep(told(w, *findings, until=until), now=until)


def test_a_notice_that_was_held_up_says_that_its_evidence_was_withdrawn_meanwhile(
    instance: TestInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the last that its recipient hears, after that it changed, is the alert as it was."""
    texts = Carrier(AttemptCode.FAILED)
    use(monkeypatch, text=texts)
    liaison()
    known_to_be_in("z2", "10 began c", until=12)
    out(12)
    (failed,) = texts.taken
    assert failed.told.step == "victim"
    assert "WITHDRAWN" not in failed.letter.body
    known_to_be_in("z2", until=14)
    texts.code = AttemptCode.DELIVERED
    out(60)
    assert {one.told.step for one in texts.taken[1:]} == {"victim", "evidence_changed"}
    for one in texts.taken[1:]:
        assert "Its evidence has been WITHDRAWN" in one.letter.to_do
        assert one.letter.severity == "critical, now withdrawn"
        assert one.letter.at == failed.letter.at or one.told.step != "victim"
    again = next(one for one in texts.taken[1:] if one.told.step == "victim")
    assert again.message_id == failed.message_id


@pytest.mark.parametrize(
    ("later", "words"),
    [
        (("10 began c", "30 ended c 10"), "critical, now ended"),
        (("10 began s",), "critical, now changed"),
        (("10 began c",), "critical"),
    ],
)
def test_a_notice_that_was_held_up_says_how_things_stand(
    instance: TestInstance, monkeypatch: pytest.MonkeyPatch, later: tuple[str, ...], words: str
) -> None:
    texts = Carrier(AttemptCode.FAILED)
    use(monkeypatch, text=texts)
    liaison()
    known_to_be_in("z2", "10 began c", until=12)
    out(12)
    known_to_be_in("z2", *later, until=40)
    texts.code = AttemptCode.DELIVERED
    out(60)
    told_late = [one for one in texts.taken[1:] if one.told.step == "victim"]
    assert [one.letter.severity for one in told_late] == [words]
