"""People, for those without a list of them: by a number or a reference, and told as of nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from case_samples import furnish_case
from made_accounts import LOCAL
from made_cases import wearer
from sign_in_fixtures import entries, signed_in, text

from tipstaff.domain.access_policy import ROWS
from tipstaff.domain.identifiers import Identifier, IdentifierKind
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import Role

Pages = Callable[..., Any]
NUMBER = Identifier(IdentifierKind.CRN, "X123456")
#: Roles whose menu has people, and no list of orders behind it.
BY_REFERENCE = (
    Role.INVESTIGATING_OFFICER, Role.CRIME_ANALYST, Role.PARTNER_AGENCY, Role.AUDITOR,
    Role.DATA_PROTECTION_OFFICER,
)  # fmt: skip
#: Roles whose people are a list.
LISTED = [
    one for one in Role if one is not Role.LOCAL and ROWS["list_orders"].reach_of(one) is not None
]


def known(name: str = "W1", force: str = "Derbyshire") -> None:
    from tipstaff.services.cases import record_wearer

    furnish_case(name, force)
    who = LOCAL | {"purpose": Purpose.OFFENDER_MANAGEMENT}
    done = record_wearer(**who, wearer=wearer(name, identifiers=(NUMBER,)), reason="the number")
    assert done.problems == ()


@pytest.mark.parametrize("role", BY_REFERENCE)
def test_a_role_without_a_list_is_told_what_it_may_look_up(pages: Pages, role: Role) -> None:
    browser = signed_in(pages, role)
    assert 'href="/people"' in browser.get("/").content.decode()
    shown = text(browser.get("/people"))
    assert "Your role has no list of people" in shown
    assert ("By a number of theirs" in shown) == (role is Role.INVESTIGATING_OFFICER)
    assert ("Who looked at them" in shown) == (role in BY_REFERENCE[3:])
    assert ("Their trail" in shown) == (role is Role.INVESTIGATING_OFFICER)


@pytest.mark.parametrize("role", LISTED)
def test_a_list_of_people_leads_to_finding_one(pages: Pages, role: Role) -> None:
    browser = signed_in(pages, role)
    assert 'href="/find-person"' in browser.get("/people").content.decode()
    shown = text(browser.get("/find-person"))
    assert "By their reference" in shown


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.TAG_SUPPLIER, Role.PROGRAMME_LEAD])
def test_a_role_that_looks_at_nobody_has_no_such_page(pages: Pages, role: Role) -> None:
    browser = signed_in(pages, role)
    assert 'href="/people"' not in browser.get("/").content.decode()
    for address in ("/people", "/find-person"):
        assert browser.get(address).status_code == 403


def test_a_number_leads_to_the_reference_and_stands_in_no_address(pages: Pages) -> None:
    known()
    browser = signed_in(pages, Role.INVESTIGATING_OFFICER)
    done = browser.post("/find-person", {"kind": "crn", "number": "x 123456"})
    assert "W1 is their reference" in text(done)
    assert 'href="/people/W1/trail"' in done.content.decode()
    assert entries("find_wearer")[-1].extent == {"kind": "crn"}


def test_a_number_of_nobody_and_one_out_of_reach_are_told_alike(pages: Pages) -> None:
    known("W1", "Avon and Somerset")
    browser = signed_in(pages, Role.INVESTIGATING_OFFICER)
    answers = [
        text(browser.post("/find-person", {"kind": "crn", "number": number}))
        .replace(number, "") for number in ("X123456", "X999999")
    ]  # fmt: skip
    assert answers[0] == answers[1]
    assert "Nobody with that number" in answers[0]


@pytest.mark.parametrize(
    ("given", "field"),
    [({"number": "X123456"}, "kind"), ({"kind": "crn", "number": "12"}, "number"),
     ({"kind": "crn", "number": ""}, "number"), ({"kind": "flurb", "number": "1"}, "kind")],
)  # fmt: skip
def test_what_is_wrong_with_a_number_stands_beside_it(
    pages: Pages, given: dict[str, str], field: str
) -> None:
    answer = signed_in(pages, Role.INVESTIGATING_OFFICER).post("/find-person", given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="{field}-error"' in page
    assert f'href="#{field}"' in page
    assert not given.get("number") or f'value="{given["number"]}"' in page


def test_a_reference_leads_on_to_what_was_chosen(pages: Pages) -> None:
    browser = signed_in(pages, Role.INVESTIGATING_OFFICER)
    for reference, step in ((" W1 ", "W1"), ("26/1 ?", "26~2F1%20%3F")):
        gone = browser.get("/find-person", {"wearer": reference, "look": "trail"})
        assert (gone.status_code, gone.headers["Location"]) == (302, f"/people/{step}/trail")
    for given, field in (
        ({"wearer": "", "look": "trail"}, "wearer"),
        ({"wearer": "W1"}, "look"),
        ({"wearer": "W1", "look": "looked"}, "look"),
    ):
        answer = browser.get("/find-person", given)
        page = answer.content.decode()
        assert answer.status_code == 422, given
        assert f'id="{field}-error"' in page, given
        assert f'value="{given["wearer"]}"' in page or not given["wearer"], given


def test_those_with_a_list_find_one_person_from_it(pages: Pages) -> None:
    known()
    browser = signed_in(pages, Role.HUB_CASEWORKER)
    assert 'href="/find-person"' in browser.get("/people").content.decode()
    shown = browser.post("/find-person", {"kind": "crn", "number": "X123456"}).content.decode()
    assert 'href="/people/W1"' in shown
    assert "/looked-at" not in shown
