"""Sharing an alert, on both databases: kept, told once, and loud where it cannot be told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asked_api import MANAGING, operator, problem, with_alert
from made_notices import contact, states
from sign_in_fixtures import entries

from tipstaff.domain.protocols import Means, Recipient
from tipstaff.domain.transitions import Act, AlertState

MANAGER, LEAD, TEAM = Recipient.CASE_MANAGER, Recipient.SHIFT_LEAD, Recipient.INTELLIGENCE_TEAM
WORDS = "He rang from Mill Lane: the third time."


def view() -> Any:
    from tipstaff.services.alert_lists import show_alert

    return show_alert(**MANAGING, wearer="W1", number=1)


def share(*whom: Recipient, mark: str | None = None, words: str = WORDS) -> Any:
    from tipstaff.services.alert_acts import OnAlert, share_alert

    on = OnAlert("W1", 1, mark or view().alert.mark)
    return share_alert(**MANAGING, on=on, shared_with=whom, words=words)


def shared_steps() -> list[tuple[str, str, str]]:
    from tipstaff.records.models import Notice

    rows = Notice.objects.filter(step__startswith="shared-").order_by("step", "recipient")
    return list(rows.values_list("step", "recipient", "means"))


def deliver(minutes: float = 1) -> None:
    from tipstaff.services.notice_delivery import deliver_due

    deliver_due(datetime.now(UTC) + timedelta(minutes=minutes), 100)


def test_it_is_kept_and_told_once_by_email(instance: Any, sending_relay: Any) -> None:
    with_alert()
    contact(MANAGER)
    contact(TEAM, address="team@example.org")
    done = share(TEAM, MANAGER)
    assert (done.problems, done.unreached, done.mark) == ((), (), "1.1")
    again = share(TEAM, MANAGER, mark="0.1")
    assert [one.code for one in again.problems] == ["CHANGED_SINCE"]
    assert shared_steps() == [
        ("shared-1-1", "case_manager", "email"), ("shared-1-1", "intelligence_team", "email"),
    ]  # fmt: skip
    deliver()
    deliver(3)
    mails = [mail for mail in sending_relay.taken if "shares this alert" in mail.get_content()]
    assert sorted(mail["To"] for mail in mails) == ["manager@example.org", "team@example.org"]
    assert all("W1, alert 1" in mail.get_content() for mail in mails)
    assert "Mill Lane" not in "".join(mail.as_string() for mail in sending_relay.taken)
    alert = view().alert
    (decision,) = alert.decisions
    assert (decision.act, decision.shared_with) == (Act.SHARE, (MANAGER, TEAM))
    assert (decision.words, alert.state) == (WORDS, AlertState.NEW)
    (entry,) = [e for e in entries("share_alert") if "shared_with" in e.extent]
    assert entry.extent["shared_with"] == ["case_manager", "intelligence_team"]
    assert "Mill Lane" not in str(entry.extent)


def test_a_second_decision_is_told_too(instance: Any) -> None:
    with_alert()
    contact(LEAD, Means.TEXT, "07700900123")
    share(LEAD)
    share(LEAD, words="and again")
    assert shared_steps() == [
        ("shared-1-1", "shift_lead", "text"), ("shared-1-2", "shift_lead", "text"),
    ]  # fmt: skip


def test_who_has_no_contact_is_said_before_and_after_and_is_loud(
    instance: Any, sending_relay: Any
) -> None:
    with_alert()
    contact(LEAD, Means.EMAIL, "lead@example.org")
    assert view().unreached == (MANAGER, TEAM)
    done = share(TEAM, LEAD)
    assert done.unreached == (TEAM,)
    deliver()
    deliver(2)
    told = {(step, state) for step, state, _reason in states() if step not in {"queue", "manager"}}
    assert told == {("shared-1-1", "dead"), ("shared-1-1", "sent"), ("undelivered", "sent")}
    said = " ".join(mail.get_content() for mail in sending_relay.taken)
    assert "escalates this alert to you" in said
    assert "did not reach whom it was for" in said
    assert len(view().alert.decisions) == 1


def test_a_contact_of_another_force_reaches_nobody(instance: Any) -> None:
    with_alert()
    contact(TEAM, force="Essex")
    assert TEAM in view().unreached
    assert share(TEAM).unreached == (TEAM,)


@pytest.mark.parametrize(
    ("whom", "words", "code"),
    [((), WORDS, "NOBODY"), ((Recipient.POLICE,), WORDS, "NOBODY"), ((TEAM,), " ", "NO_REASON")],
)
def test_what_cannot_be_shared_tells_nobody(
    instance: Any, whom: tuple[Recipient, ...], words: str, code: str
) -> None:
    with_alert()
    done = share(*whom, words=words)
    assert [str(one.code) for one in done.problems] == [code]
    assert (view().alert.decisions, shared_steps()) == ((), [])


def test_by_the_api(pages_on_both: Any) -> None:
    asked = operator(pages_on_both)
    with_alert()
    contact(MANAGER)
    assert asked.get("/alerts/W1/1").json()["unreached"] == ["intelligence_team", "shift_lead"]
    body = {"mark": "0.1", "shared_with": ["case_manager", "shift_lead"], "words": WORDS}
    done = asked.post("/alerts/W1/1/share", body)
    assert done.status_code == 200, done.content
    assert done.json() == {"mark": "1.1", "unreached": ["shift_lead"]}
    again = asked.post("/alerts/W1/1/share", body)
    assert (again.status_code, problem(again)["code"]) == (409, "CHANGED_SINCE")
    nobody = asked.post("/alerts/W1/1/share", body | {"mark": "1.1", "shared_with": []})
    assert nobody.status_code == 422
    police = asked.post("/alerts/W1/1/share", body | {"mark": "1.1", "shared_with": ["police"]})
    assert problem(police)["problems"][0]["code"] == "NOBODY"
    told = asked.get("/alerts/W1/1").json()
    (decision,) = told["decisions"]
    assert (decision["act"], decision["words"]) == ("share", WORDS)
    assert decision["shared_with"] == ["case_manager", "shift_lead"]
    steps = [n["recipient"] for n in told["notices"] if n["step"] == "shared-1-1"]
    assert steps == ["case_manager", "shift_lead"]


def test_decisions_of_before_come_through_the_migration_guarded(instance: Any) -> None:
    """SQLite makes the table anew for the column, and would lose what guards it."""
    from alert_samples import acknowledged
    from django.core.management import call_command
    from django.db import DatabaseError, transaction

    from tipstaff.records.models import AlertDecision

    with_alert()
    acknowledged("W1")
    call_command("migrate", "records", "0025", verbosity=0)
    call_command("migrate", "records", verbosity=0)
    (decision,) = view().alert.decisions
    assert (decision.act, decision.shared_with) == (Act.ACKNOWLEDGE, ())
    with pytest.raises(DatabaseError), transaction.atomic():
        AlertDecision.objects.update(words="never said")
