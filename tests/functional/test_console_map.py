"""The live map without a browser: who is on it, their alerts and zones, and who never is."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from alert_samples import new_alert
from made_accounts import LOCAL, hand
from made_cases import order, wearer, zone
from sign_in_fixtures import entries, signed_in, text

from tipstaff.domain.orders import OrderStatus
from tipstaff.domain.purposes import Phase, Purpose
from tipstaff.domain.roles import Role
from tipstaff.domain.zones import ZoneKind

Pages = Callable[..., Any]
NOW = datetime.now(UTC)
#: A form's token of random letters, in which any short name may stand.
TOKEN = re.compile(rb"[A-Za-z0-9]{32,}")
MANAGING = LOCAL | {"purpose": Purpose.OFFENDER_MANAGEMENT}


def person(name: str, *, minutes: int = 2, precision_cm: int | None = 900, **other: Any) -> None:
    """Somebody with an order in force, one zone of each kind, whose tag was heard."""
    from tipstaff.records import last_heard
    from tipstaff.records.wearers import subject_refs
    from tipstaff.services.cases import record_order, record_wearer

    record_wearer(**MANAGING, wearer=wearer(name))
    conditions = (zone(), zone("home", kind=ZoneKind.INCLUSION))
    times = {"starts_at": NOW - timedelta(days=9), "served_at": NOW - timedelta(days=9)}
    times |= {"ends_at": NOW + timedelta(days=90)}
    made = order(wearer=name, conditions=conditions, reviews=(), **times)
    assert record_order(**MANAGING, order=made).problems == ()
    if other:
        record_wearer(**MANAGING, wearer=wearer(name, **other))
    (ref,) = subject_refs([name])
    now, plan = datetime.now(UTC), timedelta(minutes=10)
    at = now - timedelta(minutes=minutes)
    fix = last_heard.LastFix(at, 529_000_000, -15_000_000, precision_cm, 1)
    last_heard.keep([last_heard.Heard(ref, "acme", f"T-{name}", now, fix, plan)])


def drawn(browser: Any, path: str) -> list[dict[str, Any]]:
    """The properties of what the map draws."""
    return [one["properties"] for one in browser.get(path).json()["features"]]


def test_the_map_says_who_is_known_and_who_is_not(pages: Pages) -> None:
    browser = signed_in(pages)
    assert "Nobody of whom a device was heard" in text(browser.get("/map"))
    person("W1")
    person("W2", minutes=120, precision_cm=None)
    shown = text(browser.get("/map"))
    assert "Known: 1. Not known: 1. With an open alert: 0." in shown
    assert "W2" not in text(browser.get("/map?state=now"))
    features = {one["words"]: one for one in drawn(browser, "/map/data")}
    assert [one["state"] for one in features.values()] == ["known", "unknown"]
    assert "W1: 2 minutes ago, within 9 m. Known." in features
    assert "W2: 2 hours ago, nobody said how exactly. Not known." in features
    assert len(entries("last_positions")) >= 4


def test_the_table_has_pages_and_the_map_has_all(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipstaff.web import live_map

    browser = signed_in(pages)
    person("W1")
    person("W2")
    monkeypatch.setattr(live_map, "_ROWS", 1)
    first = browser.get("/map?mine=").content.decode()
    assert "Known: 2." in text(browser.get("/map"))
    assert "Page 1 of 2; the map shows all. Next page" in text(browser.get("/map"))
    assert re.findall(r'data-row-link href="[^"]*">(\w+)<', first) == ["W1"]
    (address,) = re.findall(r'href="([^"]+)">Next page', first)
    assert "W2" in text(browser.get(f"/map{html.unescape(address)}"))
    for odd in ("0", "-1", "x"):
        assert "Page 1 of 2" in text(browser.get("/map", {"page": odd}))
    for odd in ("99", "9" * 5000):
        assert "Page 2 of 2; the map shows all. Page before" in text(
            browser.get("/map", {"page": odd})
        )
    assert len(drawn(browser, "/map/data")) == 2


def test_the_most_severe_open_alert_of_each_is_shown_and_filtered_by(pages: Pages) -> None:
    from tipstaff.records.models import Alert
    from tipstaff.records.wearers import subject_refs

    for name in ("W1", "W2", "W3"):
        person(name)
    new_alert("W1")
    new_alert("W1")
    new_alert("W2")
    Alert.objects.filter(wearer__reference="W1", number=1).update(severity=2)
    Alert.objects.filter(wearer__reference="W2").update(needs_a_person=False)
    browser = signed_in(pages)
    before = len(entries("list_alerts"))
    shown = browser.get("/map").content.decode()
    (asked,) = [one for one in entries("list_alerts")[before:] if one.phase == Phase.SERVED]
    assert set(asked.subject_refs) == {str(ref) for ref in subject_refs(["W1", "W2", "W3"])}
    assert "/alerts/W1/2" in shown
    assert "/alerts/W1/1" not in shown
    assert "/alerts/W2" not in shown
    assert "With an open alert: 1." in text(browser.get("/map"))
    found = {one["wearer"]: one for one in drawn(browser, "/map/data")}
    assert found["W1"]["words"].endswith("Known. Open alert: Critical, Strap tag.")
    assert (found["W1"]["alert"], found["W1"]["alert_page"]) == (5, "/alerts/W1/2")
    assert not any("alert" in found[name] for name in ("W2", "W3"))
    assert [one["wearer"] for one in drawn(browser, "/map/data?alert=open")] == ["W1"]
    assert [one["wearer"] for one in drawn(browser, "/map/data?alert=none")] == ["W2", "W3"]
    part = browser.get("/map?alert=open", headers={"HX-Request": "true"}).content.decode()
    assert ("<html" in part, "W1" in part, "W2" in part) == (False, True, False)


def test_a_role_without_alerts_or_zones_is_shown_and_asks_for_none(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipstaff.web import live_map

    person("W1")
    new_alert("W1")
    monkeypatch.setattr(live_map, "may", lambda _request, _use_case: False)
    browser = signed_in(pages)
    before = len(entries("list_alerts"))
    shown = browser.get("/map?alert=none").content.decode()
    assert ("W1" in shown, "Open alert" in shown, "Critical" in shown) == (True, False, False)
    assert "Show zones" not in shown
    assert "alert" not in drawn(browser, "/map/data")[0]
    assert len(entries("list_alerts")) == before
    assert signed_in(pages, Role.AUDITOR, "oscar").get("/map/zones/W1").status_code == 403


def test_zones_in_force_are_drawn_apart_of_one_and_of_everybody(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipstaff.services.cases import record_order
    from tipstaff.web import live_map

    person("W1")
    person("W2", minutes=600)
    begun = {"starts_at": NOW - timedelta(days=1), "reviews": (), "conditions": (zone("old"),)}
    over = order("O2", ends_at=NOW - timedelta(hours=1), served_at=None, **begun)
    asked = order("O3", ends_at=None, served_at=None, status=OrderStatus.REFERRED, **begun)
    for made in (over, asked):
        record_order(**MANAGING, order=made)
    browser = signed_in(pages)
    told = drawn(browser, "/map/zones/W1")
    assert [one["meaning"] for one in told] == ["exclusion", "inclusion"]
    assert told[0]["words"] == (
        "W1, O1, z1: Stay out of a circle of 300 m about a place. Holds always."
    )
    assert {one["wearer"] for one in drawn(browser, "/map/zones")} == {"W1", "W2"}
    assert {one["wearer"] for one in drawn(browser, "/map/zones?state=now")} == {"W1"}
    page = browser.get("/map")
    assert "Zones of everybody shown" in text(page)
    assert b'href="/people/W1/zones"' in page.content  # where no map can be drawn
    monkeypatch.setattr(live_map, "MOST_PEOPLE", 1)
    answer = browser.get("/map/zones")
    assert (answer.status_code, "at most 1 people" in answer.json()["words"]) == (422, True)
    assert "drawn for at most 1 people; 2 are shown" in text(browser.get("/map"))
    assert len([one for one in entries("list_zones") if one.phase == Phase.SERVED]) == 3


def test_whoever_is_not_to_be_seen_is_nowhere_on_the_map(pages: Pages) -> None:
    person("W1")
    person("W2", limited_access=True)
    new_alert("W2")
    for browser in (signed_in(pages), signed_in(pages, Role.OFFENDER_MANAGER, "oona")):
        for path in ("/map", "/map/data", "/map/data?alert=open", "/map/zones"):
            assert b"W2" not in TOKEN.sub(b"", browser.get(path).content), path
        assert browser.get("/map/zones/W2").content == browser.get("/map/zones/nobody").content
    own = signed_in(pages, Role.PROBATION_PRACTITIONER, "pat")
    assert drawn(own, "/map/zones/W1") == []
    hand("W1", user="pat")
    assert {one["wearer"] for one in drawn(own, "/map/zones")} == {"W1"}
