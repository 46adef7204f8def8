"""What tests of pages in a browser share: signing in by role, and looking at a page as axe does."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect
from served import Server
from sign_in_fixtures import PASSWORD, code

#: The accounts of `console_seed.py`, each named as its role.
ROLES = (
    "monitoring_operator", "administrator", "hub_caseworker", "hub_manager", "offender_manager",
    "auditor", "victim_liaison", "crime_analyst", "data_protection_officer", "iom_coordinator",
    "investigating_officer",
)  # fmt: skip
#: What this machine's browser says of itself.
OF_THE_MACHINE = ("GPU stall", "GL Driver Message", "WebGL")


def violations(page: Page, axe: str, **more: Any) -> list[Any]:
    """What axe finds: rule, and the parts that break it. DevTools may do what a policy forbids.

    Sizes of targets (WCAG 2.2 AA) axe looks at only where it is asked to.
    """
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(axe)
    rules = {"target-size": {"enabled": True}, **more.pop("rules", {})}
    asked = {"resultTypes": ["violations"], "rules": rules, **more}
    found = page.evaluate("o => axe.run(document, o)", asked)
    return [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found["violations"]]


def look(page: Page, axe: str, name: str) -> None:
    """Axe finds nothing wrong, nothing is wider than the page, at desk and at phone size.

    TIPSTAFF_SHOTS names a folder for pictures, if somebody wants them.
    """
    shots = os.environ.get("TIPSTAFF_SHOTS", "")
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        found = violations(page, axe)
        assert found == [], (name, width, found)
        beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert beyond <= 0, (name, width)
        if shots:
            page.screenshot(path=Path(shots) / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


#: The half minute whose code an account gave last: a code is good once.
_GIVEN: dict[str, int] = {}


def session_of(browser: Browser, server: Server, role: str) -> Any:
    """What a browser keeps of the session of that role's account.

    Who signed in within the half minute gives the code of the next one.
    """
    half_minute = int(time.time()) // 30
    steps = int(_GIVEN.get(role) == half_minute)
    _GIVEN[role] = half_minute + steps
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{server.url}/sign-in")
    page.get_by_label("Name", exact=True).fill(role)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Code").first.fill(code(steps=steps))
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("h1")).to_have_text("What waits for you")
    found = context.storage_state()
    context.close()
    return found


def opened(page: Page, address: str) -> None:
    """Open a page; where it asks why, say the first reason there is."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.ok, f"{address}: {answer.status}"
    if page.locator("form[action='/purpose']").count():
        page.locator("input[name=purpose]").first.check()
        page.get_by_role("button", name="Go on").click()
        page.wait_for_load_state()
        assert page.locator("form[action='/purpose']").count() == 0, address
    if page.locator("[data-map]").count():
        # its first picture is whole, ground and all
        expect(page.locator("[data-map]").first).to_have_attribute("data-drawn", re.compile(r"\d"))


def said_wrongly(complaints: list[str]) -> list[str]:
    """What the browser complained of that is not the machine's."""
    return [one for one in complaints if not any(known in one for known in OF_THE_MACHINE)]
