"""What a notice says, when it is tried again, and how a relay's and others' answers are read."""

from __future__ import annotations

import base64
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_alerts import alert, closed
from made_alerts import told as evidence
from made_notices import NOW
from stand_ins import Relay as Taker
from stand_ins import notifying, relaying

from tipstaff.domain.alerts import Alert, Evidence
from tipstaff.domain.deliveries import (
    FIRST_WAIT,
    LONGEST_TRYING,
    LONGEST_WAIT,
    is_given_up,
    wait_after,
)
from tipstaff.domain.findings import FindingKind
from tipstaff.domain.notice_checks import check_address
from tipstaff.domain.notices import CHANGED
from tipstaff.domain.protocols import Means, Recipient, Severity
from tipstaff.notices.carriers import Message, Secret, safe
from tipstaff.notices.email import Relay, Tls
from tipstaff.notices.govuk_notify import Notify
from tipstaff.notices.letters import KIND_WORDS, SEVERITY_WORDS, Since, Told, letter, since_of
from tipstaff.notices.webhook import Webhooks, key_of, origin_of

NOTICE = UUID(int=5)


def told(**other: Any) -> Told:
    values: dict[str, Any] = {
        "notice": NOTICE, "wearer": "W-17", "alert": 3, "severity": Severity.HIGH,
        "kind": FindingKind.ZONE, "step": "manager", "recipient": Recipient.POLICE,
        "late": False, "queued_at": NOW,
    }  # fmt: skip
    return Told(**(values | other))


def message(**other: Any) -> Message:
    one = told()
    return Message(UUID(int=9), one, letter(one, ""), NOW, **other)


@given(st.uuids(), st.integers(1, 200))
def test_a_wait_is_doubled_spread_and_always_the_same(notice: UUID, failures: int) -> None:
    wait = wait_after(notice, failures)
    whole = min(FIRST_WAIT * 2 ** min(failures - 1, 12), LONGEST_WAIT)
    assert whole * 0.75 <= wait <= whole
    assert wait == wait_after(notice, failures)


@given(st.uuids())
def test_it_is_given_up_after_hours_and_not_before(notice: UUID) -> None:
    now, failures = NOW, 1
    while not is_given_up(NOW, failures, now):
        now += wait_after(notice, failures)
        failures += 1
    assert LONGEST_TRYING <= now - NOW <= LONGEST_TRYING + LONGEST_WAIT


def test_every_kind_and_severity_has_words() -> None:
    assert set(KIND_WORDS) == set(FindingKind)
    assert set(SEVERITY_WORDS) == set(Severity)


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (told(words="Call them"), "Call them"),
        (told(step=CHANGED), "evidence of this alert changed"),
        (told(step="undelivered"), "did not reach whom it was for"),
        (told(step="shared-1-2"), "shares this alert with you"),
        (told(step="shared-1-2", recipient=Recipient.SHIFT_LEAD), "escalates this alert to you"),
        (told(late=True), "a zone, known late"),
        (told(), "https://console.example/notices/00000000-0000-0000-0000-000000000005"),
    ],
)
def test_what_it_says(one: Told, said: str) -> None:
    assert said in letter(one, "https://console.example").body
    assert "W-17" not in repr(one)


def now(revision: int = 1, changed: int = 0, **other: Any) -> Alert:
    return replace(alert(), told=evidence(revision, **other), changed=changed)


@pytest.mark.parametrize(
    ("one", "step", "since"),
    [
        (now(), "police", Since.NOTHING),
        (now(2), "police", Since.NOTHING),
        (now(2, evidence=Evidence.RETRACTED), "police", Since.WITHDRAWN),
        (now(2, evidence=Evidence.RETRACTED), CHANGED, Since.WITHDRAWN),
        (now(2, evidence=Evidence.MERGED, goes_on=False), "police", Since.MERGED),
        (now(2, changed=2), "police", Since.CHANGED),
        (now(2, changed=1), CHANGED, Since.NOTHING),
        (now(3, changed=2), CHANGED, Since.CHANGED),
        (closed(alert()), "police", Since.CLOSED),
        (closed(alert()), CHANGED, Since.NOTHING),
        (now(2, goes_on=False), "police", Since.ENDED),
    ],
)
def test_what_is_so_by_the_time_that_it_goes_out(one: Alert, step: str, since: Since) -> None:
    assert since_of(step, 1, one) is since
    said = letter(told(step=step, since=since, words="Call them"), "")
    assert said.subject.startswith(
        f"Tipstaff alert, high, now {since}:" if since else "Tipstaff alert, high:"
    )
    assert (said.to_do == "Call them") is (since is Since.NOTHING)
    assert said.to_do.endswith("Call them")


@pytest.mark.parametrize(
    ("queued_at", "said"),
    [
        (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), "As of 00:30 BST on 2 July 2026."),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "As of 01:30 BST on 25 October 2026."),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "As of 01:30 GMT on 25 October 2026."),
    ],
)
def test_it_says_of_when_it_is(queued_at: datetime, said: str) -> None:
    assert said in letter(told(queued_at=queued_at), "").body.splitlines()


