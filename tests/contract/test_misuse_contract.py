"""The search for misuse over a stored log, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from made_accounts import account, hand
from made_cases import decision, order, utc, wearer

from tipstaff.domain.conditions import Trail
from tipstaff.domain.orders import OrderStatus
from tipstaff.domain.periods import Period
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import Role

WHO = {"actor": "tester", "purpose": Purpose.OFFENDER_MANAGEMENT, "authority": ""}


def known(reference: str, *orders: Any, **other: Any) -> UUID:
    from tipstaff.records import wearers
    from tipstaff.services.cases import record_order, record_wearer

    record_wearer(**WHO, wearer=wearer(reference, **other))
    for one in orders:
        assert record_order(**WHO, order=one).problems == ()
    (ref,) = wearers.subject_refs([reference])
    return ref


def ended(reference: str, wearer: str) -> Any:
    return order(
        reference, wearer=wearer, status=OrderStatus.ACTIVE, starts_at=utc("2020-01-01"),
        ends_at=utc("2020-07-01"), served_at=utc("2020-01-01 10:00"), reviews=(),
        conditions=(Trail("t1"),),
    )  # fmt: skip


def show(reference: str) -> None:
    from tipstaff.services.case_view import show_case

    show_case(**WHO, wearer=reference)


def search() -> Any:
    from tipstaff.services.misuse import search_misuse

    now = datetime.now(UTC)
    period = Period(now - timedelta(days=1), now + timedelta(days=1))
    return search_misuse(actor="tester", purpose=Purpose.AUDIT, authority="", period=period)


def test_limits_and_closed_cases_are_known_from_the_records(instance: Any) -> None:
    from tipstaff.services.audit import verify_audit

    known("W1", ended("O1", "W1"))
    known("W2", ended("O2", "W2"), order("O3", wearer="W2", ends_at=utc("2090-01-01")))
    known("W3", limited_access=True)
    assert search().questions == ()  # recording an order that is over is no look
    for reference in ("W1", "W2", "W3", "W9"):
        show(reference)
    found = search()
    rules = {question.rule: question for question in found.questions}
    assert set(rules) == {"limited_access", "after_close"}
    assert "once" in rules["limited_access"].sentence
    assert len(rules["limited_access"].entries) == 2
    assert len(found.not_asked) == 2
    assert verify_audit().faults == ()


def test_a_case_of_one_s_own_or_of_one_s_team_is_a_reason(sqlite_instance: Any) -> None:
    from tipstaff.records.accounts import ref_of
    from tipstaff.services.misuse import reasons

    mine, other = known("W1"), known("W2")
    staff = {
        name: ref_of(account(name, role))
        for name, role in (("ann", Role.OFFENDER_MANAGER), ("max", Role.HUB_MANAGER))
    }
    hand("W1", user="ann")
    ann, manager = staff["ann"], staff["max"]
    assert ann is not None
    assert manager is not None
    has_reason = reasons({ann, manager}, {mine, other})
    assert [has_reason(ann, mine), has_reason(ann, other)] == [True, False]
    assert [has_reason(manager, mine), has_reason(manager, other)] == [None, None]


def test_since_when_no_order_is_in_force(instance: Any) -> None:
    from tipstaff.records.case_ends import closed_at
    from tipstaff.services.cases import record_order

    over = known("W1", ended("O1", "W1"))
    running = known("W2", ended("O2", "W2"), order("O3", wearer="W2", ends_at=utc("2090-01-01")))
    without_end = known("W3", order("O4", wearer="W3", ends_at=None, served_at=None, reviews=()))
    never = known("W4")
    revoked = known("W5", order("O5", wearer="W5", ends_at=utc("2090-01-01")))
    early = order(
        "O5", wearer="W5", ends_at=utc("2080-01-01"), status=OrderStatus.REVOKED,
        decision=decision(OrderStatus.REVOKED, "2026-02-01"),
    )  # fmt: skip
    told = record_order(**WHO, order=early, reason="gone", valid_from=utc("2026-02-01"))
    assert told.problems == ()
    found = closed_at([over, running, without_end, never, revoked], now=datetime.now(UTC))
    assert found == {over: utc("2020-07-01"), revoked: utc("2026-02-01")}


def test_attempts_that_were_refused_are_asked_about(instance: Any) -> None:
    from tipstaff.services.access import RefusedError
    from tipstaff.services.looked_at import looked_at

    for _ in range(3):
        with pytest.raises(RefusedError):
            looked_at(actor="tester", purpose=Purpose.SUBJECT_ACCESS, authority="", wearer="W1")
    assert [question.rule for question in search().questions] == ["refusals"]


def test_a_look_that_failed_stays_open_and_the_search_is_no_look_at_itself(instance: Any) -> None:
    from tipstaff.domain.purposes import Operation
    from tipstaff.services.access import admit
    from tipstaff.services.recording import request

    before = search().looks
    for _ in range(3):
        access = admit(
            **(WHO | {"purpose": Purpose.AUDIT}),
            operation=Operation.CONSULTATION,
            use_case="show_case",
        )
        request(access, extent={})
    found = search()
    assert [question.rule for question in found.questions] == ["unanswered"]
    assert found.looks == before + 4  # the first search among them
