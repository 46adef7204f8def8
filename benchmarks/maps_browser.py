"""Looks at maps in Chromium: `maps_browser.py DATA MINUTES`, on an instance that is filled.

Prints JSON: milliseconds until each first picture was whole, and between frames.
"""

from __future__ import annotations

import json
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, sync_playwright
from tests.support.console_looks import opened, session_of
from tests.support.served import Server, serving

from tipstaff.web.given_times import local_input

_LOOKS: Final = 5
_SECONDS: Final = 4
#: Between frames, while something is done each quarter of a second.
_WATCH: Final = """
async ([seconds, act]) => {
  const slide = () => {
    const slider = document.querySelector("[data-playback] input[type=range]");
    const next = Number(slider.value) + (slider.max - slider.min) / 40;
    slider.value = next >= slider.max ? slider.min : next;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const look = () => document.body.dispatchEvent(new CustomEvent("tipstaff:looked"));
  const acts = { nothing: () => {}, slide, look };
  const gaps = [];
  let last = performance.now(), next = last;
  const end = last + 1000 * seconds;
  await new Promise((done) => {
    const frame = (now) => {
      gaps.push(now - last);
      last = now;
      if (now >= next) { next = now + 250; acts[act](); }
      if (now < end) requestAnimationFrame(frame); else done();
    };
    requestAnimationFrame(frame);
  });
  return gaps.slice(1);
}
"""


def main(data: Path, minutes: int) -> None:
    """Serve, look, tell."""
    with serving(data) as server, sync_playwright() as playwright:
        chromium = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        told = {**_trail(browser, server, minutes), **_map(browser, server)}
        browser.close()
    print(json.dumps(told))


def _trail(browser: Browser, server: Server, minutes: int) -> dict[str, list[float]]:
    page, now = _page(browser, server, "hub_caseworker"), datetime.now(UTC)
    short = _address(server, now - timedelta(hours=1), now)
    whole = _address(server, now - timedelta(minutes=minutes), now)
    opened(page, short)  # asks why, once
    told: dict[str, list[float]] = {
        "short": [_drawn(page, short) for _look in range(_LOOKS)],
        "slid_short": page.evaluate(_WATCH, [_SECONDS, "slide"]),
        "whole": [_drawn(page, whole) for _look in range(_LOOKS)],
        "slid": page.evaluate(_WATCH, [_SECONDS, "slide"]),
    }
    return told


def _map(browser: Browser, server: Server) -> dict[str, list[float]]:
    page = _page(browser, server, "monitoring_operator")
    return {
        "map": [_drawn(page, f"{server.url}/map") for _look in range(_LOOKS)],
        "still": page.evaluate(_WATCH, [_SECONDS, "nothing"]),
        "looking": page.evaluate(_WATCH, [_SECONDS, "look"]),
    }


def _page(browser: Browser, server: Server, role: str) -> Page:
    session: Any = session_of(browser, server, role)
    context = browser.new_context(viewport={"width": 1280, "height": 900}, storage_state=session)
    return context.new_page()


def _address(server: Server, start: datetime, end: datetime) -> str:
    return f"{server.url}/people/REAL/trail?from={local_input(start)}&to={local_input(end)}"


def _drawn(page: Page, address: str) -> float:
    """Milliseconds from the page's beginning until its map was whole."""
    page.goto(address)
    page.wait_for_selector("[data-map][data-drawn]", timeout=60_000)
    return float(page.locator("[data-map]").first.get_attribute("data-drawn") or "nan")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
