"""The life of an alert: what people decide stands, and what the evidence does is told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_alerts import LIVE, alert, closed, did, due, in_words, keys, told
from told_findings import when

from tipstaff.domain.alerts import (
    Alert,
    AlertCode,
    AlertOutcome,
    Evidence,
    decided,
    is_outgrown,
    linked,
    moved,
)
from tipstaff.domain.findings import Level
from tipstaff.domain.problems import Problem
from tipstaff.domain.transitions import ALERT, Act, AlertState

A, S = Act, AlertState
GONE = told(2, evidence=Evidence.RETRACTED)


@pytest.mark.parametrize(
    ("acts", "state"),
    [
        ([], S.NEW),
        ([A.ACKNOWLEDGE], S.ACKNOWLEDGED),
        ([A.NOTE], S.NEW),
        ([A.TAKE_IN_HAND], S.IN_HAND),
        ([A.ACKNOWLEDGE, A.CONTACT, A.TAKE_IN_HAND, A.HAND_OVER], S.IN_HAND),
    ],
)
def test_it_goes_from_hand_to_hand(acts: list[Act], state: AlertState) -> None:
    one = alert()
    for act in acts:
        one = did(one, act)
    assert one.state is state
    assert [decision.act for decision in one.decisions] == acts
    assert one.needs_a_person


@pytest.mark.parametrize("outcome", [o for o in AlertOutcome if o not in {"retracted", "merged"}])
def test_it_is_closed_with_what_it_was(outcome: AlertOutcome) -> None:
    one = closed(alert(), outcome)
    assert (one.state, one.outcome, one.needs_a_person) == (S.CLOSED, outcome, False)


@pytest.mark.parametrize(
    ("one", "act", "by", "words", "outcome", "code"),
    [
        (alert(), A.CLOSE, "o", "seen", AlertOutcome.GENUINE, AlertCode.NOT_NOW),
        (alert(), A.ACKNOWLEDGE, "", "", None, AlertCode.NOBODY),
        (alert(), A.NOTE, "o", " ", None, AlertCode.NO_REASON),
        (alert(), A.ACKNOWLEDGE, "o", "", AlertOutcome.GENUINE, AlertCode.NO_OUTCOME),
        (did(alert(), A.ACKNOWLEDGE), A.CLOSE, "o", "seen", None, AlertCode.NO_OUTCOME),
        (did(alert(), A.ACKNOWLEDGE), A.CLOSE, "o", "", AlertOutcome.GENUINE, AlertCode.NO_REASON),
        (did(alert(), A.ACKNOWLEDGE), A.ACKNOWLEDGE, "o", "", None, AlertCode.NOT_NOW),
        (did(alert(), A.ACKNOWLEDGE), A.CLOSE, "o", "x", AlertOutcome.RETRACTED, AlertCode.NOT_NOW),
        (alert(), A.LAPSE, "o", "x", None, AlertCode.NOT_NOW),
        (closed(alert()), A.TAKE_IN_HAND, "o", "", None, AlertCode.NOT_NOW),
        (closed(alert()), A.CLOSE, "o", "x", AlertOutcome.EQUIPMENT, AlertCode.NOT_NOW),
    ],
)
def test_what_cannot_be_done(
    one: Alert, act: Act, by: str, words: str, outcome: AlertOutcome | None, code: AlertCode
) -> None:
    problem = decided(one, act, by, when(5), words, outcome)
    assert isinstance(problem, Problem)
    assert problem.code is code
    assert problem.action


def test_a_retracted_one_that_nobody_touched_closes_itself() -> None:
    one = moved(alert(), GONE, when(3), notified=False)
    assert (one.state, one.outcome) == (S.CLOSED, AlertOutcome.RETRACTED)
    assert not one.needs_a_person
    assert due(one, 90) == ()


def test_one_merged_into_another_says_so() -> None:
    into = told(2, evidence=Evidence.MERGED)
    assert moved(alert(), into, when(3), notified=False).outcome is AlertOutcome.MERGED


def test_one_that_was_told_needs_a_person_and_all_are_told_again() -> None:
    sent = keys(due(alert(level=Level.CONFIRMED), 5))
    one = moved(alert(level=Level.CONFIRMED), GONE, when(6), notified=True)
    assert (one.state, one.changed, one.needs_a_person) == (S.NEW, 2, True)
    again = due(one, 6, sent)
    assert in_words(again) == ["evidence_changed operator r2", "evidence_changed shift_lead r2"]
    # and of nothing else, and not twice
    assert due(one, 900, sent + keys(again)) == ()


def test_one_acknowledged_keeps_its_decisions() -> None:
    was = did(alert(), A.ACKNOWLEDGE)
    one = moved(was, GONE, when(6), notified=False)
    assert one.decisions == was.decisions
    assert (one.state, one.changed) == (S.ACKNOWLEDGED, 2)


def test_one_closed_stays_as_it_was_decided_until_somebody_has_looked() -> None:
    was = closed(alert())
    one = moved(was, GONE, when(6), notified=True)
    assert (one.state, one.outcome, one.decisions) == (
        S.CLOSED,
        AlertOutcome.GENUINE,
        was.decisions,
    )
    assert one.needs_a_person
    seen = did(one, A.SEEN, 9)
    assert not seen.needs_a_person
    assert seen.outcome is AlertOutcome.GENUINE
    assert seen.decisions[-1].revision == 2


def test_changed_evidence_is_looked_at_before_closing() -> None:
    one = moved(did(alert(), A.ACKNOWLEDGE), GONE, when(6), notified=True)
    problem = decided(one, A.CLOSE, "o", when(7), "not there", AlertOutcome.NOT_GENUINE)
    assert isinstance(problem, Problem)
    assert problem.code is AlertCode.LOOK_FIRST
    assert did(did(one, A.SEEN, 7), A.CLOSE, 8, outcome=AlertOutcome.NOT_GENUINE).outcome


def test_weaker_evidence_is_changed_evidence_once_somebody_knew() -> None:
    weaker = told(2, Level.SUSPECTED)
    assert moved(alert(), weaker, when(3), notified=True).changed == 2
    untouched = moved(alert(), weaker, when(3), notified=False)
    assert (untouched.changed, untouched.state, untouched.told) == (0, S.NEW, weaker)


def test_stronger_evidence_is_told_by_the_same_alert_while_it_is_open() -> None:
    one = moved(did(alert(), A.ACKNOWLEDGE), told(2, Level.CONFIRMED), when(3), notified=True)
    assert (one.changed, one.told.level, is_outgrown(one)) == (0, Level.CONFIRMED, False)


def test_stronger_evidence_after_closing_opens_a_linked_alert() -> None:
    one = moved(closed(alert()), told(2, Level.CONFIRMED), when(6), notified=True)
    assert is_outgrown(one)
    old, new = linked(one, 2, LIVE, when(6))
    assert (old.decisions, old.followed_by) == (one.decisions, 2)
    assert (new.state, new.follows, new.opened.revision) == (S.NEW, 1, 2)
    assert not is_outgrown(old)
    # the protocol begins anew, under the new revision
    assert in_words(due(new, 6, keys(due(alert(), 0)))) == ["queue operator r2"]
    with pytest.raises(ValueError, match="outgrew"):
        linked(old, 3, LIVE, when(9))


def test_what_was_known_when_closing_opens_nothing() -> None:
    weaker = moved(closed(alert()), told(2, Level.SUSPECTED), when(6), notified=True)
    back = moved(weaker, told(3, Level.PROBABLE), when(7), notified=True)
    assert not is_outgrown(back)


def test_messages_may_cross() -> None:
    one = moved(alert(), told(3), when(3), notified=True)
    assert moved(one, GONE, when(4), notified=True) == one


def test_acknowledging_ends_the_escalation() -> None:
    one = did(alert(level=Level.CONFIRMED), A.ACKNOWLEDGE)
    assert "lead shift_lead r1" not in in_words(due(one, 14))
    assert "in_hand shift_lead r1" in in_words(due(one, 15))
    assert "in_hand shift_lead r1" not in in_words(due(did(one, A.TAKE_IN_HAND), 15))
    assert due(closed(one if one.state is S.NEW else alert()), 900) == ()


def test_nothing_personal_is_in_its_words() -> None:
    shown = repr(did(alert(), A.NOTE, words="lives at number 9"))
    assert "w1" not in shown
    assert "number 9" not in shown


def test_every_row_of_the_table_is_walked() -> None:
    """What the table allows, `decided` does (the program's own row apart)."""
    for row in ALERT.rows:
        if row.cause is A.LAPSE:
            continue
        outcome = AlertOutcome.GENUINE if row.cause is A.CLOSE else None
        one = replace(alert(), state=row.state)
        assert did(one, A(row.cause), outcome=outcome).state is row.to
