"""Accounts, training, grants and approvals: never edited, known as they were.

What does not hang on the database runs on one.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from made_accounts import LOCAL, account, clear, hand, permit, train
from made_cases import order, wearer

from tipstaff.domain.periods import Period
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import Course, Role

WORK = Purpose.OFFENDER_MANAGEMENT
NOW = datetime.now(UTC)
YESTERDAY = Period(NOW - timedelta(days=1), NOW)


def who(actor: str, purpose: Purpose = WORK) -> dict[str, Any]:
    return {"actor": actor, "purpose": purpose, "authority": ""}


def known(name: str, force: str) -> None:
    from tipstaff.services.cases import record_order, record_wearer

    record_wearer(**LOCAL, wearer=wearer(name))
    assert record_order(**LOCAL, order=order(wearer=name, force=force)).new


def shown(actor: str, name: str = "W1") -> bool:
    from tipstaff.services.case_view import show_case

    return show_case(**who(actor), wearer=name) is not None


def codes(outcome: Any) -> list[str]:
    return [str(problem.code) for problem in outcome.problems]


def refused(call: Any) -> str:
    from tipstaff.services.access import RefusedError

    with pytest.raises(RefusedError) as error:
        call()
    return error.value.code


def test_nothing_about_access_is_edited(instance: Any) -> None:
    known("W1", "Durham")
    account("ann", Role.OFFENDER_MANAGER)
    hand("W1", user="ann")
    train("ann")
    clear("ann", "W1")
    permit("ann", "show_case", YESTERDAY, WORK, name="W1")
    for statement in (
        "UPDATE records_post SET role = 'local'",
        "UPDATE records_permit SET reason = 'other'",
        "UPDATE records_permitdecision SET favourable = NOT favourable",
        "UPDATE records_training SET valid_until = '2030-01-01'",
        "UPDATE records_assignment SET starts_at = '2020-01-01'",
        "UPDATE \"records_grant\" SET wearer = ''",
        "UPDATE records_assignment SET ended_at = recorded_at, relation = 'partner'",
    ):
        with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
            connection.cursor().execute(statement)
    end = "UPDATE records_assignment SET ended_at = recorded_at"
    connection.cursor().execute(end)
    with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
        connection.cursor().execute(end)


def test_what_an_account_was_when_stays_known(instance: Any) -> None:
    from tipstaff.services.accounts import Duty, account_history, change_account, close_account

    account("ann", Role.OFFENDER_MANAGER)
    promoted = Duty(Role.IOM_COORDINATOR, "Ann", force="Derbyshire")
    change_account(**LOCAL, username="ann", duty=promoted, reason="promoted")
    close_account(**LOCAL, username="ann", reason="left")
    found = account_history(**LOCAL, username="ann")
    assert found is not None
    assert [(p.number, p.role, p.reason) for p in found.posts] == [
        (1, "offender_manager", ""), (2, "iom_coordinator", "promoted"),
        (3, "iom_coordinator", "left"),
    ]  # fmt: skip
    assert [p.active_to is None for p in found.posts] == [True, True, False]
    assert account_history(**LOCAL, username="nobody") is None


def test_an_account_opens_and_closes_by_its_dates(sqlite_instance: Any) -> None:
    from tipstaff.records import accounts

    account("ann", Role.AUDITOR, active_from=NOW + timedelta(1), active_to=NOW + timedelta(2))
    opened = [accounts.standing("ann", NOW + timedelta(days)) for days in (0.9, 1, 1.9, 2)]
    assert [one.active for one in opened if one] == [False, True, True, False]


def test_nobody_changes_their_own_account_or_clears_themselves(sqlite_instance: Any) -> None:
    from tipstaff.services.accounts import Duty, change_account, close_account
    from tipstaff.services.grants import grant_access

    account("adm", Role.ADMINISTRATOR)
    own = who("adm", Purpose.SYSTEM_ADMINISTRATION)
    duty = Duty(Role.HUB_MANAGER, "Me")
    asked = change_account(**own, username="adm", duty=duty, reason="why")
    assert codes(asked) == ["OWN_ACCOUNT"]
    assert codes(close_account(**own, username="adm", reason="why")) == ["OWN_ACCOUNT"]
    me = {**LOCAL, "authority": "decision 1"}
    assert codes(grant_access(**me, username="tester", wearer=None, reason="why")) == ["ONESELF"]
    assert codes(change_account(**LOCAL, username="adm", duty=Duty(Role.LOCAL, "Me"),
                                reason="why")) == ["LOCAL_ROLE"]  # fmt: skip


def test_training_gates_reading_and_runs_out(sqlite_instance: Any) -> None:
    from tipstaff.records import accounts
    from tipstaff.services.runs import read_run
    from tipstaff.services.training import record_training, withdraw_training

    account("cat", Role.HUB_CASEWORKER)
    asked = who("cat", Purpose.CRIME_MATCHING)
    course = Course.CRIME_MATCHING_REVIEW
    assert refused(lambda: read_run(**asked, run_id=uuid4())) == "untrained"
    train("cat")
    assert read_run(**asked, run_id=uuid4()) is None
    withdraw_training(**LOCAL, username="cat", course=course, reason="lapsed")
    assert refused(lambda: read_run(**asked, run_id=uuid4())) == "untrained"
    for until in (date(2026, 7, 1), date(2026, 6, 1)):
        record_training(**LOCAL, username="cat", course=course,
                        completed_on=date(2026, 1, 1), valid_until=until)  # fmt: skip
    midnight = datetime(2026, 6, 30, 23, tzinfo=UTC)  # of 1 July, in summer time
    for instant, holds in ((midnight - timedelta(seconds=1), True), (midnight, False)):
        account_then = accounts.standing("cat", instant)
        assert account_then is not None
        assert account_then.trained(course, instant) is holds


def test_an_approval_widens_reach_and_its_use_is_in_the_audit(instance: Any) -> None:
    from tipstaff.records.models import AuditEntry

    known("W1", "Durham")
    known("W2", "Durham")
    account("dan", Role.IOM_COORDINATOR)
    ref = permit("dan", "show_case", YESTERDAY, WORK, name="W1")
    assert (shown("dan", "W1"), shown("dan", "W2")) == (True, False)
    told = AuditEntry.objects.filter(use_case="show_case").order_by("at")
    assert [entry.extent.get("permits") for entry in told] == [[str(ref)]] * 2 + [None] * 2


def test_a_force_decides_about_its_own_wearers_and_its_own_people(instance: Any) -> None:
    from tipstaff.services.permits import Wanted, ask_permit, decide_permit, list_permits

    known("W1", "Durham")
    account("ann", Role.IOM_COORDINATOR, force="Durham")
    account("dan", Role.IOM_COORDINATOR)
    account("des", Role.IOM_COORDINATOR)
    account("eva", Role.IOM_COORDINATOR, force="Essex")
    wanted = Wanted("show_case", YESTERDAY, "W1")
    asked = ask_permit(**who("dan"), wanted=wanted, reason="why").ref
    for name, code in (
        ("eva", "NOT_WAITING"), ("des", "NOT_YOURS_TO_DECIDE"), ("dan", "ONESELF"),
    ):  # fmt: skip
        assert codes(decide_permit(**who(name), permit=asked, approve=True)) == [code]
    shows = {name: len(list_permits(**who(name))) for name in ("ann", "dan", "des", "eva")}
    assert shows == {"ann": 1, "dan": 1, "des": 1, "eva": 0}
    assert decide_permit(**who("ann"), permit=asked, approve=True).done
    again = decide_permit(**who("ann"), permit=asked, approve=False, reason="no")
    assert codes(again) == ["ALREADY_DECIDED"]
    assert shown("dan")
    assert list_permits(**who("ann")) == ()


def test_what_was_refused_opens_nothing(sqlite_instance: Any) -> None:
    from tipstaff.services.permits import Wanted, ask_permit, decide_permit

    known("W1", "Durham")
    account("dan", Role.IOM_COORDINATOR)
    asked = ask_permit(**who("dan"), wanted=Wanted("show_case", YESTERDAY, "W1"), reason="why")
    assert not shown("dan")
    assert codes(decide_permit(**LOCAL, permit=asked.ref, approve=False)) == ["REASON_MISSING"]
    assert decide_permit(**LOCAL, permit=asked.ref, approve=False, reason="no need").done
    assert not shown("dan")


def test_break_glass_holds_an_hour_and_waits_for_a_review(instance: Any) -> None:
    from tipstaff.records import permits
    from tipstaff.records.models import AuditEntry
    from tipstaff.services.permits import Wanted, break_glass, list_permits, review_break_glass

    known("W1", "Durham")
    account("dan", Role.OFFENDER_MANAGER)
    account("max", Role.HUB_MANAGER)
    wanted = Wanted("show_case", YESTERDAY, "W1")
    taken = break_glass(**who("dan"), wanted=wanted, reason="threat to life")
    assert shown("dan")
    entries = AuditEntry.objects.filter(use_case="show_case")
    assert [entry.extent.get("break_glass") for entry in entries] == [True, True]
    (line,) = list_permits(**who("max"), emergencies=True)
    assert line.asked.ends_at - line.asked_at == timedelta(hours=1)
    within = [line.asked_at + timedelta(minutes=m) for m in (0, 59, 60)]
    held = [permits.in_force(line.user_ref, "show_case", now=instant) for instant in within]
    assert [len(found) for found in held] == [1, 1, 0]
    found = {"permit": taken.ref, "justified": False, "reason": "no threat"}
    assert codes(review_break_glass(**who("max"), **{**found, "reason": ""})) == ["REASON_MISSING"]
    assert review_break_glass(**who("max"), **found).done
    assert not shown("dan")
    assert list_permits(**who("max"), emergencies=True) == ()


def test_break_glass_never_opens_limited_access(sqlite_instance: Any) -> None:
    from tipstaff.services.cases import record_wearer
    from tipstaff.services.permits import Wanted, break_glass

    known("W1", "Durham")
    record_wearer(**LOCAL, wearer=wearer("W1", limited_access=True))
    account("dan", Role.OFFENDER_MANAGER)
    for name in ("W1", "nobody"):
        wanted = Wanted("show_case", YESTERDAY, name)
        assert break_glass(**who("dan"), wanted=wanted, reason="threat to life").done
        assert not shown("dan", name)


def test_an_approval_is_asked_for_what_can_be_approved(sqlite_instance: Any) -> None:
    from tipstaff.domain.access_facts import Area
    from tipstaff.services.permits import Wanted, ask_permit

    account("dan", Role.OFFENDER_MANAGER)
    week, area = Period(NOW - timedelta(days=7), NOW), Area(53.0, -1.5, 100.0)
    for wanted, lasts, code in (
        (Wanted("list_orders", week, "W1"), 7, ["NOT_OPEN_TO_APPROVAL"]),
        (Wanted("near", YESTERDAY, area=area), 7, ["NOT_OPEN_TO_APPROVAL"]),
        (Wanted("show_case", week), 7, ["NAME_MISSING"]),
        (Wanted("show_case", Period(NOW, NOW), "W1"), 7, ["PERIOD"]),
        (Wanted("trail", week, "W1"), 32, ["TOO_LONG"]),
        (Wanted("trail", week, "W1"), 31, []),
    ):
        asked = ask_permit(**who("dan"), wanted=wanted, reason="why", lasts=timedelta(days=lasts))
        assert codes(asked) == code
    account("cas", Role.CRIME_ANALYST)
    asked = ask_permit(**who("cas", Purpose.CRIME_MATCHING), reason="why",
                       wanted=Wanted("near", week, area=area))  # fmt: skip
    assert codes(asked) == ["TOO_LONG"]


def test_a_closed_team_reaches_nothing(sqlite_instance: Any) -> None:
    from tipstaff.services.teams import add_team, close_team

    known("W1", "Durham")
    add_team(**LOCAL, name="north", force="Derbyshire")
    account("ann", Role.OFFENDER_MANAGER, team="north")
    hand("W1", team="north")
    assert shown("ann")
    assert close_team(**LOCAL, name="north", reason="merged").done
    assert not shown("ann")


def test_forces_are_data_and_what_was_recorded_last_speaks(sqlite_instance: Any) -> None:
    from tipstaff.domain.forces import NATIONAL_FORCES, ForceFact
    from tipstaff.services.teams import list_forces, record_force

    shipped = {force.identifier: force for force in list_forces(**LOCAL)}
    assert {name: force.code for name, force in shipped.items()} == dict(NATIONAL_FORCES)
    assert shipped["Durham"].is_live("acquisitive-crime", date(2021, 9, 29))
    assert not shipped["Durham"].is_live("acquisitive-crime", date(2021, 9, 28))
    for name in ("Dorset Police", "Dorset"):
        live = {"voluntary-iom": date(2026, 1, 5)}
        assert record_force(**LOCAL, force=ForceFact("Dorset", "DOR", name, live)).done
    found = {force.identifier: force for force in list_forces(**LOCAL)}
    assert (found["Dorset"].name, len(found)) == ("Dorset", 20)
    taken = record_force(**LOCAL, force=ForceFact("Dor set", "dur", "x"))
    assert codes(taken) == ["FORCE_IDENTIFIER", "FORCE_CODE"]


def test_an_instance_from_before_keeps_its_user_and_its_limits(instance: Any) -> None:
    from importlib import import_module

    from django.apps import apps

    from tipstaff.records.models import LimitedWearer, Post
    from tipstaff.services.cases import record_wearer

    steps = import_module("tipstaff.records.migrations.0013_access")
    record_wearer(**LOCAL, wearer=wearer("W1", limited_access=True))
    record_wearer(**LOCAL, wearer=wearer("W2"))
    Post.objects.all().delete()
    LimitedWearer.objects.all().delete()
    steps.give_posts(apps, None)
    steps.list_limited(apps, None)
    assert (shown("tester", "W2"), shown("tester", "W1")) == (True, False)
    assert [row.wearer.reference for row in LimitedWearer.objects.all()] == ["W1"]


def test_for_whom_a_grant_is_shows_to_the_cleared_alone(sqlite_instance: Any) -> None:
    from tipstaff.services.accounts import account_history
    from tipstaff.services.grants import list_grants

    account("max", Role.HUB_MANAGER)
    account("dpo", Role.DATA_PROTECTION_OFFICER)
    clear("max", "W1")
    for name, wearer_shown in (("max", "W1"), ("dpo", ""), ("second", "W1")):
        (line,) = list_grants(**who(name, Purpose.AUDIT if name == "dpo" else WORK))
        assert (line.every, line.wearer) == (False, wearer_shown)
    found = account_history(**who("dpo", Purpose.AUDIT), username="max")
    assert found is not None
    assert [line.wearer for line in found.grants] == [""]
