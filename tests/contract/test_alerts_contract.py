"""Episodes, alerts and outages on both databases: kept exactly, in bulk, once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from told_findings import episode_in_words, finding, found, when
from told_wearers import keep, kept, on_record, told, wear

from tipstaff.domain.alerts import AlertOutcome, Reached, decided, with_detail
from tipstaff.domain.findings import FindingKind, Level, Outcome, PeriodOutcome
from tipstaff.domain.problems import Problem
from tipstaff.domain.protocols import Queue
from tipstaff.domain.transitions import Act, AlertState

ENTRY = ("10 began s", "20 grew p", "40 ended p 10")
SILENT = ("100 began s 55 not_heard",)


def numbers(wearer: Any) -> list[int]:
    return [one.value.number for one in kept(wearer).alerts]


def episodes(wearer: Any) -> list[str]:
    return [episode_in_words(one.value) for one in kept(wearer).episodes]


def test_a_finding_becomes_an_episode_an_alert_and_notices(instance: Any) -> None:
    w = on_record("W1")["W1"]
    done = keep(told(w, *found("10 began p"), until=12), now=12)
    assert (done.opened, done.moved, done.retracted) == (1, 0, 0)
    assert done.queued > 0
    assert episodes(w) == ["1 r1 stands 10- probable open"]
    (alert,) = kept(w).alerts
    assert alert.condition == "z1"
    assert alert.value.wearer == str(w)
    assert alert.value.route.queue is Queue.LIVE
    assert alert.next_notice_at == when(17)  # five minutes after it opened, the shift's lead


def test_done_twice_nothing_is_written_but_the_cursor(instance: Any) -> None:
    from tipstaff.positions.inbox_tables import Cursor
    from tipstaff.services.live_telling import Kept, cursor_of

    refs = on_record("W1", "W2")
    tellings = [told(ref, *found(*ENTRY)) for ref in refs.values()]
    assert cursor_of() is None
    keep(*tellings, cursor=Cursor(1, 5))
    with CaptureQueriesContext(connection) as asked:
        assert keep(*tellings, cursor=Cursor(1, 9)) == Kept()
    written = [q["sql"] for q in asked if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert len(written) == 1
    assert "monitoringcursor" in written[0]
    assert cursor_of() == Cursor(1, 9)


def test_as_many_statements_for_fifty_wearers_as_for_one(instance: Any) -> None:
    refs = on_record(*(f"W{n}" for n in range(51)))
    counts = []
    for names in (["W0"], [f"W{n}" for n in range(1, 51)]):
        tellings = [told(refs[n], *found(*ENTRY), outcomes=(period(),), until=50) for n in names]
        with CaptureQueriesContext(connection) as asked:
            assert keep(*tellings, now=50).opened == len(names)
        counts.append(len(asked))
        with CaptureQueriesContext(connection) as asked:
            grown = [replace(t, findings=tuple(found("10 began c"))) for t in tellings]
            keep(*grown, now=60)
        counts.append(len(asked))
    assert counts[:2] == counts[2:]


def test_a_wearer_who_is_on_record_no_more_is_passed_over(instance: Any) -> None:
    from uuid import uuid4

    w = on_record("W1")["W1"]
    assert keep(told(uuid4(), *found(*ENTRY)), told(w, *found(*ENTRY))).opened == 1


def test_what_ended_before_since_is_left_and_its_numbers_are_not_used_again(instance: Any) -> None:
    w = on_record("W1")["W1"]
    keep(told(w, *found("10 began p", "20 ended p 10"), until=30), now=30)
    keep(told(w, *found("100 began p", "120 ended p 100"), since=60, until=200), now=200)
    assert episodes(w) == [
        "1 r1 stands 10-20 probable evidence",
        "2 r1 stands 100-120 probable evidence",
    ]
    assert numbers(w) == [1, 2]
    keep(told(w, since=60, until=200), now=210)
    assert [one.split(" ")[2] for one in episodes(w)] == ["stands", "retracted"]


def test_what_stood_over_since_goes_on(instance: Any) -> None:
    w = on_record("W1")["W1"]
    keep(told(w, *found("10 began p", "20 grew c 10"), until=30), now=30)
    assert keep(told(w, since=60, until=200), now=200).moved == 0
    keep(told(w, *found("90 ended p 10"), since=60, until=200), now=200)
    assert episodes(w) == ["1 r2 stands 10-90 confirmed evidence"]


def test_a_retracted_alert_that_somebody_touched_needs_a_person(instance: Any) -> None:
    w = on_record("W1")["W1"]
    keep(told(w, *found("10 began s"), until=12), now=12)
    act(w, Act.ACKNOWLEDGE, OPERATOR)
    done = keep(told(w, until=12), now=13)
    assert done.retracted == 1
    (one,) = kept(w).alerts
    assert one.value.changed == 2
    assert one.value.needs_a_person


def act(wearer: Any, act: Act, by: str, **detail: Any) -> None:
    """Somebody does something to the wearer's first alert, stored as it is."""
    from tipstaff.records import alerts
    from tipstaff.records.alert_rows import AlertChange

    known = kept(wearer)
    was = known.alerts[0]
    outcome = AlertOutcome.GENUINE if act is Act.CLOSE else None
    after = decided(was.value, act, by, when(11), "as seen", outcome)
    assert not isinstance(after, Problem), after
    after = with_detail(after, **detail)
    change = AlertChange(known.row, replace(was, value=after), len(was.value.decisions))
    with transaction.atomic():
        alerts.store([], [change], now=when(11))


