"""T6: notifications are fire-and-forget.

Here, in what is pure of it: a notice is due until its key is on record as sent, is then never due
again, goes further while nobody answers, and those told are told again when the evidence changes.
That it is sent, retried and proved is for the outbox.
"""

from __future__ import annotations

import pytest
from made_alerts import PROTOCOLS, alert, did, due, in_words, keys, told
from told_findings import when

from tipstaff.domain.alerts import Evidence, moved
from tipstaff.domain.deliveries import UNDELIVERED
from tipstaff.domain.findings import FindingKind, Level
from tipstaff.domain.notices import NoticeKey, next_notice_at
from tipstaff.domain.protocols import Means, Recipient
from tipstaff.domain.transitions import Act


def test_it_is_due_until_it_is_on_record_as_sent() -> None:
    one = alert()
    assert due(one, 0) == due(one, 4)
    assert due(one, 4, keys(due(one, 0))) == ()


@pytest.mark.parametrize("kind", list(FindingKind))
def test_nobody_is_told_twice_of_one_step(kind: FindingKind) -> None:
    one, sent = alert(kind, None, Level.CONFIRMED), ()
    for minute in range(0, 1_500, 3):
        new = keys(due(one, minute, sent))
        assert not set(new) & set(sent)
        sent += new
    assert len(sent) == len(set(sent))


def test_the_worker_knows_when_to_come_back() -> None:
    one = alert(level=Level.CONFIRMED)
    sent = keys(due(one, 0))
    assert next_notice_at(one, PROTOCOLS, sent, when(0)) == when(5)
    seen = did(one, Act.ACKNOWLEDGE)
    assert next_notice_at(seen, PROTOCOLS, sent, when(0)) == when(15)


def test_whoever_was_told_is_told_that_it_changed_each_time_it_does() -> None:
    one = did(alert(level=Level.CONFIRMED), Act.ACKNOWLEDGE)
    sent = keys(due(alert(level=Level.CONFIRMED), 6))
    weaker = moved(one, told(2, Level.SUSPECTED), when(7), notified=True)
    first = due(weaker, 7, sent)
    gone = moved(weaker, told(3, evidence=Evidence.RETRACTED), when(8), notified=True)
    second = due(gone, 8, sent + keys(first))
    assert in_words(first) == ["evidence_changed operator r2", "evidence_changed shift_lead r2"]
    assert in_words(second) == ["evidence_changed operator r3", "evidence_changed shift_lead r3"]


def test_a_lead_who_was_told_that_a_notice_failed_is_told_of_the_change_as_leads_are_told() -> None:
    one = did(alert(level=Level.CONFIRMED), Act.ACKNOWLEDGE)
    failed = NoticeKey(7, 1, UNDELIVERED, Recipient.SHIFT_LEAD)
    gone = moved(one, told(2, evidence=Evidence.RETRACTED), when(8), notified=True)
    (change,) = due(gone, 8, (failed,))
    assert (change.key.recipient, change.means) == (Recipient.SHIFT_LEAD, Means.TEXT)
