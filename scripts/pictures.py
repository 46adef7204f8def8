"""Make docs/images/console.png from a demonstration that runs: `python -m scripts.pictures URL`.

The URL is the one that `./run demo` prints. Nobody in the picture is real.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, sync_playwright

ROOT: Final = Path(__file__).resolve().parents[1]
TARGET: Final = ROOT / "docs" / "images" / "console.png"
MOST_BYTES: Final = 250_000
WHO: Final = "monitoring_operator"


def sign_in(page: Page, url: str) -> None:
    """Sign in as the sign-in page of a demonstration says."""
    page.goto(f"{url}/sign-in")
    shown = page.locator(".govuk-inset-text code")
    page.get_by_label("Name", exact=True).fill(WHO)
    page.get_by_label("Password").fill(shown.nth(0).inner_text())
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Code").fill(shown.nth(1).inner_text())
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="What waits for you").wait_for()


def take(url: str) -> None:
    """Open the queue of the monitoring centre in Debian's Chromium and keep what is seen of it."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = chromium.new_page(viewport={"width": 1280, "height": 860})
        sign_in(page, url)
        page.goto(f"{url}/alerts?queue=live&filter=yes")
        page.locator("[data-row]").first.wait_for()
        page.screenshot(path=TARGET)
        chromium.close()


def main() -> None:
    """Take the picture; too large a one would bloat every clone."""
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m scripts.pictures URL")
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    take(sys.argv[1].rstrip("/"))
    size = TARGET.stat().st_size
    if size > MOST_BYTES:
        raise SystemExit(f"{TARGET} has {size:,} bytes, more than {MOST_BYTES:,}")
    print(f"{TARGET.relative_to(ROOT)}: {size:,} bytes")  # noqa: T201


if __name__ == "__main__":
    main()