OPERATOR = "00000000-0000-0000-0000-000000000001"


def test_values_come_back_exactly(instance: Any) -> None:
    w = on_record("W1")["W1"]
    keep(told(w, *found("10 began s", "20 grew c 10", "40 ended c 10")))
    act(w, Act.ACKNOWLEDGE, OPERATOR)
    act(w, Act.CONTACT, OPERATOR, reached=Reached.NO_ANSWER)
    act(w, Act.HAND_OVER, OPERATOR, to="00000000-0000-0000-0000-000000000002")
    act(w, Act.CLOSE, OPERATOR)
    one = kept(w).alerts[0].value
    assert [d.act for d in one.decisions] == [
        Act.ACKNOWLEDGE, Act.CONTACT, Act.HAND_OVER, Act.CLOSE,
    ]  # fmt: skip
    assert one.decisions[1].reached is Reached.NO_ANSWER
    assert one.holder.endswith("2")
    assert (one.state, one.outcome) == (AlertState.CLOSED, AlertOutcome.GENUINE)
    assert one.opened.level is Level.CONFIRMED


@pytest.mark.parametrize("table", ["AlertDecision", "EpisodeRevision"])
def test_what_was_decided_and_told_is_never_edited(instance: Any, table: str) -> None:
    from tipstaff.records import models

    w = on_record("W1")["W1"]
    keep(told(w, *found(*ENTRY)))
    act(w, Act.ACKNOWLEDGE, OPERATOR)
    with pytest.raises(DatabaseError), transaction.atomic():
        getattr(models, table).objects.update(level=3)


def period(absent: float = 0.0) -> PeriodOutcome:
    return PeriodOutcome(
        when(40), FindingKind.CURFEW, "c1", when(0), Outcome.KEPT if not absent else Outcome.BROKEN,
        absent, 0.25, when(1), when(39),
    )  # fmt: skip


def test_outcomes_of_periods_are_told_anew_and_withdrawn(instance: Any) -> None:
    from tipstaff.records.models import Wearer
    from tipstaff.records.period_outcomes import outcomes_of

    w = on_record("W1")["W1"]
    row = Wearer.objects.get(subject_ref=w).id
    for outcomes in ((period(),), (period(60.0),), ()):
        keep(told(w, outcomes=outcomes))
        assert outcomes_of([row]) == ({row: list(outcomes)} if outcomes else {})
    keep(told(w, outcomes=(period(),)))
    keep(told(w, since=50, outcomes=()))
    keep(told(w))  # without outcomes nothing is said of any
    assert outcomes_of([row]) == {row: [period()]}


