"""The wearer's own pages: opened by a one-time code, theirs alone, true in what they say."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from made_accounts import LOCAL, account
from made_cases import order, zone
from own_pages import HELD, WHO, Pages, code_for, nights, on_record, opened, recorded
from sign_in_fixtures import entries, signed_in, text

from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.orders import OrderStatus
from tipstaff.domain.own_codes import MOST_TRIES
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import Role
from tipstaff.domain.wall_time import wall_time
from tipstaff.domain.zones import ZoneKind
from tipstaff.formats.own_texts import FORMS, own_texts

PAGES = ("week", "record", "seen", "consent", "change", "copy")


def test_a_code_opens_the_page_once(pages: Pages) -> None:
    on_record()
    code, browser = code_for(), pages()
    assert browser.get("/own/week").headers["Location"] == "/own"
    assert browser.post("/own", {"who": "W1", "code": f"{code[:4]} {code[4:]}"}).status_code == 302
    shown = text(browser.get("/own/week"))
    assert "19:00 to midnight : Be at home" in shown
    assert "Stay out of the place on your order (condition z1)" in shown
    assert "A Officer" in shown
    again = pages().post("/own", {"who": "W1", "code": code})
    assert again.status_code == 422
    assert "do not open a page" in text(again)


def test_wrong_codes_tell_nothing_and_lock_out_in_the_pages_own_words(pages: Pages) -> None:
    on_record()
    code, browser = code_for(), pages()
    tries = [browser.post("/own", {"who": "W1", "code": "AAAAAAAA"}) for _ in range(6)]
    others = [browser.post("/own", {"who": "nobody", "code": "AAAAAAAA"}) for _ in range(6)]
    assert [one.status_code for one in tries] == [422] * 5 + [429]
    for known, unknown in zip(tries, others, strict=True):
        said = text(unknown).replace("nobody", "W1")
        assert (known.status_code, text(known)) == (unknown.status_code, said)
    assert "too many times" in text(tries[-1])
    assert browser.post("/own", {"who": "W1", "code": code}).status_code == 429


def test_each_try_is_in_the_log_without_what_was_typed(pages: Pages) -> None:
    on_record()
    code, browser = code_for(), pages()
    browser.post("/own", {"who": "W1", "code": "AAAAAAAA"})
    browser.post("/own", {"who": "nobody", "code": "AAAAAAAA"})
    browser.post("/own", {"who": "W1", "code": code})
    told = [one for one in entries() if one.use_case == "open_own_page"]
    assert [one.operation for one in told] == ["refusal", "refusal", "sign_in"]
    assert [one.actor_ref is None for one in told] == [False, True, False]
    assert "AAAAAAAA" not in str([one.extent for one in told])
    assert code not in str([one.extent for one in entries()])


def test_five_wrong_tries_from_anywhere_end_a_code(pages: Pages) -> None:
    from tipstaff.services.own_codes import open_own_page

    on_record()
    code = code_for()
    for _ in range(MOST_TRIES):
        assert open_own_page("W1", "AAAAAAAA") is None
    assert pages().post("/own", {"who": "W1", "code": code}).status_code == 422


def test_the_page_closes_by_itself_and_by_hand(pages: Pages) -> None:
    on_record()
    for key, ago in (("seen", timedelta(minutes=30)), ("since", timedelta(hours=2))):
        browser = opened(pages)
        session = browser.session
        past = (datetime.now(UTC) - ago).isoformat()
        session["own_page"] = session["own_page"] | {key: past}
        session.save()
        assert browser.get("/own/record").headers["Location"] == "/own"
    browser = opened(pages)
    browser.post("/own/close")
    assert browser.get("/own/record").headers["Location"] == "/own"


def test_a_page_stays_open_for_as_long_as_it_says(pages: Pages) -> None:
    on_record()
    browser = opened(pages)
    assert browser.session.get_expiry_age() == 30 * 60
    assert browser.session.get_expire_at_browser_close()


def test_nobody_else_gets_there_and_it_opens_nothing_else(pages: Pages) -> None:
    on_record()
    on_record("W2")
    staff = signed_in(pages)
    for page in PAGES:
        assert staff.get(f"/own/{page}").headers["Location"] == "/own"
    assert staff.post("/own/copy/tables").headers["Location"] == "/own"
    assert staff.post("/own/consent/withdraw").headers["Location"] == "/own"
    browser = opened(pages)
    for page in ("/", "/people/W1", "/alerts", "/account"):
        assert browser.get(page).status_code == 302
    assert "W2" not in text(browser.get("/own/record"))
    assert {one.use_case for one in entries("own_page")} == {"own_page"}


def test_opening_it_signs_staff_out_and_signing_in_closes_it(pages: Pages) -> None:
    on_record()
    staff = signed_in(pages)
    answer = staff.post("/own", {"who": "W1", "code": code_for()})
    assert answer.headers["Location"] == "/own/week"
    assert staff.get("/people/W1").status_code == 302
    again = signed_in(pages, name="bob")
    session = again.session
    session["own_page"] = staff.session["own_page"]
    session.save()
    assert again.get("/own/record").headers["Location"] == "/own"


@pytest.mark.parametrize(
    "role", [Role.VICTIM_LIAISON, Role.CRIME_ANALYST, Role.MONITORING_OPERATOR]
)
def test_no_staff_look_at_it_by_the_use_case_either(instance: Any, role: Role) -> None:
    from tipstaff.services.access import RefusedError
    from tipstaff.services.own_page import own_page

    on_record()
    who = {"actor": account("x", role), "purpose": Purpose.SUBJECT_ACCESS, "authority": "1"}
    with pytest.raises(RefusedError):
        own_page(**who, wearer="W1")


def test_an_account_that_was_closed_opens_nothing(pages: Pages) -> None:
    from tipstaff.services.accounts import close_account
    from tipstaff.services.own_codes import account_of

    on_record()
    browser = opened(pages)
    close_account(**LOCAL, username=account_of("W1"), reason="test")
    assert browser.get("/own/week").headers["Location"] == "/own"


def test_a_change_that_is_to_come_shows_on_its_day(pages: Pages) -> None:
    on_record()
    changes = datetime.now(UTC) + timedelta(days=3)
    later = order(conditions=(nights(*everyday("21:00-22:00")), zone()), reviews=(), **HELD)
    recorded(later, valid_from=changes)
    shown = text(opened(pages).get("/own/week"))
    before, after = shown.split(day_in_words(wall_time(changes) + timedelta(days=1)))
    assert "19:00 to midnight : Be at home" in before
    assert "21:00 to 22:00 : Be at home" in after
    assert "19:00 to midnight" not in after
    assert shown.count("Stay out of the place") == 1


def everyday(hours: str, at: str = "home") -> tuple[str, ...]:
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    return tuple(f"{day} {hours} {at}".strip() for day in days)


def day_in_words(day: datetime) -> str:
    return f"{day:%A} {day.day} {day:%B}"


def test_what_is_no_order_demands_nothing_and_a_suspended_one_says_so(pages: Pages) -> None:
    on_record(status=OrderStatus.REFERRED, served_at=None)
    browser = opened(pages)
    assert "no order in force for you" in text(browser.get("/own/week"))
    assert "no order for you" in text(browser.get("/own/record"))
    on_record("W2")
    from made_cases import decision

    made = decision(OrderStatus.SUSPENDED, f"{datetime.now(UTC):%Y-%m-%d}")
    stopped = {"status": OrderStatus.SUSPENDED, "decision": made}
    values = {"conditions": (nights(), zone()), "reviews": (), **HELD, **stopped}
    recorded(order(wearer="W2", **values), valid_from=datetime.now(UTC) - timedelta(days=1))
    shown = text(opened(pages, "W2").get("/own/week"))
    assert "is suspended" in shown
    assert "ask your officer before you change anything" in shown.lower()


def test_a_zone_to_stay_in_is_not_told_as_one_to_stay_out_of(pages: Pages) -> None:
    inside = zone(
        "z2", kind=ZoneKind.INCLUSION, schedule=nights(*everyday("09:00-10:00", "")).timetable
    )
    on_record(conditions=(nights(), inside))
    shown = text(opened(pages).get("/own/week"))
    assert "09:00 to 10:00 : Stay inside the place on your order (condition z2)" in shown
    assert "Stay out" not in shown


def test_who_has_looked_and_who_can(pages: Pages) -> None:
    from tipstaff.services.case_view import show_case

    on_record()
    show_case(**WHO, wearer="W1")
    shown = text(opened(pages).get("/own/seen"))
    assert "looked at your data, to supervise you" in shown
    assert "The law lets us leave out" in shown
    assert "crime analyst : where your tag was" in shown


def test_the_tables_are_taken_along(pages: Pages) -> None:
    on_record()
    answer = opened(pages).post("/own/copy/tables")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        assert packed.namelist() == ["alerts.csv", "hours.csv", "looks.csv"]
        assert b"to give you what is held about you" not in packed.read("alerts.csv")
    (told,) = [e for e in entries("own_tables") if e.phase == "served"]
    assert told.operation == "export"


@pytest.mark.parametrize("form", FORMS)
def test_every_page_is_there_in_every_form_which_says_that_it_awaits_a_reviewer(
    pages: Pages, form: str
) -> None:
    on_record(basis=LegalBasis.LICENCE)
    texts = own_texts(form)
    browser = opened(pages)
    browser.get(f"/own/week?lang={form}")
    for page in PAGES:
        answer = browser.get(f"/own/{page}")
        shown = answer.content.decode()
        assert answer.status_code == 200
        assert f'<html lang="{texts.language}"' in shown
        assert texts.words[page] in shown
        assert ("awaiting a qualified reviewer" in shown) is (form != "en")
    browser.post("/own/close")
    assert texts.words["sign_in"] in browser.get("/own").content.decode()


def test_welsh_has_no_english_days_rules_or_looks(pages: Pages) -> None:
    on_record()
    browser = opened(pages)
    browser.get("/own/week?lang=cy")
    shown = " ".join(text(browser.get(f"/own/{page}")) for page in PAGES)
    for english in ("Monday", "Be at home", "Stay out", "looked at", "probation officer", "until"):
        assert english not in shown


def test_staff_hand_over_a_code_that_is_shown_once(pages: Pages) -> None:
    on_record()
    staff = signed_in(pages)
    assert "Code for their own page" in text(staff.get("/people/W1"))
    shown = staff.post("/do/own-code", {"wearer": "W1"})
    assert "Hand it to the wearer" in text(shown)
    assert staff.post("/do/own-code", {"wearer": "nobody"}).status_code == 422
