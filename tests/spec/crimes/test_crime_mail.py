"""What is believed of a mail, what of it is taken, and what is answered."""

from __future__ import annotations

from email import message_from_bytes, policy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_mails import CRIMES, HOST, SENDER, mail

from tipstaff.formats.crime_mail import (
    ACTIONS,
    MAX_ATTACHMENTS,
    MAX_MAIL_BYTES,
    MailCode,
    read_mail,
)
from tipstaff.formats.crime_mail_answer import AnsweredFile, answer_to
from tipstaff.formats.crime_mail_senders import MailRules, read_mail_rules
from tipstaff.formats.crimes import read_crimes


def test_a_mail() -> None:
    read = read_mail(mail(CRIMES), HOST)
    assert (read.sender, read.subject, read.vouched, read.automatic) == (
        SENDER,
        "batch",
        True,
        False,
    )
    assert (read.contents, read.fault) == ((CRIMES,), None)
    assert SENDER not in repr(read)


@pytest.mark.parametrize(
    ("found", "believed"),
    [
        (f"{HOST}; dmarc=pass header.from=durham.example", True),
        (f"{HOST}; spf=pass smtp.mailfrom=x; dmarc=pass (p=reject) header.from=durham.example",
         True),
        (f"{HOST} 1; dmarc=pass header.from=durham.example", True),
        ("", False),
        (f"{HOST}; dmarc=fail header.from=durham.example", False),
        (f"{HOST}; dmarc=pass header.from=elsewhere.example", False),
        (f"{HOST}; dmarc=pass header.from=durham.example.elsewhere.example", False),
        (f"{HOST}; spf=pass smtp.mailfrom=durham.example", False),
        (f"{HOST}; dkim=pass (dmarc=pass header.from=durham.example)", False),
        ("another.example; dmarc=pass header.from=durham.example", False),
        (f"{HOST}; none", False),
    ],
)  # fmt: skip
def test_who_is_vouched_for(found: str, believed: bool) -> None:
    assert read_mail(mail(CRIMES, vouched=found), HOST).vouched is believed


def test_a_header_that_the_sender_wrote_below_the_hosts_own_is_not_believed() -> None:
    forged = mail(CRIMES, vouched=f"{HOST}; dmarc=pass header.from=durham.example")
    own = f"Authentication-Results: {HOST}; dmarc=fail header.from=durham.example\r\n".encode()
    assert read_mail(own + forged, HOST).vouched is False


@pytest.mark.parametrize(
    ("header", "automatic"),
    [
        ({}, False), ({"Auto_Submitted": "no"}, False), ({"Auto_Submitted": "auto-replied"}, True),
        ({"Auto_Submitted": "auto-generated"}, True), ({"Precedence": "bulk"}, True),
        ({"Return_Path": "<>"}, True), ({"Return_Path": f"<{SENDER}>"}, False),
        ({"List_Id": "<l.example>"}, True),
    ],
)  # fmt: skip
def test_what_a_program_sent(header: dict[str, str], automatic: bool) -> None:
    assert read_mail(mail(CRIMES, **header), HOST).automatic is automatic


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (mail(), MailCode.NO_ATTACHMENT),
        (mail(*[CRIMES] * (MAX_ATTACHMENTS + 1)), MailCode.TOO_MANY_ATTACHMENTS),
        (mail(CRIMES, name="batch.xlsx"), MailCode.ATTACHMENT_TYPE),
        (mail(CRIMES, kind="application/zip"), MailCode.ATTACHMENT_TYPE),
        (mail(CRIMES) + b"x" * MAX_MAIL_BYTES, MailCode.TOO_LARGE),
        (b"no mail", MailCode.NOT_A_MAIL),
        (mail(CRIMES).replace(b"From: ", b"From: a@b.example, "), MailCode.NOT_A_MAIL),
        (b"From: a@b.example\r\n" + mail(CRIMES), MailCode.NOT_A_MAIL),
    ],
)
def test_what_is_not_taken(raw: bytes, code: MailCode) -> None:
    read = read_mail(raw, HOST)
    assert (read.fault, read.contents) == (code, ())


@given(st.binary(max_size=300), st.integers(0, 2000), st.binary(max_size=20))
def test_no_mail_whatever_stops_the_reader(junk: bytes, at: int, other: bytes) -> None:
    good = mail(CRIMES)
    for raw in (junk, b"From: " + junk, good[:at] + other + good[at:]):
        read_mail(raw, HOST)


def test_a_mail_delivered_again_is_the_same_mail() -> None:
    first = read_mail(mail(CRIMES), HOST)
    again = read_mail(b"Received: by another way\r\n" + mail(CRIMES), HOST)
    assert first.key == again.key
    assert first.key != read_mail(mail(CRIMES, number="2"), HOST).key
    assert first.key != read_mail(mail(CRIMES + CRIMES), HOST).key


@pytest.mark.parametrize("code", MailCode)
def test_an_answer_to_a_refused_mail(code: MailCode) -> None:
    answer = answer_to(read_mail(mail(CRIMES), HOST), "us@x.example", code)
    assert answer["To"] == SENDER
    assert answer["In-Reply-To"] == "<1@durham.example>"
    assert ACTIONS[code] in answer.get_content()
    read = read_mail(answer.as_bytes(), HOST)
    assert read.automatic  # two of us would not answer each other for ever


def test_an_answer_tells_nothing_out_of_the_file() -> None:
    bad = CRIMES.replace(b",a,", b",secret-reference,").replace(b"20260101220000", b"nonsense")
    answer = answer_to(read_mail(mail(bad), HOST), "us@x.example", [AnsweredFile(read_crimes(bad))])
    text = message_from_bytes(answer.as_bytes(), policy=policy.default).get_content()
    assert "INVALID_FROM_DATE_FORMAT" in text
    assert "secret-reference" not in text
    assert "nonsense" not in text


def test_a_subject_cannot_add_a_header() -> None:
    raw = mail(CRIMES).replace(b"Subject: batch", b"Subject: =?utf-8?q?a=0D=0ABcc:_x=40y?=")
    answer = answer_to(read_mail(raw, HOST), "us@x.example", MailCode.OTHER_FORCE)
    again = message_from_bytes(answer.as_bytes(), policy=policy.default)
    assert "Bcc" not in again


GOOD = f"""
authentication_host = "{HOST}"
answers_from = "crimes@tipstaff.example"
[senders]
"Crime.Data@durham.example" = "Durham"
[mailbox]
host = "imap.example"
username = "crimes"
password_file = "/etc/tipstaff/imap"
"""


def test_rules_in_a_file() -> None:
    rules: Any = read_mail_rules(GOOD.encode())
    assert isinstance(rules, MailRules)
    assert rules.senders == {SENDER: "Durham"}
    assert rules.mailbox is not None
    assert (rules.mailbox.port, rules.mailbox.taken) == (993, "Taken")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (("authentication_host =", "host ="), "authentication_host"),
        (("@durham.example", ""), "senders"),
        (('"imap.example"', "7"), "mailbox.host"),
        (("[mailbox]", "[mailbox]\nport = 0"), "mailbox.port"),
        (("[mailbox]", "[mailbox]\nx = 0"), "mailbox.x"),
    ],
)
def test_rules_that_are_wrong(change: tuple[str, str], where: str) -> None:
    faults: Any = read_mail_rules(GOOD.replace(*change).encode())
    assert where in {fault.where for fault in faults}
