"""Messages that could not be read: by kind, the bytes of one, and read again."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from fed_instance import UNKNOWN, WORN, activate, issue_key, position, send, taking_in
from sign_in_fixtures import signed_in, text

from tipstaff.domain.roles import Role

Pages = Callable[..., Any]
MARKUP = b'<script>alert("1")</script>\n'


def sent(*bodies: bytes) -> None:
    key = issue_key()
    activate(WORN)
    with taking_in() as application:
        for body in bodies:
            assert send(application, "/intake/json", body, key).status in {200, 400, 413}


def test_each_kind_is_told_and_nobody_is_shown(pages: Pages) -> None:
    browser = signed_in(pages, Role.ADMINISTRATOR)
    assert "Every message could be read" in text(browser.get("/quarantine"))
    sent(MARKUP, b"\xff{", json.dumps([position(latitude=91), position(UNKNOWN)]).encode())
    told = text(browser.get("/quarantine"))
    assert "It is not JSON" in told
    assert "Send one JSON text in UTF-8" in told
    assert "A value is beyond what can be" in told
    assert "Our own messages, JSON" in told
    assert "1 message waits that could be read" in told
    assert "alert" not in told
    # an administrator sees no bytes
    assert "See which" not in told
    assert browser.get("/lists/unread").status_code == 403
    assert browser.get("/quarantine/1").status_code == 403
    assert "Messages that could not be read" in text(browser.get("/desks/administration"))


def test_the_bytes_of_one_are_shown_escaped_once_somebody_says_why(pages: Pages) -> None:
    sent(MARKUP, b"\xff{\x00", json.dumps(position(latitude=91)).encode())
    browser = signed_in(pages, Role.MONITORING_OPERATOR)
    listed = text(browser.get("/lists/unread", {"reason": "NOT_JSON"}))
    assert "Message 1" in listed
    assert "Message 3" not in listed
    asked = browser.get("/quarantine/1")
    assert "Why do you read what was sent as message 1?" in text(asked)
    said = {"use_case": "show_unread", "purpose": "system_administration", "authority": ""}
    for number in (1, 2, 3):
        about = {"about": f"message {number}", "next": f"/quarantine/{number}"}
        assert browser.post("/purpose", said | about).status_code == 302
    first, second, third = (browser.get(f"/quarantine/{n}") for n in (1, 2, 3))
    assert "<script>alert" not in first.content.decode()
    assert "&lt;script&gt;alert" in first.content.decode()
    assert "ff 7b 00" in text(second)
    assert "Not text" in text(second)
    assert "laid out line by line" in text(third)
    assert f"{WORN}" in text(third)
    from tipstaff.records.models import AuditEntry

    looks = AuditEntry.objects.filter(use_case="show_unread", phase="served")
    assert {(one.purpose, one.rows) for one in looks} == {("system_administration", 1)}
    about = {"about": "message 9", "next": "/quarantine/9"}
    browser.post("/purpose", said | about)
    assert browser.get("/quarantine/9").status_code == 404


def test_they_are_read_again_and_what_came_of_it_is_said(pages: Pages, monkeypatch: Any) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("tipstaff.formats.feeds.own.MAX_MESSAGES", 0)
        sent(json.dumps([position()]).encode(), b"\xff{")
    browser = signed_in(pages, Role.ADMINISTRATOR)
    form = browser.get("/do/replay-unread", {"reason": "TOO_MANY"})
    assert "Read messages again" in text(form)
    assert "Why they could not be read It holds too many messages at once" in text(form)
    assert "All that could not be read" in text(browser.get("/do/replay-unread"))
    assert "Message 2" in text(browser.get("/do/replay-unread", {"number": "2"}))
    done = browser.post("/do/replay-unread", {"reason": "TOO_MANY", "feed": "json"})
    assert (done.status_code, done.headers["Location"]) == (302, "/quarantine")
    told = text(browser.get("/quarantine"))
    assert "1 of 1 could be read now. 1 message in them is taken in" in told
    browser.post("/do/replay-unread", {"number": "2"})
    assert "0 of 1 could be read now. 1 cannot be read still." in text(browser.get("/quarantine"))
    # what is no number is none of them, and not all
    browser.post("/do/replay-unread", {"number": "all"})
    assert "0 of 0 could be read now." in text(browser.get("/quarantine"))


def test_who_has_no_part_in_it_is_refused(pages: Pages) -> None:
    browser = signed_in(pages, Role.AUDITOR)
    for address in ("/quarantine", "/quarantine/1", "/do/replay-unread"):
        assert browser.get(address).status_code == 403, address
    assert browser.post("/do/replay-unread", {"number": "1"}).status_code == 403
