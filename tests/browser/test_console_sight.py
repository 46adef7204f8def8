"""The console as some people see it: colours of their own, twice the size, larger text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from console_looks import opened, session_of, violations
from playwright.sync_api import Browser, Page
from served import Server

pytestmark = pytest.mark.browser
#: One page of each way of showing something, by whom it is open to.
PAGES = {
    "monitoring_operator": (
        "/", "/alerts", "/alerts/W2/1", "/map", "/people/W1", "/people/W1/trail", "/desks/centre",
        "/health/feeds",
    ),
    "hub_caseworker": ("/people", "/matches", "/crimes", "/desks/caseload", "/board", "/help"),
}  # fmt: skip
#: Parts of which more is written than is shown, and nothing scrolls.
CUT = """() => [...document.querySelectorAll("main *")].filter(one => {
  const style = getComputedStyle(one)
  const hidden = style.overflowX === "hidden" && style.position !== "absolute"
  return hidden && one.clientWidth > 1 && one.scrollWidth > one.clientWidth + 1 && one.innerText
}).map(one => one.outerHTML.slice(0, 120))"""
Open = Callable[..., Iterator[tuple[Page, str]]]


@pytest.fixture(scope="module")
def sessions(browser: Browser, console: Server) -> dict[str, Any]:
    """Of each role, what a browser keeps of its session."""
    return {role: session_of(browser, console, role) for role in PAGES}


@pytest.fixture
def every_page(browser: Browser, console: Server, sessions: dict[str, Any]) -> Open:
    """All the pages, one after another, in a browser set up as somebody wants it."""

    def pages(**wanted: Any) -> Iterator[tuple[Page, str]]:
        for role, paths in PAGES.items():
            context = browser.new_context(storage_state=sessions[role], **wanted)
            page = context.new_page()
            for path in paths:
                opened(page, console.url + path)
                yield page, path
            context.close()

    return pages


def test_at_twice_the_size_nothing_is_cut_off(every_page: Open) -> None:
    """Text alone, then all of it: a window of 1280 pixels at 200% is as wide as one of 640."""
    size = "getComputedStyle(document.querySelector('h1')).fontSize"
    for page, path in every_page(viewport={"width": 1280, "height": 900}):
        before = page.evaluate(size)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert float(page.evaluate(size)[:-2]) == pytest.approx(2 * float(before[:-2])), path
        assert beyond(page) <= 0, path
        assert page.evaluate(CUT) == [], path
        page.evaluate("document.documentElement.style.fontSize = ''")
        page.set_viewport_size({"width": 640, "height": 450})
        assert beyond(page) <= 0, path
        assert page.evaluate(CUT) == [], path
        page.set_viewport_size({"width": 1280, "height": 900})


def test_colours_of_ones_own_hide_nothing(every_page: Open, axe: str) -> None:
    """Axe reads the page's own colours for contrast, not those forced upon it."""
    rules = {"color-contrast": {"enabled": False}}
    for page, path in every_page(forced_colors="active", color_scheme="dark"):
        assert violations(page, axe, rules=rules) == [], path
        if path == "/people/W1":
            week = page.locator(".tipstaff-week svg").first
            assert week.evaluate("one => getComputedStyle(one).forcedColorAdjust") == "none"


def beyond(page: Page) -> int:
    """How much wider the page is than its window."""
    found: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return found
