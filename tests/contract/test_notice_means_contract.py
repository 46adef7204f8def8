"""Webhooks, texts, and what is loud: on both databases, by local services."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from instance_fixtures import TestInstance
from made_notices import NOW, after, attempts, contact, made_wearer, queued, states
from sent_notices import (
    EMAIL,
    SECRET,
    deliver,
    put,
    relay,
    use_notify,
    use_relay,
    use_webhooks,
)
from stand_ins import Relay, notifying, receiving, relaying

from tipstaff.domain.deliveries import LEASE
from tipstaff.domain.protocols import Means, Recipient

__all__ = ["relay"]


def test_what_fails_for_long_is_told_to_the_shift_lead_and_tried_on(
    instance: TestInstance, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with relaying() as relay:
        use_relay(monkeypatch, relay)
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


def test_each_means_can_be_delivered_by_itself(
    instance: TestInstance, relay: Relay, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from tipstaff.services.notice_delivery import deliver_due

    contact()
    contact(means=Means.TEXT, address="07700900123")
    wearer = made_wearer()
    put(queued(wearer, 1), queued(wearer, 2, means=Means.TEXT))
    with notifying() as notify:
        use_notify(monkeypatch, notify.url, tmp_path)
        deliver_due(NOW, 10, (Means.TEXT,))
        assert (len(notify.messages), len(relay.taken)) == (1, 0)
        deliver_due(NOW, 10, (Means.EMAIL,))
        assert (len(notify.messages), len(relay.taken)) == (1, 1)


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
