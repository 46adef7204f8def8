"""An alert is shared: it stays where it is, each is told once for one decision, and again later."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_alerts import LIVE, PROTOCOLS, alert, closed, did, due, in_words, keys, told
from told_findings import when

from tipstaff.domain.alerts import SHARED_WITH, Alert, AlertCode, Evidence, linked, moved, shared
from tipstaff.domain.findings import Level
from tipstaff.domain.notices import NoticeKey, notices_of_sharing
from tipstaff.domain.problems import Problem
from tipstaff.domain.protocols import Means, Recipient
from tipstaff.domain.transitions import Act

MANAGER, LEAD, TEAM = Recipient.CASE_MANAGER, Recipient.SHIFT_LEAD, Recipient.INTELLIGENCE_TEAM


def sharing(one: Alert, *whom: Recipient, words: str = "third time") -> Alert:
    after = shared(one, "operator-1", when(5), words, whom)
    assert isinstance(after, Alert), after
    return after


@pytest.mark.parametrize(
    "one",
    [
        alert(),
        did(alert(), Act.ACKNOWLEDGE),
        did(alert(), Act.TAKE_IN_HAND),
        closed(alert()),
    ],
)
def test_it_stays_as_it_is_and_with_whom_it_is(one: Alert) -> None:
    after = sharing(one, TEAM, MANAGER, MANAGER)
    assert (after.state, after.holder, after.outcome) == (one.state, one.holder, one.outcome)
    decision = after.decisions[-1]
    assert (decision.act, decision.by, decision.words) == (Act.SHARE, "operator-1", "third time")
    assert decision.shared_with == (MANAGER, TEAM)
    assert after.decisions[:-1] == one.decisions


@pytest.mark.parametrize(
    ("by", "words", "whom", "code"),
    [
        ("o", "why", (), AlertCode.NOBODY),
        ("o", "why", (Recipient.POLICE,), AlertCode.NOBODY),
        ("o", "why", (MANAGER, Recipient.OPERATOR), AlertCode.NOBODY),
        ("", "why", (MANAGER,), AlertCode.NOBODY),
        ("o", " ", (MANAGER,), AlertCode.NO_REASON),
    ],
)
def test_what_cannot_be_shared(
    by: str, words: str, whom: tuple[Recipient, ...], code: AlertCode
) -> None:
    problem = shared(alert(), by, when(5), words, whom)
    assert isinstance(problem, Problem)
    assert problem.code is code


def test_each_is_told_once_for_each_decision() -> None:
    first = sharing(alert(), MANAGER, TEAM)
    second = sharing(first, TEAM)
    assert in_words(notices_of_sharing(first, PROTOCOLS, ())) == [
        "shared-1-1 case_manager r1", "shared-1-1 intelligence_team r1",
    ]  # fmt: skip
    assert in_words(notices_of_sharing(second, PROTOCOLS, ())) == [
        "shared-1-2 intelligence_team r1"
    ]


def test_two_alerts_on_one_episode_do_not_share_a_key() -> None:
    """Both follow the episode, so both come to the revision at which its evidence changed."""
    before = moved(closed(alert()), told(2, Level.CONFIRMED), when(3), notified=True)
    old, new = linked(before, 2, LIVE, when(4))
    gone = told(3, evidence=Evidence.RETRACTED)
    both = [moved(one, gone, when(6), notified=True) for one in (old, new)]
    found: list[NoticeKey] = []
    for one in both:
        last = sharing(one, LEAD).decisions[-1]
        as_many = replace(one, decisions=(last, last, last))
        found += keys(notices_of_sharing(as_many, PROTOCOLS, ()))
    assert [key.revision for key in found] == [3, 3]
    assert len(set(found)) == 2


@pytest.mark.parametrize(
    ("whom", "reached", "means"),
    [
        (MANAGER, [(MANAGER, Means.EMAIL), (MANAGER, Means.TEXT)], Means.EMAIL),
        (MANAGER, [(MANAGER, Means.TEXT)], Means.TEXT),
        (LEAD, [(LEAD, Means.EMAIL), (LEAD, Means.TEXT)], Means.TEXT),
        (LEAD, [(LEAD, Means.EMAIL)], Means.EMAIL),
        (TEAM, [(TEAM, Means.WEBHOOK)], Means.WEBHOOK),
        (TEAM, [(MANAGER, Means.TEXT)], Means.EMAIL),
        (LEAD, [], Means.TEXT),
    ],
)
def test_by_what_reaches_them(
    whom: Recipient, reached: list[tuple[Recipient, Means]], means: Means
) -> None:
    (notice,) = notices_of_sharing(sharing(alert(), whom), PROTOCOLS, reached)
    assert notice.means is means


def test_it_stops_nothing_that_the_protocol_has_to_say() -> None:
    assert in_words(due(sharing(alert(), MANAGER), 20)) == in_words(due(alert(), 20))


def test_with_whom_it_was_shared_is_told_again_when_the_evidence_changes() -> None:
    one = sharing(alert(), TEAM)
    sent = keys(notices_of_sharing(one, PROTOCOLS, ()))
    weaker = moved(one, told(2, evidence=Evidence.RETRACTED), when(6), notified=True)
    assert in_words(due(weaker, 7, sent)) == ["evidence_changed intelligence_team r2"]


def test_whom_it_may_be_shared_with() -> None:
    assert SHARED_WITH == (MANAGER, TEAM, LEAD)
