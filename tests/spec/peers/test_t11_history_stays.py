"""T11: editing a zone rewrites history.

Here, in what is pure of it: what an edit takes away stays to be seen, under its number, with what
it said; what people decided on it stays decided; and they are told that it changed. That zones have
versions, and what was known at any time can be shown again, is for the records.
"""

from __future__ import annotations

from dataclasses import replace

from made_alerts import PROTOCOLS, closed, in_words
from told_findings import episode_in_words, found, when

from tipstaff.domain.alerts import AlertOutcome
from tipstaff.domain.notices import notices_due
from tipstaff.domain.protocols import Queue
from tipstaff.domain.zones import Harm
from tipstaff.monitoring.alerting import Telling, alerts_after
from tipstaff.monitoring.episodes import Episode, recomputed

INSIDE = found("10 began p", "40 ended p 10")


def telling(minute: float, by_correction: bool = False) -> Telling:
    return Telling(
        when(minute), PROTOCOLS, lambda _: Harm.MEDIUM, lambda _: True, by_correction, "w1"
    )


def edited(before: tuple[Episode, ...]) -> tuple[Episode, ...]:
    """The zone is drawn anew so that the wearer was never in it."""
    return recomputed(before, [], [], when(500))


def test_what_an_edit_takes_away_stays_to_be_seen() -> None:
    first = recomputed((), INSIDE, [], when(400))
    assert [episode_in_words(one) for one in edited(first)] == [
        "1 r2 retracted 10-40 probable evidence"
    ]


def test_what_was_decided_stays_and_all_are_told() -> None:
    first = recomputed((), INSIDE, [], when(400))
    (opened,) = alerts_after((), first, (), telling(11))
    sent = [n.key for n in notices_due(opened, PROTOCOLS, (), when(20))]
    decided = closed(opened)
    (after,) = alerts_after((decided,), edited(first), sent, telling(500, by_correction=True))
    assert (after.decisions, after.outcome) == (decided.decisions, AlertOutcome.GENUINE)
    assert after.needs_a_person
    again = notices_due(after, PROTOCOLS, sent, when(500))
    assert in_words(again) == ["evidence_changed operator r2", "evidence_changed shift_lead r2"]


def test_a_breach_that_an_edit_makes_goes_to_the_case_manager() -> None:
    made = recomputed((), INSIDE, [], when(40))
    (alert,) = alerts_after((), made, (), telling(40, by_correction=True))
    assert (alert.route.queue, alert.route.late) == (Queue.CASE_MANAGER, True)
    assert in_words(notices_due(alert, PROTOCOLS, (), when(40))) == ["late case_manager r1"]


def test_a_zone_drawn_around_who_is_in_it_now_is_live() -> None:
    """An edit within a quarter of an hour of the breach reveals nothing of the past."""
    made = recomputed((), INSIDE, [], when(20))
    (alert,) = alerts_after((), made, (), telling(20, by_correction=True))
    assert (alert.route.queue, alert.route.late) == (Queue.LIVE, False)


def test_who_is_first_told_after_the_change_is_told_once() -> None:
    """The evidence changes after the operator was told and before the shift lead is."""
    first = recomputed((), INSIDE, [], when(11))
    (opened,) = alerts_after((), first, (), telling(11))
    sent = [n.key for n in notices_due(opened, PROTOCOLS, (), when(11))]
    assert {key.recipient.value for key in sent} == {"operator"}
    changed = replace(opened, changed=2)
    round_one = notices_due(changed, PROTOCOLS, sent, when(20))
    assert in_words(round_one) == ["evidence_changed operator r2", "lead shift_lead r2"]
    every = [*sent, *(notice.key for notice in round_one)]
    assert notices_due(changed, PROTOCOLS, every, when(20)) == ()
