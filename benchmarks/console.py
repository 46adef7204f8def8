"""The console's pages with a nation's wearers on record, each beside a page that shows nothing.

Pages are asked for in one process, without a network: what is measured is the program and its
database. The floor is the page of one's own account, which asks for hardly more than the session.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from benchmarks.cases import WEARERS, postgres_url
from benchmarks.figures import Figure, Result
from benchmarks.instances import made

#: What each role looks at; `Next page` is followed where a list has one.
PAGES: Final = {
    "monitoring_operator": (
        "/", "/alerts", "/people", "/map", "/map/data", "/desks/centre", "/lists/pauses",
        "/health/feeds", "/people/REAL", "/alerts/REAL/1",
    ),
    "iom_coordinator": (
        "/", "/people", "/desks/caseload", "/lists/absences", "/lists/referrals", "/lists/reviews",
        "/lists/plan-reviews", "/lists/tasks", "/lists/releases", "/lists/own-requests", "/board",
        "/people/REAL/plan",
    ),
    "hub_manager": (
        "/", "/lists/not-fitted", "/lists/releases", "/lists/reviews", "/lists/absences",
        "/lists/referrals", "/crimes",
    ),
    "administrator": ("/", "/lists/accounts", "/lists/devices", "/lists/keys"),
    "auditor": ("/", "/lists/audit"),
}  # fmt: skip
#: A page that asks the database for the session alone: what a page costs by itself.
BARE: Final = "/account"
NAMED: Final = {"full": 1.0, "tiny": 0.004}
#: What a page may take, p95.
BAR_MS: Final = 200.0
_ROUNDS: Final = 40
#: Of a page, what its process's own work came to: other work on the machine is not in it.
WORK: Final = ", processor"


def run(scale: str) -> Result:
    """Every page of four roles on both databases: p95, and how many times the bare page it is."""
    share = NAMED.get(scale) or float(scale)
    people = max(100, round(WEARERS * share))
    figures: list[Figure] = []
    notes = [f"The bar is p95 under {BAR_MS:.0f} ms."]
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        figures += _pages("SQLite", folder / "sqlite", "sqlite", people)
        url = postgres_url(stack, "console")
        if url is None:
            notes.append("No PostgreSQL here: not measured.")
        else:
            figures += _pages("PostgreSQL", folder / "postgresql", url, people)
            notes.append("The PostgreSQL server runs without fsync.")
    slow = [one.what for one in figures if one.ours > BAR_MS]
    notes.append(f"Slower than that: {', '.join(slow)}." if slow else "Every page meets it.")
    notes.append("Load of the machine: {:.1f}, {:.1f}, {:.1f}.".format(*os.getloadavg()))
    return Result("console", scale, figures, {"wearers": people, "looks at each": _ROUNDS}, notes)


def _pages(words: str, data: Path, database: str, people: int) -> list[Figure]:
    environment = made(data, database)
    asked = [sys.executable, "-m", "benchmarks.console_child", str(people), str(_ROUNDS)]
    ran = subprocess.run(asked, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    told: dict[str, dict[str, list[list[float]]]] = json.loads(ran.stdout.splitlines()[-1])
    found = []
    for role, pages in told.items():
        bare = pages.pop(BARE)
        for path, looks in pages.items():
            for of, what in enumerate(("", WORK)):
                name, floor = f"{words}, {role}: {path}{what}", _p95(bare, of)
                found.append(Figure(name, _p95(looks, of), "ms", floor, f"{BARE}, p95"))
    return found


def _p95(looks: list[list[float]], of: int) -> float:
    """By the clock, or by the processor."""
    return statistics.quantiles([look[of] for look in looks], n=20)[-1]