def silence(*lines: str) -> list[Any]:
    return found(*lines, kind=FindingKind.SILENCE)


def test_an_outage_is_one_banner_and_its_silences_open_nothing(instance: Any) -> None:
    from tipstaff.records import feed_outages
    from tipstaff.services.live_outages import watch_feeds
    from tipstaff.services.live_telling import tell_by_clock

    refs = on_record("W1", "W2")
    wear("W1", "acme", when(0), "T1")
    wear("W2", "acme", when(0), "T2")
    assert [o.feed for o in watch_feeds({"acme": when(56)}, when(62))] == ["acme"]
    tellings = [told(ref, *silence(*SILENT), until=101) for ref in refs.values()]
    assert keep(*tellings, now=101).opened == 0
    assert len(watch_feeds({"acme": when(56)}, when(110))) == 1
    assert tell_by_clock(when(110), 10).opened == 0
    # the feed is back, and so is W2; W1 is silent for longer than it may be
    assert watch_feeds({"acme": when(120)}, when(121)) == ()
    assert feed_outages.going_on() == []
    back = told(refs["W2"], *silence(*SILENT, "125 ended s 55 heard_again"), until=126)
    assert keep(back, now=126).opened == 0
    assert tell_by_clock(when(130), 10).opened == 0  # its own time to be heard is not over
    assert tell_by_clock(when(164), 10).opened == 0
    assert tell_by_clock(when(166), 10).opened == 1
    assert [numbers(ref) for ref in refs.values()] == [[1], []]
    assert keep(back, now=300).opened == 0
    assert tell_by_clock(when(300), 10).opened == 0


def test_a_device_that_was_silent_before_the_outage_speaks(instance: Any) -> None:
    from tipstaff.services.live_outages import watch_feeds

    w = on_record("W1")["W1"]
    wear("W1", "acme", when(0))
    watch_feeds({"acme": when(130)}, when(140))
    assert keep(told(w, *silence(*SILENT), until=141), now=141).opened == 1


def test_by_the_clock_alone_what_nobody_answers_escalates(instance: Any) -> None:
    from tipstaff.services.live_telling import Kept, tell_by_clock

    w = on_record("W1")["W1"]
    keep(told(w, *found("10 began p"), until=12), now=12)
    assert tell_by_clock(when(16), 10) == Kept()
    assert tell_by_clock(when(17), 10).queued == 1  # the shift's lead: nobody acknowledged it
    assert tell_by_clock(when(17), 10) == Kept()
    act(w, Act.ACKNOWLEDGE, OPERATOR)
    assert kept(w).alerts[0].next_notice_at is not None


def test_the_clock_takes_no_more_wearers_than_it_is_given(instance: Any) -> None:
    from tipstaff.services.live_telling import tell_by_clock

    refs = on_record("W1", "W2", "W3")
    keep(*(told(ref, finding("10 began p"), until=12) for ref in refs.values()), now=12)
    assert [tell_by_clock(when(17), 2).queued for _ in range(3)] == [2, 1, 0]


def test_who_is_surer_of_an_old_visit_that_goes_on_tells_the_live_queue(instance: Any) -> None:
    """What outgrew a closed alert is news of now; what began a day ago and came late is not."""
    w = on_record("W1")["W1"]
    began, day = found("10 began p"), 1_440
    keep(told(w, *began, until=12), now=12)
    act(w, Act.ACKNOWLEDGE, OPERATOR)
    act(w, Act.CLOSE, OPERATOR)
    surer = finding(f"{2 * day} grew c 10")
    keep(told(w, *began, surer, until=2 * day + 1), now=2 * day + 1)
    late = finding("30 began p", condition="z3")
    keep(told(w, *began, surer, late, until=2 * day + 1), now=2 * day + 2)
    queues = [(one.condition, one.value.route.queue) for one in kept(w).alerts]
    assert queues == [
        ("z1", Queue.LIVE), ("z1", Queue.LIVE), ("z3", Queue.CASE_MANAGER),
    ]  # fmt: skip
