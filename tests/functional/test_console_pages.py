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
from django.http import HttpRequest
from made_accounts import LOCAL, hand
from made_cases import order, wearer, zone
from made_notices import contact
from sign_in_fixtures import entries, signed_in, text

from tipstaff.domain.protocols import Recipient
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import Relation, Role

Pages = Callable[..., Any]


def with_alert(name: str = "W1", at: datetime | None = None) -> None:
    """A wearer with an order, who has an alert that nobody has touched."""
    from tipstaff.services.cases import record_order, record_wearer

    who = LOCAL | {"purpose": Purpose.OFFENDER_MANAGEMENT}
    record_wearer(**who, wearer=wearer(name))
    record_order(**who, order=order(wearer=name, conditions=(zone(),)))
    new_alert(name, at)


def test_home_says_what_waits_and_what_does_not(pages: Pages) -> None:
    browser = signed_in(pages)
    assert "No alert needs a person" in text(browser.get("/"))
    with_alert()
    shown = text(browser.get("/"))
    assert "1 Alerts that need a person" in shown
    assert "No feed is out" in shown


def test_home_says_what_is_new_since_the_session_before(pages: Pages) -> None:
    from tipstaff.records.models import Alert
    from tipstaff.records.sessions import SIGNED_IN_AT

    with_alert()
    browser = signed_in(pages)
    assert "since you last looked" not in text(browser.get("/"))
    assert "since you last looked" not in text(browser.get("/"))  # the same session
    Alert.objects.update(opened_at=datetime.now(UTC) + timedelta(seconds=1))
    session = browser.session  # as if they had signed in after that
    session[SIGNED_IN_AT] = datetime.now(UTC).isoformat()
    session.save()
    page = browser.get("/")
    assert "1 New since you last looked" in text(page)
    found = re.search(r'href="(/alerts\?opened_after=[^"]+)"', page.content.decode())
    assert found is not None
    assert "W1/1" in text(browser.get(found[1]))
    assert "W1/1" not in text(browser.get("/alerts?opened_after=2099-01-01T00:00"))
    assert "W1/1" in text(browser.get("/alerts")), "a time is no filter that stays"


@pytest.mark.parametrize(
    "role",
    [Role.MONITORING_OPERATOR, Role.IOM_COORDINATOR, Role.VICTIM_LIAISON, Role.ADMINISTRATOR],
)
def test_every_card_leads_to_a_page_that_the_role_has(
    pages: Pages, role: Role, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tipstaff.web import home

    counts = home._counts

    def one_of_each(request: HttpRequest) -> Any:
        found, since = counts(request)
        return dict.fromkeys(found, 1), since

    monkeypatch.setattr(home, "_counts", one_of_each)
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


def test_an_alert_says_what_is_asked_for_and_what_happens_next(pages: Pages) -> None:
    browser = signed_in(pages)
    with_alert(at=datetime.now(UTC) - timedelta(minutes=21))
    queue = browser.get("/alerts").content.decode()
    next_step = re.search(r'data-until="([^"]+)"[^>]*>([^<]+)<', queue)
    assert next_step
    assert datetime.fromisoformat(next_step[1]) > datetime.now(UTC)
    assert re.fullmatch(r"in [34] minutes", next_step[2])
    shown = text(browser.get("/alerts/W1/1"))
    assert (
        "The operator on shift: Contact the wearer; ask for a position; send somebody to see"
        in shown
    )
    assert "a notice to the shift lead by text message. Nobody has acknowledged it" in shown
    browser.post("/alerts/W1/1/acknowledge", {"mark": "0.1"})
    shown = text(browser.get("/alerts/W1/1"))
    assert "Nobody has acknowledged it" not in shown
    assert "Is the device on your leg now?" in shown
    page = browser.get("/alerts/W1/1").content.decode()
    mark = re.search(r'name="mark" value="([^"]+)"', page)
    assert mark
    done = {"mark": mark[1], "outcome": "genuine", "words": "Seen on camera."}
    browser.post("/alerts/W1/1/close", done)
    shown = text(browser.get("/alerts/W1/1"))
    assert "The protocol has no further step for it." in shown
    assert "What the protocol asks for now" not in shown
    assert "data-until" not in browser.get("/alerts?closed=yes").content.decode()


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
    late = {"mark": mark[1], "outcome": "genuine", "words": 'seen <b>"twice"</b>'}
    stale = browser.post("/alerts/W1/1/close", late)
    assert stale.status_code == 409
    assert "somebody acted, or the evidence moved" in text(stale)
    page = stale.content.decode()
    assert ">seen &lt;b&gt;&#34;twice&#34;&lt;/b&gt;</textarea>" in page
    assert re.search(r'value="genuine"\s+checked', page)
    now = re.search(r'name="mark" value="([^"]+)"', page)
    assert now
    assert now[1] != mark[1]
    empty = browser.post("/alerts/W1/1/close", {"mark": now[1], "outcome": "genuine", "words": ""})
    assert empty.status_code == 422
    assert "Nothing was done: say why, in a sentence." in text(empty)
    assert "<title>Error: Alert W1/1" in empty.content.decode()
    assert 'href="#close-words"' in empty.content.decode()
    assert browser.get("/alerts/W1/1/close", follow=True).redirect_chain == [("/alerts/W1/1", 302)]
    done = {"mark": now[1], "outcome": "genuine", "words": "Seen on camera."}
    browser.post("/alerts/W1/1/close", done)
    shown = text(browser.get("/alerts/W1/1"))
    assert "The alert was closed." in shown
    assert "Seen on camera." in shown


def test_an_alert_is_shared_and_escalated_in_the_own_words(pages: Pages) -> None:
    browser = signed_in(pages)
    with_alert()
    contact(Recipient.CASE_MANAGER)
    shown = text(browser.get("/alerts/W1/1"))
    assert "Share or escalate (r)" in shown
    assert shown.count("Nobody is on record to be told.") == 2
    said = {"mark": "0.1", "words": "The third time."}
    nobody = browser.post("/alerts/W1/1/share", said)
    assert nobody.status_code == 422
    assert "Nothing was done: say with whom to share it." in text(nobody)
    assert ">The third time.</textarea>" in nobody.content.decode()
    whom = ["case_manager", "intelligence_team", "shift_lead"]
    browser.post("/alerts/W1/1/share", said | {"shared_with": whom})
    shown = text(browser.get("/alerts/W1/1"))
    assert "The alert was shared." in shown
    for one in ("intelligence team", "shift lead"):
        assert f"Nobody is on record as the {one}, so no notice can go out." in shown
    assert "Nobody is on record as the case manager" not in shown
    assert (
        "shared it with the case manager and the intelligence team and escalated it to the shift "
        "lead. “The third time.”"
    ) in shown
    assert "A notice to the intelligence team by email: waits to be sent." in shown
    again = text(browser.post("/alerts/W1/1/share", said | {"shared_with": whom}))
    assert "somebody acted, or the evidence moved" in again
    assert again.count("A notice to the intelligence team") == 1


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
