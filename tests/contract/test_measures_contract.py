"""Figures and health of a worker that found a breach: right, and about nobody."""

from __future__ import annotations

import logging
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from figures_read import value
from live_instance import at, event, fix, monitored, watched_wearer
from prometheus_client.exposition import generate_latest

#: What must be in no figure and no log: the wearer, the tag, the zone, places.
CANARIES = ("Qzwearer", "Qztag", "z1", "53.1", "-1.4", "Made")


def breached(live: Any) -> None:
    watched_wearer("Qzwearer", "Qztag")
    live.watch.look_at_records(at(0))
    outside = [fix(minute, 5_000, "Qztag") for minute in (1, 2)]
    live.send(*outside, *(fix(minute, 10, "Qztag") for minute in (3, 4, 5)))
    live.send(event(5.5, "strap_cut", "Qztag"))
    live.turn(6)
    live.watch.put_down_heard(at(6))


def test_figures_say_what_was_done_and_name_nobody(
    instance: Any, caplog: pytest.LogCaptureFixture
) -> None:
    from tipstaff.services.live_work import Worked
    from tipstaff.services.measures import Measures

    measures = Measures()
    with caplog.at_level(logging.DEBUG, logger="tipstaff"), monitored() as live:
        breached(live)
        done = Worked(lives=len(live.watch.ready), messages=6, opened=2)
        measures.told(done)
        done.messages = 9
        measures.told(done)
        text = generate_latest(measures.registry).decode()
        live.watch.put_down()
    assert value(text, "tipstaff_messages_total") == 9
    assert value(text, "tipstaff_opened_total") == 2
    assert value(text, "tipstaff_lives") == 1
    assert value(text, 'tipstaff_devices{heard="on_time",supplier="acme"}') == 1
    assert value(text, 'tipstaff_notices{state="dead"}') == 0
    assert not [one for one in CANARIES if one in text]
    assert not [one for one in CANARIES if one in caplog.text]


def test_a_worker_without_turns_is_not_ready(sqlite_instance: Any) -> None:
    from prometheus_client import CollectorRegistry

    from tipstaff.web.figures import figures_told

    wrong = ["no turn for 61 seconds"]
    with figures_told(0, CollectorRegistry(), lambda: wrong[0]) as port:
        base = f"http://127.0.0.1:{port}"
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{base}/health/ready")
        assert (refused.value.code, refused.value.read()) == (503, b"no turn for 61 seconds\n")
        refused.value.close()
        wrong[0] = ""
        for path, said in (("ready", b"ready\n"), ("live", b"alive\n")):
            with urllib.request.urlopen(f"{base}/health/{path}") as answer:
                assert answer.read() == said
        with pytest.raises(urllib.error.HTTPError) as nothing:
            urllib.request.urlopen(f"{base}/people")
        assert nothing.value.code == 404
        nothing.value.close()


def test_the_command_says_who_is_silent(
    sqlite_instance: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    import typer

    from tipstaff.cli.health import health
    from tipstaff.domain.purposes import Purpose
    from tipstaff.records import last_heard
    from tipstaff.records.wearers import subject_refs

    with monitored() as live:
        breached(live)
    health(Purpose.SYSTEM_ADMINISTRATION)
    assert "acme: 1 devices worn, 1 on time" in capsys.readouterr().out
    then, plan = datetime.now(UTC) - timedelta(hours=1), timedelta(minutes=10)
    (ref,) = subject_refs(["Qzwearer"])
    last_heard.keep([last_heard.Heard(ref, "acme", "Qztag", then, None, plan)])
    with pytest.raises(typer.Exit) as ended:
        health(Purpose.SYSTEM_ADMINISTRATION)
    said = capsys.readouterr().out
    assert ended.value.exit_code == 1
    assert "silent: acme Qztag" in said
    assert "1 silent (0 unheard), 1 placeless" in said
    assert "archive: never begun" in said
    assert "Qzwearer" not in said
