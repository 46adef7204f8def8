"""The desks: every list and act opens for whom it is for, refuses the others, and does its work."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import made_accounts
import pytest
from made_accounts import LOCAL, permit
from made_cases import order, wearer, zone
from sign_in_fixtures import signed_in, text

from tipstaff.domain.access_facts import Area
from tipstaff.domain.access_rules import ROWS
from tipstaff.domain.periods import Period
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import Role

Pages = Callable[..., Any]
ROLES = (
    Role.MONITORING_OPERATOR, Role.HUB_MANAGER, Role.HUB_CASEWORKER, Role.OFFENDER_MANAGER,
    Role.IOM_COORDINATOR, Role.ADMINISTRATOR, Role.AUDITOR, Role.CRIME_ANALYST,
)  # fmt: skip


def may(role: Role, use_case: str) -> bool:
    return ROWS[use_case].reach_of(role) is not None


@pytest.mark.parametrize("role", ROLES)
def test_lists_and_acts_open_for_whom_they_are_for(pages: Pages, role: Role) -> None:
    from tipstaff.web.desks import ACTS, DESKS, LISTINGS
    from tipstaff.web.person_forms import FORMS

    browser = signed_in(pages, role)
    for name, (_desk, listing) in LISTINGS.items():
        expected = 200 if may(role, listing.use_case) else 403
        assert browser.get(f"/lists/{name}").status_code == expected, name
    for name, act in ACTS.items():
        expected = 404 if name in FORMS else 200 if may(role, act.use_case) else 403
        values = {field.name: "W1" for field in act.fields}
        assert browser.get(f"/do/{name}", values).status_code == expected, name
    for name, desk in DESKS.items():
        use_cases = [one.use_case for one in desk.listings] + [one[2] for one in desk.pages]
        expected = 200 if any(may(role, one) for one in use_cases) else 403
        assert browser.get(f"/desks/{name}").status_code == expected, name
        for page, _words, use_case, _said in desk.pages:
            from django.urls import reverse

            if may(role, use_case):
                assert browser.get(reverse(page)).status_code == 200, page


def test_no_list_and_no_act_of_that_name(pages: Pages) -> None:
    browser = signed_in(pages)
    for address in ("/lists/none", "/do/none", "/desks/none"):
        assert browser.get(address).status_code == 404


def test_every_offer_names_an_act_and_every_act_leads_back(pages: Pages) -> None:
    from django.urls import resolve, reverse

    from tipstaff.web.acts import Given
    from tipstaff.web.desks import ACTS, LISTINGS

    for _desk, listing in LISTINGS.values():
        assert {one.act for one in listing.acts} <= set(ACTS)
    given = Given({"wearer": ["W1"], "alert": ["1"]})
    for act in ACTS.values():
        assert act.use_case in ROWS
        assert resolve(reverse(act.back, kwargs=act.back_values(given)))


def test_a_form_says_what_is_missing_beside_each_field(pages: Pages) -> None:
    browser = signed_in(pages, Role.ADMINISTRATOR)
    answer = browser.post("/do/add-account", {"username": "new"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'id="display_name-error"' in page
    assert "Choose one" in text(answer)
    assert 'value="new"' in page


def test_an_account_is_made_with_a_password_that_is_shown_once(pages: Pages) -> None:
    browser = signed_in(pages, Role.ADMINISTRATOR)
    told = {"username": "newcomer", "display_name": "New Comer", "role": "auditor"}
    done = browser.post("/do/add-account", told)
    assert (done.status_code, done.headers["Location"]) == (302, "/lists/accounts")
    assert "newcomer" in text(browser.get("/lists/accounts"))
    shown = browser.post("/do/first-password", {"username": "newcomer"})
    secret = re.search(r"<code>([^<]+)</code>", shown.content.decode())
    assert secret
    assert secret[1] not in browser.get("/lists/accounts").content.decode()


def test_what_a_use_case_refuses_stands_beside_its_field(pages: Pages) -> None:
    browser = signed_in(pages, Role.ADMINISTRATOR)
    told = {"username": "olive", "display_name": "Again", "role": "auditor"}
    answer = browser.post("/do/add-account", told)
    assert answer.status_code == 422
    assert 'id="username-error"' in answer.content.decode()


def test_access_is_granted_under_the_authority_of_a_decision(pages: Pages) -> None:
    browser = signed_in(pages, Role.HUB_MANAGER)
    made_accounts.account("reader", Role.HUB_CASEWORKER)
    told = {"username": "reader", "reason": "reviews matches", "next": "/lists/grants"}
    answer = browser.post("/do/grant", told)
    assert answer.status_code == 422
    assert 'id="authority-error"' in answer.content.decode()
    assert browser.post("/do/grant", told | {"authority": "decision 7"}).status_code == 302
    assert "reader" in text(browser.get("/lists/grants"))


def test_a_desk_of_pages_alone_shows_them(pages: Pages) -> None:
    shown = text(signed_in(pages, Role.ADMINISTRATOR).get("/desks/centre"))
    assert "Feeds and devices" in shown
    assert "Your role has nothing here" not in shown


def test_a_key_is_issued_and_revoked(pages: Pages) -> None:
    from tipstaff.domain.supplier_details import SupplierDetails
    from tipstaff.services.device_inventory import describe_supplier

    who = LOCAL | {"purpose": Purpose.SYSTEM_ADMINISTRATION}
    assert describe_supplier(**who, supplier=SupplierDetails("acme")) == ()
    browser = signed_in(pages, Role.ADMINISTRATOR)
    told = {"supplier": "acme", "label": "feed", "scopes": ["positions:write"]}
    assert "It is shown this once" in text(browser.post("/do/issue-key", told))
    page = browser.get("/lists/keys").content.decode()
    key = re.search(r"key_id=([^&\"]+)", page)
    assert key
    browser.post("/do/revoke-key", {"key_id": key[1], "next": "/lists/keys"})
    assert "Revoked" in text(browser.get("/lists/keys"))


def test_a_pause_is_made_listed_and_ended(pages: Pages) -> None:
    browser = signed_in(pages)
    end = f"{datetime.now(UTC) + timedelta(hours=2):%Y-%m-%dT%H:%M}"
    told = {"kinds": ["battery"], "end": end, "reason": "chargers are changed"}
    assert browser.post("/do/pause", told).headers["Location"] == "/lists/pauses"
    page = browser.get("/lists/pauses").content.decode()
    assert "chargers are changed" in page
    pause = re.search(r"pause=([0-9a-f-]+)", page)
    assert pause
    browser.post("/do/end-pause", {"pause": pause[1], "reason": "done"})
    assert "Nothing is paused" in text(browser.get("/lists/pauses"))


def test_a_form_leads_back_to_no_other_site(pages: Pages) -> None:
    browser = signed_in(pages, Role.ADMINISTRATOR)
    told = {"name": "North", "force": "Derbyshire", "next": "https://elsewhere.example/"}
    assert browser.post("/do/add-team", told).headers["Location"] == "/lists/teams"


def test_a_shift_is_handed_over_and_taken_over(pages: Pages) -> None:
    from alert_samples import new_alert

    from tipstaff.services.cases import record_order, record_wearer

    browser = signed_in(pages)
    who = LOCAL | {"purpose": Purpose.OFFENDER_MANAGEMENT}
    record_wearer(**who, wearer=wearer("W1"))
    record_order(**who, order=order(wearer="W1", conditions=(zone(),)))
    new_alert("W1")
    given = browser.post("/handover", {"what": "give", "queue": "live", "words": "quiet"})
    assert "W1/1" in text(given)
    own = browser.post("/handover", {"what": "take"})
    assert "have somebody else take over" in text(own).lower()
    other = signed_in(pages, name="petra")
    taken = text(other.post("/handover", {"what": "take"}))
    assert "quiet" in taken
    assert "The same" in taken


def test_a_search_by_place_asks_why_and_for_an_approval(pages: Pages) -> None:
    browser = signed_in(pages, Role.HUB_MANAGER)
    asked = "/search?latitude=53.1&longitude=-1.4&radius=200"
    assert "Why do you search for who was near a place?" in text(browser.get(asked))
    said = {"use_case": "near", "about": "a place", "purpose": "crime_matching", "next": asked}
    assert browser.post("/purpose", said).headers["Location"] == asked
    beyond = browser.get(asked)
    assert "goes beyond what your role does by routine" in text(beyond)
    assert 'id="latitude-error"' in beyond.content.decode()
    assert 'value="53.1"' in beyond.content.decode()
    link = re.search(r'href="(/do/ask-approval[^"]+)"', beyond.content.decode())
    assert link
    assert 'value="53.1"' in browser.get(html.unescape(link[1])).content.decode()
    now = datetime.now(UTC)
    period = Period(now - timedelta(days=1), now + timedelta(days=1))
    area = Area(53.1, -1.4, 200.0)
    permit("olive", "near", period, Purpose.CRIME_MATCHING, area=area)
    assert "No position of anybody" in text(browser.get(asked))
    wrong = browser.get("/search?latitude=north&longitude=-1.4&radius=200")
    assert wrong.status_code == 422
    assert "Enter a latitude" in text(wrong)
    assert 'value="north"' in wrong.content.decode()
    half = browser.get("/search?latitude=&longitude=&radius=200&from=x&to=y").content.decode()
    for name in ("latitude", "longitude", "from", "to"):
        assert f'href="#{name}"' in half
        assert f'id="{name}-error"' in half
    assert 'value="x"' in half
    assert browser.get("/search/data?latitude=53.1&longitude=-1.4&radius=200").status_code == 200
