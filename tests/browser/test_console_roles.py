"""What each role's links lead to: every page works, axe finds nothing, no policy is broken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from console_looks import ROLES, look, opened, said_wrongly, session_of
from playwright.sync_api import Browser, Page, expect
from served import Server

pytestmark = pytest.mark.browser
#: What no test of pages follows: files, and what is looked at elsewhere.
LEFT = re.compile(r"/(as|api|own|account|said|sign-out|static)(/|$)|\.(csv|pdf|json)$|/errors$")
#: Where a name of the page itself stands in the address, and not that of a thing.
NAMED = re.compile(r"^/(desks|lists|do)/")
#: Enough, and a test that would not end is one that fails.
MOST = 120


def kind_of(path: str) -> str:
    """The address without the names of things in it: one page of each kind is looked at."""
    if NAMED.match(path):
        return path
    steps = ["*" if re.search(r"[0-9A-Z]", step) else step for step in path.split("/")]
    return "/".join(steps)


@pytest.fixture(scope="module")
def sessions(browser: Browser, console: Server) -> dict[str, Any]:
    """Of each role, what a browser keeps of its session."""
    return {role: session_of(browser, console, role) for role in ROLES}


@pytest.fixture(scope="module")
def looked() -> set[str]:
    """The kinds of pages that were looked at, by whichever role came first."""
    return set()


@pytest.fixture
def page(
    request: pytest.FixtureRequest,
    browser: Browser,
    sessions: dict[str, Any],
    complaints: list[str],
) -> Iterator[Page]:
    """The browser of the role that the test is for."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, storage_state=sessions[request.param]
    )
    made = context.new_page()
    made.on("console", lambda message: complaints.append(message.text))
    made.on("pageerror", lambda error: complaints.append(str(error)))
    yield made
    context.close()


def links(page: Page) -> list[str]:
    """Where the links of a page lead, without the question."""
    found: list[str] = page.eval_on_selector_all(
        "a[href^='/']", "links => links.map(link => link.getAttribute('href'))"
    )
    paths = [one.partition("?")[0].partition("#")[0] for one in found]
    return [one for one in dict.fromkeys(paths) if not LEFT.search(one)]


@pytest.mark.parametrize(("page", "role"), [(role, role) for role in ROLES], indirect=["page"])
def test_every_kind_of_page_that_links_lead_to(
    page: Page, role: str, console: Server, axe: str, complaints: list[str], looked: set[str]
) -> None:
    """Axe looks at one page of each kind, by the first role that comes to it."""
    waiting, seen = ["/"], {"/"}
    while waiting:
        path = waiting.pop(0)
        opened(page, console.url + path)
        kind = kind_of(path)
        if kind not in looked:
            looked.add(kind)
            look(page, axe, f"{role}-{kind.strip('/').replace('/', '-') or 'home'}")
        for found in links(page):
            if kind_of(found) not in seen:
                seen.add(kind_of(found))
                waiting.append(found)
        assert len(seen) < MOST, sorted(seen)
    assert len(seen) > 3, seen
    assert said_wrongly(complaints) == []


@pytest.mark.parametrize(("page", "role"), [(role, role) for role in ROLES], indirect=["page"])
def test_help_opens_on_the_page_and_leads_through_the_first_day(
    page: Page, role: str, console: Server, axe: str
) -> None:
    opened(page, f"{console.url}/")
    page.get_by_text("About this page").click()
    expect(page.locator("main")).to_contain_text("What it cannot show.")
    look(page, axe, f"about-{role}")
    page.get_by_role("link", name="Help", exact=True).click()
    expect(page.locator("h1")).to_have_text("Your first day")
    expect(page.locator(".tipstaff-first-day li")).to_have_count(5)
    look(page, axe, f"help-{role}")


@pytest.mark.parametrize("page", ["hub_caseworker"], indirect=True)
def test_a_reviewer_reads_the_trail_before_the_program_says(
    page: Page, console: Server, axe: str, complaints: list[str]
) -> None:
    opened(page, f"{console.url}/matches")
    page.locator("[data-row-link]").first.click()
    expect(page.locator("h1")).to_have_text("A match of 3 crimes")
    page.get_by_role("link", name="26-0001").click()
    expect(page.locator("h1")).to_have_text("Burglary in a dwelling")
    page.get_by_role("link", name="S2", exact=True).first.click()
    expect(page.locator("h1")).to_have_text("Wearer S2")
    told = page.locator("main")
    expect(told).not_to_contain_text("What the program makes of it")
    page.get_by_role("button", name="Record my reading").click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    look(page, axe, "reading-refused")
    page.get_by_label("At the scene", exact=False).first.check()
    page.get_by_label("What in the trail tells you so").fill("Two fixes in the street.")
    page.get_by_role("button", name="Record my reading").click()
    expect(told).to_contain_text("What the program makes of it")
    expect(told).to_contain_text("Two fixes in the street.")
    look(page, axe, "reading")
    assert [one for one in said_wrongly(complaints) if "status of 422" not in one] == []


@pytest.mark.parametrize("page", ["hub_caseworker"], indirect=True)
def test_a_zone_is_written_looked_at_and_recorded(
    page: Page, console: Server, axe: str, complaints: list[str]
) -> None:
    opened(page, f"{console.url}/people/W4/zones")
    page.get_by_role("link", name="Draw").first.click()
    expect(page.locator("[data-map]")).to_have_attribute("data-ready", "true")
    page.get_by_label("The drawing, as GeoJSON").fill(
        '{"type": "Point", "coordinates": [-1.5, 53.0]}'
    )
    page.get_by_label("Radius of a circle", exact=False).fill("150")
    page.get_by_label("Reference of the condition").fill("shop")
    page.get_by_role("button", name="Show what it would mean").click()
    told = page.locator("main")
    expect(told).to_contain_text("7.1 hectares")
    expect(told).to_contain_text("home")
    look(page, axe, "zone-preview")
    page.get_by_role("button", name="Record it").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("Say why the order is changed")
    page.get_by_label("Why the order is changed").fill("By the court's variation.")
    page.get_by_role("button", name="Record it").click()
    expect(page.locator("body")).to_contain_text("The zone was recorded")
    expect(told).to_contain_text("shop")
    assert [one for one in said_wrongly(complaints) if "status of 422" not in one] == []
