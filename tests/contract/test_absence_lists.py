"""Absences to decide on both databases: in step with versions, by reach, filled for old ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from made_accounts import account, clear, hand
from made_cases import absence, order, utc, wearer
from sign_in_fixtures import entries

from tipstaff.domain.legal_bases import ConditionKind
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import Role

WHO: dict[str, Any] = {
    "actor": "tester", "purpose": Purpose.OFFENDER_MANAGEMENT, "authority": "",
}  # fmt: skip


def known(name: str = "W1", **other: Any) -> None:
    from tipstaff.services.cases import record_order, record_wearer

    assert record_wearer(**WHO, wearer=wearer(name)).problems == ()
    assert record_order(**WHO, order=order(wearer=name, **other)).problems == ()


def ask(reference: str, name: str = "W1", day: int = 10, **other: Any) -> None:
    from tipstaff.services.absences import ask_absence

    start = utc("2026-02-01 18:00") + timedelta(days=day)
    times = {"starts_at": start, "ends_at": start + timedelta(hours=3)}
    asked = absence(reference, wearer=name, **(times | other))
    assert ask_absence(**WHO, absence=asked).problems == ()


def listed(**other: Any) -> list[tuple[str, str]]:
    from tipstaff.services.absences import list_absences

    lines = list_absences(**(WHO | other))
    return [(line.wearer, line.reference) for line in lines]


def decide(reference: str, *, approved: bool = True) -> Any:
    from tipstaff.services.absences import decide_absence

    who = WHO | {"actor": "other"}
    which = {"wearer": "W1", "reference": reference, "approved": approved, "reason": "it is so"}
    return decide_absence(**who, **which).problems


def test_an_absence_is_in_the_list_until_it_is_decided_or_cancelled(instance: Any) -> None:
    from tipstaff.services.absences import cancel_absence, list_absences

    known()
    account("other", Role.HUB_CASEWORKER)
    assert listed() == []
    ask("A2", day=2, asked_at=utc("2026-01-07"))
    ask("A1", day=1, asked_at=utc("2026-01-09"))
    ask("A3", day=3, asked_at=utc("2026-01-08"))
    assert listed() == [("W1", "A2"), ("W1", "A3"), ("W1", "A1")]
    (first,) = list_absences(**WHO, limit=1)
    assert (first.kind, first.order, first.condition) == (ConditionKind.CURFEW, "O1", "c1")
    after = (first.asked_at, first.reference, first.subject)
    assert listed(after=after) == [("W1", "A3"), ("W1", "A1")]
    assert decide("A2") == ()
    assert decide("A3", approved=False) == ()
    assert listed() == [("W1", "A1")]
    assert cancel_absence(**WHO, wearer="W1", reference="A1").problems == ()
    assert listed() == []
    shown = entries("list_absences")[-1]
    assert (shown.rows, shown.purpose) == (0, "offender_management")


def test_it_shows_whom_the_actor_reaches(instance: Any) -> None:
    known("W1")
    known("W2", force="Durham")
    for name in ("W1", "W2"):
        ask("A1", name)
    ours = account("ours", Role.IOM_COORDINATOR)
    own = account("own", Role.OFFENDER_MANAGER)
    assert listed(actor=ours) == [("W1", "A1")]
    assert listed(actor=own) == []
    hand("W2", user=own)
    assert listed(actor=own) == [("W2", "A1")]


def test_one_of_limited_access_shows_with_a_grant_alone(instance: Any) -> None:
    from tipstaff.services.cases import record_wearer

    known()
    ask("A1")
    made = replace(wearer("W1"), limited_access=True)
    assert record_wearer(**WHO, wearer=made).problems == ()
    assert listed() == []
    clear("tester")
    assert listed() == [("W1", "A1")]


@pytest.mark.parametrize("limited", [False, True])
def test_the_migration_lists_what_was_asked_before(instance: Any, *, limited: bool) -> None:
    """The rows that it makes are those that are kept from then on."""
    from importlib import import_module

    from django.apps import apps

    from tipstaff.records.models import WaitingAbsence
    from tipstaff.services.cases import record_wearer

    known()
    account("other", Role.HUB_CASEWORKER)
    for number in (1, 2, 3):
        ask(f"A{number}", day=number)
    assert decide("A2") == ()
    if limited:
        made = replace(wearer("W1"), limited_access=True)
        assert record_wearer(**WHO, wearer=made).problems == ()
    kept = _rows(WaitingAbsence)
    WaitingAbsence.objects.all().delete()
    migration = import_module("tipstaff.records.migrations.0024_absences_to_decide")
    migration.fill(apps, None)
    assert _rows(WaitingAbsence) == kept
    assert len(kept) == 2


def _rows(model: Any) -> list[dict[str, Any]]:
    rows = model.objects.order_by("reference").values()
    return [{name: value for name, value in row.items() if name != "id"} for row in rows]
