"""`./run bench NAME [--json FILE] [--scale S]`: run a benchmark; no name lists them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Final

from benchmarks.figures import Result, as_text, write_json

#: Name → module with `run(scale)`, and what it is in a line.
BENCHMARKS: Final = {
    "match": ("benchmarks.match", "a nation's day: 12,318 wearers against 5,000 crimes"),
    "pending": ("benchmarks.pending", "1% of a matched night is late: finding and matching that"),
    "import": ("benchmarks.positions_import", "position files into the archive"),
    "cases": ("benchmarks.cases", "26,647 wearers with orders into the records"),
    "console": ("benchmarks.console", "the console's pages with 26,647 wearers on record"),
    "maps": ("benchmarks.maps", "a trail of 43,200 fixes and a map of 500 people in a browser"),
    "intake": ("benchmarks.intake", "suppliers' fixes durable over HTTP, in batches of 1 to 1,000"),
    "live": ("benchmarks.live", "the worker: messages in, alerts on record; its room by itself"),
    "monitor": ("benchmarks.monitor", "a day of fixes through the rules of zones and curfews"),
    "near": ("benchmarks.near", "who was near a place in an hour, beside a scan of the day"),
    "meetings": ("benchmarks.meetings", "all pairs of 25,000 wearers in a day, beside PyMEOS"),
    "motion": ("benchmarks.motion", "the smoother's kernel beside the same in plain Python"),
}


def _listing() -> str:
    width = max(map(len, BENCHMARKS))
    return "\n".join(f"{name.ljust(width)}  {line}" for name, (_m, line) in BENCHMARKS.items())


def _scale(text: str) -> str:
    if text in {"full", "tiny"}:
        return text
    try:
        if 0.0 < float(text) <= 1.0:
            return text
    except ValueError:
        pass
    raise argparse.ArgumentTypeError("full, tiny or a share above 0 and up to 1")


def _json_file(text: str) -> Path:
    path = Path(text)
    if not path.absolute().parent.is_dir() or path.is_dir():
        raise argparse.ArgumentTypeError("no file can be written there")
    return path


def main() -> int:
    """Run what the command line asks for; 2 if there is no such benchmark."""
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("name", nargs="?", help="which one; none lists them")
    parser.add_argument("--json", type=_json_file, metavar="FILE", help="write the figures here")
    parser.add_argument("--scale", type=_scale, default="full", help="full, tiny or a share of 1")
    given = parser.parse_args()
    if given.name is None:
        print(_listing())
        return 0
    if given.name not in BENCHMARKS:
        print(f"There is no benchmark '{given.name}'. There are:\n{_listing()}", file=sys.stderr)
        return 2
    run: Callable[[str], Result] = import_module(BENCHMARKS[given.name][0]).run
    result = run(given.scale)
    print(as_text(result))
    if given.json is not None:
        write_json(result, given.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
