"""What people do to alerts, on both databases: each act, who may, and the second of two."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from made_accounts import LOCAL, account, clear, hand
from made_cases import order, wearer
from told_findings import finding, found, when
from told_wearers import keep, kept, on_record, told, wear

from tipstaff.domain.alerts import AlertOutcome, Reached
from tipstaff.domain.device_requests import RequestStep
from tipstaff.domain.findings import FindingKind
from tipstaff.domain.protocols import Queue, Recipient, Severity
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import Role
from tipstaff.domain.transitions import Act, AlertState

MANAGING = {**LOCAL, "purpose": Purpose.OFFENDER_MANAGEMENT}


def who(actor: str, purpose: Purpose = Purpose.OFFENDER_MANAGEMENT) -> dict[str, Any]:
    return {"actor": actor, "purpose": purpose, "authority": ""}


def people(*names: str, **other: Any) -> dict[str, UUID]:
    """Wearers with an order of Derbyshire's."""
    from tipstaff.services.cases import record_order, record_wearer

    for name in names:
        assert record_wearer(**MANAGING, wearer=wearer(name, **other)).problems == ()
        made = order(f"O-{name}", wearer=name, ends_at=datetime(2090, 1, 1, tzinfo=UTC))
        assert record_order(**MANAGING, order=made).problems == ()
    return on_record(*names)


def entered(ref: UUID, level: str = "p", until: float = 12) -> None:
    keep(told(ref, *found(f"10 began {level}"), until=until), now=until)


def lines(actor: str = "tester", **wanted: Any) -> list[Any]:
    from tipstaff.services.alert_lists import QueueWanted, list_alerts

    return list(list_alerts(**who(actor), wanted=QueueWanted(**wanted)))


def do(name: str, actor: str = "tester", mark: str | None = None, **options: Any) -> Any:
    """An act on W1's newest alert, by its mark as it stands."""
    from tipstaff.services import alert_acts

    alerts = kept(on_record("W1")["W1"]).alerts
    alert = alerts[-1].value if alerts else None
    number, now = (1, "0.1") if alert is None else (alert.number, alert.mark)
    on = alert_acts.OnAlert("W1", number, mark or now)
    return getattr(alert_acts, name)(**who(actor), on=on, **options)


def codes(done: Any) -> list[str]:
    return [str(problem.code) for problem in done.problems]


ACTS: dict[str, tuple[str, dict[str, Any]]] = {
    "acknowledge": ("acknowledge_alert", {}),
    "take": ("take_alert", {}),
    "note": ("note_alert", {"words": "seen on the map"}),
    "share": ("share_alert", {"words": "again", "shared_with": [Recipient.SHIFT_LEAD]}),
    "contact": ("contact_wearer", {"words": "rang", "reached": Reached.NO_ANSWER}),
    "hand_over": ("hand_over_alert", {"words": "end of shift", "to": "tester"}),
    "see": ("see_alert", {}),
    "close": ("close_alert", {"words": "a bus", "outcome": AlertOutcome.NOT_GENUINE}),
}
#: From a new alert: what was done before, the act, and how it stands then (or why not).
TABLE = [
    ("", "acknowledge", "acknowledged"),
    ("", "take", "in_hand"),
    ("", "note", "new"),
    ("", "share", "new"),
    ("", "see", "acknowledged"),
    ("", "contact", "NOT_NOW"),
    ("", "hand_over", "NOT_NOW"),
    ("", "close", "NOT_NOW"),
    ("acknowledge", "acknowledge", "NOT_NOW"),
    ("acknowledge", "take", "in_hand"),
    ("acknowledge", "note", "acknowledged"),
    ("acknowledge", "share", "acknowledged"),
    ("acknowledge", "contact", "acknowledged"),
    ("acknowledge", "hand_over", "acknowledged"),
    ("acknowledge", "see", "acknowledged"),
    ("acknowledge", "close", "closed"),
    ("take", "acknowledge", "NOT_NOW"),
    ("take", "take", "NOT_NOW"),
    ("take", "note", "in_hand"),
    ("take", "contact", "in_hand"),
    ("take", "hand_over", "in_hand"),
    ("take", "share", "in_hand"),
    ("take", "close", "closed"),
    ("take close", "note", "closed"),
    ("take close", "share", "closed"),
    ("take close", "see", "closed"),
    ("take close", "acknowledge", "NOT_NOW"),
    ("take close", "contact", "NOT_NOW"),
    ("take close", "hand_over", "NOT_NOW"),
    ("take close", "close", "NOT_NOW"),
]


