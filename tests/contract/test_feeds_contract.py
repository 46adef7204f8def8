"""Suppliers' messages over HTTP, from the key to the archive, on both databases."""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fed_instance import UNKNOWN, WHO, WORN, activate, asend, issue_key, position, send, taking_in

JSON = "/intake/json"


def messages() -> list[Any]:
    from tipstaff.positions.inbox_tables import Cursor
    from tipstaff.services.inbox import inbox_reader

    return list(inbox_reader().read(Cursor(), 1_000).messages)


def state() -> Any:
    from tipstaff.services.inbox import inbox_reader

    return inbox_reader().state()


def test_what_was_answered_is_on_the_disk_once(instance: Any) -> None:
    key = issue_key()
    activate(WORN)
    sent = [position(ago_s=60), position(ago_s=120)]
    with taking_in() as application:
        first = send(application, JSON, sent, key)
        assert (first.status, first.json) == (200, {"received": 2, "unread": 0})
        assert send(application, JSON, sent[:1], key).json == {"received": 1, "unread": 0}
        assert first.headers["cache-control"] == "no-store"
        found = messages()
    assert [(m.supplier, m.device_id, m.feed) for m in found] == [("acme", WORN, "json")] * 2


def test_from_the_message_to_the_archive(instance: Any) -> None:
    from tipstaff import settings
    from tipstaff.domain.periods import Period
    from tipstaff.positions.archive import Archive
    from tipstaff.records.models import AuditEntry
    from tipstaff.services.inbox_drain import drain_to_archive

    key = issue_key()
    activate(WORN)
    event = {"device_id": WORN, "event_time": position()["fix_time"], "code": "strap_cut"}
    fast = position(fix_time=(datetime.now(UTC) + timedelta(hours=1)).isoformat())
    with taking_in() as application:
        assert send(application, JSON, [position(), fast, event], key).json["received"] == 3
        done = drain_to_archive(**WHO)
        assert (done.messages, done.new_fixes, done.wrong_clock, done.events) == (3, 1, 1, 1)
        assert drain_to_archive(**WHO).messages == 0
        assert send(application, JSON, [position(ago_s=240), position()], key).status == 200
    assert drain_to_archive(**WHO).new_fixes == 1
    data = settings.load()
    ever = Period(datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
    assert sum(batch.num_rows for batch in Archive(data.archive_folder).fixes(ever)) == 2
    (quarantined,) = data.quarantine_folder.glob("*.jsonl")
    assert json.loads(quarantined.read_text())["reason"] == "CLOCK_AHEAD"
    (kept,) = data.events_folder.glob("*.jsonl")
    assert json.loads(json.loads(kept.read_text())["body"]) == event
    assert AuditEntry.objects.filter(use_case="drain_inbox").count() == 8


def test_only_a_key_opens_an_address(sqlite_instance: Any) -> None:
    from tipstaff.feeds.http import BY_KEY, DOCUMENTATION

    with taking_in() as application:
        for path, feed in BY_KEY.items():
            for method in feed.methods:
                assert send(application, path, {}, method=method).told == (401, "NO_KEY")
                refused = send(application, path, {}, "tsk.x.y", method)
                assert refused.told == (401, "KEY_DOES_NOT_WORK")
                assert refused.headers["www-authenticate"].startswith("Bearer")
        # the description of the addresses, and nothing else, is for everybody
        told = send(application, DOCUMENTATION, method="GET")
        assert {f"{path}" for path in told.json["paths"]} == set(BY_KEY)
        assert send(application, "/intake/", {}).told == (404, "NO_SUCH_ADDRESS")
        assert send(application, "/intake/json/", {}, issue_key()).told == (404, "NO_SUCH_ADDRESS")


def test_a_key_may_do_what_its_scopes_name_for_its_own_supplier(sqlite_instance: Any) -> None:
    positions, events = issue_key("acme", "positions:write"), issue_key("acme", "events:write")
    other = issue_key("other")
    activate(WORN)
    event = {"device_id": WORN, "event_time": position()["fix_time"], "code": "strap_cut"}
    with taking_in() as application:
        assert send(application, JSON, [position()], events).told == (403, "OUTSIDE_SCOPE")
        assert send(application, JSON, [position(), event], positions).told == (
            403, "OUTSIDE_SCOPE",
        )  # fmt: skip
        assert send(application, JSON, [position()], positions).status == 200
        # another supplier's device of the same name is another device: nobody is known to wear it
        assert send(application, JSON, [position()], other).status == 200
        found = state()
    assert (found.last, found.held) == (1, 1)


def test_ways_to_present_a_key(sqlite_instance: Any) -> None:
    key = issue_key()
    activate(WORN)
    basic = base64.b64encode(f"anything:{key}".encode()).decode()
    at = int(datetime.now(UTC).timestamp())
    query = f"id={WORN}&lat=52.9&lon=-1.4&timestamp={at}"
    with taking_in() as application:
        assert send(application, JSON, [position()], authorization=f"Basic {basic}").status == 200
        in_query = send(application, "/intake/osmand", method="GET", query=f"{query}&key={key}")
        assert in_query.json == {"received": 1, "unread": 0}
        form = send(application, "/intake/osmand", query.replace("52.9", "52.8").encode(), key,
                    content_type="application/x-www-form-urlencoded")  # fmt: skip
        assert form.json == {"received": 1, "unread": 0}
        # elsewhere a key in an address would lie in the logs of every proxy
        assert send(application, JSON, [position()], query=f"key={key}").status == 401
        assert send(application, JSON, [position()], authorization="Basic !").status == 401
        assert state().last == 3


def test_a_bad_message_is_kept_and_the_rest_goes_on(sqlite_instance: Any) -> None:
    from tipstaff.positions.inbox_again import UnreadWanted
    from tipstaff.services.inbox import inbox_again
    from tipstaff.services.inbox_upkeep import UNREAD_FOR, forget_unread
    from tipstaff.services.unread_messages import list_unread

    key = issue_key()
    activate(WORN)
    bad = position(latitude=91)
    with taking_in() as application:
        answer = send(application, JSON, [bad, position()], key)
        assert (answer.status, answer.json["received"], answer.json["unread"]) == (200, 1, 1)
        (told,) = answer.json["problems"]
        assert (told["row"], told["code"], told["field"]) == (1, "OUT_OF_RANGE", "latitude")
        assert told["action"]
        refused = send(application, JSON, b"\xff{", key)
        assert refused.told == (400, "NOT_JSON")
        assert "kept" in refused.json["detail"]
        kept = inbox_again().rows(UnreadWanted(), 9)
        intake, now = application._intake, datetime.now(UTC)
        assert forget_unread(intake, now) == 0
        assert [row.number for row in list_unread(**WHO)] == [1, 2]
        assert forget_unread(intake, now + UNREAD_FOR + timedelta(minutes=1)) == 2
        assert list_unread(**WHO) == ()
    assert [bytes(row.raw) for row in kept][1:] == [b"\xff{"]
    assert json.loads(bytes(kept[0].raw)) == bad


def test_a_device_of_nobody_is_held_until_somebody_wears_it(instance: Any) -> None:
    from tipstaff.services.inbox_upkeep import HELD_FOR, look_again

    key = issue_key()
    with taking_in() as application:
        assert send(application, JSON, [position(UNKNOWN), position("U2")], key).status == 200
        intake, now = application._intake, datetime.now(UTC)
        assert look_again(intake, now) == (0, 0)
        assert (state().held, state().last) == (2, 0)
        activate(UNKNOWN)
        assert look_again(intake, now) == (1, 0)
        assert [m.device_id for m in messages()] == [UNKNOWN]
        assert look_again(intake, now + HELD_FOR - timedelta(minutes=1)) == (0, 0)
        assert look_again(intake, now + HELD_FOR + timedelta(minutes=1)) == (0, 1)
        assert state().held == 0
        assert send(application, JSON, [position(UNKNOWN)], key).json["received"] == 1


def test_what_may_not_be_kept_is_counted_and_not_told(sqlite_instance: Any) -> None:
    from tipstaff.domain.intake_words import GateReason, Verb, Verdict

    def withdrawn(_supplier: str, asked: Any, _at: datetime) -> list[Verdict]:
        return [Verdict(Verb.DROP_COUNTED, GateReason.CONSENT_WITHDRAWN) for _one in asked]

    key = issue_key()
    activate(WORN)
    with taking_in() as application:
        application._intake.gate = withdrawn
        # the supplier learns nothing of a wearer's consent
        assert send(application, JSON, [position()], key).json == {"received": 1, "unread": 0}
        found = state()
    assert (found.last, found.held, found.dropped) == (0, 0, {"consent_withdrawn": 1})
    assert messages() == []


def test_a_wrong_clock_is_judged_by_the_time_of_receipt(sqlite_instance: Any) -> None:
    key = issue_key()
    activate(WORN)
    with taking_in() as application:
        send(application, JSON, [position(fix_time="2019-03-01T00:00:00Z")], key)
        (found,) = messages()
    assert found.clock != 0


def test_limits_of_a_request(sqlite_instance: Any) -> None:
    from tipstaff.feeds import bodies

    key = issue_key()
    activate(WORN)
    bomb = gzip.compress(b"[" + b" " * bodies.MOST_UNPACKED + b"]")
    assert len(bomb) < bodies.MOST_SENT
    good = gzip.compress(json.dumps([position()]).encode())
    with taking_in() as application:
        packed = {"content_encoding": "gzip"}
        assert send(application, JSON, good, key, **packed).status == 200
        assert send(application, JSON, good, key, pieces=7, **packed).status == 200
        assert send(application, JSON, bomb, key, **packed).told == (413, "BODY_TOO_LARGE")
        for damaged in (good[:-3], b"x", good + b"x"):
            assert send(application, JSON, damaged, key, **packed).told == (400, "DAMAGED_GZIP")
        assert send(application, JSON, b"{}", key, content_encoding="br").told == (
            415, "UNKNOWN_ENCODING",
        )  # fmt: skip
        long = b" " * (bodies.MOST_SENT + 1)
        assert send(application, JSON, long, key, pieces=9).told == (413, "BODY_TOO_LARGE")
        assert send(application, JSON, b"", key, content_length="99999999").told[0] == 413
        assert send(application, JSON, b"{}", key, content_type="text/plain").told[0] == 415
        refused = send(application, JSON, method="GET")
        assert (refused.told, refused.headers["allow"]) == ((405, "METHOD"), "POST")
    assert state().last == 1


def test_a_key_that_comes_too_often_waits(sqlite_instance: Any) -> None:
    from tipstaff.domain.rate_limits import Bucket, Taken

    class Empty:
        def take(self, _name: str, _rate: Any, now_us: int) -> Taken:
            return Taken(Bucket(now_us, now_us), 2_500_000)

    key = issue_key()
    with taking_in() as application:
        application._intake.desk.buckets = Empty()
        refused = send(application, JSON, [position()], key)
    assert refused.told == (429, "TOO_OFTEN")
    assert refused.headers["retry-after"] == "3"


def test_back_pressure_instead_of_memory(sqlite_instance: Any) -> None:
    key = issue_key()
    activate(WORN)
    gate = threading.Event()

    async def many(application: Any) -> list[Any]:
        application._intake.inbox.run(lambda _store: gate.wait(20))
        sent = [
            asyncio.create_task(asend(application, JSON, [position(ago_s=n)], key))
            for n in range(12)
        ]
        done, _waiting = await asyncio.wait(sent, timeout=2, return_when=asyncio.FIRST_COMPLETED)
        assert {task.result().told for task in done} == {(429, "BUSY")}
        gate.set()
        return list(await asyncio.gather(*sent))

    with taking_in(most_requests=4) as application:
        answers = asyncio.run(many(application))
    assert [a.status for a in answers].count(200) == 4
    busy = [a for a in answers if a.status != 200]
    assert {(a.told, a.headers["retry-after"]) for a in busy} == {((429, "BUSY"), "2")}
    assert state().last == 4


def test_a_full_queue_is_told_as_busy(sqlite_instance: Any) -> None:
    from tipstaff.positions.inbox import InboxFullError

    key = issue_key()
    activate(WORN)

    def full(_batch: Any) -> Any:
        raise InboxFullError

    with taking_in() as application:
        application._intake.inbox.append = full
        assert send(application, JSON, [position()], key).told == (429, "BUSY")


def test_over_plain_http_behind_a_proxy_nothing_is_taken(sqlite_instance: Any) -> None:
    key = issue_key()
    with taking_in(https_only=True) as application:
        assert send(application, JSON, [position()], key).told == (403, "NOT_HTTPS")
        assert send(application, JSON, [], key, scheme="https").status == 200


@pytest.mark.parametrize("instance", ["postgresql"], indirect=True)
@pytest.mark.postgres
def test_a_database_that_went_away_and_came_back(instance: Any) -> None:
    from django.db import connection

    key = issue_key()
    activate(WORN)
    with taking_in() as application:
        for ago_s in range(1, 5):
            assert send(application, JSON, [position(ago_s=ago_s)], key).status == 200
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        answers = [send(application, JSON, [position(ago_s=9)], key) for _again in range(6)]
        # each thread finds out once, and so does the writer; nothing was taken meanwhile
        assert {a.status for a in answers[:3]} <= {200, 503, 507}
        assert 200 not in {a.status for a in answers[:1]}
        assert [a.status for a in answers[3:]] == [200, 200, 200]
        assert state().last == 5


def test_what_is_withdrawn_counts_at_once(instance: Any) -> None:
    from django.db import transaction

    from tipstaff.records import activations
    from tipstaff.services.supplier_keys import revoke_key

    key = issue_key()
    activate(WORN)
    with taking_in() as application:
        for ago_s in (10, 20, 30):
            assert send(application, JSON, [position(ago_s=ago_s)], key).status == 200
        with transaction.atomic():
            assert activations.withdraw("acme", f"a-{WORN}", datetime.now(UTC))
        for ago_s in (40, 50, 60):
            assert send(application, JSON, [position(ago_s=ago_s)], key).status == 200
        assert (state().last, state().held) == (3, 3)
        assert revoke_key(**WHO, key_id=key.split(".")[1]) is None
        for _again in range(3):
            assert send(application, JSON, [position()], key).told == (401, "KEY_DOES_NOT_WORK")


def test_one_process_takes_in(sqlite_instance: Any) -> None:
    from tipstaff.services.inbox import InboxBusyError, open_inbox

    with taking_in(), pytest.raises(InboxBusyError, match="End it first"), open_inbox():
        pass


def test_no_page_lies_below_the_intakes_addresses() -> None:
    import tipstaff.services  # noqa: F401 (makes Django ready)
    from tipstaff.feeds.http import BY_KEY, PREFIX
    from tipstaff.web import gate, urls

    paths = [str(pattern.pattern) for pattern in urls.urlpatterns]
    assert [path for path in paths if f"/{path}".startswith(PREFIX)] == []
    assert gate.BY_KEY == PREFIX
    assert all(path.startswith(PREFIX) for path in BY_KEY)


def test_owntracks_expects_a_list(sqlite_instance: Any) -> None:
    key = issue_key()
    activate("JJ")
    at = int(datetime.now(UTC).timestamp())
    sent = {"_type": "location", "lat": 1.0, "lon": 2.0, "tst": at, "tid": "JJ"}
    with taking_in() as application:
        assert send(application, "/intake/owntracks", sent, key).body == b"[]"
        assert send(application, "/intake/owntracks", b"", key).body == b"[]"
        assert [m.device_id for m in messages()] == ["JJ"]
