"""Orders by the API: a zone is looked at before it counts, then recorded as a version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asked_api import problem, program, with_alert
from made_cases import order, zone

from tipstaff.domain.roles import Role
from tipstaff.formats.order_json import ORDER

Pages = Callable[..., Any]
_HOME = {"type": "Point", "coordinates": [-1.5, 53.0], "radius_m": 200}


def _asked(pages: Pages) -> Any:
    asked = program(pages, Role.HUB_CASEWORKER, purpose="offender_management")
    with_alert()
    return asked


def test_a_zone_is_looked_at_before_it_counts(pages_on_both: Pages) -> None:
    asked = _asked(pages_on_both)
    told = asked.post(
        "/people/W1/zone-preview", {"zone": {"kind": "exclusion", "shape": _HOME, "harm": "high"}}
    )
    assert told.status_code == 200, told.content
    found = told.json()
    assert abs(found["area_m2"] / (3.14159 * 200**2) - 1) < 0.01
    assert found["addresses"] == ["home"]
    assert found["visits"] == []
    wrong = asked.post("/people/W1/zone-preview", {"zone": {"kind": "luck", "shape": _HOME}})
    assert wrong.status_code == 422
    assert problem(wrong)["problems"][0]["pointer"] == "/body/zone/kind"
    assert b"luck" not in wrong.content


def test_an_order_is_recorded_and_varied_with_a_reason(pages_on_both: Pages) -> None:
    asked = _asked(pages_on_both)
    varied = ORDER.write(order(wearer="W1", conditions=(zone(), zone(reference="z2"))))
    done = asked.post("/orders", {"order": varied, "reason": "a second zone"})
    assert done.status_code == 200, done.content
    assert done.json()["new"] is True
    (shown,) = asked.get("/people/W1").json()["orders"]
    assert shown["shown"]["reason"] == "a second zone"
    assert {one["reference"] for one in shown["shown"]["value"]["conditions"]} == {"z1", "z2"}
    again = asked.post("/orders", {"order": varied, "reason": "a second zone"})
    assert again.json() == done.json() | {"new": False}
    twice = varied | {"conditions": varied["conditions"] * 2}
    refused = asked.post("/orders", {"order": twice, "reason": "as it was"})
    assert refused.status_code == 422
    assert problem(refused)["problems"][0]["pointer"].startswith("/body/order")
    nobody = asked.post("/orders", {"order": varied | {"wearer": "W9"}, "reason": "nobody"})
    assert nobody.status_code == 422
