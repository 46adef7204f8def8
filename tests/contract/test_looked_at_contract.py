"""Who looked at me, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from made_accounts import account, hand
from made_cases import wearer

from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.domain.roles import Role

WHO = {"actor": "tester", "purpose": Purpose.SUBJECT_ACCESS, "authority": "request 12"}


def known(reference: str = "W1", **other: Any) -> UUID:
    from tipstaff.records import wearers
    from tipstaff.services.cases import record_wearer

    record_wearer(
        actor="tester", purpose=Purpose.OFFENDER_MANAGEMENT, authority="",
        wearer=wearer(reference, **other),
    )  # fmt: skip
    (ref,) = wearers.subject_refs([reference])
    return ref


def look(
    purpose: Purpose,
    *subjects: UUID,
    answered: bool = True,
    operation: Operation = Operation.CONSULTATION,
    **extent: Any,
) -> None:
    from tipstaff.services.access import admit
    from tipstaff.services.recording import reading, request

    access = admit(
        actor="tester", purpose=purpose, authority="x", operation=operation, use_case="show_case"
    )
    if not answered:
        request(access, extent=extent, subjects=frozenset(subjects))
        return
    with reading(access, extent=extent, subjects=frozenset(subjects)):
        pass


def told(reference: str = "W1") -> Any:
    from tipstaff.services.looked_at import looked_at

    return looked_at(**WHO, wearer=reference)


def test_looks_are_told_with_why_and_how_far_and_no_names(instance: Any) -> None:
    one, other = known(), known("W2")
    day = datetime(2026, 3, 1, tzinfo=UTC)
    period = {"from": day.isoformat(), "to": (day + timedelta(1)).isoformat()}
    look(Purpose.OFFENDER_MANAGEMENT, one, other, **period)
    look(Purpose.DATA_QUALITY, one, answered=False)
    look(Purpose.DATA_QUALITY, other)
    recorded, seen, perhaps = told()
    assert (recorded.operation, recorded.people) == ("recorded something about you", 1)
    assert (seen.role, seen.operation, seen.purpose, seen.people, seen.certain) == (
        "local", "looked at your data", "to supervise you", 2, True,
    )  # fmt: skip
    assert (seen.begin, seen.end) == (day, day + timedelta(1))
    assert (perhaps.purpose, perhaps.certain) == ("to check or correct the data", False)
    assert "tester" not in repr((recorded, seen, perhaps))


def test_victims_and_investigations_are_left_out(instance: Any) -> None:
    one = known()
    before = told()
    for purpose in (
        Purpose.CRIME_MATCHING, Purpose.LOCATE_FOR_ARREST, Purpose.BREACH_INVESTIGATION,
        Purpose.VICTIM_SAFETY, Purpose.EXTERNAL_REQUEST, Purpose.COURT_DISCLOSURE,
    ):  # fmt: skip
        look(purpose, one)
    shown_before = len(before)
    assert [line.purpose for line in told()[shown_before:]] == [
        "to give you what is held about you"
    ]


def test_the_force_of_a_look_is_told(sqlite_instance: Any) -> None:
    from tipstaff.services.case_view import show_case

    known()
    hand("W1", user=account("ann", Role.OFFENDER_MANAGER))
    show_case(actor="ann", purpose=Purpose.OFFENDER_MANAGEMENT, authority="", wearer="W1")
    assert [line.organisation for line in told() if line.role == "offender_manager"] == [
        "Derbyshire"
    ]


def test_a_report_is_itself_a_look_and_in_the_next_report(instance: Any) -> None:
    known()
    assert len(told()) == 1
    assert told()[-1].operation == "gave your data to somebody else"


def test_nobody_and_limited_access_are_the_same(instance: Any) -> None:
    known(limited_access=True)
    assert told("W9") is None
    with CaptureQueriesContext(connection) as nobody:
        assert told("W9") is None
    with CaptureQueriesContext(connection) as limited:
        assert told() is None
    assert len(limited) == len(nobody)


def test_showing_a_case_under_an_authority_tells_nothing_by_its_statements(instance: Any) -> None:
    from tipstaff.services.case_view import show_case

    known(limited_access=True)
    counts = []
    for reference in ("W1", "W9"):
        with CaptureQueriesContext(connection) as asked:
            assert show_case(**WHO, wearer=reference) is None
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("authority", ["", " "])
def test_it_needs_the_wearers_request(sqlite_instance: Any, authority: str) -> None:
    from tipstaff.services.access import RefusedError
    from tipstaff.services.looked_at import looked_at

    with pytest.raises(RefusedError):
        looked_at(**(WHO | {"authority": authority}), wearer="W1")
