"""Answers to mails with crime files reach the relay, each once, and wait where there is none."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

import pytest
from relay_fixtures import use_relay
from stand_ins import relaying


def laid_out(key: str, to: str = "crimes@force.example") -> Any:
    from tipstaff import settings
    from tipstaff.services.mail_ledger import MailLedger

    answer = EmailMessage()
    answer["From"], answer["To"], answer["Subject"] = "hub@example.org", to, "Re: crime files"
    answer.set_content("File 1: 3 of 3 rows accepted.\n")
    ledger = MailLedger(settings.load().crime_mail_folder)
    ledger.answer(key, answer.as_bytes())
    return ledger


def test_each_is_sent_once(sqlite_instance: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from tipstaff.services.mail_answers import send_answers

    ledger = laid_out("one")
    laid_out("two")
    assert send_answers() == 0
    assert len(ledger.waiting()) == 2
    with relaying() as relay:
        use_relay(monkeypatch, relay.port)
        assert send_answers() == 2
        assert send_answers() == 0
        assert len(set(relay.ids())) == 2
    assert ledger.waiting() == []


def test_a_relay_that_is_away_loses_none(
    sqlite_instance: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipstaff.services.mail_answers import send_answers

    ledger = laid_out("one")
    with relaying() as relay:
        port = relay.port
    use_relay(monkeypatch, port)
    assert send_answers() == 0
    assert len(ledger.waiting()) == 1
    with relaying(relay):
        assert send_answers() == 1
        assert len(relay.taken) == 1


def test_an_address_that_is_refused_for_good_holds_up_no_other(
    sqlite_instance: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipstaff.domain.deliveries import AttemptCode
    from tipstaff.notices import email
    from tipstaff.notices.carriers import Sent
    from tipstaff.services.mail_answers import send_answers

    use_relay(monkeypatch, 9)
    laid_out("one", "nobody@force.example")
    ledger = laid_out("two")
    tried: list[str] = []

    def passed(_relay: Any, _mail: bytes, address: str) -> Sent:
        tried.append(address)
        gone = address.startswith("nobody")
        return Sent(AttemptCode.REFUSED if gone else AttemptCode.ACCEPTED)

    monkeypatch.setattr(email.Relay, "pass_on", passed)
    assert send_answers() == 1
    assert sorted(tried) == ["crimes@force.example", "nobody@force.example"]
    assert ledger.waiting() == []