def test_every_move_of_an_alert_through_the_services(sqlite_instance: Any) -> None:
    """Each row on an episode of its own, an hour apart."""
    ref = people("W1")["W1"]
    for place, (before, act, then) in enumerate(TABLE):
        minute = 60 * place
        began = finding(f"{minute} began p")
        ended = finding(f"{minute + 20} ended p {minute}")
        keep(told(ref, began, ended, since=minute, until=minute + 30), now=minute + 30)
        for name in before.split():
            assert codes(do(ACTS[name][0], **ACTS[name][1])) == []
        done = do(ACTS[act][0], **ACTS[act][1])
        stands = kept(ref).alerts[-1].value
        assert (codes(done) or [stands.state]) == [then], (before, act)
        assert len(stands.decisions) == len(before.split()) + (not codes(done))


def test_the_second_of_two_is_told_what_the_first_did(instance: Any) -> None:
    ref = people("W1")["W1"]
    account("ann", Role.MONITORING_OPERATOR)
    account("bob", Role.MONITORING_OPERATOR)
    entered(ref)
    assert codes(do("acknowledge_alert", "ann", "0.1")) == []
    late = do("close_alert", "bob", "0.1", outcome=AlertOutcome.GENUINE, words="was there")
    assert codes(late) == ["CHANGED_SINCE"]
    (since,) = late.since.decisions
    assert (since.act, late.since.names[since.by]) == (Act.ACKNOWLEDGE, "ann")
    assert not late.since.evidence_moved
    assert late.since.mark == "1.1"
    assert kept(ref).alerts[0].value.state is AlertState.ACKNOWLEDGED
    keep(told(ref, *found("10 began p", "20 grew c 10"), until=21), now=21)
    late = do("note_alert", "bob", "1.1", words="at home")
    assert late.since.evidence_moved
    assert late.since.decisions == ()


@pytest.mark.parametrize("mark", ["", "x", "1", "1.", "-1.1", "9.9"])
def test_a_mark_that_is_none_does_nothing(sqlite_instance: Any, mark: str) -> None:
    ref = people("W1")["W1"]
    entered(ref)
    assert codes(do("acknowledge_alert", mark=mark or " ")) == ["CHANGED_SINCE"]
    assert kept(ref).alerts[0].value.decisions == ()


def test_an_alert_goes_into_the_hands_of_somebody_who_sees_the_wearer(instance: Any) -> None:
    ref = people("W1")["W1"]
    entered(ref)
    account("ann", Role.MONITORING_OPERATOR)
    account("elsewhere", Role.IOM_COORDINATOR, force="Durham")
    account("counter", Role.PROGRAMME_LEAD)
    do("acknowledge_alert")
    for to in ("elsewhere", "counter", "stranger"):
        assert codes(do("hand_over_alert", to=to, words="yours")) == ["NOBODY"]
    assert codes(do("hand_over_alert", to="ann", words="yours")) == []
    assert [line.number for line in lines(holder="ann")] == [1]
    assert lines(holder="tester") == []
    assert lines(holder="stranger") == []


def test_the_queue_is_by_severity_and_pages_on(instance: Any) -> None:
    refs = people("W1", "W2", "W3")
    entered(refs["W1"], "s")
    entered(refs["W2"], "c", until=13)
    entered(refs["W3"], "s", until=14)
    assert [line.wearer for line in lines(queue=Queue.LIVE)] == ["W2", "W1", "W3"]
    (first,) = lines(limit=1)
    place = (int(first.severity), first.opened_at, first.ref)
    assert [line.wearer for line in lines(after=place)] == ["W1", "W3"]
    assert [line.wearer for line in lines(at_least=Severity.HIGH)] == ["W2"]
    assert lines(kinds=frozenset({FindingKind.STRAP})) == []
    assert lines(queue=Queue.CASE_MANAGER) == []
    assert [line.wearer for line in lines(wearer="W3")] == ["W3"]
    do("take_alert")
    do("close_alert", outcome=AlertOutcome.GENUINE, words="was there")
    assert [line.wearer for line in lines()] == ["W2", "W3"]
    assert [line.wearer for line in lines(closed=True)] == ["W2", "W1", "W3"]
    assert [line.wearer for line in lines(state=AlertState.CLOSED, closed=True)] == ["W1"]


