"""The report in a real browser: readable by everyone, silent on the network, inert to input."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from console_looks import violations
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

THREE = "#crime-nottinghamshire-not-24-0003-v1"
ONE = "#crime-nottinghamshire-not-24-0002-v1"
NOBODY = "#crime-nottinghamshire-not-24-0001-v1"
LOST = "#crime-nottinghamshire-not-24-0004-v1"
HOSTILE = "#crime-not-b-ts-script-alert-1-script-v1"
SIZES = {"desktop": (1280, 900), "phone": (320, 640)}


class Watched:
    """A page with what it asked of the network and complained of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (self.complaints.append("dialog"), dialog.dismiss()))


@pytest.fixture(params=list(SIZES))
def watched(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Watched]:
    """A fresh page at each size."""
    width, height = SIZES[request.param]
    context = browser.new_context(viewport={"width": width, "height": height})
    yield Watched(context.new_page())
    context.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page on a desktop."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("crime", [THREE, NOBODY, LOST, HOSTILE])
def test_axe_finds_nothing(watched: Watched, report_file: Path, axe: str, crime: str) -> None:
    page = watched.page
    page.goto(report_file.as_uri() + crime)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.locator(".crime.is-open").count() == 1
    assert violations(page, axe) == []


def test_asks_nothing_of_the_network_and_breaks_no_rule(
    watched: Watched, report_file: Path
) -> None:
    page = watched.page
    page.goto(report_file.as_uri())
    for link in page.locator(".chooser__link").all():
        link.click()
    page.locator(".crime.is-open [data-zoom=in]").first.click()
    assert watched.asked == [report_file.as_uri()]
    assert watched.complaints == []


@pytest.mark.parametrize("crime", [THREE, ONE, LOST, HOSTILE])
def test_nothing_sticks_out_sideways(watched: Watched, report_file: Path, crime: str) -> None:
    page = watched.page
    page.goto(report_file.as_uri() + crime)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_hostile_words_are_only_words(watched: Watched, report_file: Path) -> None:
    page = watched.page
    page.goto(report_file.as_uri() + HOSTILE)
    opened = page.locator(".crime.is-open")
    assert "<script>alert(1)</script>" in opened.inner_text()
    assert "onerror='alert(2)'>{{ 7*7 }}" in opened.inner_text()
    assert page.locator("img").count() == 0
    assert watched.complaints == []


def test_a_script_that_slipped_in_would_not_run(page: Page, report_file: Path) -> None:
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(report_file.as_uri())
    page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
        " document.body.append(s); }"
    )
    assert page.evaluate("window.ran") is None
    assert any("Content Security Policy" in text for text in refused)


def test_one_crime_is_shown_and_named_in_the_address(page: Page, report_file: Path) -> None:
    page.goto(report_file.as_uri())
    page.locator(f".chooser__link[href='{ONE}']").click()
    assert page.url.endswith(ONE)
    assert page.locator(".crime.is-open").get_attribute("id") == ONE[1:]
    assert page.locator(".chooser__link[aria-current]").get_attribute("href") == ONE
    page.go_back()
    page.locator(f".chooser__link[href='{NOBODY}']").click()
    assert page.locator(".crime:visible").count() == 1


def test_the_list_can_be_narrowed(page: Page, report_file: Path) -> None:
    page.goto(report_file.as_uri())
    page.get_by_label("Find a crime").fill("vehicle 0003")
    assert page.locator(".chooser__list li:visible").count() == 1
    assert page.locator("#shown").inner_text() == "1 of 6 crimes"
    page.get_by_label("Find a crime").fill("")
    page.get_by_label("With candidates only").check()
    assert page.locator(".chooser__list li:visible").count() == 4


def test_the_keyboard_reaches_everything(page: Page, report_file: Path) -> None:
    page.goto(report_file.as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.locator(f".chooser__link[href='{THREE}']").focus()
    page.keyboard.press("Enter")
    page.wait_for_function(f"document.activeElement.id === '{THREE[1:]}-title'")
    reached = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "(e => e.dataset.zoom || e.type || e.className || e.tagName)"
                "(document.activeElement)"
            )
        )
    assert {"map__view", "in", "out", "reset", "range"} <= reached


def test_the_map_moves_zooms_and_steps(page: Page, report_file: Path) -> None:
    page.goto(report_file.as_uri() + THREE)
    opened = page.locator(".crime.is-open")
    box = opened.locator(".map-svg")
    before = box.get_attribute("viewBox")
    opened.locator(".map__view").focus()
    page.keyboard.press("+")
    page.keyboard.press("ArrowRight")
    after = box.get_attribute("viewBox")
    assert float((after or "").split()[2]) == float((before or "").split()[2]) / 2
    opened.get_by_role("button", name="Reset").click()
    assert box.get_attribute("viewBox") == before
    slider = opened.locator("input[type=range]")
    slider.fill("20")
    said = opened.locator("output").inner_text()
    assert said.startswith("23:20: A ")
    assert "m away" in said


def test_everything_is_readable_without_the_script(browser: Browser, report_file: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report_file.as_uri())
    assert page.locator(".crime:visible").count() == 6
    assert page.locator(".map-svg:visible").count() == 5
    assert page.locator(".filter:visible, .map__tools:visible").count() == 0
    context.close()


def test_paper_holds_every_crime_and_reason_but_no_closed_table_of_fixes(
    page: Page, report_file: Path
) -> None:
    page.goto(report_file.as_uri())
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".crime:visible").count() == 6
    assert page.locator("details:not(.fixes):not([open])").count() == 0
    assert page.locator("details.fixes[open]").count() == 0
    assert page.locator(".chooser:visible").count() == 0


def test_the_map_is_also_a_table(page: Page, report_file: Path) -> None:
    page.goto(report_file.as_uri() + ONE)
    opened = page.locator(".crime.is-open")
    opened.get_by_text("Table of fixes").click()
    rows = opened.locator(".fixes__table tbody tr")
    heads = opened.locator(".fixes__table thead th").all_inner_texts()
    assert rows.count() == 78
    assert {"Latitude", "Longitude", "Accuracy (95%)", "From the scene"} <= set(heads)
    tracks = json.loads(page.locator("#tracks").text_content() or "")
    assert tracks[ONE[1:]]["tracks"][0]["track"].count(";") == rows.count() - 1


def test_forced_colours_keep_the_marks(browser: Browser, report_file: Path, axe: str) -> None:
    context = browser.new_context(forced_colors="active", color_scheme="dark")
    page = context.new_page()
    page.goto(report_file.as_uri() + THREE)
    colour = "getComputedStyle(document.querySelector('.is-open .step--on')).backgroundColor"
    off = (
        "getComputedStyle(document.querySelector('.is-open .step:not(.step--on)')).backgroundColor"
    )
    assert page.evaluate(colour) != page.evaluate(off)
    # axe reads the page's own colours for contrast, not those forced upon it.
    rules = {"color-contrast": {"enabled": False}}
    assert violations(page, axe, rules=rules) == []
    context.close()
