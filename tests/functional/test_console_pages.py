"""The console without a browser: what pages show, whom they refuse, what a form does."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from alert_samples import acknowledged, new_alert
from made_accounts import LOCAL, account
from made_cases import order, wearer, zone
from sign_in_fixtures import PASSWORD, entries, sign_in, text, with_app

from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import Role

Pages = Callable[..., Any]


def signed_in(pages: Pages, role: Role = Role.MONITORING_OPERATOR) -> Any:
    """A browser of somebody in that role."""
    from django.utils import timezone

    from tipstaff.records import credentials
    from tipstaff.records.models import User

    user = User.objects.get(username=account("olive", role))
    hashed = credentials.hashed(PASSWORD)
    credentials.set_password(user.id, hashed, timezone.now(), temporary=False)
    with_app(user)
    browser = pages()
    assert sign_in(browser, "olive").status_code == 302
    return browser


def with_alert(name: str = "W1") -> None:
    """A wearer with an order, who has an alert that nobody has touched."""
    from tipstaff.services.cases import record_order, record_wearer

    who = LOCAL | {"purpose": Purpose.OFFENDER_MANAGEMENT}
    record_wearer(**who, wearer=wearer(name))
    record_order(**who, order=order(wearer=name, conditions=(zone(),)))
    new_alert(name)


def test_home_says_what_waits_and_what_does_not(pages: Pages) -> None:
    browser = signed_in(pages)
    assert "No alert needs a person" in text(browser.get("/"))
    with_alert()
    shown = text(browser.get("/"))
    assert "1 Alerts that need a person" in shown
    assert "No feed is out" in shown


def test_the_queue_shows_an_alert_and_keeps_its_filters(pages: Pages) -> None:
    browser = signed_in(pages)
    with_alert()
    assert "W1/1" in text(browser.get("/alerts"))
    assert "W1/1" not in text(browser.get("/alerts?kind=battery&filter=yes"))
    assert "W1/1" not in text(browser.get("/alerts"))
    assert "W1/1" in text(browser.get("/alerts?filter=yes"))


def test_an_alert_is_acknowledged_and_closed_with_a_reason(pages: Pages) -> None:
    browser = signed_in(pages)
    with_alert()
    page = browser.get("/alerts/W1/1")
    mark = re.search(r'name="mark" value="([^"]+)"', page.content.decode())
    assert mark
    browser.post("/alerts/W1/1/acknowledge", {"mark": mark[1]})
    shown = text(browser.get("/alerts/W1/1"))
    assert "You acknowledged the alert." in shown
    assert "Acknowledged" in shown
    browser.post("/alerts/W1/1/close", {"mark": mark[1], "outcome": "genuine", "words": "seen"})
    assert "somebody acted, or the evidence moved" in text(browser.get("/alerts/W1/1"))
    page = browser.get("/alerts/W1/1").content.decode()
    now = re.search(r'name="mark" value="([^"]+)"', page)
    assert now
    browser.post("/alerts/W1/1/close", {"mark": now[1], "outcome": "genuine", "words": ""})
    assert "say why, in a sentence" in text(browser.get("/alerts/W1/1"))
    done = {"mark": now[1], "outcome": "genuine", "words": "Seen on camera."}
    browser.post("/alerts/W1/1/close", done)
    shown = text(browser.get("/alerts/W1/1"))
    assert "The alert was closed." in shown
    assert "Seen on camera." in shown


def test_what_was_said_stays_until_it_is_read(pages: Pages) -> None:
    browser = signed_in(pages)
    with_alert()
    browser.post("/alerts/W1/1/acknowledge", {"mark": "0.1"})
    for _ in range(2):
        assert "You acknowledged the alert." in text(browser.get("/"))
    page = browser.get("/").content.decode()
    read = re.search(r'action="(/said/[0-9a-f]+/read)"', page)
    assert read
    assert browser.post(read[1], {"next": "/alerts"}).headers["Location"] == "/alerts"
    assert "You acknowledged the alert." not in text(browser.get("/"))


@pytest.mark.parametrize("away", ["https://elsewhere.example/", "//elsewhere.example", "x"])
def test_a_form_leads_to_no_other_site(pages: Pages, away: str) -> None:
    browser = signed_in(pages)
    assert browser.post("/said/0/read", {"next": away}).headers["Location"] == "/"


def test_a_person_in_plain_words(pages: Pages) -> None:
    browser = signed_in(pages)
    with_alert()
    shown = text(browser.get("/people/W1"))
    assert "Stay out of a circle of 300 m about a place" in shown
    assert "W1" in text(browser.get("/people"))
    assert browser.get("/people/nobody").status_code == 404
    assert entries("show_case")[-1].subject_refs == []


def test_a_role_without_alerts_is_refused_them_and_told_so(pages: Pages) -> None:
    browser = signed_in(pages, Role.ADMINISTRATOR)
    page = browser.get("/alerts")
    assert page.status_code == 403
    assert "You may not do this" in text(page)
    assert "Alerts" not in text(browser.get("/account"))


def test_acknowledged_by_somebody_else_shows_who(pages: Pages) -> None:
    browser = signed_in(pages)
    with_alert()
    acknowledged("W1")
    assert "acknowledged it" in text(browser.get("/alerts/W1/1"))
