"""Chores: each once however many ask, tried again where they fail, told of without words."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tipstaff.domain.chore_times import Every
from tipstaff.domain.purposes import Purpose

SECRET = "Amber Heron, 1 Made Street"


def chore(do: Any, *, minutes: float = 60) -> Any:
    from tipstaff.services.chores import Chore

    rhythm = Every(timedelta(minutes=minutes))
    hour = timedelta(hours=1)
    return Chore("made_up", "for a test", rhythm, hour, Purpose.SYSTEM_ADMINISTRATION, do)


def test_it_is_done_once_in_its_time(instance: Any) -> None:
    from tipstaff.records import chore_runs
    from tipstaff.services.chores import do_if_due

    done: list[Any] = []
    one = chore(done.append)
    assert do_if_due(one, "tester")
    assert not do_if_due(one, "tester")
    (who,) = done
    assert (who["actor"], who["purpose"]) == ("tester", Purpose.SYSTEM_ADMINISTRATION)
    fact = chore_runs.known()["made_up"]
    assert (fact.failed, fact.fails) == ("", 0)
    assert fact.ended_at is not None


def test_somebody_else_who_does_it_keeps_it_from_being_done_twice(instance: Any) -> None:
    from tipstaff.records import chore_runs
    from tipstaff.services.chores import do_if_due

    now = datetime.now(UTC)
    held = {"now": now, "until": now + timedelta(hours=1)}
    lease = chore_runs.begin("made_up", before=None, **held)
    assert lease is not None
    assert chore_runs.begin("made_up", before=None, **held) is None
    assert chore_runs.begin("made_up", before=now, **held) is None
    assert not do_if_due(chore(lambda _who: None, minutes=0), "tester")
    # whoever died holds it until the lease is over, and no longer
    later = {"now": now + timedelta(hours=1), "until": now + timedelta(hours=2)}
    assert chore_runs.begin("made_up", before=now, **later) is not None
    chore_runs.end("made_up", lease, now=now)
    assert chore_runs.known()["made_up"].ended_at is None


def test_one_that_fails_is_told_by_its_kind_and_tried_again(
    instance: Any, caplog: pytest.LogCaptureFixture
) -> None:
    from tipstaff.records import chore_runs
    from tipstaff.services.chores import AGAIN, do_if_due, due_at

    def fail(_who: Any) -> None:
        raise ValueError(SECRET)

    with caplog.at_level(logging.ERROR):
        assert do_if_due(chore(fail), "tester")
    fact = chore_runs.known()["made_up"]
    assert (fact.failed, fact.fails) == ("ValueError", 1)
    assert fact.began_at is not None
    assert due_at(chore(fail), fact, fact.began_at) == fact.began_at + AGAIN
    assert "made_up failed: ValueError" in caplog.text
    assert SECRET not in caplog.text


def test_every_chore_of_the_worker_can_be_done_on_an_empty_instance(instance: Any) -> None:
    from tipstaff.records import chore_runs
    from tipstaff.services.chores import CHORES, do_if_due

    for one in CHORES:
        assert do_if_due(one, "tester"), one.name
    facts = chore_runs.known()
    assert {name: fact.failed for name, fact in facts.items()} == {c.name: "" for c in CHORES}


def test_a_sample_that_cannot_be_drawn_yet_is_tried_again(
    instance: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipstaff.domain.dip_sample import SampleCode
    from tipstaff.domain.problems import Problem
    from tipstaff.records import chore_runs
    from tipstaff.services import chores

    problem = Problem(SampleCode.NOT_CHAINED_YET, "month", "ask again")
    monkeypatch.setattr(chores, "sample_month", lambda **_given: problem)
    (sample,) = [one for one in chores.CHORES if one.name == "sample"]
    assert chores.do_if_due(sample, "tester")
    fact = chore_runs.known()["sample"]
    assert (fact.failed, fact.fails) == ("NotDoneError", 1)
    assert fact.began_at is not None
    assert chores.due_at(sample, fact, fact.began_at) == fact.began_at + chores.AGAIN


def test_the_worker_thins_the_checkpoints(
    sqlite_instance: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from live_instance import monitored

    from tipstaff.services import live_work
    from tipstaff.services.live_watch import LiveWatch

    thinned: list[datetime] = []
    monkeypatch.setattr(LiveWatch, "thin", lambda _watch, now: thinned.append(now))
    with monitored() as live:
        rounds = live_work.Rounds(live.watch, lambda: False)
        rounds.turn()
        assert thinned == []
        rounds._next["thin"] = 0.0
        rounds.turn()
        rounds.turn()
    assert len(thinned) == 1
