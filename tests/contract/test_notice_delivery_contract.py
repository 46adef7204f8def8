"""Delivery on both databases, by a real relay and local services: nothing is lost, all is told."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from instance_fixtures import TestInstance
from made_notices import NOW, after, attempts, contact, made_wearer, queued, states
from relay_fixtures import use_relay
from stand_ins import NOTIFY_KEY, Relay, notifying, receiving, relaying

from tipstaff.domain.deliveries import LEASE
from tipstaff.domain.protocols import Means, Recipient

SECRET = b"a secret of at least 24 bytes"
EMAIL = "manager@example.org"


def deliver(now: datetime = NOW, most: int = 100) -> dict[str, int]:
    from tipstaff.services.notice_delivery import deliver_due

    return {state.value: count for state, count in deliver_due(now, most).items()}


def put(*notices: Any) -> None:
    from tipstaff.records.outbox import queue

    assert queue(notices) == len(notices)


@pytest.fixture
def relay(monkeypatch: pytest.MonkeyPatch) -> Any:
    with relaying() as made:
        use_relay(monkeypatch, made.port)
        yield made


def use_notify(monkeypatch: pytest.MonkeyPatch, url: str, tmp_path: Path) -> None:
    (tmp_path / "notify.key").write_text(NOTIFY_KEY + "\n")
    monkeypatch.setenv("TIPSTAFF_NOTIFY_KEY_FILE", str(tmp_path / "notify.key"))
    monkeypatch.setenv("TIPSTAFF_NOTIFY_URL", url)
    monkeypatch.setenv("TIPSTAFF_NOTIFY_TEXT_TEMPLATE", "t-1")


def use_webhooks(monkeypatch: pytest.MonkeyPatch, url: str, tmp_path: Path) -> None:
    secret = "whsec_" + base64.b64encode(SECRET).decode()
    (tmp_path / "webhooks.toml").write_text(f'"{url}" = "{secret}"\n')
    monkeypatch.setenv("TIPSTAFF_WEBHOOK_SECRETS_FILE", str(tmp_path / "webhooks.toml"))


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
        "As of 12:00 GMT on 2 November 2026.",
        "Reference: W-17, alert 4.",
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
        use_relay(monkeypatch, relay.port)
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


def test_what_fails_for_long_is_told_to_the_shift_lead_and_tried_on(
    instance: TestInstance, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with relaying() as relay:
        use_relay(monkeypatch, relay.port)
    contact()
    contact(Recipient.SHIFT_LEAD, Means.TEXT, "07700900123")
    put(queued(made_wearer()))
    with notifying() as notify:
        use_notify(monkeypatch, notify.url, tmp_path)
        for second in (0, 60, 700, 701, 5_000, 10_000):
            deliver(after(second))
    assert [step for step, _, _ in states()] == ["manager", "undelivered"]
    assert len(notify.messages) == 1
    assert "did not reach" in notify.messages[0]["personalisation"]["to_do"]
    assert states()[0][1] == "retrying"


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


def test_a_dead_notice_shouts_by_another_means_and_that_one_never_does(
    instance: TestInstance,
    relay: Relay,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    contact()
    contact(Recipient.SHIFT_LEAD, Means.EMAIL, "lead@example.org")
    contact(Recipient.SHIFT_LEAD, Means.TEXT, "07700900123")
    relay.answers[EMAIL] = f"550 5.1.1 no {EMAIL} here"
    put(queued(made_wearer("W-17")))
    with notifying() as notify, caplog.at_level(logging.DEBUG):
        use_notify(monkeypatch, notify.url, tmp_path)
        notify.status = 400
        assert deliver() == {"dead": 1}
        assert deliver(after(1)) == {"dead": 1}
        assert deliver(after(2)) == {}
    assert states() == [("manager", "dead", "REFUSED"), ("undelivered", "dead", "REFUSED")]
    assert attempts() == [("REFUSED", "", "550 5.1.1"), ("REFUSED", "", "HTTP 400")]
    for private in ("W-17", EMAIL, "07700900123"):
        assert private not in "".join(r.getMessage() for r in caplog.records if r.levelno >= 30)


@pytest.mark.parametrize(
    ("means", "known", "reason"),
    [
        (Means.EMAIL, False, "NO_CONTACT"),
        (Means.EMAIL, True, "NOT_SET_UP"),
        (Means.TEXT, True, "NOT_SET_UP"),
        (Means.WEBHOOK, True, "NOT_SET_UP"),
    ],
)
def test_what_cannot_be_tried_is_dead_at_once_and_loud(
    instance: TestInstance,
    means: Means,
    known: bool,
    reason: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    if known:
        contact(means=means)
    put(queued(made_wearer(), means=means))
    assert deliver() == {"dead": 1}
    assert states() == [("manager", "dead", reason)]
    assert attempts() == [(reason, "", "")]
    assert [r.levelname for r in caplog.records] == ["ERROR"]


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


def test_a_webhook_is_signed_and_is_the_same_when_it_is_sent_again(
    instance: TestInstance, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with receiving() as receiver:
        use_webhooks(monkeypatch, receiver.url, tmp_path)
        contact(means=Means.WEBHOOK, address=f"{receiver.url}/hook")
        put(queued(made_wearer("W-17"), means=Means.WEBHOOK))
        receiver.status = 503
        assert deliver() == {"retrying": 1}
        receiver.status = 204
        assert deliver(after(60)) == {"delivered": 1}
    one, two = receiver.posts
    assert one.body == two.body
    assert one.headers["webhook-id"] == two.headers["webhook-id"]
    assert json.loads(two.body)["data"]["reference"] == "W-17, alert 1"
    signed = f"{two.headers['webhook-id']}.{two.headers['webhook-timestamp']}.".encode() + two.body
    expected = base64.b64encode(hmac.new(SECRET, signed, hashlib.sha256).digest()).decode()
    assert two.headers["webhook-signature"] == f"v1,{expected}"
    assert int(two.headers["webhook-timestamp"]) >= int(after(60).timestamp())


def test_a_receiver_that_is_gone_or_has_no_secret_is_not_tried_again(
    instance: TestInstance, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with receiving() as receiver, receiving() as other:
        use_webhooks(monkeypatch, receiver.url, tmp_path)
        contact(means=Means.WEBHOOK, address=receiver.url)
        contact(Recipient.POLICE, Means.WEBHOOK, other.url)
        wearer = made_wearer()
        put(
            queued(wearer, 1, means=Means.WEBHOOK),
            queued(wearer, 2, means=Means.WEBHOOK, to=Recipient.POLICE),
        )
        receiver.status = 410
        assert deliver() == {"dead": 2}
        assert not other.posts
    assert [reason for _, _, reason in states()] == ["REFUSED", "NOT_SET_UP"]


@pytest.mark.parametrize(
    ("told", "state"), [("delivered", "delivered"), ("permanent-failure", "dead")]
)
def test_a_text_is_sent_once_and_its_receipt_is_kept(
    instance: TestInstance,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    told: str,
    state: str,
) -> None:
    with notifying() as notify:
        use_notify(monkeypatch, notify.url, tmp_path)
        contact(means=Means.TEXT, address="07700900123")
        put(queued(made_wearer(), means=Means.TEXT))
        assert deliver() == {"sent": 1}
        assert deliver(after(40)) == {}
        notify.messages[0]["status"] = told
        assert deliver(after(41)) == {}
        assert deliver(after(200)) == {state: 1}
        assert deliver(after(9_000)) == {}
    assert len(notify.messages) == 1
    assert notify.messages[0]["phone_number"] == "07700900123"
    ref = notify.messages[0]["id"]
    code = "DELIVERED" if state == "delivered" else "BOUNCED"
    assert attempts() == [("ACCEPTED", ref, "created"), (code, ref, told)]


def test_notify_is_asked_before_anything_is_sent_that_it_may_have(
    instance: TestInstance, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As after a crash between its acceptance and our record: the text does not go out again."""
    from tipstaff.records import notice_sending

    with notifying() as notify:
        use_notify(monkeypatch, notify.url, tmp_path)
        contact(means=Means.TEXT, address="07700900123")
        put(queued(made_wearer(), means=Means.TEXT))
        with monkeypatch.context() as patched:
            patched.setattr(notice_sending, "record", _dies)
            with pytest.raises(KeyboardInterrupt):
                deliver()
        assert deliver(after(1)) == {}
        assert deliver(NOW + LEASE + timedelta(seconds=9)) == {"sent": 1}
    assert len(notify.messages) == 1
    assert attempts() == [("ACCEPTED", notify.messages[0]["id"], "known from before")]


def _dies(*_told: Any) -> None:
    raise KeyboardInterrupt


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
