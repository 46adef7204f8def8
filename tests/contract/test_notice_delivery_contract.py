"""Delivery on both databases, by a real relay: nothing is lost, and each is told once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from instance_fixtures import TestInstance
from made_notices import NOW, after, attempts, contact, made_wearer, queued, states
from sent_notices import EMAIL, deliver, put, relay, use_relay
from stand_ins import Relay, relaying

from tipstaff.domain.deliveries import LEASE
from tipstaff.domain.protocols import Means, Recipient

__all__ = ["relay"]


def test_an_email_goes_out_once_and_says_no_more_than_it_must(
    instance: TestInstance, relay: Relay
) -> None:
    contact()
    contact(address="deputy@example.org")
    put(queued(made_wearer("W-17"), 4))
    assert deliver() == {"sent": 1}
    assert deliver(after(7200)) == {}
    assert sorted(relay.to) == ["deputy@example.org", EMAIL]
    mail = relay.taken[0]
    assert mail["Subject"] == "Tipstaff alert, high: the strap of a device"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content().strip().splitlines() == [
        "Tipstaff alert, high: the strap of a device.",
        "Reference: W-17, alert 4. 2026-11-02 12:00 UTC.",
        "The device says that it was cut or opened.",
    ]
    assert attempts() == [
        ("ACCEPTED", "250 2.0.0 queued as Q1", ""),
        ("ACCEPTED", "250 2.0.0 queued as Q2", ""),
    ]
    assert len(set(relay.ids())) == 2


def test_of_limited_access_not_even_the_reference_is_told(
    instance: TestInstance, relay: Relay
) -> None:
    from tipstaff.records.models import LimitedWearer, Wearer

    contact()
    put(queued(made_wearer("W-17")))
    LimitedWearer.objects.create(wearer=Wearer.objects.get())
    assert deliver() == {"sent": 1}
    assert "W-17" not in relay.taken[0].as_string()
    assert "Reference: notice " in relay.taken[0].get_content()


def test_after_an_hour_without_a_relay_everything_is_delivered_once(
    instance: TestInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    with relaying() as relay:
        use_relay(monkeypatch, relay)
    contact()
    wearer = made_wearer()
    put(*(queued(wearer, n) for n in range(1, 6)))
    for second in range(0, 3600, 150):
        assert set(deliver(after(second))) <= {"retrying"}
    assert {state for _step, state, _reason in states()} == {"retrying"}
    with relaying(relay):
        for second in range(3600, 4500, 150):
            deliver(after(second))
    assert {state for _step, state, _reason in states()} == {"sent"}
    assert len(relay.taken) == len(set(relay.ids())) == 5
    assert {code for code, _, _ in attempts()} == {"FAILED", "ACCEPTED"}


def test_what_is_never_taken_is_given_up_in_the_end_and_can_be_tried_again(
    instance: TestInstance, relay: Relay, caplog: pytest.LogCaptureFixture
) -> None:
    from tipstaff.records.models import Notice, NoticeAttempt
    from tipstaff.records.notice_sending import retry

    contact()
    relay.answers[EMAIL] = "451 4.3.0 later"
    put(queued(made_wearer()))
    for second in range(0, 6 * 3600, 600):
        deliver(after(second))
    assert states() == [("manager", "dead", "GIVEN_UP")]
    assert NoticeAttempt.objects.filter(code="FAILED").count() >= 20
    assert [r.levelname for r in caplog.records if "is dead" in r.message] == ["ERROR"]
    relay.answers.clear()
    notice = Notice.objects.get().id
    assert retry(notice, after(30_000))
    assert not retry(notice, after(30_000))
    assert deliver(after(30_000)) == {"sent": 1}


def test_one_who_has_it_is_not_told_again_while_another_is_tried(
    instance: TestInstance, relay: Relay
) -> None:
    contact()
    contact(address="deputy@example.org")
    relay.answers["deputy@example.org"] = "451 later"
    put(queued(made_wearer()))
    assert deliver() == {"retrying": 1}
    relay.answers.clear()
    assert deliver(after(60)) == {"sent": 1}
    assert relay.to == [EMAIL, "deputy@example.org"]


def test_two_deliverers_at_once_send_each_once(instance: TestInstance, relay: Relay) -> None:
    from django.db import connection

    contact()
    wearer = made_wearer()
    put(*(queued(wearer, n) for n in range(1, 31)))
    start, faults = threading.Barrier(3), []

    def work() -> None:
        try:
            start.wait()
            while deliver(most=4):
                pass
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert len(relay.taken) == len(set(relay.ids())) == 30
    assert {state for _, state, _ in states()} == {"sent"}


def test_the_worker_delivers_until_it_is_ended(instance: TestInstance, relay: Relay) -> None:
    from tipstaff.services.notice_worker import keep_delivering

    contact(starts_at=datetime(2020, 1, 1, tzinfo=UTC))
    put(queued(made_wearer(), queued_at=datetime(2020, 1, 2, tzinfo=UTC)))
    ended = threading.Event()
    thread = threading.Thread(target=keep_delivering, args=(ended, 0.01))
    thread.start()
    while states()[0][1] != "sent":
        ended.wait(0.01)
    ended.set()
    thread.join()
    assert len(relay.taken) == 1


def test_who_is_erased_while_they_are_told_is_forgotten(
    instance: TestInstance, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipstaff.notices import email
    from tipstaff.records.models import NoticeAttempt, Wearer
    from tipstaff.records.personal_data import erase_person

    def erased(*told: Any) -> Any:
        erase_person(Wearer.objects.get().id)
        return sends(*told)

    sends = email.Relay.send
    monkeypatch.setattr(email.Relay, "send", erased)
    contact()
    put(queued(made_wearer()))
    assert deliver() == {}
    assert not NoticeAttempt.objects.exists()


def test_who_lost_the_lease_says_nothing_more(instance: TestInstance, relay: Relay) -> None:
    from tipstaff.domain.deliveries import NoticeState
    from tipstaff.records.notice_sending import Standing, claim, renew, settle

    contact()
    put(queued(made_wearer()))
    (first,) = claim(NOW, 5)
    assert claim(after(1), 5) == []
    late = NOW + LEASE
    (second,) = claim(late, 5)
    assert (first.again, second.again) == (False, True)
    assert not renew(first, late)
    assert not settle(first, Standing(NoticeState.SENT), late)
    assert settle(second, Standing(NoticeState.SENT), late)


def test_the_police_of_the_wearers_forces_are_told_and_no_other(instance: TestInstance) -> None:
    from made_accounts import LOCAL
    from made_cases import order, wearer

    from tipstaff.records.models import Wearer
    from tipstaff.records.notice_contacts import addresses
    from tipstaff.services.cases import record_order, record_wearer

    record_wearer(**LOCAL, wearer=wearer("W1"))
    assert not record_order(**LOCAL, order=order(wearer="W1")).problems
    force = order(wearer="W1").force
    row = Wearer.objects.get(reference="W1").id
    now = datetime.now(NOW.tzinfo) + timedelta(seconds=5)
    ours = contact(Recipient.POLICE, address="ours@example.org", force=force)
    contact(Recipient.POLICE, address="theirs@example.org", force="Essex")
    everyones = contact(Recipient.POLICE, address="all@example.org")
    contact(Recipient.POLICE, address="old@example.org", ends_at=NOW)
    found = addresses(row, Recipient.POLICE, Means.EMAIL, now)
    assert {ref for ref, _ in found} == {ours, everyones}


def test_notices_go_with_the_person(instance: TestInstance, relay: Relay) -> None:
    from tipstaff.records.models import Notice, NoticeAttempt, Wearer
    from tipstaff.records.personal_data import count_person, erase_person

    contact()
    put(queued(made_wearer()))
    deliver()
    row = Wearer.objects.get().id
    assert count_person(row) == {"noticeattempt": 1, "notice": 1, "wearer": 1}
    erase_person(row)
    assert not Notice.objects.exists()
    assert not NoticeAttempt.objects.exists()
