"""The wearer's own page in a real browser: by phone and desk, in three forms, without scripts."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from console_looks import look
from playwright.sync_api import Browser, expect
from program import environment, instance_of
from served import Server, serving

from tipstaff.formats.own_texts import FORMS, own_texts

pytestmark = pytest.mark.browser
SUPPORT = Path(__file__).resolve().parents[1] / "support"
PAGES = ("week", "record", "seen", "consent", "change", "copy")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance with wearers, an order each."""
    made = tmp_path_factory.mktemp("own") / "var"
    instance_of("tester", made)
    path = os.pathsep.join([str(SUPPORT), os.environ.get("PYTHONPATH", "")])
    subprocess.run(
        [sys.executable, str(SUPPORT / "own_seed.py")],
        env=environment(made, TIPSTAFF_ACTOR="tester", PYTHONPATH=path),
        check=True,
    )
    return made


@pytest.fixture(scope="module")
def server(data: Path) -> Iterator[Server]:
    """Its pages."""
    with serving(data) as running:
        yield running


def code_for(data: Path, wearer: str) -> str:
    """A code, as staff print it."""
    ran = subprocess.run(
        [sys.executable, "-m", "tipstaff", "own-code", wearer, "--purpose", "offender_management"],
        env=environment(data, TIPSTAFF_ACTOR="tester"),
        check=True,
        capture_output=True,
        text=True,
    )
    return ran.stdout.strip()


@pytest.mark.parametrize("form", FORMS)
def test_every_page_is_accessible_at_phone_and_desk_size(
    browser: Browser, server: Server, data: Path, axe: str, form: str
) -> None:
    words, complaints = own_texts(form).words, []
    context = browser.new_context()
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{server.url}/own?lang={form}")
    look(page, axe, "open")
    page.get_by_label(words["who"]).fill("W1")
    page.get_by_label(words["code"]).fill("AAAA AAAA")
    page.get_by_role("button", name=words["open"]).click()
    expect(page.get_by_role("alert")).to_contain_text(words["wrong"])
    look(page, axe, "wrong")
    page.get_by_label(words["code"]).fill(code_for(data, "W1"))
    page.get_by_role("button", name=words["open"]).click()
    for name in PAGES:
        page.goto(f"{server.url}/own/{name}")
        look(page, axe, name)
    page.goto(f"{server.url}/own/change")
    page.get_by_role("button", name=words["send"], exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    look(page, axe, "nothing asked")
    context.close()
    assert [one for one in complaints if "422" not in one] == []


def test_consent_is_taken_back_on_a_phone_without_scripts(
    browser: Browser, server: Server, data: Path
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(f"{server.url}/own")
    page.get_by_label("Your reference").fill("W2")
    page.get_by_label("Your code").fill(code_for(data, "W2"))
    page.get_by_role("button", name="Open my page").click()
    page.get_by_role("link", name="My consent").click()
    page.get_by_role("button", name="Take my consent back").click()
    expect(page.locator("h1")).to_have_text("Are you sure?")
    page.get_by_role("button", name="Yes, take my consent back now").click()
    expect(page.get_by_role("status")).to_contain_text("Your consent is taken back.")
    page.get_by_role("button", name="Close my page").click()
    expect(page.locator("h1")).to_have_text("Open your page")
    context.close()
