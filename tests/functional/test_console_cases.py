"""Pages and forms of a person: plans, consents, devices, referrals, absences do their work."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from made_cases import absence, consent, utc, voluntary
from made_devices import described
from made_plans import plan, review
from person_pages import ENDS, NOW, TODAY, WHO, day, done, known, links, moment
from sign_in_fixtures import entries, signed_in, text

from tipstaff.domain.devices import DeviceKind, DeviceName
from tipstaff.domain.orders import OrderStatus
from tipstaff.domain.plan_work import ReviewOutcome
from tipstaff.domain.roles import Role
from tipstaff.domain.wall_time import wall_time

Pages = Callable[..., Any]


@pytest.fixture
def browser(pages: Pages) -> Any:
    """Of an IOM co-ordinator, with W1 on record."""
    known()
    return signed_in(pages, Role.IOM_COORDINATOR)


def ask(name: str = "W1", reference: str = "A1") -> None:
    from tipstaff.services.absences import ask_absence

    start = (NOW + timedelta(days=2)).replace(hour=18, minute=0, second=0, microsecond=0)
    times = {"starts_at": start, "ends_at": start + timedelta(hours=3), "asked_at": NOW}
    asked = absence(reference, wearer=name, **times)
    assert ask_absence(**WHO, absence=asked).problems == ()


def test_absences_wait_on_home_and_in_a_list_and_are_decided(browser: Any) -> None:
    assert "No absence waits for a decision" in text(browser.get("/"))
    ask()
    assert "1 Absences to decide" in text(browser.get("/"))
    listed = browser.get("/lists/absences")
    shown = text(listed)
    assert "Curfew" in shown
    assert "c1 of order O1" in shown
    assert "night shift" in shown
    (decide,) = [where for words, where in links(listed).items() if words.startswith("Decide")]
    form = browser.get(decide)
    assert "Stay at home: Every day, 19:00–07:00 at home (c1 of order O1)" in text(form)
    wrong = browser.post(decide, {"wearer": "W1", "reference": "A1"})
    assert (wrong.status_code, "Choose one" in text(wrong)) == (422, True)
    told = {"wearer": "W1", "reference": "A1", "approved": "yes", "reason": "the employer wrote"}
    assert done(browser.post(decide, told | {"next": "/lists/absences"})) == "/lists/absences"
    assert "No absence waits for a decision" in text(browser.get("/lists/absences"))
    assert browser.get(decide).status_code == 404
    shown = browser.get("/people/W1")
    (cancel,) = [where for words, where in links(shown).items() if words.startswith("Cancel the")]
    assert "Approved by olive" in text(browser.get(cancel))
    done(browser.post(cancel, {"wearer": "W1", "reference": "A1"}))
    assert browser.get(cancel).status_code == 404


def test_what_is_too_long_to_be_kept_is_told_beside_its_field(browser: Any) -> None:
    ask()
    decided = {"wearer": "W1", "reference": "A1", "approved": "yes", "reason": "x" * 501}
    wrong = browser.post("/people/W1/do/decide-absence/A1", decided)
    assert (wrong.status_code, 'id="reason-error"' in wrong.content.decode()) == (422, True)
    asked = {"condition": "O1\tc1", "starts_at": moment(30), "ends_at": moment(33),
             "reason": "x" * 501}  # fmt: skip
    wrong = browser.post("/people/W1/do/ask-absence", asked)
    assert (wrong.status_code, 'id="reason-error"' in wrong.content.decode()) == (422, True)
    contact = {"wearer": "W1", "at": moment(), "channel": "visit", "party": "wearer",
               "note": "x" * 4001}  # fmt: skip
    wrong = browser.post("/do/record-contact", contact)
    assert (wrong.status_code, 'id="note-error"' in wrong.content.decode()) == (422, True)


def test_a_persons_page_says_which_absence_is_to_be_decided(browser: Any) -> None:
    ask(reference="A1")
    start = wall_time(NOW + timedelta(days=2))
    shown = text(browser.get("/people/W1"))
    assert f"Decide on the absence on {start.day} {start:%B %Y}, " in shown


def test_who_asked_for_an_absence_is_told_that_somebody_else_decides(browser: Any) -> None:
    told = {"condition": "O1\tc1", "starts_at": moment(30), "ends_at": moment(33)}
    done(browser.post("/people/W1/do/ask-absence", {"reason": "a course", **told}))
    (where,) = [
        w for words, w in links(browser.get("/lists/absences")).items() if "Decide" in words
    ]
    reference = where.partition("?")[0].rpartition("/")[2]
    decided = {"wearer": "W1", "reference": reference, "approved": "yes", "reason": "as asked"}
    answer = browser.post(where, decided)
    assert answer.status_code == 422
    assert "Who asks does not decide" in text(answer)


def test_a_plan_is_made_changed_worked_on_and_reviewed(browser: Any) -> None:
    assert "There is no joint plan on record." in text(browser.get("/people/W1/plan"))
    made = {
        "scheme": "IOM", "lead": "A Officer", "organisation": "Probation", "kind": "probation",
        "starts_on": day(-10), "first_review": day(-1), "agrees": "yes", "aim": "A tenancy",
        "measure": "It is signed", "due": day(60),
    }  # fmt: skip
    wrong = browser.post("/people/W1/do/plan", made | {"due": day(-20)})
    assert wrong.status_code == 422
    assert 'id="due-error"' in wrong.content.decode()
    assert done(browser.post("/people/W1/do/plan", made)) == "/people/W1/plan"
    page = browser.get("/people/W1/plan")
    shown = text(page)
    assert "The person agrees Yes" in shown
    assert "Overdue" in shown
    assert "Make a joint plan" not in shown
    offers = links(page)
    agency = {"reference": "housing", "name": "Made Homes", "kind": "housing", "worker": "H"}
    done(browser.post(offers["Add an agency"], agency))
    again = browser.post(offers["Add an agency"], agency)
    assert 'id="reference-error"' in again.content.decode()
    goal = {"aim": "Off drugs", "owner": "housing", "measure": "Tests", "due": day(30)}
    done(browser.post(offers["Add a goal"], goal))
    tasks = {"what": "Find two flats", "agency": "housing", "set_on": day(), "due": day(7)}
    done(browser.post(offers["Set a task"], tasks))
    appointments = {"agency": "housing", "appointments": ["O1\ta1"]}
    done(browser.post(offers["Appointments with an agency"], appointments))
    relaxed = {"condition": "O1\tc1", "how": "From nine", "agreed_on": day(), "agreed_by": "All"}
    done(browser.post(offers["Relax a condition by agreement"], relaxed))
    details = {"lead": "B Officer", "organisation": "Police", "ends_on": day(90), "agrees": "no"}
    done(browser.post(offers["Change the lead or the last day"], details))
    page = browser.get("/people/W1/plan")
    shown = text(page)
    for words in ("Made Homes", "Off drugs", "Find two flats", "Be at Made Hall (a1 of order O1)",
                  "From nine. Agreed on", "B Officer, Police", "The person agrees No"):  # fmt: skip
        assert words in shown, words
    (change, *_more) = [where for words, where in links(page).items() if "Change it" in words]
    goal = re.search(r"goal=([^&]+)", change)
    assert goal
    done(browser.post(change, {"goal": goal[1], "state": "met"}))
    assert "Met" in text(browser.get("/people/W1/plan"))
    (came,) = [where for words, where in links(page).items() if "Say what came of it" in words]
    done(browser.post(came, {"state": "done", "result": "Two were seen"}))
    assert browser.get(came).status_code == 404
    held = {
        "held_on": day(), "took_part": "A Officer\nB Officer", "wearer_took_part": "yes",
        "benefit": "yes", "outcome": "continue", "reasons": "settled", "next_due": day(28),
    }  # fmt: skip
    unseen = browser.post(offers["Record a review"], held)
    assert 'id="wearer_view-error"' in unseen.content.decode()
    done(browser.post(offers["Record a review"], held | {"wearer_view": "it helps me"}))
    shown = text(browser.get("/people/W1/plan"))
    assert "“it helps me”" in shown
    assert "Overdue" not in shown
    ended = held | {"outcome": "end", "next_due": "", "wearer_view": "enough", "held_on": day()}
    done(browser.post(offers["Record a review"], ended))


def test_a_plan_that_a_review_ended_is_changed_no_more(browser: Any) -> None:
    from tipstaff.services import plans

    assert plans.record_plan(**WHO, plan=plan()).problems == ()
    last = review(outcome=ReviewOutcome.END, next_due=None)
    assert plans.record_review(**WHO, review=last).problems == ()
    page = browser.get("/people/W1/plan")
    assert "A review ended the plan" in text(page)
    assert "Set a task" not in text(page)
    assert "Make a joint plan" in text(page)


def test_a_consent_is_recorded_copied_and_taken_back(browser: Any) -> None:
    offers = links(browser.get("/people/W1"))
    given = {
        "given_at": moment(-2), "written": "no", "taken_by": "B Officer", "text": "voluntary-1",
        "language": "en", "considered": ["capacity", "interpreter"], "crime_types": ["BIAD"],
        "forces": ["any"], "agencies": "Housing, Drugs",
    }  # fmt: skip
    spoken = browser.post(offers["Record the person’s consent"], given)
    assert 'id="written-error"' in spoken.content.decode()
    done(browser.post(offers["Record the person’s consent"], given | {"written": "yes"}))
    page = browser.get("/people/W1")
    offers = links(page)
    (copied,) = [where for words, where in offers.items() if words.startswith("Copy of")]
    shown = text(browser.get(copied))
    assert "burglary" in shown.lower()
    assert "Housing, Drugs" in shown
    welsh = browser.get(copied, {"language": "cy"})
    assert 'lang="cy"' in welsh.content.decode()
    (back,) = [where for words, where in offers.items() if words.endswith("was taken back")]
    assert "no reason is asked for" in text(browser.get(back))
    done(browser.post(back, {"how": "by_telephone", "told_to": "B Officer"}))
    assert "The consent was taken back." in text(browser.get("/people/W1"))
    assert browser.get(back).status_code == 404


def test_what_was_not_considered_is_no_consent(browser: Any) -> None:
    offers = links(browser.get("/people/W1"))
    given = {
        "person": "A Householder", "address": "home", "given_at": moment(), "written": "yes",
        "taken_by": "B Officer", "text": "elsewhere", "language": "en",
    }  # fmt: skip
    address = offers["Record a householder’s consent"]
    wrong = browser.post(address, given)
    assert 'id="considered-error"' in wrong.content.decode()
    done(browser.post(address, given | {"considered": ["capacity", "interpreter"]}))
    named = browser.post(offers["Record a victim’s consent"], given | {"person": "x" * 5000})
    assert named.status_code == 422
    assert 'id="person-error"' in named.content.decode()


def test_a_device_is_fitted_exchanged_and_taken_off(browser: Any) -> None:
    from tipstaff.services.device_inventory import register_device

    for name in ("T1", "T2", "T3"):
        device = DeviceName("acme", name)
        assert register_device(**WHO, device=device, description=described()).problems == ()
    fit = links(browser.get("/people/W1"))["Record a fitting"]
    assert 'value="O1" selected' in browser.get(fit).content.decode()
    put_on = {
        "device": "T1", "supplier": "acme", "order": "O1", "at": moment(-3), "by": "A Fitter",
        "strap": "passed",
    }  # fmt: skip
    failed = browser.post(fit, put_on | {"strap": "failed"})
    assert "Fit it anew" in text(failed)
    unknown = browser.post(fit, put_on | {"device": "T9"})
    assert 'id="device-error"' in unknown.content.decode()
    done(browser.post(fit, put_on))
    offers = links(browser.get("/people/W1"))
    swapped = put_on | {"device": "T2", "reason": "swapped", "at": moment(-2)}
    done(browser.post(offers["Exchange device T1"], swapped))
    offers = links(browser.get("/people/W1"))
    assert "Exchange device T1" not in offers
    off = {"at": moment(-1), "reason": "custody", "by": "A Fitter", "note": "taken in"}
    done(browser.post(offers["Device T2 came off"], off))
    assert "Device T2 came off" not in links(browser.get("/people/W1"))
    done(browser.post(fit, put_on | {"device": "T3", "at": moment(-0.5)}))
    never = links(browser.get("/people/W1"))["Device T3 was never worn"]
    done(browser.post(never, {"reason": "it was another's"}))
    assert "it never was, it was another" in text(browser.get("/people/W1"))


def test_a_home_unit_is_set_up_and_taken_away(browser: Any) -> None:
    from tipstaff.services.device_inventory import register_device

    unit = DeviceName("acme", "H1")
    what = described(DeviceKind.HOME_UNIT)
    assert register_device(**WHO, device=unit, description=what).problems == ()
    offers = links(browser.get("/people/W1"))
    told = {"device": "H1", "supplier": "acme", "address": "home", "at": moment(-3)}
    done(browser.post(offers["Record a home unit"], told))
    page = browser.get("/people/W1")
    assert "Home unit H1 at home" in text(page)
    offers = links(page)
    moved = browser.get(offers["Home unit H1 was moved"])
    assert "The address home" in text(moved)
    done(browser.post(offers["Home unit H1 was taken away"], {"at": moment(-1)}))
    assert "Home unit H1" not in text(browser.get("/people/W1"))


def test_somebody_is_referred_found_suitable_and_tagged_with_their_consent(browser: Any) -> None:
    from tipstaff.services.consents import record_consent

    assert "No referral waits" in text(browser.get("/"))
    new = {"wearer": "N1", "given": "New", "family": "Person", "born_on": "1990-02-01",
           "language": "en", "address": "2 Made Street\nDerby", "postcode": "DE1 1AA"}  # fmt: skip
    assert done(browser.post("/do/new-person", new)) == "/people/N1"
    again = browser.post("/do/new-person", new | {"given": "Other"})
    assert 'id="wearer-error"' in again.content.decode()
    refer = links(browser.get("/people/N1"))["Refer for a tag"]
    asked = {"basis": "voluntary", "name": "C Officer", "issued_by": "Police",
             "force": "Derbyshire", "starts_at": moment(-1), "ends_at": moment(2000),
             "reason": "asked for it"}  # fmt: skip
    done(browser.post(refer, asked))
    assert "1 Referrals to decide" in text(browser.get("/"))
    listed = browser.get("/lists/referrals")
    assert "Voluntary agreement" in text(listed)
    (decide,) = [where for words, where in links(listed).items() if words.startswith("Decide")]
    made = {"by": "D Officer", "organisation": "Police", "at": moment(-0.5), "reasons": "steady"}
    jump = browser.post(decide, made | {"status": "ended"})
    assert jump.status_code == 422
    done(browser.post(decide, made | {"status": "suitable"}))
    assert "There is no such referral" in text(browser.get("/lists/referrals"))
    assert "Found suitable" in text(browser.get("/lists/referrals?state=suitable"))
    later = made | {"at": moment(-0.2), "status": "active"}
    lacking = browser.post(decide, later)
    assert "consent to a voluntary tag first: none is in force" in text(lacking)
    given = consent(wearer="N1", given_at=NOW - timedelta(minutes=20))
    assert record_consent(**WHO, consent=given).problems == ()
    done(browser.post(decide, later))
    shown = text(browser.get("/people/N1"))
    assert "Status Active – steady" in shown
    assert "Whereabouts are monitored" in shown


def test_a_review_of_an_order_ends_in_a_decision(pages: Pages) -> None:
    known(reviews=(TODAY - timedelta(days=1),))
    browser = signed_in(pages, Role.IOM_COORDINATOR)
    assert "Overdue" in text(browser.get("/lists/reviews"))
    decide = links(browser.get("/people/W1"))["Decide on order O1"]
    told = {"status": "active", "by": "D Officer", "organisation": "Police", "at": moment(-0.1),
            "reasons": "kept to it", "next_review": day(28)}  # fmt: skip
    done(browser.post(decide, told))
    assert "Overdue" not in text(browser.get("/lists/reviews"))
    done(browser.post(decide, told | {"status": "ended", "reasons": "it is over"}))
    assert browser.get(decide).status_code == 404


def test_what_is_done_by_whom_the_role_says_and_is_in_the_audit(pages: Pages) -> None:
    known()
    auditor = signed_in(pages, Role.INTELLIGENCE_OFFICER, "ines")
    page = auditor.get("/people/W1")
    assert "Record a fitting" not in text(page)
    assert "Refer for a tag" not in text(page)
    assert auditor.get("/people/W1/do/fit").status_code == 403
    assert auditor.get("/people/W1/do/none").status_code == 404
    assert "Set a task" not in text(auditor.get("/people/W1/plan"))
    other = signed_in(pages, Role.OFFENDER_MANAGER, "dora")
    assert other.get("/people/W1/do/fit").status_code == 404
    assert entries("show_case")[-1].rows is not None


def test_forms_about_nothing_that_is_there_are_not_found(browser: Any) -> None:
    for address in (
        "decide-absence/A9", "cancel-absence/A9", "withdraw-consent/C9", "remove/acme/T9",
        "exchange/acme/T9", "annul/acme/T9", "home-unit-moved/x", "home-unit-ended/x",
        "plan-goal/P9", "review/P9", "task/P9", "task-done/T9", "decide-order/O9",
    ):  # fmt: skip
        assert browser.get(f"/people/W1/do/{address}").status_code == 404, address
    assert browser.get("/people/W1/consent-copy/C9").status_code == 404


def test_a_referral_of_another_operator_is_decided_from_the_list(browser: Any) -> None:
    from tipstaff.services.cases import record_order

    times = {"starts_at": utc("2026-01-02"), "ends_at": ENDS}
    waiting = voluntary(status=OrderStatus.REFERRED, **times)
    assert record_order(**WHO, order=waiting).problems == ()
    assert "V1" in text(browser.get("/lists/referrals"))
