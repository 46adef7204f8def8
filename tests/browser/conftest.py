"""A real Chromium, and the report of the made-up run as a file for it to open."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from made_run import streets, tables
from playwright.sync_api import Browser, sync_playwright

from tipstaff.documents.report import render
from tipstaff.documents.run_view import assemble
from tipstaff.documents.streets import from_geojson


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; ./run test installs it."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("Chromium is not installed: ./run test installs it")
    flags = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=flags)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def report_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the made-up run."""
    path = tmp_path_factory.mktemp("report") / "run.html"
    path.write_text(render(assemble(*tables()), from_geojson(streets())), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, from the front end's development dependencies."""
    script = Path(__file__).resolve().parents[2] / "frontend/node_modules/axe-core/axe.min.js"
    if not script.is_file():
        pytest.skip("axe-core is not installed: ./run test installs it")
    return script.read_text(encoding="utf-8")
