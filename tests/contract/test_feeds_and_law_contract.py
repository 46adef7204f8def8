"""The gate at the feeds asks the law, and what is withdrawn counts with the next message."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from fed_instance import WHO as RUNNING
from fed_instance import activate, issue_key, position, send, taking_in
from made_cases import consent, voluntary, wearer

from tipstaff.domain.consents import WithdrawnBy
from tipstaff.domain.orders import OrderStatus
from tipstaff.domain.periods import to_micros
from tipstaff.domain.purposes import Purpose

WHO: dict[str, Any] = RUNNING | {"purpose": Purpose.OFFENDER_MANAGEMENT}


def verdicts(received_at: datetime, *asked: tuple[str, datetime]) -> list[tuple[str, str]]:
    from tipstaff.services.feed_gate import lawful

    told = lawful("acme", [(device, to_micros(at)) for device, at in asked], received_at)
    return [(str(one.verb), str(one.reason)) for one in told]


def test_a_withdrawal_counts_with_the_next_message(instance: Any) -> None:
    from tipstaff.services.cases import record_order, record_wearer
    from tipstaff.services.consents import record_consent, withdraw_consent

    now = datetime.now(UTC)
    began, before = now - timedelta(days=20), now - timedelta(hours=2)
    activate("D1", since=began)
    # without an order on record there is no law to ask: whoever has the device has it
    assert verdicts(now, ("D1", before)) == [("keep", "in_force")]
    record_wearer(**WHO, wearer=wearer("W-D1"))
    agreed = consent(wearer="W-D1", given_at=began)
    assert record_consent(**WHO, consent=agreed).problems == ()
    tag = voluntary(wearer="W-D1", starts_at=began, ends_at=now + timedelta(days=20))
    assert record_order(**WHO, order=tag).problems == ()
    for _again in range(3):
        now = datetime.now(UTC)
        assert verdicts(now, ("D1", before), ("U1", before)) == [
            ("keep", "in_force"), ("quarantine", "device_of_nobody"),
        ]  # fmt: skip
    told = {"how": WithdrawnBy.BY_TELEPHONE, "told_to": "A Officer"}
    assert withdraw_consent(**WHO, wearer="W-D1", reference="C1", **told).problems == ()
    now = datetime.now(UTC)
    late, gone = verdicts(now, ("D1", before), ("D1", now))
    assert late[0] == gone[0] == "drop_counted"


def test_late_fixes_of_somebody_under_a_legal_hold_are_kept(instance: Any) -> None:
    from tipstaff.services.cases import record_order, record_wearer
    from tipstaff.services.consents import record_consent, withdraw_consent
    from tipstaff.services.holds import hold, release_hold

    now = datetime.now(UTC)
    began, late = now - timedelta(days=20), now - timedelta(hours=2)
    activate("D1", since=began)
    record_wearer(**WHO, wearer=wearer("W-D1"))
    assert record_consent(**WHO, consent=consent(wearer="W-D1", given_at=began)).problems == ()
    tag = voluntary(wearer="W-D1", starts_at=began, ends_at=now + timedelta(days=20))
    assert record_order(**WHO, order=tag).problems == ()
    told = {"how": WithdrawnBy.BY_TELEPHONE, "told_to": "A Officer"}
    assert withdraw_consent(**WHO, wearer="W-D1", reference="C1", **told).problems == ()
    dropped = [("drop_counted", "late_after_withdrawal")]
    assert verdicts(datetime.now(UTC), ("D1", late)) == dropped
    who = RUNNING | {"purpose": Purpose.COURT_DISCLOSURE, "authority": "Coroner 12/26"}
    placed = hold(**who, wearer="W-D1", reason="inquest")
    assert placed.problems == ()
    assert verdicts(datetime.now(UTC), ("D1", late)) == [("keep", "held")]
    assert placed.hold_id is not None
    assert release_hold(**who, hold_id=placed.hold_id, reason="over").problems == ()
    assert verdicts(datetime.now(UTC), ("D1", late)) == dropped


def test_what_may_not_be_kept_by_the_time_of_the_drain_stays_out(sqlite_instance: Any) -> None:
    from django.db import transaction

    from tipstaff.records import activations
    from tipstaff.services.inbox_drain import drain_to_archive

    key = issue_key()
    activate("D1", "D2")
    with taking_in() as application:
        sent = [position("D1"), position("D2")]
        assert send(application, "/intake/json", sent, key).json["received"] == 2
    with transaction.atomic():
        assert activations.withdraw("acme", "a-D1", datetime.now(UTC))
    done = drain_to_archive(**RUNNING)
    assert (done.new_fixes, done.withheld, done.wrong_clock) == (1, 1, 0)
    (aside,) = sqlite_instance.data.glob("quarantine/*.jsonl")
    assert "device_of_nobody" in aside.read_text()


def test_the_feeds_ask_the_law(sqlite_instance: Any) -> None:
    from tipstaff.services.cases import record_order, record_wearer
    from tipstaff.services.inbox import inbox_reader

    key = issue_key()
    activate("D1")
    with taking_in() as application:
        assert send(application, "/intake/json", [position("D1")], key).status == 200
        record_wearer(**WHO, wearer=wearer("W2"))
        assert (
            record_order(**WHO, order=voluntary(wearer="W2", status=OrderStatus.REFERRED))
            is not None
        )
        # now that there are orders, a wearer without one is not to be monitored by this message
        assert send(application, "/intake/json", [position("D1", ago_s=5)], key).status == 200
        found = inbox_reader().state()
    assert (found.last, found.held) == (1, 1)


def test_an_erasure_reaches_the_inbox_and_the_events(instance: Any) -> None:
    from uuid import uuid4

    from tipstaff import settings
    from tipstaff.domain.erasures import Erasure, Piece
    from tipstaff.domain.periods import Period
    from tipstaff.records import devices
    from tipstaff.services.erasure_stores import STORES
    from tipstaff.services.inbox_drain import drain_to_archive

    key = issue_key()
    activate("D1", "D2")
    event = {"device_id": "D1", "event_time": position()["fix_time"], "code": "strap_cut"}
    with taking_in() as application:
        sent = [position("D1"), position("D2"), event]
        assert send(application, "/intake/json", sent, key).json["received"] == 3
        drain_to_archive(**RUNNING)
        now = datetime.now(UTC)
        worn = (devices.keys_of("acme", ["D1"])["D1"], Period(now - timedelta(days=9), now))
        erasure = Erasure(uuid4(), now, "default-1", (Piece(uuid4(), worn=(worn,)),))
        values = settings.load()
        stores = {store.name: store for store in STORES}
        # while the intake goes on
        told = {name: stores[name].count(values, erasure) for name in ("inbox", "events")}
        assert told == {"inbox": {"messages": 2}, "events": {"events": 1}}
        for name in told:
            stores[name].erase(values, erasure)
            stores[name].erase(values, erasure)
        assert send(application, "/intake/json", [position("D2", ago_s=9)], key).status == 200
        assert {sum(stores[name].count(values, erasure).values()) for name in told} == {0}
    assert drain_to_archive(**RUNNING).new_fixes == 1