def test_who_is_shown_what(instance: Any) -> None:
    from tipstaff.services.alert_lists import show_alert
    from tipstaff.services.cases import record_wearer

    refs = people("W1", "W2")
    for ref in refs.values():
        entered(ref)
    account("ours", Role.OFFENDER_MANAGER)
    hand("W1", user="ours")
    assert [line.wearer for line in lines("ours")] == ["W1"]
    limited = wearer("W2", limited_access=True)
    assert record_wearer(**MANAGING, wearer=limited).problems == ()
    assert [line.wearer for line in lines()] == ["W1"]
    assert show_alert(**MANAGING, wearer="W2", number=1) is None
    account("ann", Role.MONITORING_OPERATOR)
    clear("ann", "W2")
    assert {line.wearer for line in lines("ann")} == {"W1", "W2"}
    view = show_alert(**who("ann"), wearer="W2", number=1)
    assert view is not None
    assert view.alert.number == 1
    assert [str(line.change) for line in view.about.revisions] == ["opened"]
    assert view.about.notices


def test_a_breach_from_the_first_finding_to_the_linked_alert(instance: Any) -> None:
    """Acknowledged, contact tried, closed; stronger evidence opens another; then it is retracted.

    Who was told of the second is told that the evidence changed, and a person has to look.
    """
    from tipstaff.domain.notices import CHANGED
    from tipstaff.records import outbox

    ref = people("W1")["W1"]
    entered(ref, "p")
    do("acknowledge_alert")
    do("contact_wearer", reached=Reached.SPOKE, words="says he is on the bus")
    do("close_alert", outcome=AlertOutcome.NOT_GENUINE, words="the bus goes by")
    keep(told(ref, *found("10 began p", "30 grew c 10"), until=31), now=31)
    first, second = (one.value for one in kept(ref).alerts)
    assert (first.followed_by, second.follows, second.state) == (2, 1, AlertState.NEW)
    assert first.outcome is AlertOutcome.NOT_GENUINE
    from tipstaff.services.live_telling import tell_by_clock

    tell_by_clock(when(60), 10)
    done = keep(told(ref, until=70), now=70)
    assert done.retracted == 1
    first, second = (one.value for one in kept(ref).alerts)
    assert second.changed > second.seen
    again = {k for k in outbox.keys_of([ref])[ref] if k.step == CHANGED}
    assert again
    assert codes(do("take_alert")) == []
    assert codes(do("close_alert", outcome=AlertOutcome.GENUINE, words="x")) == ["LOOK_FIRST"]
    assert codes(do("see_alert")) == []
    assert codes(do("close_alert", outcome=AlertOutcome.NOT_GENUINE, words="drift")) == []


def test_a_pause_tells_nobody_until_it_ends(instance: Any) -> None:
    from tipstaff.services.alert_pauses import end_pause, list_pauses, pause_alerts
    from tipstaff.services.live_telling import tell_by_clock

    ref = people("W1")["W1"]
    now = datetime.now(UTC)
    zone, end = frozenset({FindingKind.ZONE}), now + timedelta(hours=2)
    made = {"kinds": zone, "end": end, "reason": "a fair"}
    done = pause_alerts(**MANAGING, **made, wearer="W1")
    assert done.problems == ()
    assert codes(pause_alerts(**MANAGING, **made, wearer="W9")) == ["NOT_KNOWN"]
    strap = {**made, "kinds": frozenset({FindingKind.STRAP})}
    assert codes(pause_alerts(**MANAGING, **strap)) == ["NEVER_PAUSED"]
    minute = (now - when(0)) / timedelta(minutes=1)
    began = finding(f"{minute - 1} began p")
    told_now = told(ref, began, since=minute - 1, until=minute + 1)
    quiet = keep(told_now, now=minute + 1)
    assert (quiet.opened, quiet.queued) == (1, 0)
    (line,) = list_pauses(**MANAGING)
    assert (line.wearer, line.pause.kinds) == ("W1", zone)
    assert done.ref is not None
    assert codes(end_pause(**MANAGING, pause=done.ref, reason=" ")) == ["NO_REASON"]
    assert end_pause(**MANAGING, pause=done.ref, reason="it is over").problems == ()
    assert codes(end_pause(**MANAGING, pause=done.ref, reason="again")) == ["NOT_KNOWN"]
    assert list_pauses(**MANAGING) == ()
    assert tell_by_clock(datetime.now(UTC) + timedelta(minutes=2), 10).queued > 0


