"""What an intake and a worker log and measure of a breach: request ids and counts, about nobody."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from fed_instance import issue_key, position, send, taking_in
from figures_read import value
from live_instance import at, event, fix, monitored, watched_wearer
from prometheus_client.exposition import generate_latest

from tipstaff.domain.deliveries import NoticeState
from tipstaff.domain.purposes import Purpose
from tipstaff.web.log_lines import places
from tipstaff.web.request_ids import with_request_ids

#: Who, what device, which order and zone, and where.
CANARIES = ("Qzwearer", "Qztag", "O-Qz", "z1", "53.1", "-1.4", "531000000", "Made")
#: When a line was written: its seconds may look like a latitude.
WHEN = re.compile(r'"at": "20[0-9T:.-]+Z", ')


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """All that anything logs, in the form in which our processes log it."""
    out = io.StringIO()
    handler, root, ours = logging.StreamHandler(out), logging.root, logging.getLogger("tipstaff")
    handler.setFormatter(places())
    before = root.level, ours.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)  # below it numba tells all that it compiles
    ours.setLevel(logging.DEBUG)
    try:
        yield out
    finally:
        root.removeHandler(handler)
        root.setLevel(before[0])
        ours.setLevel(before[1])


def json_feed() -> str:
    from tipstaff.feeds.http import BY_KEY

    return next(path for path, feed in BY_KEY.items() if feed.address == "json")


def test_a_breach_is_in_no_log_and_in_no_figure(instance: Any) -> None:
    from tipstaff.services.inbox_drain import drain_to_archive
    from tipstaff.services.intake_measures import IntakeMeasures
    from tipstaff.services.live_work import Rounds, Worked
    from tipstaff.services.measures import Measures
    from tipstaff.services.notice_delivery import deliver_due

    key, path = issue_key(), json_feed()
    who: dict[str, Any] = {"authority": "", "actor": "tester"}
    with logged() as out:
        watched_wearer("Qzwearer", "Qztag")
        intake = IntakeMeasures()
        with taking_in(answered=intake.answered) as application:
            asked = with_request_ids(application)
            assert send(asked, path, [position("Qztag"), position("Qztag2")], key).status == 200
            assert send(asked, path, b'{"device_id": "Qztag', key).status != 200
            assert send(asked, path, [position("Qztag")], "tsk.wrong").status == 401
            requests = generate_latest(intake.registry).decode()
        with monitored() as live:
            live.watch.look_at_records(at(0))
            outside = [fix(minute, 5_000, "Qztag") for minute in (1, 2)]
            live.send(*outside, *(fix(minute, 10, "Qztag") for minute in (3, 4, 5)))
            live.send(event(5.5, "strap_cut", "Qztag"))
            live.turn(6)
            live.watch.put_down_heard(at(6))
            live.watch.put_down()
            measures, done = Measures(), Worked()
            rounds = Rounds(live.watch, lambda: True, done)
            for kept in live.kept:
                rounds._count(kept)
            measures.told(done)
            measures.told(done)
            assert deliver_due(at(7))[NoticeState.DEAD] >= 1  # nobody has an address: that is loud
            worked = generate_latest(measures.registry).decode()
        drain_to_archive(**who, purpose=Purpose.SYSTEM_ADMINISTRATION)
    assert value(requests, 'tipstaff_intake_answers_total{status="200"}') == 1
    assert value(requests, 'tipstaff_intake_answers_total{status="401"}') == 1
    assert value(requests, "tipstaff_inbox_up") == 1
    assert value(requests, "tipstaff_inbox_held") >= 1
    assert value(worked, 'tipstaff_alerts_total{change="opened",kind="zone"}') == 1
    assert value(worked, 'tipstaff_alerts_total{change="opened",kind="strap"}') == 1
    assert value(worked, 'tipstaff_notices{state="dead"}') >= 1
    assert value(worked, "tipstaff_records_up") == 1
    assert value(worked, "tipstaff_exclusions_withdrawn") == 0
    assert value(worked, 'tipstaff_devices{heard="unheard",supplier="acme"}') == 0
    said = out.getvalue()
    assert "is dead: NO_CONTACT" in said
    said = WHEN.sub("", said)
    for canary in CANARIES:
        assert canary not in said
        assert canary not in requests
        assert canary not in worked


def test_a_request_that_fails_is_found_by_its_id_alone(
    sqlite_instance: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipstaff.services.feed_intake import FeedIntake

    def fail(*_given: Any) -> Any:
        logging.getLogger("tipstaff.services.feed_intake").warning("here")
        raise ValueError("Qzwearer is at 53.1")

    key = issue_key()
    monkeypatch.setattr(FeedIntake, "take_in", fail)
    with logged() as out, taking_in() as application:
        asked = with_request_ids(application)
        first = send(asked, json_feed(), [position("Qztag")], key, x_request_id="chosen")
        second = send(asked, json_feed(), [position("Qztag")], key)
    ids = [first.headers["x-request-id"], second.headers["x-request-id"]]
    assert first.status == 503
    assert len({*ids, "chosen"}) == 3
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    own = [line for line in lines if line.get("request") == ids[0]]
    assert [line["event"] for line in own] == ["here", "a request failed"]
    assert own[1]["error"] == "ValueError"
    assert not [canary for canary in CANARIES if canary in WHEN.sub("", out.getvalue())]
    assert "chosen" not in out.getvalue()


def test_what_cannot_be_reached_is_told_by_its_kind(
    sqlite_instance: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    from tipstaff.records import chore_runs
    from tipstaff.services.intake_measures import IntakeMeasures
    from tipstaff.services.measures import Measures
    from tipstaff.services.readiness import what_is_away

    assert what_is_away() == ""
    with taking_in():
        pass
    assert what_is_away() == ""
    sqlite_instance.data.joinpath("inbox.sqlite3").write_bytes(b"Qzwearer" * 1000)
    assert what_is_away() == "the inbox: DatabaseError"
    text = generate_latest(IntakeMeasures().registry).decode()
    assert value(text, "tipstaff_inbox_up") == 0

    def fail() -> Any:
        raise OperationalError("Qzwearer")

    monkeypatch.setattr(chore_runs, "known", fail)
    assert what_is_away() == "the records: OperationalError"
    assert IntakeMeasures().wrong() == "the records: OperationalError"
    text = generate_latest(Measures().registry).decode()
    assert value(text, "tipstaff_records_up") == 0
    assert value(text, "tipstaff_lives") == 0
    assert "tipstaff_feeds_out" not in text


def test_an_upkeep_that_fails_is_counted_and_makes_the_intake_unready(
    sqlite_instance: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipstaff.services import intake_measures

    measures = intake_measures.IntakeMeasures()
    measures.kept_up("")
    assert measures.wrong() == ""
    measures.kept_up("OSError")
    text = generate_latest(measures.registry).decode()
    assert value(text, "tipstaff_intake_upkeep_failures_total") == 1
    monkeypatch.setattr(intake_measures, "_STILL_S", -1.0)
    assert measures.wrong() == "no good round of upkeep for 0 seconds"
