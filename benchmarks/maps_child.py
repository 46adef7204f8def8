"""Fills an instance for the benchmark of maps: `maps_child.py PEOPLE MINUTES`, the environment's.

People with a last position each, and `REAL`, with as many fixes as minutes, of a simulated life.
"""

from __future__ import annotations

import csv
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final

from tests.support.console_seed import colleague

import tipstaff.services  # noqa: F401 (makes Django ready, before anything of its models)
from benchmarks.console_child import fill_county
from tipstaff.services.instance import open_instance

#: The order that allows the fixes begins as long ago: they begin a little later, and end earlier.
_SPARE: Final = timedelta(minutes=5)


def main(people: int, minutes: int) -> None:
    """Accounts, people, and one long trail."""
    open_instance()
    for role in ("monitoring_operator", "hub_caseworker"):
        colleague(role)
    fill_county(people)
    _trail("REAL", minutes)


def _trail(name: str, minutes: int) -> None:
    """The life of the wearer of a simulated town who was seen most often, over the last days."""
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    first = now - timedelta(minutes=minutes) + _SPARE
    days = -(-minutes // 1440) + 2
    with tempfile.TemporaryDirectory() as kept:
        town = Path(kept) / "town"
        start = f"{first - timedelta(days=1):%Y-%m-%d}"
        told = [f"--days={days}", f"--start={start}", "--wearers=4", "--positions=csv"]
        _tipstaff("simulate", str(town), *told)
        (town / "worn.csv").write_text(
            "activation_id,device_id,wearer_id,start,end\n"
            f"a1,D-long,{name},{first:%Y-%m-%dT%H:%M:%SZ},\n"
        )
        with (town / "positions.csv").open(newline="") as file:
            rows = [row for row in csv.DictReader(file) if _within(row, first, now - _SPARE)]
        most, _times = Counter(row["device_id"] for row in rows).most_common(1)[0]
        own = sorted((r for r in rows if r["device_id"] == most), key=lambda row: row["fix_time"])
        lines = [
            "device_id,fix_time,latitude,longitude,precision_m,mechanism",
            *_dense(own, minutes),
        ]
        (town / "fixes.csv").write_text("\n".join([*lines, ""]))
        for what, file_name in (("activations", "worn.csv"), ("positions", "fixes.csv")):
            _tipstaff("import", what, str(town / file_name), "--purpose", "data_quality")


def _within(row: dict[str, str], first: datetime, last: datetime) -> bool:
    return first <= datetime.fromisoformat(row["fix_time"]) < last


def _dense(rows: list[dict[str, str]], minutes: int) -> Iterator[str]:
    """As many as one a minute would be: where some are missing, others have one between them."""
    missing = minutes - len(rows)
    for row, after in pairwise(rows):
        place = [(float(row[axis]), float(after[axis])) for axis in ("latitude", "longitude")]
        at, until = (datetime.fromisoformat(one["fix_time"]) for one in (row, after))
        yield _line(row, at, *(here for here, _there in place))
        if missing > 0 and until - at > timedelta(seconds=10):
            missing -= 1
            yield _line(row, at + (until - at) / 2, *((a + b) / 2 for a, b in place))


def _line(row: dict[str, str], at: datetime, latitude: float, longitude: float) -> str:
    moment = f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"
    place = f"{latitude:.6f},{longitude:.6f}"
    return f"D-long,{moment},{place},{row['precision_m']},{row['mechanism']}"


def _tipstaff(*words: str) -> None:
    program = [sys.executable, "-m", "tipstaff", *words]
    subprocess.run(program, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