def test_what_is_asked_of_a_device_is_recorded_and_passed_by_a_person(instance: Any) -> None:
    from tipstaff.services import device_requests as asking

    ref = people("W1", "W2")["W1"]
    wear("W1", "acme", datetime.now(UTC) - timedelta(days=1))
    entered(ref)
    asked = asking.ask_position(**MANAGING, wearer="W1", alert=1)
    assert (asked.supplier, asked.device_id, asked.problems) == ("acme", "T1", ())
    assert codes(asking.ask_position(**MANAGING, wearer="W2")) == ["NO_DEVICE"]
    assert codes(asking.ask_position(**MANAGING, wearer="W1", alert=7)) == ["NOT_KNOWN"]
    assert codes(asking.message_device(**MANAGING, wearer="W1", words=" ")) == ["NO_WORDS"]
    long = asking.message_device(**MANAGING, wearer="W1", words="x" * 161)
    assert codes(long) == ["TOO_LONG"]
    warrant = {"actor": "tester", "purpose": Purpose.LOCATE_FOR_ARREST, "authority": "warrant 1"}
    assert asking.locate_for_arrest(**warrant, wearer="W1").ref is not None
    assert asked.ref is not None
    step = {"request": asked.ref, "step": RequestStep.PASSED, "words": "by phone"}
    assert asking.record_request_step(**MANAGING, **step) == ()
    listed = asking.list_requests(**MANAGING, wearer="W1")
    assert [str(one.request.kind) for one in listed] == ["locate_for_arrest", "position"]
    assert [str(one.step) for one in listed[1].steps] == ["passed"]
    assert listed[0].authority == "warrant 1"


def test_a_shift_hands_over_what_is_open(instance: Any) -> None:
    from tipstaff.services.shift_handovers import hand_over_shift, take_over_shift

    refs = people("W1", "W2", "W3")
    entered(refs["W1"])
    entered(refs["W2"], until=13)
    account("ann", Role.MONITORING_OPERATOR)
    account("bob", Role.MONITORING_OPERATOR)
    given = hand_over_shift(**who("ann"), words="quiet")
    assert [line.wearer for line in given.lines] == ["W1", "W2"]
    do("acknowledge_alert", "ann")
    entered(refs["W3"], until=14)
    assert codes(take_over_shift(**who("ann"))) == ["ONESELF"]
    taken = take_over_shift(**who("bob"))
    assert [(line.wearer, str(line.was.state), str(line.state)) for line in taken.lines] == [
        ("W1", "new", "acknowledged"), ("W2", "new", "new"),
    ]  # fmt: skip
    assert [line.wearer for line in taken.opened_since] == ["W3"]
    assert codes(take_over_shift(**who("bob"), handover=given.ref)) == ["TAKEN"]
    assert codes(take_over_shift(**who("bob"))) == ["NOT_KNOWN"]


def test_outcomes_are_counted_and_small_numbers_withheld(instance: Any) -> None:
    from tipstaff.services.alert_precision import alert_precision

    ref = people("W1")["W1"]
    for place in range(10):
        minute = 60 * place
        began, ended = f"{minute} began p", f"{minute + 20} ended p {minute}"
        keep(told(ref, *found(began, ended), since=minute, until=minute + 30), now=minute + 30)
        if place == 9:
            before = {one.kind: one for one in alert_precision(**MANAGING)}
            assert before[FindingKind.ZONE].genuine is None
        do("take_alert")
        outcome = AlertOutcome.GENUINE if place < 3 else AlertOutcome.EQUIPMENT
        assert codes(do("close_alert", outcome=outcome, words="as seen")) == []
    zone = {one.kind: one for one in alert_precision(**MANAGING)}[FindingKind.ZONE]
    assert zone.genuine is not None
    assert (zone.genuine.value, zone.decided) == (0.3, 10)
    assert zone.genuine.low < 0.3 < zone.genuine.high


def test_to_arrest_somebody_of_another_force_needs_an_approval(sqlite_instance: Any) -> None:
    from tipstaff.domain.periods import Period
    from tipstaff.services.device_requests import locate_for_arrest

    people("W1")
    wear("W1", "acme", datetime.now(UTC) - timedelta(days=1))
    account("eve", Role.INVESTIGATING_OFFICER, force="Durham")
    arrest = {"actor": "eve", "purpose": Purpose.LOCATE_FOR_ARREST, "authority": "warrant 1"}
    assert codes(locate_for_arrest(**arrest, wearer="W1")) == ["NO_DEVICE"]
    now = datetime.now(UTC)
    period = Period(now - timedelta(hours=1), now + timedelta(days=1))
    from tipstaff.services.permits import Wanted, ask_permit, decide_permit

    wanted = Wanted("locate_for_arrest", period, name="W1")
    asked = ask_permit(**arrest, wanted=wanted, reason="wanted", lasts=timedelta(days=1))
    assert asked.problems == ()
    assert asked.ref is not None
    assert decide_permit(**LOCAL, permit=asked.ref, approve=True).problems == ()
    assert locate_for_arrest(**arrest, wearer="W1").problems == ()
