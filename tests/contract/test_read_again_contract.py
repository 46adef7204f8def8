"""Messages that could not be read, read again once what was wrong is mended, on both databases."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from fed_instance import UNKNOWN, WHO, WORN, activate, issue_key, position, send, taking_in

JSON = "/intake/json"


def messages() -> list[Any]:
    from tipstaff.positions.inbox_tables import Cursor
    from tipstaff.services.inbox import inbox_reader

    return list(inbox_reader().read(Cursor(), 1_000).messages)


def test_what_is_read_again_is_taken_in_once_by_the_law_of_its_time(
    instance: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipstaff.positions.inbox_again import UnreadWanted
    from tipstaff.records.models import AuditEntry
    from tipstaff.services.inbox_upkeep import HELD_FOR, look_again
    from tipstaff.services.unread_again import replay_unread
    from tipstaff.services.unread_messages import count_unread, show_unread

    assert count_unread(**WHO).kinds == ()
    key, now = issue_key(), datetime.now(UTC)
    activate(WORN)
    rows = [position(), position(UNKNOWN), position(latitude=91)]
    with monkeypatch.context() as broken:  # the reader is wrong: it takes no list
        broken.setattr("tipstaff.formats.feeds.own.MAX_MESSAGES", 0)
        with taking_in() as application:
            assert send(application, JSON, rows, key).told == (413, "TOO_MANY")
            assert send(application, JSON, rows[:1], key).told == (413, "TOO_MANY")
        kept = replay_unread(**WHO, wanted=UnreadWanted())
        assert (kept.looked, kept.read, kept.still) == (2, 0, 2)
    (kind,) = count_unread(**WHO).kinds
    assert (kind.supplier, kind.feed, kind.reason, kind.messages) == ("acme", "json", "TOO_MANY", 2)
    found = show_unread(**WHO, number=2)
    assert found is not None
    assert json.loads(found.raw) == rows[:1]
    assert show_unread(**WHO, number=99) is None
    # later than anything is held for, whose device nobody has stays where it is
    late = replay_unread(**WHO, wanted=UnreadWanted(number=1), now=now + HELD_FOR * 2)
    assert (late.looked, late.read, late.waiting) == (1, 0, 1)
    done = replay_unread(**WHO, wanted=UnreadWanted(reason="TOO_MANY"))
    assert (done.looked, done.read, done.messages, done.dropped) == (2, 2, 3, 0)
    (left,) = count_unread(**WHO).kinds
    assert (left.reason, left.messages, count_unread(**WHO).held) == ("OUT_OF_RANGE", 1, 2)
    again = replay_unread(**WHO, wanted=UnreadWanted())
    assert (again.looked, again.read, again.still) == (1, 0, 1)
    with taking_in() as application:
        assert look_again(application._intake, datetime.now(UTC)) == (1, 0)
        assert send(application, JSON, rows[:1], key).status == 200
    assert [m.device_id for m in messages()] == [WORN]
    entries = AuditEntry.objects.filter(use_case="replay_unread", phase="served")
    assert [one.rows for one in entries.order_by("at")] == [0, 0, 2, 0]


def test_what_came_beside_the_bytes_is_never_guessed(sqlite_instance: Any) -> None:
    from tipstaff.formats.feeds.again import feed_of, message_again
    from tipstaff.services.form_fields import form_fields

    assert message_again("json", b"[]", 0, form_fields).body == b"[]"  # type: ignore[union-attr]
    assert message_again("arrow", b"x", 0, form_fields) is not None
    assert message_again("arrow", b"{}", 3, form_fields) is None
    assert message_again("folder", b"T1,1,2", 3, form_fields) is None
    assert feed_of("folder") is None
    assert message_again("owntracks", b'{"_type": "location", "tid": "T1"}', 1, form_fields) is None
    assert message_again("owntracks", b'{"topic": "owntracks/a/b"}', 1, form_fields) is not None
    assert message_again("mqtt/owntracks", b'{"topic": "owntracks/a/b"}', 1, form_fields) is None
    assert message_again("mqtt/tipstaff", b'{"latitude": 91}', 0, form_fields) is None
    own = message_again("mqtt/tipstaff", b'{"device_id": "T1", "latitude": 91}', 1, form_fields)
    assert own is not None
    assert own.device == "T1"
    form = message_again("osmand", b"id=T1&lat=1", 1, form_fields)
    query = message_again("osmand", b'{"id": "T1", "lat": "1"}', 1, form_fields)
    body = message_again("osmand", b'{"device_id": "T1", "location": {}}', 1, form_fields)
    assert form is not None
    assert query is not None
    assert body is not None
    assert form.query == query.query == {"id": "T1", "lat": "1"}
    assert (body.query, body.content_type) == ({}, "application/json")
    assert message_again("osmand", b"\xff", 0, form_fields) is None


def test_a_key_for_positions_alone_brings_no_events_in_by_the_way(
    sqlite_instance: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipstaff.positions.inbox_again import UnreadWanted
    from tipstaff.services.unread_again import replay_unread

    key = issue_key("acme", "positions:write")
    activate(WORN)
    event = {"device_id": WORN, "event_time": position()["fix_time"], "code": "strap_cut"}
    with monkeypatch.context() as broken, taking_in() as application:
        broken.setattr("tipstaff.formats.feeds.own.MAX_MESSAGES", 0)
        assert send(application, JSON, [event], key).told == (413, "TOO_MANY")
    assert replay_unread(**WHO, wanted=UnreadWanted()).still == 1
    from tipstaff.records import supplier_keys

    issue_key("acme", "events:write")
    (later,) = [one for one in supplier_keys.every("acme") if "events:write" in one.scopes]
    supplier_keys.revoke(later.key_id, datetime.now(UTC))
    # a key that was never in force when it came, and is not now, opens nothing
    assert replay_unread(**WHO, wanted=UnreadWanted()).still == 1
    issue_key("acme", "events:write")
    assert replay_unread(**WHO, wanted=UnreadWanted()).messages == 1
