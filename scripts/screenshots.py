"""Make docs/images/report.png from a made-up run: `.venv/bin/python scripts/screenshots.py`.

With the path of a report as an argument (and a fragment, as F.html#crime-…), of that one.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "images" / "report.png"
MOST_BYTES = 300_000


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


def take(address: str) -> None:
    """Open the page in Debian's Chromium and keep what a desktop shows of it."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = chromium.new_page(viewport={"width": 1180, "height": 960})
        page.goto(address)
        page.screenshot(path=TARGET)
        chromium.close()


def main() -> None:
    """Take the picture; too large a one would bloat every clone."""
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        if len(sys.argv) > 1:
            path, _, fragment = sys.argv[1].partition("#")
            address = Path(path).resolve().as_uri() + (f"#{fragment}" if fragment else "")
        else:
            address = made_up_report(Path(folder))
        take(address)
    size = TARGET.stat().st_size
    if size > MOST_BYTES:
        raise SystemExit(f"{TARGET} has {size:,} bytes, more than {MOST_BYTES:,}")
    print(f"{TARGET.relative_to(ROOT)}: {size:,} bytes")  # noqa: T201


if __name__ == "__main__":
    main()
