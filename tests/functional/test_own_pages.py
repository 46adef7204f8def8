"""The wearer's own pages: opened by a one-time code, and theirs alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from made_accounts import LOCAL
from made_cases import consent, curfew, order, voluntary, wearer, zone
from sign_in_fixtures import entries, signed_in, text

from tipstaff.domain.own_codes import MOST_TRIES
from tipstaff.domain.purposes import Purpose
from tipstaff.formats.own_texts import FORMS, own_texts

Pages = Callable[..., Any]
WHO = LOCAL | {"purpose": Purpose.OFFENDER_MANAGEMENT}
BEGAN = datetime.now(UTC) - timedelta(days=20)
HELD = {"starts_at": BEGAN, "served_at": BEGAN, "ends_at": BEGAN + timedelta(days=90)}


def on_record(name: str = "W1", *, by_consent: bool = False) -> None:
    """A wearer with a curfew and a zone; or with a tag of their own choice."""
    from tipstaff.services.cases import record_order, record_wearer
    from tipstaff.services.consents import record_consent

    assert record_wearer(**WHO, wearer=wearer(name)).problems == ()
    if by_consent:
        given = consent(wearer=name, given_at=BEGAN - timedelta(days=1))
        assert record_consent(**WHO, consent=given).problems == ()
        tag = voluntary(wearer=name, **HELD)
        assert record_order(**WHO, order=tag).problems == ()
        return
    conditions = (curfew(dates=f"{BEGAN:%Y-%m-%d}"), zone())
    made = order(wearer=name, conditions=conditions, reviews=(), **HELD)
    assert record_order(**WHO, order=made).problems == ()


def code_for(name: str = "W1") -> str:
    from tipstaff.services.own_page import issue_own_code

    done = issue_own_code(**WHO, wearer=name)
    assert done.problems == ()
    return done.code


def opened(pages: Pages, name: str = "W1") -> Any:
    browser = pages()
    answer = browser.post("/own", {"who": name, "code": code_for(name).lower()})
    assert answer.headers["Location"] == "/own/week"
    return browser


def test_a_code_opens_the_page_once(pages: Pages) -> None:
    on_record()
    code, browser = code_for(), pages()
    assert browser.get("/own/week").headers["Location"] == "/own"
    assert browser.post("/own", {"who": "W1", "code": f"{code[:4]} {code[4:]}"}).status_code == 302
    shown = text(browser.get("/own/week"))
    assert "19:00–24:00 Be at home" in shown
    assert "Stay out of a circle" in shown
    assert "A Officer" in shown
    again = pages().post("/own", {"who": "W1", "code": code})
    assert again.status_code == 422
    assert "do not open a page" in text(again)


def test_wrong_codes_end_a_code_and_tell_nothing(pages: Pages) -> None:
    on_record()
    code, browser = code_for(), pages()
    known = browser.post("/own", {"who": "W1", "code": "AAAAAAAA"})
    unknown = browser.post("/own", {"who": "nobody", "code": "AAAAAAAA"})
    assert (known.status_code, text(known)) == (unknown.status_code, text(unknown))
    for _ in range(MOST_TRIES):
        browser.post("/own", {"who": "W1", "code": "AAAAAAAA"})
    assert pages().post("/own", {"who": "W1", "code": code}).status_code != 302


def test_a_newer_code_ends_the_one_before_and_all_end_in_a_day(pages: Pages) -> None:
    from tipstaff.records.models import OwnPageCode

    on_record()
    first, second = code_for(), code_for()
    assert pages().post("/own", {"who": "W1", "code": first}).status_code == 422
    OwnPageCode.objects.update(ends_at=datetime.now(UTC) - timedelta(seconds=1))
    assert pages().post("/own", {"who": "W1", "code": second}).status_code == 422


def test_the_page_closes_by_itself_and_by_hand(pages: Pages) -> None:
    on_record()
    browser = opened(pages)
    session = browser.session
    kept = session["own_page"] | {"until": datetime.now(UTC).isoformat()}
    session["own_page"] = kept
    session.save()
    assert browser.get("/own/record").headers["Location"] == "/own"
    browser = opened(pages)
    browser.post("/own/close")
    assert browser.get("/own/record").headers["Location"] == "/own"


def test_nobody_else_gets_there_and_it_opens_nothing_else(pages: Pages) -> None:
    on_record()
    on_record("W2")
    staff = signed_in(pages)
    assert staff.get("/own/record").headers["Location"] == "/own"
    browser = opened(pages)
    assert browser.get("/people/W1").status_code == 302
    assert browser.get("/alerts").status_code == 302
    assert "W2" not in text(browser.get("/own/record"))
    assert {one.use_case for one in entries("own_page")} == {"own_page"}


def test_who_has_looked_and_what_was_asked(pages: Pages) -> None:
    from tipstaff.services.case_view import show_case

    on_record()
    show_case(**WHO, wearer="W1")
    browser = opened(pages)
    assert "to supervise you" in text(browser.get("/own/seen"))
    assert browser.post("/own/change", {"words": " "}).status_code == 422
    assert "sent to your officer" in text(browser.post("/own/change", {"words": "a new lock"}))
    found = show_case(**WHO, wearer="W1")
    assert found is not None
    (contact,) = [one.shown.value for one in found.records if one.kind == "contact" and one.shown]
    assert contact.note == "a new lock"


def test_consent_is_taken_back(pages: Pages) -> None:
    from tipstaff.services.case_view import show_case

    on_record(by_consent=True)
    browser = opened(pages)
    assert "You agreed to wear a tag" in text(browser.get("/own/consent"))
    assert "Your consent is taken back" in text(browser.post("/own/consent"))
    found = show_case(**WHO, wearer="W1")
    assert found is not None
    (order_view,) = found.orders
    assert order_view.shown is None or order_view.shown.value.status == "ended"


def test_where_there_is_no_consent_none_is_offered(pages: Pages) -> None:
    on_record()
    browser = opened(pages)
    assert "does not rest on your consent" in text(browser.get("/own/consent"))
    browser.post("/own/consent")
    assert "does not rest on your consent" in text(browser.get("/own/consent"))


@pytest.mark.parametrize("form", FORMS)
def test_every_form_has_every_word_and_says_that_it_awaits_a_reviewer(
    pages: Pages, form: str
) -> None:
    on_record()
    texts = own_texts(form)
    assert set(texts.words) == set(own_texts("en").words)
    assert all(texts.words.values())
    browser = opened(pages)
    page = browser.get(f"/own/week?form={form}")
    assert texts.words["week"] in page.content.decode()
    assert f'lang="{texts.language}"' in page.content.decode()
    assert ("reviewer" in text(page)) is (form != "en")
    assert texts.words["record"] in browser.get("/own/record").content.decode()


def test_staff_hand_over_a_code_that_is_shown_once(pages: Pages) -> None:
    on_record()
    staff = signed_in(pages)
    assert "Code for their own page" in text(staff.get("/people/W1"))
    shown = staff.post("/do/own-code", {"wearer": "W1"})
    assert "Hand it to the wearer" in text(shown)
    assert staff.post("/do/own-code", {"wearer": "nobody"}).status_code == 422
