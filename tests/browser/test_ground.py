"""The ground under every map, of this machine: tiles of the base map, or streets of a made-up town.

The base map is a small county's, of real data; what a map shows is put there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from console_looks import opened, said_wrongly, session_of
from playwright.sync_api import Browser, Page, expect
from program import environment, instance_of, made_once
from served import Server, serving

pytestmark = pytest.mark.browser
SUPPORT = Path(__file__).resolve().parents[1] / "support"
#: A town of that county.
OAKHAM = (52.67, -0.73)
ROLES = ("monitoring_operator", "hub_caseworker")
#: What of the ground a map has drawn, by the source that it is of.
DRAWN = """async () => {
  const script = document.querySelector("script[src*='/maps']").src;
  const map = await (await import(script)).opened(document.querySelector("[data-map]"));
  await new Promise((done) => map.loaded() ? done() : map.once("idle", done));
  return map.queryRenderedFeatures().map((one) => one.source);
}"""


def furnished(data: Path) -> None:
    instance_of("tester", data)
    path = os.pathsep.join([str(SUPPORT), os.environ.get("PYTHONPATH", "")])
    subprocess.run(
        [sys.executable, str(SUPPORT / "ground_seed.py"), *map(str, OAKHAM), *ROLES],
        env=environment(data, TIPSTAFF_ACTOR="tester", PYTHONPATH=path),
        check=True,
    )
    lat, lon = OAKHAM
    line = {"type": "LineString", "coordinates": [[lon - 0.1, lat - 0.1], [lon + 0.1, lat + 0.1]]}
    streets = {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {}, "geometry": line}
    ]}  # fmt: skip
    (data / "streets.geojson").write_text(json.dumps(streets))


@pytest.fixture(scope="module")
def town() -> Path:
    """An instance in which all lies in that town."""
    return made_once("ground", furnished)


@pytest.fixture(scope="module", params=["base", "streets"])
def ground(request: pytest.FixtureRequest, town: Path, shared_data: Path) -> Iterator[Any]:
    """A server with that ground, and which it is."""
    tiles = str(shared_data / "osm-rutland" / "rutland.pmtiles")
    with serving(town, TIPSTAFF_BASEMAP=tiles if request.param == "base" else "") as server:
        yield request.param, server


@pytest.fixture(scope="module")
def sessions(browser: Browser, ground: tuple[str, Server]) -> dict[str, Any]:
    return {role: session_of(browser, ground[1], role) for role in ROLES}


def matched_crime(page: Page, server: Server) -> str:
    """The address of a crime of the match."""
    page.goto(f"{server.url}/matches")
    page.locator("[data-row-link]").first.click()
    address = page.get_by_role("link", name="26-0001").get_attribute("href")
    assert address
    return address


def drawn_ground(page: Page, kind: str) -> None:
    """The map of the page has that ground, and says whose it is."""
    if page.locator("script[src*='/maps']").count():  # where a zone is drawn it is another's part
        assert kind in page.evaluate(DRAWN)
    credit = page.locator(".maplibregl-ctrl-attrib").first
    expect(credit).to_be_visible()
    expect(credit).to_contain_text(
        "© OpenStreetMap contributors" if kind == "base" else "A made-up town"
    )


def clock(hours_ago: float) -> str:
    there = datetime.now(ZoneInfo("Europe/London")) - timedelta(hours=hours_ago)
    return f"{there:%Y-%m-%dT%H:%M}"


SPAN = f"from={clock(6)}&to={clock(1)}"
PAGES = (
    ("monitoring_operator", "/map"),
    ("hub_caseworker", "/people/W1/trail"),
    ("hub_caseworker", "/people/W1/zones"),
    ("hub_caseworker", "/people/W1/zones/O1/new"),
    ("hub_caseworker", f"/search?latitude={OAKHAM[0]}&longitude={OAKHAM[1]}&radius=2000&{SPAN}"),
)


def test_every_map_has_its_ground_and_nothing_leaves_the_machine(
    browser: Browser, ground: tuple[str, Server], sessions: dict[str, Any], complaints: list[str]
) -> None:
    kind, server = ground
    for role in ROLES:
        context = browser.new_context(
            viewport={"width": 1280, "height": 900}, storage_state=sessions[role]
        )
        page, asked = context.new_page(), list[str]()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        addresses = [path for whose, path in PAGES if whose == role]
        if role == "hub_caseworker":
            addresses.append(matched_crime(page, server))
        for address in addresses:
            asked.clear()
            opened(page, server.url + address)
            drawn_ground(page, kind)
            wanted = "/map/tiles" if kind == "base" else "/map/streets"
            assert f"{server.url}{wanted}" in asked, address
            own = (server.url, "blob:", "data:")
            assert [one for one in asked if not one.startswith(own)] == []
        context.close()
    assert said_wrongly(complaints) == []
