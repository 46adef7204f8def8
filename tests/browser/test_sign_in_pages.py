"""Signing in in a real browser, by code and by key: no policy is broken, axe finds nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from console_looks import violations
from playwright.sync_api import Browser, Page, expect
from program import environment, instance_of
from served import Server, serving
from sign_in_fixtures import OTHER, PASSWORD, code

pytestmark = pytest.mark.browser
#: A key that the browser makes up, as the machine's own fingerprint reader would be.
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with one account, that of whoever made the instance, and a first password."""
    data = tmp_path_factory.mktemp("served") / "var"
    instance_of("ann", data)
    set_first_password(data)
    with serving(data) as running:
        yield running


def set_first_password(data: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "tipstaff", "sign-in", "set-password", "ann"],
        env=environment(data, TIPSTAFF_ACTOR="ann"),
        input=f"{PASSWORD}\n",
        text=True,
        check=True,
        capture_output=True,
    )


@pytest.fixture
def complaints() -> list[str]:
    """What the browser says of the pages: policies broken, scripts failed."""
    return []


@pytest.fixture
def page(browser: Browser, complaints: list[str]) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    made = context.new_page()
    made.on("console", lambda message: complaints.append(message.text))
    made.on("pageerror", lambda error: complaints.append(str(error)))
    yield made
    context.close()


class Walk:
    """One walk through the pages, looking at each with axe."""

    def __init__(self, page: Page, server: Server, axe: str) -> None:
        self.page, self.server, self.axe = page, server, axe
        self.seen: set[str] = set()

    def at(self, heading: str) -> None:
        """The page with that heading is shown, and axe finds nothing wrong with it."""
        expect(self.page.locator("h1")).to_have_text(heading)
        if heading not in self.seen:
            assert violations(self.page, self.axe) == [], heading
            self.seen.add(heading)

    def go(self, path: str) -> None:
        self.page.goto(self.server.url + path)

    def enter(self, **fields: str) -> None:
        """Fill fields by their labels and press Enter."""
        for label, value in fields.items():
            box = self.page.get_by_label(label.replace("_", " "), exact=True)
            box.fill(value)
        box.press("Enter")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name).click()


def test_from_a_first_password_to_a_key(
    page: Page, server: Server, axe: str, complaints: list[str]
) -> None:
    walk = Walk(page, server, axe)
    choose_a_password(walk)
    secret, recovery = set_up_an_app(walk)
    walk.press("Sign out")
    walk.at("Sign in")
    walk.enter(Name="ann", Password=OTHER)
    walk.at("Second factor")
    walk.enter(Code=code(secret, steps=1))
    walk.at("What waits for you")
    add_a_key(walk)
    walk.press("Sign out")
    sign_in_with_the_key(walk)
    remove_the_app(walk)
    walk.go("/no/such/page")
    walk.at("Page not found")
    walk.press("Sign out")
    walk.enter(Name="ann", Password=OTHER)
    walk.enter(Code=recovery[0])
    walk.at("What waits for you")
    allowed = "Failed to load resource: the server responded with a status of 404 (Not Found)"
    assert [said for said in complaints if said != allowed] == []


def choose_a_password(walk: Walk) -> None:
    walk.go("/")
    walk.at("Sign in")
    walk.enter(Name="ann", Password="not it at all")
    expect(walk.page.locator(".govuk-error-summary")).to_contain_text("belong together")
    walk.seen.discard("Sign in")
    walk.at("Sign in")
    walk.enter(Name="ann", Password=PASSWORD)
    walk.at("Change your password")
    walk.enter(The_password_you_have_now=PASSWORD, New_password=OTHER, New_password_again=OTHER)
    walk.at("Set up a second factor")


def set_up_an_app(walk: Walk) -> tuple[str, list[str]]:
    """The app's secret and the recovery codes."""
    walk.follow("An app for codes")
    walk.at("Set up an app for codes")
    page = walk.page
    assert page.locator(".tipstaff-qr").evaluate("i => i.complete && i.naturalWidth > 100")
    secret = page.locator(".tipstaff-key").inner_text()
    walk.enter(Code=code(secret))
    walk.at("Recovery codes")
    recovery = page.locator(".tipstaff-codes code").all_inner_texts()
    walk.follow("I have kept them")
    walk.at("Your account")
    return secret, recovery


def add_a_key(walk: Walk) -> None:
    cdp = walk.page.context.new_cdp_session(walk.page)
    cdp.send("WebAuthn.enable")
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    walk.go("/account/second-factor")
    walk.follow("A security key")
    walk.at("Confirm that it is you")
    walk.enter(Password=OTHER)
    walk.at("Add a security key")
    walk.page.get_by_label("A name for it").fill("This laptop")
    walk.press("Add this key")
    walk.at("Set up a second factor")
    walk.go("/account")
    expect(walk.page.locator("main")).to_contain_text("This laptop")
    walk.seen.discard("Your account")
    walk.at("Your account")


def sign_in_with_the_key(walk: Walk) -> None:
    walk.enter(Name="ann", Password=OTHER)
    walk.seen.discard("Second factor")
    walk.at("Second factor")
    walk.press("Use security key")
    walk.at("What waits for you")


def remove_the_app(walk: Walk) -> None:
    walk.go("/account/second-factor/app/remove")
    walk.at("Confirm that it is you")
    walk.follow("A security key")
    walk.press("Use security key")
    walk.at("Remove the app for codes?")
    walk.press("Remove app")
    walk.at("Set up a second factor")
    walk.go("/account/recovery-codes/new")
    walk.at("Make new recovery codes?")


def test_signing_in_needs_no_script(browser: Browser, server: Server) -> None:
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(f"{server.url}/sign-in")
        page.get_by_label("Name").fill("nobody")
        page.get_by_label("Password").fill("nothing at all")
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator(".govuk-error-summary")).to_contain_text("belong together")
    finally:
        context.close()


def test_pages_fit_a_phone(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640})
    try:
        page = context.new_page()
        page.goto(f"{server.url}/sign-in")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    finally:
        context.close()
