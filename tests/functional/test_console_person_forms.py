"""Forms about a person are made of what is on record: nobody types a reference of an order."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from made_accounts import LOCAL
from made_cases import order
from person_pages import BEGAN, ENDS, NOW, WHO, done, known, links, moment
from sign_in_fixtures import signed_in, text

from tipstaff.domain.orders import OrderStatus
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import Role

Pages = Callable[..., Any]
ASKS = "/people/W1/do/ask-absence"


@pytest.fixture
def browser(pages: Pages) -> Any:
    """Of an IOM co-ordinator, with W1 on record."""
    known()
    return signed_in(pages, Role.IOM_COORDINATOR)


def offered(page: Any, name: str) -> dict[str, str]:
    """The choices of a list on a form: words by what is sent for them."""
    body = page.content.decode()
    (inside,) = re.findall(rf'<select[^>]*name="{name}".*?</select>', body, flags=re.S)
    found = re.findall(r'<option value="([^"]+)"[^>]*>(.*?)</option>', inside, flags=re.S)
    return {html.unescape(value): html.unescape(words).strip() for value, words in found}


def test_an_absence_is_asked_for_from_conditions_in_words(browser: Any) -> None:
    form = browser.get(links(browser.get("/people/W1"))["Ask for an absence"])
    shown = offered(form, "condition")
    assert next(iter(shown.values())) == "Stay at home (c1 of order O1)"
    assert len(shown) == 3
    assert not any("\n" in value for value in shown), "a browser would send another value"
    asked = {"condition": "O1\tc1", "starts_at": moment(30), "ends_at": moment(29),
             "reason": "a course"}  # fmt: skip
    wrong = browser.post(ASKS, asked)
    body = wrong.content.decode()
    assert (wrong.status_code, 'href="#ends_at"' in body) == (422, True)
    assert 'value="O1&#9;c1" selected' in body.replace("\t", "&#9;")
    assert "a course" in body
    assert f'value="{moment(30)}"' in body
    none = browser.post(ASKS, asked | {"condition": "O9\tc1"})
    assert 'id="condition-error"' in none.content.decode()
    assert done(browser.post(ASKS, asked | {"ends_at": moment(33)})) == "/people/W1"
    assert "waits for a decision" in text(browser.get("/people/W1"))


def test_an_address_is_added_and_put_right_with_a_reason(browser: Any) -> None:
    from tipstaff.services.case_view import show_case
    from tipstaff.web.cases import record_of

    def kept() -> dict[str, Any]:
        who = LOCAL | {"purpose": Purpose.OFFENDER_MANAGEMENT}
        found = show_case(**who, wearer="W1")
        assert found is not None
        record = record_of(found)
        assert record is not None
        return {one.reference: one for one in record.addresses}

    before = kept()
    adds = links(browser.get("/people/W1"))["Add an address"]
    said = {"reference": "sister", "lines": "3 Made Up Row\n\n Bakewell ", "postcode": "DE45 1AA",
            "place": "53.2134, -1.6745", "householder": "yes", "reason": "moves in"}  # fmt: skip
    for wrong, field in (
        ({"place": "near the bridge"}, "place"),
        ({"place": "0.0, 0.0"}, "place"),
        ({"lines": "x" * 300}, "lines"),
        ({"reference": next(iter(before))}, "reference"),
        ({"reason": ""}, "reason"),
        ({"householder": "perhaps"}, "householder"),
    ):
        refused = browser.post("/people/W1/do/address", said | wrong)
        assert refused.status_code == 422, wrong
        assert f'href="#{field}"' in refused.content.decode(), wrong
    assert kept() == before
    assert done(browser.post(adds.partition("?")[0], said)) == "/people/W1"
    one = kept()["sister"]
    assert (one.lines, one.place, one.needs_householder) == (
        ("3 Made Up Row", "Bakewell"), (53.2134, -1.6745), True,
    )  # fmt: skip
    page = browser.get("/people/W1")
    assert "sister, somebody else’s home" in text(page)
    assert "Made Up Row" not in text(page), "where they live is for whoever has to change it"
    form = browser.get(links(page)["Put the address sister right"])
    assert "3 Made Up Row\nBakewell" in form.content.decode()
    assert "53.2134, -1.6745" in form.content.decode()
    own = said | {"householder": "no", "place": ""}
    assert done(browser.post("/people/W1/do/change-address/sister", own)) == "/people/W1"
    assert "sister, where it stands is not known" in text(browser.get("/people/W1"))
    assert kept().keys() - {"sister"} == before.keys()
    assert browser.get("/people/W1/do/change-address/nowhere").status_code == 404


def test_nobody_is_let_off_what_is_not_in_force(pages: Pages) -> None:
    from tipstaff.services.cases import record_order

    known(status=OrderStatus.REFERRED)
    browser = signed_in(pages, Role.IOM_COORDINATOR)
    assert "Ask for an absence" not in links(browser.get("/people/W1"))
    assert browser.get(ASKS).status_code == 404
    other = order("O2", wearer="W1", starts_at=BEGAN, served_at=BEGAN, ends_at=ENDS, reviews=())
    assert record_order(**WHO, order=other).problems == ()
    shown = offered(browser.get(ASKS), "condition")
    assert {value.partition("\t")[0] for value in shown} == {"O2"}


def test_forms_that_are_made_of_the_record_stand_nowhere_else(browser: Any) -> None:
    for name in ("ask-absence", "decide-absence", "cancel-absence", "assign", "end-assignment"):
        assert browser.get(f"/do/{name}").status_code == 404, name


def test_a_case_is_given_to_a_name_that_is_checked_and_taken_back(browser: Any) -> None:
    from made_accounts import account

    account("ann", Role.OFFENDER_MANAGER)
    assign = links(browser.get("/people/W1"))["Assign the case"]
    asked = {"relation": "offender_manager", "whom": "user", "name": "anne", "reason": "hers now"}
    wrong = browser.post(assign, asked)
    body = wrong.content.decode()
    assert wrong.status_code == 422
    assert 'id="name-error"' in body
    assert "Nobody signs in with that name" in text(wrong)
    assert 'value="anne"' in body
    assert "hers now" in body
    team = browser.post(assign, asked | {"whom": "team"})
    assert "No open team has that name" in text(team)
    assert done(browser.post(assign, asked | {"name": "ann"})) == "/people/W1"
    page = browser.get("/people/W1")
    assert "ann, as police offender manager, from " in text(page)
    back = links(page)["Take it out of the hands of ann"]
    assert "checked" in browser.get(back).content.decode()
    wrong = browser.post(back, {"reason": "moved"})
    assert 'id="assignment-error"' in wrong.content.decode()
    ref = back.partition("?")[0].rpartition("/")[2]
    done(browser.post(back, {"assignment": ref, "reason": "moved"}))
    assert "Take it out of the hands" not in text(browser.get("/people/W1"))
    gone = browser.post(back, {"assignment": ref, "reason": "moved"})
    assert gone.status_code == 422, "who no longer holds it is no choice"


def test_roles_without_assignments_are_shown_no_holders(pages: Pages) -> None:
    from made_accounts import account, hand

    known()
    account("ann", Role.OFFENDER_MANAGER)
    hand("W1", user="ann")
    browser = signed_in(pages, Role.HUB_CASEWORKER, "hugo")
    shown = text(browser.get("/people/W1"))
    assert "In whose hands" not in shown
    assert "Assign the case" not in shown


def test_accounts_choose_among_forces_and_open_teams(pages: Pages) -> None:
    from tipstaff.services import teams

    who = LOCAL | {"purpose": Purpose.SYSTEM_ADMINISTRATION}
    assert teams.add_team(**who, name="North").done
    assert teams.add_team(**who, name="Gone").done
    assert teams.close_team(**who, name="Gone", reason="over").done
    browser = signed_in(pages, Role.ADMINISTRATOR)
    form = browser.get("/do/add-account")
    assert offered(form, "team") == {"North": "North"}
    assert "Derbyshire" in " ".join(offered(form, "force").values())
    made = {"username": "zoe", "display_name": "Zoe", "role": "hub_caseworker", "team": "Gone"}
    wrong = browser.post("/do/add-account", made)
    assert 'id="team-error"' in wrong.content.decode()
    done(browser.post("/do/add-account", made | {"team": "North"}))


def test_a_release_is_recorded_visited_put_off_and_cancelled(browser: Any) -> None:
    assert "No release is to come" in text(browser.get("/lists/releases"))
    form = links(browser.get("/people/W1"))["Record a release"]
    assert offered(browser.get(form), "order") == {"O1": "Licence, O1"}
    told = {
        "order": "O1", "place": "prison", "place_name": "HMP Made", "released_at": moment(20),
        "fit_by": moment(19), "address": "home", "officer": "P Officer", "organisation": "Prison",
    }  # fmt: skip
    wrong = browser.post(form, told)
    assert 'id="fit_by-error"' in wrong.content.decode()
    assert "HMP Made" in wrong.content.decode()
    long = browser.post(form, told | {"place_name": "x" * 201})
    assert 'id="place_name-error"' in long.content.decode()
    assert done(browser.post(form, told | {"fit_by": moment(26)})) == "/people/W1"
    listed = browser.get("/lists/releases")
    assert "To come" in text(listed)
    (visit,) = [where for words, where in links(listed).items() if words.startswith("Record a vis")]
    planned = {"outcome": "appointed", "at": moment(21), "by": "A Fitter", "organisation": "Field"}
    early = browser.post(visit, planned | {"outcome": "attempted"})
    body = early.content.decode()
    assert ('id="reason-error"' in body, 'id="at-error"' in body) == (True, True)
    assert done(browser.post(visit, planned | {"next": "/lists/releases"})) == "/lists/releases"
    page = browser.get("/people/W1")
    assert "An appointment is made" in text(page)
    (times,) = [where for words, where in links(page).items() if words.startswith("Change the tim")]
    put_off = {"released_at": moment(30), "fit_by": moment(40), "reason": "the court sat late"}
    done(browser.post(times, put_off))
    (off,) = [w for words, w in links(page).items() if words.startswith("Cancel the release")]
    assert "Nobody is shown as not fitted" in text(browser.get(off))
    done(browser.post(off, {"reason": "bail was refused"}))
    assert "cancelled, bail was refused" in text(browser.get("/people/W1"))
    for where in (off, times, visit):
        assert browser.get(where).status_code == 404


def test_what_came_of_a_visit_settles_who_was_not_fitted(browser: Any) -> None:
    from made_cases import release, visit

    from tipstaff.domain.releases import Outcome
    from tipstaff.services.releases import record_fitting, record_release

    times = {"released_at": NOW - timedelta(hours=9), "fit_by": NOW - timedelta(hours=2)}
    assert record_release(**WHO, release=release(**times)).problems == ()
    planned = visit(outcome=Outcome.APPOINTED, at=NOW - timedelta(hours=4), device="")
    assert record_fitting(**WHO, visit=planned).problems == ()
    assert "Not fitted, overdue" in text(browser.get("/lists/not-fitted"))
    page = browser.get("/people/W1")
    (went,) = [w for words, w in links(page).items() if words.startswith("Say what came of")]
    came = {"outcome": "fitted", "at": moment(-4), "by": "A Fitter", "organisation": "Field"}
    lacks = browser.post(went, came)
    assert 'id="device-error"' in lacks.content.decode()
    done(browser.post(went, came | {"device": "T1"}))
    page = browser.get("/people/W1")
    assert "Record the fitting of the device too" in text(page)
    assert "Fitted in time" in text(page)
    assert "Nobody is released and not fitted" in text(browser.get("/lists/not-fitted"))
    assert browser.get(went).status_code == 404


def test_who_only_reads_records_no_release(pages: Pages) -> None:
    known()
    browser = signed_in(pages, Role.INTELLIGENCE_OFFICER, "ivy")
    assert "Record a release" not in links(browser.get("/people/W1"))
    assert browser.get("/people/W1/do/release").status_code == 403


COURT = {
    "basis": "court_bail", "issued_by": "Made Magistrates", "officer": "B Officer",
    "organisation": "Police", "force": "Derbyshire", "starts_at": moment(-2),
    "served_at": moment(-1), "ends_at": moment(900), "demands": ["curfew"], "address": "home",
    "from": "19:00", "to": "07:00", "days": ["friday", "saturday"],
}  # fmt: skip


def test_an_order_of_a_court_is_recorded_with_its_curfew(browser: Any) -> None:
    form = links(browser.get("/people/W1"))["Record an order"]
    shown = offered(browser.get(form), "basis")
    assert shown["court_bail"] == "Court bail"
    assert "voluntary" not in shown
    lacks = browser.post(form, COURT | {"from": "", "address": ""})
    body = lacks.content.decode()
    assert ('id="from-error"' in body, 'id="address-error"' in body) == (True, True)
    assert 'value="Made Magistrates"' in body
    assert 'value="friday" checked' in body
    assert 'value="sunday" checked' not in body
    taken = browser.post(form, COURT | {"reference": "O1"})
    assert "An order of theirs has that number" in text(taken)
    late = browser.post(form, COURT | {"to": "half past"})
    assert "Enter a time of day, as 19:00" in text(late)
    alone = browser.post(form, COURT | {"demands": ["trail"]})
    assert 'id="demands-error"' in alone.content.decode(), "no trail by itself on bail"
    assert done(browser.post(form, COURT | {"reference": "B7"})) == "/people/W1"
    page = browser.get("/people/W1")
    assert "Court bail: B7" in text(page)
    assert "Friday and Saturday, 19:00–07:00 at home" in text(page)
    change = links(page)["Change a curfew of order B7"]
    body = browser.get(change).content.decode()
    assert 'value="curfew" checked' in body
    assert 'value="19:00"' in body
    varied = {"condition": "curfew", "address": "home", "from": "21:00", "to": "06:00",
              "days": ["saturday", "sunday"], "others": "keep", "at": moment(-0.1),
              "reason": "the court varied it"}  # fmt: skip
    wrong = browser.post(change, varied | {"days": []})
    assert 'id="days-error"' in wrong.content.decode()
    done(browser.post(change, varied))
    shown = text(browser.get("/people/W1"))
    assert "Friday, 19:00–07:00 at home" in shown
    assert "Saturday and Sunday, 21:00–06:00 at home" in shown
    done(browser.post(change, varied | {"condition": "+", "days": ["monday"], "others": "none"}))
    assert "Monday, 21:00–06:00 at home" in text(browser.get("/people/W1"))
    done(browser.post(change, varied | {"others": "none", "at": moment(0)}))
    assert "Friday, 19:00" not in text(browser.get("/people/W1"))


def test_an_order_whose_zone_is_to_be_drawn_is_not_in_force_before(browser: Any) -> None:
    form = links(browser.get("/people/W1"))["Record an order"]
    done(browser.post(form, COURT | {"reference": "B8", "demands": ["zone"]}))
    page = browser.get("/people/W1")
    assert "It is not in force yet: draw its zone" in text(page)
    assert browser.get("/people/W1/zones/B8/new").status_code == 200
    decide = links(page)["Decide on order B8"]
    made = {"status": "active", "by": "The bench", "organisation": "Court", "at": moment(-0.1),
            "reasons": "as the court ordered"}  # fmt: skip
    assert "at least one condition" in text(browser.post(decide, made))
    ahead = COURT | {"reference": "B9", "starts_at": moment(30), "served_at": "",
                     "ends_at": moment(900)}  # fmt: skip
    done(browser.post(form, ahead))
    assert "It shows among the orders from its beginning on" in text(browser.get("/people/W1"))
    released = links(browser.get("/people/W1"))["Record a release"]
    assert "B9" in offered(browser.get(released), "order")
    away = {"condition": "B9\tcurfew", "starts_at": moment(31), "ends_at": moment(32),
            "reason": "an appointment that is known already"}  # fmt: skip
    done(browser.post(ASKS, away))
    assert "curfew of order B9" in text(browser.get("/lists/absences"))
