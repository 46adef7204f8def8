"""The console in a real browser: no policy is broken, axe finds nothing, at desk and phone size."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from program import done, environment
from served import Server, serving
from sign_in_fixtures import PASSWORD, code

pytestmark = pytest.mark.browser
ROLES = ("monitoring_operator", "administrator")
SUPPORT = Path(__file__).resolve().parents[1] / "support"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with wearers, alerts, and a colleague of each role."""
    data = tmp_path_factory.mktemp("console") / "var"
    done("init", "--user", "tester", data=data)
    path = os.pathsep.join([str(SUPPORT), os.environ.get("PYTHONPATH", "")])
    subprocess.run(
        [sys.executable, str(SUPPORT / "console_seed.py"), *ROLES],
        env=environment(data, TIPSTAFF_ACTOR="tester", PYTHONPATH=path),
        check=True,
    )
    with serving(data) as running:
        yield running


@pytest.fixture
def complaints() -> list[str]:
    """What the browser says of the pages: policies broken, scripts failed."""
    return []


@pytest.fixture(scope="module")
def sessions(browser: Browser, server: Server) -> dict[str, Any]:
    """Of each role, what a browser keeps of its session: a code is good once."""
    found = {}
    for role in ROLES:
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{server.url}/sign-in")
        page.get_by_label("Name", exact=True).fill(role)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_label("Code").first.fill(code())
        page.get_by_role("button", name="Continue").click()
        expect(page.locator("h1")).to_have_text("What waits for you")
        found[role] = context.storage_state()
        context.close()
    return found


@pytest.fixture
def operator(browser: Browser, sessions: dict[str, Any], complaints: list[str]) -> Iterator[Page]:
    """The browser of somebody at the monitoring centre."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, storage_state=sessions["monitoring_operator"]
    )
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()


def look(page: Page, axe: str, shots: Path | None, name: str) -> None:
    """Axe finds nothing wrong, nothing is wider than the page, at desk and at phone size."""
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(axe)
        found: Any = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        told = [
            f"{one['id']}: {node['html']}" for one in found["violations"] for node in one["nodes"]
        ]
        assert told == [], (name, width)
        beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert beyond <= 0, (name, width)
        if shots is not None:
            page.screenshot(path=shots / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.fixture
def shots() -> Path | None:
    """Where pictures are kept, if somebody wants them: TIPSTAFF_SHOTS."""
    named = os.environ.get("TIPSTAFF_SHOTS", "")
    return Path(named) if named else None


def test_an_operator_works_an_alert(
    operator: Page, server: Server, axe: str, shots: Path | None, complaints: list[str]
) -> None:
    page = operator
    page.goto(server.url)
    look(page, axe, shots, "home")
    page.goto(f"{server.url}/alerts")
    look(page, axe, shots, "alerts")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "W2/1"
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Strap")
    look(page, axe, shots, "alert")
    page.keyboard.press("a")
    expect(page.get_by_text("You acknowledged the alert.", exact=True)).to_be_visible()
    page.keyboard.press("x")
    page.get_by_label("Genuine", exact=True).check()
    page.get_by_label("Why, in a sentence").locator("visible=true").fill("Seen on camera.")
    look(page, axe, shots, "alert-closing")
    page.get_by_role("button", name="Close the alert").click()
    expect(page.get_by_text("The alert was closed.", exact=True)).to_be_visible()
    page.goto(f"{server.url}/people")
    look(page, axe, shots, "people")
    page.get_by_role("link", name="W3").click()
    expect(page.locator("h1")).to_have_text("Made Up")
    look(page, axe, shots, "person")
    assert complaints == []


def test_the_queue_follows_what_others_do(
    browser: Browser, operator: Page, server: Server, complaints: list[str]
) -> None:
    page = operator
    page.goto(f"{server.url}/alerts")
    row = page.locator("tr", has_text="W4/1")
    expect(row).to_contain_text("New")
    context = browser.new_context(storage_state=page.context.storage_state())
    other = context.new_page()
    other.goto(f"{server.url}/alerts/W4/1")
    page.locator("a", has_text="W5/1").focus()
    other.keyboard.press("a")
    expect(row).to_contain_text("Acknowledged")
    assert page.evaluate("document.activeElement.textContent") == "W5/1"
    context.close()
    assert complaints == []


def test_a_trail_is_asked_for_and_played(
    operator: Page, server: Server, axe: str, shots: Path | None, complaints: list[str]
) -> None:
    page = operator
    page.goto(f"{server.url}/people/W1")
    page.get_by_role("link", name="Look at the trail").click()
    expect(page.locator("h1")).to_contain_text("Why do you look at the trail of W1?")
    look(page, axe, shots, "purpose")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("Choose why you look")
    page.get_by_label("Find out whether a condition was broken").check()
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("[data-map]")).to_have_attribute("data-ready", "true")
    expect(page.locator("main")).to_contain_text("Gap: nothing is known")
    page.locator("#moment").focus()
    before = page.locator("output").inner_text()
    page.keyboard.press("PageUp")
    assert page.locator("output").inner_text() != before
    look(page, axe, shots, "trail")
    of_the_machine = ("GPU stall", "GL Driver Message", "status of 422", "WebGL")
    assert [one for one in complaints if not any(known in one for known in of_the_machine)] == []


def test_the_map_has_a_table_with_the_same(
    operator: Page, server: Server, axe: str, shots: Path | None
) -> None:
    page = operator
    page.goto(f"{server.url}/map")
    drawn = page.locator("[data-map]")
    expect(drawn).to_have_attribute("data-ready", "true")
    expect(drawn).to_have_attribute("data-features", "5")
    expect(page.locator("tbody tr")).to_have_count(5)
    look(page, axe, shots, "map")
    page.get_by_label("Where they are is").select_option("not")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator("tbody tr")).to_have_count(2)