def test_what_a_provider_says_is_cut_to_what_is_safe() -> None:
    assert safe("550 <a@b.example> unknown\r\nhere") == "550 … unknown here"
    assert len(safe("x" * 1000)) == 200


@pytest.mark.parametrize(
    ("rcpt", "data", "code", "words"),
    [
        ("250 OK", "", "ACCEPTED", ""),
        ("550 5.1.1 no a@example.org here", "", "REFUSED", "550 5.1.1"),
        ("451 4.7.1 greylisted", "", "FAILED", "451 4.7.1"),
        ("250 OK", "554 5.7.1 no such content", "FAILED", "554 5.7.1"),
    ],
)
def test_how_a_relays_answer_is_read(rcpt: str, data: str, code: str, words: str) -> None:
    with relaying(Taker(answers={"a@example.org": rcpt}, to_data=data)) as taker:
        relay = Relay("127.0.0.1", taker.port, "t@example.org", Tls.NONE)
        sent = relay.send(message(), "a@example.org")
    assert (sent.code, sent.words) == (code, words)


def test_a_relay_that_never_answers_is_a_failure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        relay = Relay(
            "127.0.0.1", silent.getsockname()[1], "t@example.org", Tls.NONE, patience_s=0.2
        )
        assert (relay.send(message(), "a@example.org").code) == "FAILED"
        assert "secret" not in repr(Relay("h", 1, "t@e", user="u", password=Secret("secret")))


@pytest.mark.parametrize(("tls", "user"), [(Tls.STARTTLS, ""), (Tls.NONE, "me"), (Tls.TLS, "")])
def test_nothing_is_sent_where_tls_or_sign_in_is_not_to_be_had(tls: Tls, user: str) -> None:
    with relaying() as taker:
        relay = Relay("127.0.0.1", taker.port, "t@example.org", tls, user, patience_s=0.3)
        assert relay.send(message(), "a@example.org").code == "FAILED"
        assert not taker.taken


@pytest.mark.parametrize(
    ("status", "code"), [(400, "REFUSED"), (403, "FAILED"), (429, "FAILED"), (500, "FAILED")]
)
def test_how_notifys_refusals_are_read(status: int, code: str) -> None:
    from stand_ins import NOTIFY_KEY

    with notifying() as notify:
        notify.status = status
        sent = Notify(Secret(NOTIFY_KEY), "t", texts=True, base_url=notify.url).send(
            message(), "07700900123"
        )
    assert (sent.code, sent.words) == (code, f"HTTP {status}")


def test_what_is_not_there_is_a_failure() -> None:
    from stand_ins import NOTIFY_KEY

    with socket.create_server(("127.0.0.1", 0)) as found:
        url = f"http://127.0.0.1:{found.getsockname()[1]}"
    secret = "whsec_" + base64.b64encode(bytes(32)).decode()
    notify = Notify(Secret(NOTIFY_KEY), "t", texts=True, base_url=url)
    assert notify.send(message(), "07700900123").code == "FAILED"
    assert notify.receipt("one") is None
    assert Webhooks({url: Secret(secret)}).send(message(), url).code == "FAILED"


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://Host.example/path?x", "https://host.example"),
        ("https://host.example:8443/p", "https://host.example:8443"),
        ("http://127.0.0.1:80/p", "http://127.0.0.1:80"),
        ("http://host.example/p", ""),
        ("https://me:word@host.example/p", ""),
        ("ftp://host.example", ""),
        ("https://host.example:port/", ""),
        ("", ""),
    ],
)
def test_whose_secret_an_address_goes_by(address: str, origin: str) -> None:
    assert origin_of(address) == origin


@pytest.mark.parametrize("secret", ["whsec_c2hvcnQ=", "c" * 44, "whsec_not base64", ""])
def test_a_secret_that_is_none_is_refused(secret: str) -> None:
    with pytest.raises(ValueError, match="webhook secret") as refused:
        key_of(secret)
    assert not secret or secret not in str(refused.value)


@pytest.mark.parametrize(
    ("means", "address", "good"),
    [
        (Means.EMAIL, "lead@example.org", True),
        (Means.EMAIL, "Lead <lead@example.org>", False),
        (Means.EMAIL, "lead@example.org\r\nBcc: x@y", False),
        (Means.EMAIL, "a" * 250 + "@example.org", False),
        (Means.TEXT, "+44 7700 900123", True),
        (Means.TEXT, "lead", False),
        (Means.WEBHOOK, "https://host.example/hook", True),
        (Means.WEBHOOK, "http://host.example/hook", False),
        (Means.QUEUE, "x", False),
    ],
)
def test_what_an_address_is(means: Means, address: str, good: bool) -> None:
    assert bool(check_address(means, address)) is not good


def test_a_late_repeat_is_the_same_email() -> None:
    with relaying() as taker:
        relay = Relay("127.0.0.1", taker.port, "t@example.org", Tls.NONE)
        for later in (timedelta(0), timedelta(hours=3)):
            one = Message(UUID(int=9), told(), letter(told(), ""), NOW + later)
            relay.send(one, "a@example.org")
    first, second = (mail.as_bytes() for mail in taker.taken)
    assert first.split(b"X-Peer")[0] == second.split(b"X-Peer")[0]
