"""From release to fitting: where each stands, when it is an alarm, what is wrong with an entry."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from made_cases import release, utc, visit, wearer

from tipstaff.domain.release_checks import check_release, check_visit
from tipstaff.domain.releases import FittingAlarm, Outcome, alarm_to_record, fitting_state

MORNING, NOON = utc("2026-01-05 09:00"), utc("2026-01-05 12:00")
DUE, NIGHT = utc("2026-01-05 18:00"), utc("2026-01-05 23:00")


def planned(**other: Any) -> Any:
    values = {"outcome": Outcome.APPOINTED, "device": "", "at": utc("2026-01-05 17:00")}
    return visit("F0", **(values | other))


def tried(outcome: Outcome) -> Any:
    return planned(outcome=outcome, at=utc("2026-01-05 11:00"), reason="nobody in")


@pytest.mark.parametrize(
    ("visits", "now", "stage", "alarm"),
    [
        ((), MORNING, "to come", False),
        ((), NOON, "due", False),
        ((), utc("2026-01-05 17:59"), "due", False),
        ((), DUE, "overdue", True),
        ((planned(),), NOON, "appointed", False),
        ((planned(at=NIGHT),), DUE, "overdue", True),
        ((tried(Outcome.ATTEMPTED),), NOON, "attempted", False),
        ((tried(Outcome.REFUSED),), NOON, "refused", False),
        ((tried(Outcome.REFUSED),), DUE, "overdue", True),
        ((planned(), tried(Outcome.ATTEMPTED)), NOON, "appointed", False),
        ((visit(),), NOON, "due", False),
        ((visit(),), NIGHT, "fitted", False),
        ((visit(at=DUE),), NIGHT, "fitted late", False),
        ((visit(release="R2"),), NIGHT, "overdue", True),
        ((visit(at=NIGHT), visit("F2")), NIGHT, "fitted", False),
    ],
)
def test_where_a_release_stands(visits: Any, now: Any, stage: str, alarm: bool) -> None:
    found = fitting_state(release(), visits, now)
    assert (found.stage.value, found.alarm) == (stage, alarm)


def test_a_cancelled_release_is_no_alarm() -> None:
    assert fitting_state(release(cancelled="recalled"), (), NIGHT).stage == "cancelled"


ALARM = FittingAlarm("R1", "W1", DUE, DUE)


@pytest.mark.parametrize(
    ("made", "visits", "on_record", "told"),
    [
        (release(), (), None, "raised"),
        (release(), (), ALARM, "nothing"),
        (release(), (), replace(ALARM, retracted_at=NIGHT), "raised"),
        (release(), (), replace(ALARM, due_at=NOON), "raised"),
        (release(), (visit(),), ALARM, "It came to be known that a device was fitted in time."),
        (release(), (visit(at=utc("2026-01-05 19:00")),), ALARM, "nothing"),
        (release(cancelled="recalled"), (), ALARM, "The release was cancelled."),
        (release(fit_by=utc("2026-01-06")), (), ALARM, "The deadline was put off."),
        (release(), (visit(),), replace(ALARM, retracted_at=DUE), "nothing"),
        (release(), (visit(),), None, "nothing"),
    ],
)
def test_alarms_are_raised_once_and_retracted_visibly(
    made: Any, visits: Any, on_record: Any, told: str
) -> None:
    found = alarm_to_record(made, visits, on_record, NIGHT)
    if told == "nothing":
        assert found is None
        return
    assert found is not None
    raised = FittingAlarm("R1", "W1", DUE, NIGHT)
    retracted = replace(ALARM, retracted_at=NIGHT, retracted_why=told)
    assert found == (raised if told == "raised" else retracted)


@pytest.mark.parametrize(
    ("other", "codes"),
    [
        ({}, []),
        ({"wearer": "W2"}, ["RELEASE_OF_ANOTHER"]),
        ({"fit_by": utc("2026-01-05 10:00")}, ["DEADLINE_BEFORE_RELEASE"]),
        ({"fit_by": utc("2199-01-05")}, ["RELEASE_OUT_OF_RANGE"]),
        ({"order": "O9"}, ["ORDER_NOT_KNOWN"]),
        ({"address": "nowhere"}, ["ADDRESS_NOT_ON_RECORD"]),
    ],
)
def test_checks_of_a_release(other: dict[str, Any], codes: list[str]) -> None:
    found = check_release(release(**other), wearer(), {"O1"})
    assert [str(p.code) for p in found] == codes


@pytest.mark.parametrize(
    ("made", "codes"),
    [
        (visit(), []),
        (visit(wearer="W2"), ["RELEASE_OF_ANOTHER"]),
        (visit(release="R9"), ["RELEASE_NOT_KNOWN"]),
        (visit(device=""), ["DEVICE_MISSING"]),
        (planned(device="D1"), ["DEVICE_NOT_EXPECTED"]),
        (planned(outcome=Outcome.REFUSED), ["REASON_MISSING"]),
        (visit(at=utc("2026-01-07")), ["VISIT_IN_FUTURE"]),
        (planned(at=utc("2026-01-07")), []),
    ],
)
def test_checks_of_a_visit(made: Any, codes: list[str]) -> None:
    found = check_visit(made, wearer(), {"R1"}, utc("2026-01-06"))
    assert [str(p.code) for p in found] == codes
