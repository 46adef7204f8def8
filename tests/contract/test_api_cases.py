"""Absences, plans, consents and devices by the API: recorded, refused with pointers, listed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from asked_api import MANAGING, problem, program
from made_cases import absence, consent, curfew, order, release, visit, wearer
from made_devices import described
from made_plans import plan, review, task

from tipstaff.domain.devices import DeviceKind, DeviceName
from tipstaff.domain.roles import Role
from tipstaff.formats.consent_json import CONSENT
from tipstaff.formats.plan_json import PLAN, REVIEW, TASK
from tipstaff.formats.release_json import RELEASE, VISIT

Pages = Callable[..., Any]
NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def asked(pages_on_both: Pages) -> Any:
    """A program of an IOM co-ordinator, with W1 on record."""
    from tipstaff.services.cases import record_order, record_wearer

    began = NOW - timedelta(days=30)
    times = {"starts_at": began, "served_at": began, "ends_at": NOW + timedelta(days=300)}
    made = order(conditions=(curfew(dates=f"{began:%Y-%m-%d}"),), reviews=(), **times)
    assert record_wearer(**MANAGING, wearer=wearer()).problems == ()
    assert record_order(**MANAGING, order=made).problems == ()
    return program(pages_on_both, Role.IOM_COORDINATOR, purpose="offender_management")


def ago(hours: float) -> str:
    return (NOW - timedelta(hours=hours)).isoformat()


def ok(answer: Any) -> Any:
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_absences_to_decide_are_paged_and_decided(asked: Any) -> None:
    from tipstaff.services.absences import ask_absence

    for number in (1, 2, 3):
        start = NOW + timedelta(days=number)
        times = {"starts_at": start, "ends_at": start + timedelta(hours=3), "asked_at": NOW}
        made = absence(f"A{number}", **times)
        assert ask_absence(**MANAGING, absence=made).problems == ()
    first = ok(asked.get("/absences", {"limit": 2}))
    assert [one["reference"] for one in first["items"]] == ["A1", "A2"]
    assert (first["items"][0]["kind"], first["items"][0]["wearer"]) == ("curfew", "W1")
    rest = asked.client.get(first["next"], headers=asked.headers()).json()
    assert [one["reference"] for one in rest["items"]] == ["A3"]
    which = {"wearer": "W1", "reference": "A1", "approved": "yes", "reason": "it is so"}
    ok(asked.post("/do/decide-absence", which))
    assert len(ok(asked.get("/absences"))["items"]) == 2
    from tipstaff.web.api import cursors

    key = str(UUID(int=1))
    # an instant without its offset, and a character that no database holds
    for parts in (("2026-01-01", "A1", key), ("2026-01-01T00:00:00Z", "\0", key)):
        cursor = cursors.written(*parts)
        assert problem(asked.get("/absences", {"after": cursor}))["code"] == "CURSOR"


def test_a_plan_its_review_and_a_task_are_recorded(asked: Any) -> None:
    assert ok(asked.post("/plans", {"plan": PLAN.write(plan())}))["new"] is True
    assert ok(asked.post("/plans", {"plan": PLAN.write(plan())}))["new"] is False
    ok(asked.post("/plan-reviews", {"review": REVIEW.write(review())}))
    ok(asked.post("/tasks", {"task": TASK.write(task())}))
    (open_task,) = ok(asked.get("/tasks"))["items"]
    assert open_task["reference"] == "T1"
    (due,) = ok(asked.get("/plan-reviews", {"until": "2026-03-02"}))["items"]
    assert (due["reference"], due["due"]) == ("P1", "2026-03-02")
    no_goal = asked.post("/plans", {"plan": PLAN.write(plan("P2", goals=()))})
    assert problem(no_goal)["problems"][0]["pointer"] == "/body/plan/goals"
    none = asked.post("/tasks", {"task": TASK.write(task(plan="P9"))})
    assert (none.status_code, problem(none)["code"]) == (422, "PLAN_NOT_KNOWN")
    wrong = asked.post("/plan-reviews", {"review": REVIEW.write(review()) | {"outcome": "luck"}})
    assert problem(wrong)["problems"][0]["pointer"] == "/body/review/outcome"
    assert b"luck" not in wrong.content
    nobody = asked.post("/plans", {"plan": PLAN.write(plan(wearer="W9"))})
    assert nobody.status_code == 422


def test_a_consent_is_recorded_copied_and_taken_back(asked: Any) -> None:
    given = consent(given_at=NOW - timedelta(days=2))
    ok(asked.post("/consents", {"consent": CONSENT.write(given)}))
    copied = ok(asked.get("/people/W1/consents/C1/copy", {"language": "cy"}))
    assert copied["language"] == "cy"
    assert copied["sections"]
    back = ok(
        asked.post(
            "/people/W1/consents/C1/taken-back", {"how": "by_telephone", "told_to": "B Officer"}
        )
    )
    assert (back["orders_ended"], back["activations_ended"]) == ([], 0)
    again = asked.post("/people/W1/consents/C1/taken-back", {"how": "in_person", "told_to": "B"})
    assert (again.status_code, problem(again)["code"]) == (422, "CONSENT_NOT_IN_FORCE")
    spoken = CONSENT.write(given) | {"reference": "C2", "written": False}
    refused = asked.post("/consents", {"consent": spoken})
    assert "/body/consent/written" in [one["pointer"] for one in problem(refused)["problems"]]
    assert asked.get("/people/W1/consents/C9/copy").status_code == 404


def test_devices_are_fitted_exchanged_taken_off_and_annulled(asked: Any) -> None:
    from tipstaff.services.device_inventory import register_device

    for name in ("T1", "T2", "T3"):
        device = DeviceName("acme", name)
        assert register_device(**MANAGING, device=device, description=described()).problems == ()
    put_on = {"supplier": "acme", "wearer": "W1", "by": "A Fitter", "strap": "passed"}
    assert ok(asked.post("/fittings", put_on | {"device": "T1", "at": ago(5)}))["ref"]
    twice = asked.post("/fittings", put_on | {"device": "T2", "at": ago(4)})
    assert problem(twice)["code"] == "WEARS_ONE_ALREADY"
    swap = {"supplier": "acme", "device": "T1", "new_supplier": "acme", "new_device": "T2",
            "at": ago(3), "by": "A Fitter"}  # fmt: skip
    ok(asked.post("/fittings/exchanged", swap))
    (worn,) = ok(asked.get("/people/W1"))["worn"]
    assert worn == {"supplier": "acme", "device_id": "T2"}
    off = {"supplier": "acme", "device": "T2", "at": ago(2), "by": "A Fitter", "reason": "custody"}
    ok(asked.post("/fittings/removed", off))
    assert ok(asked.get("/people/W1"))["worn"] == []
    ref = ok(asked.post("/fittings", put_on | {"device": "T3", "at": ago(1)}))["ref"]
    never = {"supplier": "acme", "device": "T3", "reference": ref, "reason": "another's"}
    ok(asked.post("/fittings/annulled", never))
    assert problem(asked.post("/fittings/annulled", never))["code"] == "NOT_WORN"
    long = asked.post("/fittings/annulled", never | {"reason": "x" * 499})
    assert long.status_code == 422


def test_a_home_unit_is_set_up_moved_and_taken_away(asked: Any) -> None:
    from tipstaff.services.device_inventory import register_device

    unit = DeviceName("acme", "H1")
    what = described(DeviceKind.HOME_UNIT)
    assert register_device(**MANAGING, device=unit, description=what).problems == ()
    named = {"supplier": "acme", "device": "H1"}
    ok(asked.post("/home-units", named | {"wearer": "W1", "address": "home", "at": ago(5)}))
    (home,) = ok(asked.get("/people/W1"))["homes"]
    assert (home["device_id"], home["address"]) == ("H1", "home")
    moved = asked.post("/home-units/moved", named | {"address": "away", "at": ago(4)})
    assert problem(moved)["code"] == "ADDRESS_NOT_KNOWN"
    ok(asked.post("/home-units/taken-away", named | {"at": ago(3)}))
    assert ok(asked.get("/people/W1"))["homes"] == []


def test_whom_a_role_does_not_reach_is_nobody(asked: Any, pages_on_both: Pages) -> None:
    theirs = program(
        pages_on_both, Role.OFFENDER_MANAGER, name="theirs", purpose="offender_management"
    )
    assert ok(theirs.get("/absences"))["items"] == []
    told = theirs.post("/plans", {"plan": PLAN.write(plan())})
    nobody = theirs.post("/plans", {"plan": PLAN.write(plan(wearer="W9"))})
    assert told.status_code == nobody.status_code == 422
    assert told.content == nobody.content


def test_a_case_is_given_listed_and_taken_back(asked: Any) -> None:
    from made_accounts import account

    account("ann", Role.OFFENDER_MANAGER)
    told = {"wearer": "W1", "relation": "offender_manager", "user": "ann", "reason": "hers"}
    ok(asked.post("/do/assign", told))
    (held,) = ok(asked.get("/people/W1/assignments"))["items"]
    assert (held["user"], held["relation"], held["ended_at"]) == ("ann", "offender_manager", None)
    back = {"wearer": "W1", "assignment": held["ref"], "reason": "moved"}
    ok(asked.post("/do/end-assignment", back))
    again = asked.post("/do/end-assignment", back)
    assert problem(again)["problems"][0]["pointer"] == "/body/assignment"
    (held,) = ok(asked.get("/people/W1/assignments"))["items"]
    assert held["ended_at"] is not None
    assert ok(asked.get("/people/W9/assignments"))["items"] == []


def test_a_release_and_its_visits_are_recorded(asked: Any) -> None:
    times = {"released_at": NOW - timedelta(hours=9), "fit_by": NOW - timedelta(hours=2)}
    made = RELEASE.write(release(**times))
    assert ok(asked.post("/releases", {"release": made}))["new"] is True
    assert ok(asked.post("/releases", {"release": made}))["new"] is False
    (late,) = ok(asked.get("/releases/not-fitted"))["items"]
    assert (late["reference"], late["stage"], late["alarm"]) == ("R1", "overdue", True)
    backwards = made | {"reference": "R2", "fit_by": made["released_at"]}
    wrong = asked.post("/releases", {"release": backwards})
    assert problem(wrong)["problems"][0]["pointer"] == "/body/release/fit_by"
    tried = VISIT.write(visit(at=NOW - timedelta(hours=3)))
    unnamed = {name: value for name, value in tried.items() if name != "device"}
    lacks = asked.post("/visits", {"visit": unnamed})
    assert (lacks.status_code, problem(lacks)["code"]) == (422, "DEVICE_MISSING")
    none = asked.post("/visits", {"visit": tried | {"release": "R9"}})
    assert problem(none)["problems"][0]["pointer"] == "/body/visit/release"
    ok(asked.post("/visits", {"visit": tried}))
    assert ok(asked.get("/releases/not-fitted"))["items"] == []
    off = made | {"cancelled": "bail was refused"}
    assert ok(asked.post("/releases", {"release": off, "reason": "told late"}))["version"] == 2
