"""`./run validate NAME`: regenerate a page of docs/validation."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from validation import error_model, matching, misuse, monitoring

PAGES = {
    "matching": matching.write,
    "error-model": error_model.write,
    "misuse": misuse.write,
    "monitoring": monitoring.write,
}
ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Regenerate one page, or say which there are."""
    parser = argparse.ArgumentParser(prog="./run validate", description=__doc__)
    parser.add_argument("name", nargs="?", choices=sorted(PAGES), help="the page to regenerate")
    parser.add_argument(
        "--out", type=Path, default=ROOT / "docs" / "validation", help="folder of the pages"
    )
    parser.add_argument(
        "--work", type=Path, help="keep each world's pairs here and take them up again after a stop"
    )
    parser.add_argument(
        "--tiny", action="store_true", help="a trial of the machinery; its figures mean nothing"
    )
    given = parser.parse_args()
    if given.name is None:
        parser.print_help()
        print("\npages: " + ", ".join(sorted(PAGES)))  # noqa: T201 (a command's answer)
        return
    with tempfile.TemporaryDirectory() as scratch:
        work = given.work or Path(scratch)
        work.mkdir(parents=True, exist_ok=True)
        PAGES[given.name](given.out, work, tiny=given.tiny)


if __name__ == "__main__":
    main()
