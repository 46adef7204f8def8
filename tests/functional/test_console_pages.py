"""The console without a browser: what pages show, whom they refuse, what a form does."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alert_samples import acknowledged, new_alert
from made_accounts import LOCAL, hand
from made_cases import order, wearer, zone
from sign_in_fixtures import entries, signed_in, text

from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import Relation, Role

Pages = Callable[..., Any]


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


@pytest.mark.parametrize(
    "role",
    [Role.MONITORING_OPERATOR, Role.IOM_COORDINATOR, Role.VICTIM_LIAISON, Role.ADMINISTRATOR],
)
def test_every_card_leads_to_a_page_that_the_role_has(
    pages: Pages, role: Role, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipstaff.services.waiting import Waits
    from tipstaff.web import home

    monkeypatch.setattr(home, "count_waiting", lambda **_who: dict.fromkeys(Waits, 1))
    browser = signed_in(pages, role)
    page = browser.get("/").content.decode()
    cards_shown = page.count('class="tipstaff-card"')
    addresses = re.findall(r'href="([^"]+)"><span class="tipstaff-card__count">', page)
    assert len(addresses) == cards_shown > 0
    for address in addresses:
        assert browser.get(html.unescape(address)).status_code == 200, address


def test_home_sends_a_role_without_cards_to_the_menu(pages: Pages) -> None:
    shown = text(signed_in(pages, Role.CRIME_ANALYST).get("/"))
    assert "What it has to look at is in the menu." in shown
    nothing = signed_in(pages, Role.PROGRAMME_LEAD, "lead").get("/")
    assert "Your role has no page of its own" in text(nothing)


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


def test_a_role_without_alerts_is_not_told_that_there_are_none(pages: Pages) -> None:
    browser = signed_in(pages, Role.VICTIM_LIAISON)
    with_alert()
    hand("W1", Relation.VICTIM_LIAISON, user="olive")
    shown = text(browser.get("/people/W1"))
    assert "Orders and conditions" in shown
    assert "alerts" not in shown
    assert browser.get("/people/W1/trail").status_code == 403


def test_whoever_oversees_comes_to_who_has_looked(pages: Pages) -> None:
    with_alert()
    browser = signed_in(pages, Role.AUDITOR)
    page = browser.get("/lists/retention").content.decode()
    assert 'href="/people/W1/looked-at"' in page
    assert browser.get("/people/W1/looked-at").status_code == 200


def test_acknowledged_by_somebody_else_shows_who(pages: Pages) -> None:
    browser = signed_in(pages)
    with_alert()
    acknowledged("W1")
    assert "acknowledged it" in text(browser.get("/alerts/W1/1"))


def test_the_map_says_who_is_known_and_who_is_not(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipstaff.records import last_heard
    from tipstaff.records.wearers import subject_refs
    from tipstaff.web import live_map

    browser = signed_in(pages)
    assert "Nobody of whom a device was heard" in text(browser.get("/map"))
    for name in ("W1", "W2"):
        with_alert(name)
    (first,), (second,) = subject_refs(["W1"]), subject_refs(["W2"])
    now, plan = datetime.now(UTC), timedelta(minutes=10)
    fresh = last_heard.LastFix(now - timedelta(minutes=2), 529_000_000, -15_000_000, 900, 1)
    stale = last_heard.LastFix(now - timedelta(hours=2), 529_000_000, -15_000_000, None, 5)
    last_heard.keep(
        [
            last_heard.Heard(first, "acme", "T1", now, fresh, plan),
            last_heard.Heard(second, "acme", "T2", now, stale, plan),
        ]
    )
    shown = text(browser.get("/map"))
    assert "Known: 1. Not known: 1" in shown
    assert "W2" not in text(browser.get("/map?state=now"))
    monkeypatch.setattr(live_map, "_ROWS", 1)
    first_page = browser.get("/map?mine=")
    assert "Known: 1. Not known: 1" in text(first_page)
    assert "Page 1 of 2. Next page" in text(first_page)
    assert re.findall(r'data-row-link href="[^"]*">(\w+)<', first_page.content.decode()) == ["W1"]
    (address,) = re.findall(r'href="([^"]+)">Next page', first_page.content.decode())
    assert "W2" in text(browser.get(f"/map{html.unescape(address)}"))
    for odd in ("0", "-1", "x", "9" * 5000):
        assert "Page 1 of 2" in text(browser.get("/map", {"page": odd})) or odd.startswith("9")
    assert "Page 2 of 2. Page before" in text(browser.get("/map?page=99"))
    features = {f["properties"]["words"]: f for f in browser.get("/map/data").json()["features"]}
    assert [one["properties"]["state"] for one in features.values()] == ["known", "unknown"]
    assert "W1: 2 minutes ago, within 9 m. Known." in features
    assert "W2: 2 hours ago, nobody said how exactly. Not known." in features
    assert len(entries("last_positions")) >= 4


def test_the_ground_is_plain_or_of_a_file(pages: Pages, tmp_path: Path) -> None:
    browser = signed_in(pages)
    style = browser.get("/map/ground").json()
    assert (style["sources"], [layer["id"] for layer in style["layers"]]) == ({}, ["paper"])
    assert browser.get("/map/tiles").status_code == 404
    assert browser.get("/map/streets").status_code == 404


@pytest.mark.parametrize(
    ("asked", "status", "piece"),
    [
        ("bytes=0-3", 206, b"0123"),
        ("bytes=8-", 206, b"89"),
        ("bytes=8-99", 206, b"89"),
        ("bytes=10-12", 416, b""),
        ("", 416, b""),
        ("bytes=-3", 416, b""),
    ],
)
def test_tiles_are_given_piece_by_piece(
    pages: Pages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    asked: str, status: int, piece: bytes,
) -> None:  # fmt: skip
    tiles = tmp_path / "base.pmtiles"
    tiles.write_bytes(b"0123456789")
    monkeypatch.setenv("TIPSTAFF_BASEMAP", str(tiles))
    browser = signed_in(pages)
    answer = browser.get("/map/tiles", **({"HTTP_RANGE": asked} if asked else {}))
    assert (answer.status_code, answer.content) == (status, piece)
    style = browser.get("/map/ground").json()
    assert style["sources"]["base"]["url"] == "pmtiles://http://localhost/map/tiles"


def test_a_page_that_lies_open_keeps_no_session_alive(pages: Pages) -> None:
    from tipstaff.records.sessions import SEEN_AT

    browser = signed_in(pages)
    session = browser.session
    long_ago = (datetime.now(UTC) - timedelta(minutes=5)).isoformat()
    session[SEEN_AT] = long_ago
    session.save()
    browser.get("/alerts", HTTP_HX_REQUEST="true")
    assert browser.session[SEEN_AT] == long_ago
    browser.get("/alerts")
    assert browser.session[SEEN_AT] > long_ago


def test_trails_as_files_are_what_other_programs_read(pages: Pages) -> None:
    import xml.etree.ElementTree as ET

    import pyarrow as pa

    from tipstaff.domain.fixes import CONTENT_SCHEMA
    from tipstaff.domain.periods import Period, to_micros
    from tipstaff.formats.positions_writing import Known
    from tipstaff.formats.trail_documents import write_gpx, write_kml
    from tipstaff.positions.queries import Span, TableFixes, trail

    start = datetime(2026, 3, 2, tzinfo=UTC)
    at = [to_micros(start + timedelta(minutes=m)) for m in (0, 1, 2, 30, 31)]
    columns = {"device_key": [7] * 5, "fix_time": at, "lat_e7": [529_000_000] * 5,
               "lon_e7": [-15_000_000] * 5, "mechanism": [1] * 5}  # fmt: skip
    table = pa.table(
        [
            pa.array(columns.get(f.name, [None] * 5), pa.int64()).cast(f.type)
            for f in CONTENT_SCHEMA
        ],
        schema=CONTENT_SCHEMA,
    )
    found = trail(TableFixes(table), [Span(7, Period(start, start + timedelta(hours=1)))])
    gpx = ET.fromstring(b"".join(write_gpx(found, Known({7: "T1"}))))
    space = {"g": "http://www.topografix.com/GPX/1/1"}
    assert [len(s) for s in gpx.iterfind(".//g:trkseg", space)] == [3, 2]
    kml = ET.fromstring(b"".join(write_kml(found, Known({7: "T1"}))))
    space = {"k": "http://www.opengis.net/kml/2.2"}
    assert len(kml.findall(".//k:Point", space)) == 5
    assert len(kml.findall(".//k:LineString", space)) == 2
