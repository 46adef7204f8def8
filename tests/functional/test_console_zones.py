"""Zones in the console: what a drawing would mean, and that it becomes a version of the order."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from live_instance import fix, monitored, watched_wearer
from made_accounts import LOCAL
from sign_in_fixtures import signed_in, text

from tipstaff.domain.conditions import ZoneCondition
from tipstaff.domain.purposes import Purpose

Pages = Callable[..., Any]
ORDER = "/people/W1/zones/O-W1"
SQUARE = {"type": "Polygon", "coordinates": [[[-1.41, 53.09], [-1.39, 53.09], [-1.39, 53.11],
                                              [-1.41, 53.11], [-1.41, 53.09]]]}  # fmt: skip
CIRCLE = {"type": "Point", "coordinates": [-1.4, 53.1]}


def drawn(browser: Any, where: str, what: str, **other: Any) -> Any:
    page = browser.get(where).content.decode()
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    given = {"version": version[1], "kind": "exclusion", "harm": "high", "size": "150",
             "geometry": json.dumps(CIRCLE), "what": what}  # fmt: skip
    return browser.post(where, given | other)


def zones_now() -> dict[str, ZoneCondition]:
    from tipstaff.services.case_view import show_case

    found = show_case(**LOCAL | {"purpose": Purpose.OFFENDER_MANAGEMENT}, wearer="W1")
    assert found is not None
    (order,) = found.orders
    assert order.shown is not None
    conditions: Any = order.shown.value.conditions  # type: ignore[union-attr]
    return {one.reference: one for one in conditions if isinstance(one, ZoneCondition)}


def test_a_zone_is_shown_changed_and_kept_as_a_version(pages: Pages) -> None:
    watched_wearer()
    browser = signed_in(pages)
    assert "Stay out of a circle of 300 m" in text(browser.get("/people/W1/zones"))
    (feature,) = browser.get("/people/W1/zones/data").json()["features"]
    assert feature["properties"]["meaning"] == "exclusion"
    shown = drawn(browser, f"{ORDER}/z1", "preview")
    assert "hectares" in text(shown)
    assert "Record it" in text(shown)
    assert drawn(browser, f"{ORDER}/z1", "save").status_code == 422, "without a reason"
    done = drawn(browser, f"{ORDER}/z1", "save", reason="the court moved it")
    assert done.headers["Location"] == "/people/W1/zones"
    assert "Stay out of a circle of 150 m" in text(browser.get("/people/W1/zones"))
    versions = text(browser.get("/people/W1/orders"))
    assert "the court moved it" in versions
    assert "radius" in versions


def test_a_new_zone_with_hours_and_a_hole(pages: Pages) -> None:
    watched_wearer()
    browser = signed_in(pages)
    hole = [
        [-1.402, 53.098],
        [-1.402, 53.102],
        [-1.398, 53.102],
        [-1.398, 53.098],
        [-1.402, 53.098],
    ]
    geometry = SQUARE | {"coordinates": [*SQUARE["coordinates"], hole]}
    told = {"geometry": json.dumps(geometry), "reference": "town", "reason": "agreed",
            "days": ["friday", "saturday"], "from": "20:00", "to": "02:00"}  # fmt: skip
    taken = drawn(browser, f"{ORDER}/new", "save", **told | {"reference": "z1"})
    assert "no other condition of the order has" in text(taken)
    assert drawn(browser, f"{ORDER}/new", "save", **told).status_code == 302
    town = zones_now()["town"].zone
    assert len(town.shape.parts[0].holes) == 1  # type: ignore[union-attr]
    assert town.schedule is not None
    assert [row.weekday.name for row in town.schedule.rows] == ["FRIDAY", "SATURDAY"]
    assert "20:00–02:00" in text(browser.get("/people/W1/zones"))


def test_what_is_wrong_is_said_and_nothing_is_recorded(pages: Pages) -> None:
    watched_wearer()
    browser = signed_in(pages)
    for wrong in ({"geometry": "nothing"}, {"size": "0"}, {"kind": ""}, {"days": ["friday"]}):
        assert drawn(browser, f"{ORDER}/z1", "save", reason="x", **wrong).status_code == 422, wrong
    assert browser.get(f"{ORDER}/none").status_code == 404
    assert browser.get("/people/W1/zones/none/new").status_code == 404
    assert zones_now()["z1"].zone.shape.radius_m == 300.0  # type: ignore[union-attr]


def test_two_who_draw_at_once_do_not_overwrite_each_other(pages: Pages) -> None:
    watched_wearer()
    browser = signed_in(pages)
    drawn(browser, f"{ORDER}/z1", "save", reason="first", size="200")
    late = drawn(browser, f"{ORDER}/z1", "save", reason="second", size="250", version="1")
    assert late.headers["Location"] == f"{ORDER}/z1"
    assert "somebody changed the order while you drew" in text(browser.get(f"{ORDER}/z1"))
    assert zones_now()["z1"].zone.shape.radius_m == 200.0  # type: ignore[union-attr]


def test_the_evidence_of_an_alert_has_its_positions_and_its_course(pages: Pages) -> None:
    from live_instance import at
    from time_machine import travel

    watched_wearer()
    with monitored() as live:
        live.send(*[fix(minute, 2_000) for minute in range(1, 5)],
                  *[fix(minute, 10) for minute in range(5, 12)])  # fmt: skip
        live.turn(12)
    with travel(at(15), tick=True):
        browser = signed_in(pages)
        shown = text(browser.get("/alerts/W1/1/look/evidence"))
        assert "over 99%" in shown
        assert "under 1%" in shown
        page = browser.get("/alerts/W1/1/look/evidence").content.decode()
        assert page.count("<circle") == 11
        features = browser.get("/alerts/W1/1/look/evidence-data").json()["features"]
        kinds = [one["properties"]["kind"] for one in features]
        assert (kinds.count("fix"), kinds.count("zone")) == (11, 1)
        assert browser.get("/alerts/W1/99/look/evidence").status_code == 404
