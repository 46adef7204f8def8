"""Codes for a wearer's own page on both databases: good once, for a day, five tries, one wearer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from made_accounts import LOCAL, account, clear
from made_cases import order, wearer
from sign_in_fixtures import entries

from tipstaff.domain.own_codes import ALPHABET, LENGTH, MOST_TRIES
from tipstaff.domain.own_requests import About
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import Role

WHO = LOCAL | {"purpose": Purpose.OFFENDER_MANAGEMENT}
WRONG = "AAAAAAAA"


@pytest.fixture(autouse=True)
def _people(instance: Any) -> None:
    from tipstaff.services.cases import record_order, record_wearer

    for name in ("W1", "W2"):
        assert record_wearer(**WHO, wearer=wearer(name)).problems == ()
        assert record_order(**WHO, order=order(wearer=name)).problems == ()


def issued(name: str = "W1", **other: Any) -> Any:
    from tipstaff.services.own_codes import issue_own_code

    return issue_own_code(**(WHO | other), wearer=name)


def opens(name: str, code: str) -> bool:
    from tipstaff.services.own_codes import open_own_page

    return open_own_page(name, code) is not None


def test_a_code_is_good_once_and_for_nobody_else() -> None:
    code = issued().code
    assert len(code) == LENGTH
    assert set(code) <= set(ALPHABET)
    assert not opens("W2", code)
    assert opens("W1", code)
    assert not opens("W1", code)


def test_a_code_ends_after_a_day_and_when_the_next_one_is_issued() -> None:
    from tipstaff.records.models import OwnPageCode

    first, second = issued().code, issued().code
    assert not opens("W1", first)
    OwnPageCode.objects.update(ends_at=datetime.now(UTC) - timedelta(seconds=1))
    assert not opens("W1", second)


def test_four_wrong_tries_leave_a_code_good_and_five_end_it() -> None:
    code = issued().code
    assert [opens("W1", WRONG) for _ in range(MOST_TRIES - 1)] == [False] * (MOST_TRIES - 1)
    assert opens("W1", code)
    code = issued().code
    assert [opens("W1", WRONG) for _ in range(MOST_TRIES)] == [False] * MOST_TRIES
    assert not opens("W1", code)


def test_of_two_who_use_a_code_at_once_one_gets_in() -> None:
    code, start, came = issued().code, Barrier(2), []

    def come() -> None:
        from django.db import connection

        start.wait()
        try:
            came.append(opens("W1", code))
        finally:
            connection.close()

    both = [Thread(target=come) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(came) == [False, True]


def test_the_code_is_nowhere_in_the_database_or_the_log() -> None:
    from tipstaff.records.models import OwnPageCode

    done = issued()
    assert done.code not in repr(done)
    assert done.code not in OwnPageCode.objects.get().digest
    assert done.code not in str([one.extent for one in entries()])


def test_issue_sign_in_and_failure_are_in_the_log() -> None:
    code = issued().code
    opens("W1", WRONG)
    opens("nobody", WRONG)
    opens("W1", code)
    told = [
        (one.use_case, one.operation, one.actor_ref is None)
        for one in entries()
        if one.use_case in {"issue_own_code", "open_own_page"}
    ]
    assert told == [
        ("issue_own_code", "collection", False),
        ("open_own_page", "refusal", False),
        ("open_own_page", "refusal", True),
        ("open_own_page", "sign_in", False),
    ]


@pytest.mark.parametrize("role", [Role.VICTIM_LIAISON, Role.CRIME_ANALYST, Role.PARTNER_AGENCY])
def test_who_keeps_no_cases_issues_none(role: Role) -> None:
    from tipstaff.services.access import RefusedError

    actor = account("x", role)
    with pytest.raises(RefusedError):
        issued(actor=actor)


def test_an_officer_issues_none_for_another_force() -> None:
    from tipstaff.records.models import OwnPageCode

    actor = account("dan", Role.IOM_COORDINATOR, force="Durham")
    assert [str(one.code) for one in issued(actor=actor).problems] == ["WEARER_NOT_KNOWN"]
    assert not OwnPageCode.objects.exists()


def test_a_record_of_limited_access_opens_by_no_code() -> None:
    from tipstaff.services.cases import record_wearer
    from tipstaff.services.own_codes import account_of
    from tipstaff.services.own_page import own_page

    code = issued().code
    assert record_wearer(**WHO, wearer=wearer("W1", limited_access=True)).problems == ()
    assert [str(one.code) for one in issued().problems] == ["WEARER_NOT_KNOWN"]
    clear("tester", "W1")
    told = issued().problems
    assert [str(one.code) for one in told] == ["LIMITED_ACCESS"]
    assert opens("W1", code)
    own = {"actor": account_of("W1"), "purpose": Purpose.SUBJECT_ACCESS, "authority": "code"}
    assert own_page(**own, wearer="W1") is None


def test_what_a_wearer_asks_for_is_kept_and_listed_for_their_own_officers() -> None:
    from tipstaff.services.own_codes import account_of
    from tipstaff.services.own_requests import ask_change, list_own_requests

    issued()
    actor = account_of("W1")
    assert actor is not None
    own = {"actor": actor, "purpose": Purpose.SUBJECT_ACCESS, "authority": "code"}
    done = ask_change(**own, wearer="W1", about=About.DATA, words="my name is wrong")
    assert done.problems == ()
    other = ask_change(**own, wearer="W2", about=About.DATA, words="not mine")
    assert [str(one.code) for one in other.problems] == ["WEARER_NOT_KNOWN"]
    (asked,) = list_own_requests(**WHO)
    assert (asked.wearer, asked.answered) == ("W1", False)
    assert "my name is wrong" in asked.words
    dan = account("dan", Role.IOM_COORDINATOR, force="Durham")
    assert list_own_requests(**(WHO | {"actor": dan})) == ()


def test_an_erased_wearer_has_no_code_and_no_page() -> None:
    from tipstaff.records import personal_data
    from tipstaff.records.models import OwnPageCode, Wearer

    code = issued().code
    row = Wearer.objects.get(reference="W1").id
    assert personal_data.count_person(row)["ownpagecode"] == 1
    personal_data.erase_person(row)
    assert not OwnPageCode.objects.exists()
    assert not opens("W1", code)
