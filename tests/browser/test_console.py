"""The console in a real browser: no policy is broken, axe finds nothing, at desk and phone size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from console_looks import look, said_wrongly, session_of
from playwright.sync_api import Browser, Page, expect
from served import Server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def session(browser: Browser, console: Server) -> Any:
    """What a browser keeps of an operator's session."""
    return session_of(browser, console, "monitoring_operator")


@pytest.fixture
def operator(browser: Browser, session: Any, complaints: list[str]) -> Iterator[Page]:
    """The browser of somebody at the monitoring centre."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, storage_state=session)
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()


def test_an_operator_works_an_alert(
    operator: Page, console: Server, axe: str, complaints: list[str]
) -> None:
    page = operator
    page.goto(console.url)
    look(page, axe, "home")
    page.goto(f"{console.url}/alerts")
    look(page, axe, "alerts")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "W2/1"
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Strap")
    look(page, axe, "alert")
    page.keyboard.press("a")
    expect(page.get_by_text("You acknowledged the alert.", exact=True)).to_be_visible()
    page.keyboard.press("x")
    page.get_by_label("Genuine", exact=True).check()
    page.get_by_label("Why, in a sentence").locator("visible=true").fill("Seen on camera.")
    look(page, axe, "alert-closing")
    page.get_by_role("button", name="Close the alert").click()
    expect(page.get_by_text("The alert was closed.", exact=True)).to_be_visible()
    page.goto(f"{console.url}/people")
    look(page, axe, "people")
    page.get_by_role("link", name="W3").click()
    expect(page.locator("h1")).to_have_text("Made Up")
    look(page, axe, "person")
    assert complaints == []


def test_the_queue_follows_what_others_do(
    browser: Browser, operator: Page, console: Server, complaints: list[str]
) -> None:
    page = operator
    page.goto(f"{console.url}/alerts")
    row = page.locator("tr", has_text="W4/1")
    expect(row).to_contain_text("New")
    context = browser.new_context(storage_state=page.context.storage_state())
    other = context.new_page()
    other.goto(f"{console.url}/alerts/W4/1")
    page.locator("a", has_text="W5/1").focus()
    other.keyboard.press("a")
    expect(row).to_contain_text("Acknowledged")
    assert page.evaluate("document.activeElement.textContent") == "W5/1"
    context.close()
    assert complaints == []


def test_a_trail_is_asked_for_and_played(
    operator: Page, console: Server, axe: str, complaints: list[str]
) -> None:
    page = operator
    page.goto(f"{console.url}/people/W1")
    page.get_by_role("link", name="Trail", exact=True).click()
    expect(page.locator("h1")).to_contain_text("Why do you look at the trail of W1?")
    look(page, axe, "purpose")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("Choose why you look")
    page.get_by_label("Find out whether a condition was broken").check()
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("[data-map]")).to_have_attribute("data-ready", "true")
    expect(page.locator("main")).to_contain_text("Gap: nothing is known")
    expect(page.locator("main")).to_contain_text("Stops")
    page.locator("#moment").focus()
    before = page.locator("output").inner_text()
    page.keyboard.press("PageUp")
    assert page.locator("output").inner_text() != before
    look(page, axe, "trail")
    assert [one for one in said_wrongly(complaints) if "status of 422" not in one] == []


def test_the_map_has_a_table_with_the_same(operator: Page, console: Server, axe: str) -> None:
    page = operator
    page.goto(f"{console.url}/map")
    drawn = page.locator("[data-map]")
    expect(drawn).to_have_attribute("data-ready", "true")
    expect(drawn).to_have_attribute("data-features", "5")
    expect(page.locator("tbody tr")).to_have_count(5)
    look(page, axe, "map")
    for _ in range(3):
        page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "W3"
    people = page.locator("[data-people]")
    expect(people).to_have_attribute("data-chosen", "W3")
    expect(people).to_have_attribute("data-middle", "W3")
    drawn.locator("canvas").click()
    popup = page.locator(".maplibregl-popup")
    expect(popup).to_contain_text("Open alert: Critical, Strap")
    expect(popup.get_by_role("link", name="Open the alert")).to_be_visible()
    look(page, axe, "map-popup")
    popup.get_by_role("button", name="Close popup").click()
    page.locator("a[data-row-link]", has_text="W3").focus()
    page.keyboard.press("z")
    expect(people).to_have_attribute("data-zones", "1")
    expect(page.locator("[data-zones-said]")).to_have_text("1 zone is drawn.")
    expect(page.locator("[data-zones-words] li")).to_contain_text("W3, O1, z1: Stay out of")
    shows = page.get_by_role("button", name="Show zones of W3")
    expect(shows).to_have_attribute("aria-pressed", "true")
    look(page, axe, "map-zones")
    shows.click()
    expect(people).to_have_attribute("data-zones", "0")
    with page.expect_response("**/map/zones*") as answered:
        page.get_by_label("Zones of everybody shown").check()
    # others of these tests may have drawn one more
    zones = [one["properties"]["words"] for one in answered.value.json()["features"]]
    assert {f"W{n}, O1, z1" for n in range(1, 6)} <= {words.split(":")[0] for words in zones}
    expect(people).to_have_attribute("data-zones", str(len(zones)))
    look(page, axe, "map-everybody")
    page.locator("a[data-row-link]", has_text="W3").focus()
    page.evaluate("document.body.dispatchEvent(new CustomEvent('tipstaff:looked'))")
    expect(page.locator("tr.tipstaff-chosen")).to_contain_text("W3")
    assert page.evaluate("document.activeElement.textContent") == "W3"
    page.get_by_label("Open alert").select_option("open")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator("tbody tr").first).to_be_visible()
    alerted = page.locator("tbody tr").count()
    page.goto(f"{console.url}/map?alert=none")
    expect(page.locator("tbody tr")).to_have_count(5 - alerted)
    page.goto(f"{console.url}/map")
    page.get_by_label("Where they are is").select_option("not")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator("tbody tr")).to_have_count(2)
