"""Fills an instance for the benchmark of maps: `maps_child.py PEOPLE MINUTES`, the environment's.

People with a last position each, and `REAL`, whose tag told one each minute for so long.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from math import cos, sin
from pathlib import Path

from tests.support.console_seed import colleague

import tipstaff.services  # noqa: F401 (makes Django ready, before anything of its models)
from benchmarks.console_child import fill_county
from tipstaff.services.instance import open_instance


def main(people: int, minutes: int) -> None:
    """Accounts, people, and one long trail."""
    open_instance()
    for role in ("monitoring_operator", "hub_caseworker"):
        colleague(role)
    fill_county(people)
    _trail("REAL", minutes)


def _trail(name: str, minutes: int) -> None:
    """A fix a minute: days in town, nights at home, every tenth found by the network."""
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    first = now - timedelta(minutes=minutes + 1)
    with tempfile.TemporaryDirectory() as kept:
        worn, fixes = Path(kept) / "worn.csv", Path(kept) / "fixes.csv"
        worn.write_text(
            "activation_id,device_id,wearer_id,start,end\n"
            f"a1,D-long,{name},{first:%Y-%m-%dT%H:%M:%SZ},\n"
        )
        lines = ["device_id,fix_time,latitude,longitude,precision_m,mechanism"]
        for n in range(minutes):
            at, turn = first + timedelta(minutes=n), n / 97
            out = 0.02 if 480 < n % 1440 < 1320 else 0.0
            north, east = 53.0 + out * sin(turn) + n * 1e-8, -1.5 + out * cos(turn * 1.7)
            how = "150,CELL" if n % 10 == 9 else f"{8 + n % 30},GPS"
            lines.append(f"D-long,{at:%Y-%m-%dT%H:%M:%SZ},{north:.6f},{east:.6f},{how}")
        fixes.write_text("\n".join([*lines, ""]))
        for what, file in (("activations", worn), ("positions", fixes)):
            program = [sys.executable, "-m", "tipstaff", "import", what, str(file)]
            subprocess.run(
                [*program, "--purpose", "data_quality"], check=True, stdout=subprocess.DEVNULL
            )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
