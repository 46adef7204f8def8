"""A real Chromium, the report of the made-up run as a file for it to open, and a console."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from console_looks import ROLES
from made_run import streets, tables
from playwright.sync_api import Browser, sync_playwright
from program import environment, instance_of
from served import Server, serving

from tipstaff.documents.report import render
from tipstaff.documents.run_view import RunView, assemble
from tipstaff.documents.streets import from_geojson

SUPPORT = Path(__file__).resolve().parents[1] / "support"


def _missing(what: str) -> NoReturn:
    """Say what is missing; in continuous integration that is a failure."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is not installed: ./run test installs it")
    pytest.skip(f"{what} is not installed: ./run test installs it")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, for one module: its event loop must be gone before Django is asked."""
    chromium = shutil.which("chromium")
    if chromium is None:
        _missing("Chromium")
    flags = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=flags)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def report_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the made-up run."""
    path = tmp_path_factory.mktemp("report") / "run.html"
    run = assemble(*tables())
    assert isinstance(run, RunView)
    path.write_text(render(run, from_geojson(streets())), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, from the front end's development dependencies."""
    script = Path(__file__).resolve().parents[2] / "frontend/node_modules/axe-core/axe.min.js"
    if not script.is_file():
        _missing("axe-core")
    return script.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with wearers, alerts, matched crimes, and a colleague of each role."""
    data = tmp_path_factory.mktemp("console") / "var"
    instance_of("tester", data)
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
