"""Home and the board of a shift: what several lists say, in one look and in their reach."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from made_accounts import LOCAL, account, clear, hand
from many_cases import fill
from sign_in_fixtures import entries

from tipstaff.domain.access_rules import ROWS
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import Role

PEOPLE = 400
ROLES = [
    Role.MONITORING_OPERATOR, Role.IOM_COORDINATOR, Role.OFFENDER_MANAGER, Role.HUB_MANAGER,
    Role.INTELLIGENCE_OFFICER, Role.VICTIM_LIAISON, Role.DATA_PROTECTION_OFFICER,
    Role.ADMINISTRATOR, Role.LOCAL,
]  # fmt: skip


def filled() -> None:
    """People of whom some are of limited access, of Derbyshire, in the hands of accounts."""
    from tipstaff.records.models import (
        Alert,
        LimitedWearer,
        OrderStretch,
        ReleaseStretch,
        TaskStretch,
        WaitingAbsence,
        Wearer,
    )

    fill(PEOPLE)
    Alert.objects.filter(severity__gte=2).update(needs_a_person=True)
    people = Wearer.objects.filter(reference__endswith="7")
    LimitedWearer.objects.bulk_create(LimitedWearer(wearer=one) for one in people)
    for model in (OrderStretch, ReleaseStretch, TaskStretch, WaitingAbsence):
        model.objects.filter(wearer__in=people).update(limited_access=True)
    OrderStretch.objects.filter(force__in=["Force1", "Force2"]).update(force="Derbyshire")
    OrderStretch.objects.filter(reference__endswith="5").update(status="referred")
    soon = datetime.now(UTC) + timedelta(days=3)
    ReleaseStretch.objects.filter(reference__endswith="1").update(fit_by=soon)


def actor_of(role: Role) -> dict[str, Any]:
    from tipstaff.web.callers import usual_purpose

    if role is Role.LOCAL:
        return LOCAL | {"purpose": Purpose.OFFENDER_MANAGEMENT}
    name = account("ann", role)
    if role in {Role.OFFENDER_MANAGER, Role.VICTIM_LIAISON}:
        for number in (3, 5, 10, 11, 20, 41, 50):
            hand(f"W{number}", user=name)
    if role in {Role.IOM_COORDINATOR, Role.HUB_MANAGER}:
        clear(name, "W7")
    return {"actor": name, "purpose": usual_purpose(role, "count_waiting"), "authority": ""}


def listed(who: dict[str, Any]) -> dict[str, Any]:
    """How many lines the lists themselves have, so far as counts go."""
    from tipstaff.domain.orders import OrderStatus
    from tipstaff.domain.protocols import Queue, Severity
    from tipstaff.services import (
        absences,
        alert_lists,
        order_reviews,
        permits,
        plan_lists,
        releases,
    )
    from tipstaff.services.alert_lists import QueueWanted
    from tipstaff.services.case_view import list_orders

    urgent = QueueWanted(at_least=Severity.HIGH, queue=Queue.LIVE, limit=100)
    own = QueueWanted(holder=who["actor"], limit=100)
    return {
        "urgent_alerts": lambda: alert_lists.list_alerts(**who, wanted=urgent),
        "alerts": lambda: alert_lists.list_alerts(**who, wanted=QueueWanted(limit=100)),
        "own_alerts": lambda: alert_lists.list_alerts(**who, wanted=own),
        "outages": lambda: alert_lists.list_outages(**who),
        "unfitted": lambda: releases.list_alarms(**who, limit=100),
        "releases": lambda: releases.list_releases(**who, limit=100),
        "absences": lambda: absences.list_absences(**who, limit=100),
        "referrals": lambda: list_orders(**who, status=OrderStatus.REFERRED, limit=100),
        "reviews": lambda: order_reviews.list_reviews_due(**who, limit=100),
        "tasks": lambda: plan_lists.list_tasks(**who, limit=100),
        "approvals": lambda: permits.list_permits(**who, limit=100),
    }


@pytest.mark.parametrize("role", ROLES)
def test_each_count_is_the_length_of_its_list_and_nobodys_other(instance: Any, role: Role) -> None:
    from tipstaff.services.access import RefusedError
    from tipstaff.services.waiting import count_waiting

    filled()
    who = actor_of(role)
    found = {waits.value: many for waits, many in count_waiting(**who).counts.items()}
    for name, lines in listed(who).items():
        if name in found:
            assert found[name] == len(lines()), name
        else:
            with pytest.raises(RefusedError):
                lines()
    assert any(found.values()) or role in {Role.DATA_PROTECTION_OFFICER, Role.ADMINISTRATOR}


@pytest.mark.parametrize("role", ROLES[:5])
def test_the_board_is_what_its_lists_are(instance: Any, role: Role) -> None:
    from tipstaff.domain.protocols import Severity
    from tipstaff.services import alert_lists, order_reviews, plan_lists, releases
    from tipstaff.services.alert_lists import QueueWanted
    from tipstaff.services.shift_board import show_board

    filled()
    who = actor_of(role)
    found = show_board(**who)
    until = (datetime.now(UTC) + timedelta(days=28)).date()
    urgent = QueueWanted(at_least=Severity.MEDIUM, limit=50)
    if found.alerts is not None:
        assert found.alerts == alert_lists.list_alerts(**who, wanted=urgent)
    assert found.unfitted == releases.list_alarms(**who, limit=200)
    if found.reviews is not None:
        assert found.reviews == order_reviews.list_reviews_due(**who, by=until, limit=200)
    assert (found.tasks is None) == (ROWS["list_tasks"].reach_of(role) is None)
    if found.tasks is not None:
        assert found.tasks == plan_lists.list_tasks(**who, limit=200)
        assert found.plan_reviews == plan_lists.list_plan_reviews(**who, until=until, limit=200)
    stood = {line.wearer for line in (*(found.alerts or ()), *(found.tasks or ()))}
    assert stood
    assert not stood & {f"W{n}" for n in range(17, PEOPLE, 10)}


@pytest.mark.parametrize("name", ["waiting.count_waiting", "shift_board.show_board"])
def test_it_is_one_look_in_the_audit_and_few_statements(instance: Any, name: str) -> None:
    from sample_calls import of

    filled()
    who = LOCAL | {"purpose": Purpose.OFFENDER_MANAGEMENT}
    of(name)(**who)
    use_case = name.partition(".")[2]
    before = len(entries(use_case))
    with CaptureQueriesContext(connection) as asked:
        of(name)(**who)
    written = entries(use_case)[before:]
    assert [entry.phase for entry in written] == ["requested", "served"]
    assert bool(written[-1].subject_refs) == (use_case == "show_board")
    looks = [q["sql"] for q in asked.captured_queries if re.match("SELECT", q["sql"])]
    assert len(looks) <= 26, len(looks)


def test_whoever_has_a_list_on_which_something_waits_may_have_it_counted() -> None:
    from tipstaff.services.waiting import _COUNTED

    cases = {use_case for use_case, _count in _COUNTED.values()}
    having = {role for role in Role if any(ROWS[case].reach_of(role) for case in cases)}
    assert having == {role for role in Role if ROWS["count_waiting"].reach_of(role)}
