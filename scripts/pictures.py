"""Make the pictures of the README: `python -m scripts.pictures console URL` or `… report [PAGE]`.

The console's is taken from a demonstration that runs; URL is the one that `./run demo` prints. The
report's is of a made-up run, or of the report whose path is given (and a fragment, as
F.html#crime-…). Nobody in them is real.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, sync_playwright

ROOT: Final = Path(__file__).resolve().parents[1]
IMAGES: Final = ROOT / "docs" / "images"
WHO: Final = "monitoring_operator"


@contextmanager
def window(width: int, height: int) -> Iterator[Page]:
    """A page of Debian's Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        yield chromium.new_page(viewport={"width": width, "height": height})
        chromium.close()


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


def console(url: str, target: Path) -> None:
    """The queue of the monitoring centre."""
    with window(1280, 860) as page:
        sign_in(page, url)
        page.goto(f"{url}/alerts?queue=live&filter=yes")
        page.locator("[data-row]").first.wait_for()
        page.screenshot(path=target)


def report(named: str, target: Path) -> None:
    """What a desktop shows of a report."""
    with tempfile.TemporaryDirectory() as folder, window(1180, 960) as page:
        path, _, fragment = named.partition("#")
        address = Path(path).resolve().as_uri() + (f"#{fragment}" if fragment else "")
        page.goto(address if named else made_up_report(Path(folder)))
        page.screenshot(path=target)


def made_up_report(folder: Path) -> str:
    """The address of the page of the run that the tests use, at its crime with three candidates."""
    sys.path.insert(0, str(ROOT / "tests" / "support"))
    from made_run import streets, tables  # noqa: PLC0415 (the path is set just above)

    from tipstaff.documents.report import render  # noqa: PLC0415
    from tipstaff.documents.run_view import assemble  # noqa: PLC0415
    from tipstaff.documents.streets import from_geojson  # noqa: PLC0415

    path = folder / "report.html"
    path.write_text(render(assemble(*tables()), from_geojson(streets())), encoding="utf-8")
    return path.as_uri() + "#crime-nottinghamshire-not-24-0003-v1"


#: What is taken, and the most bytes of its picture: too large a one would bloat every clone.
PICTURES: Final[dict[str, tuple[Callable[[str, Path], None], int]]] = {
    "console": (console, 250_000),
    "report": (report, 300_000),
}


def main() -> None:
    """Take the picture that the command line names."""
    name, about = (*sys.argv[1:3], "", "")[:2]
    if name not in PICTURES or (name == "console" and not about):
        raise SystemExit(__doc__)
    take, most = PICTURES[name]
    IMAGES.mkdir(parents=True, exist_ok=True)
    target = IMAGES / f"{name}.png"
    take(about.rstrip("/"), target)
    size = target.stat().st_size
    if size > most:
        raise SystemExit(f"{target} has {size:,} bytes, more than {most:,}")
    print(f"{target.relative_to(ROOT)}: {size:,} bytes")  # noqa: T201


if __name__ == "__main__":
    main()
