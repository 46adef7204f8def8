"""What wearers do on their own pages: ask, and take their consent back; true in what it says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from made_cases import consent, order, voluntary, wearer, zone
from own_pages import BEGAN, HELD, WHO, Pages, by_consent, nights, on_record, opened, recorded
from sign_in_fixtures import signed_in, text

from tipstaff.domain.consents import ConsentKind
from tipstaff.domain.wall_time import wall_time


def test_what_is_asked_is_on_the_desks_list_until_it_is_answered(pages: Pages) -> None:
    from tipstaff.services.plans import record_contact

    on_record()
    browser = opened(pages)
    assert browser.post("/own/change/words", {"words": " "}).status_code == 422
    assert browser.post("/own/change/words", {"words": "x" * 2001}).status_code == 422
    asked = browser.post("/own/change/words", {"about": "address", "words": "a flat"}, follow=True)
    assert "on your officer’s list" in text(asked)
    staff = signed_in(pages)
    shown = text(staff.get("/lists/own-requests"))
    assert "Asks for a new address: a flat" in shown
    assert "Not answered" in shown
    from made_plans import contact

    assert record_contact(**WHO, contact=contact(at=datetime.now(UTC))).problems == ()
    assert "Spoken with since" in text(staff.get("/lists/own-requests"))


def test_an_absence_is_asked_for_and_decided_by_somebody_else(pages: Pages) -> None:
    from tipstaff.services.absences import decide_absence
    from tipstaff.services.own_requests import list_own_requests

    on_record()
    browser = opened(pages)
    day = wall_time(datetime.now(UTC)).date() + timedelta(days=2)
    given = {"which": "O1 c1", "starts_at": f"{day}T20:00", "ends_at": f"{day}T21:00"}
    assert browser.post("/own/change/away", given).status_code == 422
    assert browser.post("/own/change/away", given | {"which": "O1 z9"}).status_code == 422
    wrong = browser.post("/own/change/away", given | {"ends_at": "soon", "reason": "x"})
    assert "Write a day and a time" in text(wrong)
    back = browser.post("/own/change/away", given | {"ends_at": f"{day}T19:00", "reason": "x"})
    assert "end has to be after" in text(back)
    sent = browser.post("/own/change/away", given | {"reason": "a birth"}, follow=True)
    assert "Keep to your hours until you are told" in text(sent)
    assert "not decided yet" in text(browser.get("/own/record"))
    assert "20:00 to 21:00" not in text(browser.get("/own/week"))
    (asked,) = list_own_requests(**WHO)
    assert (asked.words, asked.answered) == ("a birth", False)
    which = {"wearer": "W1", "reference": asked.reference}
    assert decide_absence(**WHO, **which, approved=True, reason="yes").problems == ()
    shown = text(browser.get("/own/week"))
    assert "19:00 to 20:00 : Be at home" in shown
    assert "20:00 to 21:00 : Allowed: this does not count in this time: Be at home" in shown
    assert list_own_requests(**WHO)[0].answered


def test_consent_is_taken_back_after_it_was_asked_once_more(pages: Pages) -> None:
    from tipstaff.services.case_view import show_case

    by_consent()
    browser = opened(pages)
    assert "Your voluntary order V1 ends at once" in text(browser.get("/own/consent"))
    assert browser.post("/own/consent").status_code == 405
    assert "Are you sure?" in text(browser.get("/own/consent/withdraw"))
    done = text(browser.post("/own/consent/withdraw", follow=True))
    assert "Your consent is taken back" in done
    assert "Do not cut it off yourself" in done
    assert "Keep your tag on" not in done
    found = show_case(**WHO, wearer="W1")
    assert found is not None
    (order_view,) = found.orders
    assert order_view.shown is None or order_view.shown.value.status == "ended"
    assert browser.post("/own/consent/withdraw").headers["Location"] == "/own/consent"


def test_who_still_has_to_wear_it_is_told_to_keep_it_on(pages: Pages) -> None:
    by_consent()
    recorded(order("O2", conditions=(nights(), zone()), reviews=(), **HELD))
    browser = opened(pages)
    assert "You have another order" in text(browser.get("/own/consent"))
    done = text(browser.post("/own/consent/withdraw", follow=True))
    assert "Keep your tag on. You still have to wear it for order O2." in done
    assert "taken off" not in done


def test_a_licence_that_comes_back_is_told_before_and_after(pages: Pages) -> None:
    from tipstaff.services.cases import record_wearer
    from tipstaff.services.consents import record_consent

    assert record_wearer(**WHO, wearer=wearer()).problems == ()
    given = consent(given_at=BEGAN - timedelta(days=1))
    assert record_consent(**WHO, consent=given).problems == ()
    early = HELD | {"starts_at": BEGAN - timedelta(days=5), "served_at": BEGAN - timedelta(days=5)}
    recorded(order("L1", conditions=(nights(), zone()), reviews=(), **early))
    recorded(voluntary(restores="L1", **HELD))
    eased = order("L1", conditions=(zone(),), reviews=(), **early)
    recorded(eased, valid_from=BEGAN)
    browser = opened(pages)
    assert "Be at home" not in text(browser.get("/own/week"))
    assert "Your licence L1 goes back" in text(browser.get("/own/consent/withdraw"))
    done = text(browser.post("/own/consent/withdraw", follow=True))
    assert "Your licence L1 counts again as it was before" in done
    assert "Be at home" in text(browser.get("/own/week"))


def test_a_householders_consent_is_not_the_wearers_to_take_back(pages: Pages) -> None:
    from tipstaff.services.consents import record_consent

    on_record()
    house = {"kind": ConsentKind.HOUSEHOLDER, "person": "A Parent", "text": "elsewhere"}
    given = consent("H1", given_at=BEGAN, address="home", **house)
    assert record_consent(**WHO, consent=given).problems == ()
    browser = opened(pages)
    assert "there is no consent to take back" in text(browser.get("/own/consent"))
    assert browser.post("/own/consent/withdraw").headers["Location"] == "/own/consent"
    assert "The person whose home it is agreed" in text(browser.get("/own/record"))
