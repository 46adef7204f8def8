"""Pages of the console, asked for again and again on an instance with a nation in it.

A process of its own, on the instance of the environment: `console_child.py PEOPLE ROUNDS`. Prints
JSON: milliseconds of each look by the clock and by the processor, by role and page.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.test import Client
from tests.support.alert_samples import new_alert
from tests.support.made_accounts import LOCAL
from tests.support.made_cases import curfew, order, wearer, zone
from tests.support.many_cases import fill
from tests.support.sign_in_fixtures import signed_in

import tipstaff.services  # noqa: F401 (makes Django ready, before anything of its models)
from benchmarks.console import BARE, PAGES
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.roles import Role
from tipstaff.records import last_heard, wearers
from tipstaff.records.models import OrderStretch
from tipstaff.services.cases import record_order, record_wearer
from tipstaff.services.instance import open_instance
from tipstaff.web.server import made_ready


def main(people: int, rounds: int) -> None:
    """Fill, sign in, and look."""
    open_instance()
    fill_county(people)
    told: dict[str, dict[str, list[tuple[float, float]]]] = {}
    with made_ready():  # as the server is, before it answers
        for role, pages in PAGES.items():
            browser = _browser(role)
            told[role] = {path: list(_looks(browser, path, rounds)) for path in (BARE, *pages)}
    print(json.dumps(told))


def _looks(browser: Any, path: str, rounds: int) -> Iterator[tuple[float, float]]:
    for n in range(rounds + 2):
        begun, worked = time.perf_counter(), time.process_time()
        answer = browser.get(path)
        took, work = time.perf_counter() - begun, time.process_time() - worked
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code}")
        if n >= 2:  # the first looks compile templates and warm the database
            yield 1000.0 * took, 1000.0 * work


def _browser(role: str) -> Any:
    settings.SECRET_KEY = "only for this benchmark " * 3
    return signed_in(partial(Client, SERVER_NAME="localhost"), Role(role), role)


def fill_county(people: int) -> None:
    """People as lists have them, each heard a moment ago, and `REAL`, who can be shown."""
    fill(people)
    OrderStretch.objects.filter(force="Force1").update(force="Derbyshire")  # one in forty
    who = LOCAL | {"purpose": Purpose.OFFENDER_MANAGEMENT}
    record_wearer(**who, wearer=wearer("REAL"))
    began = datetime.now(UTC) - timedelta(days=30)
    held = {"starts_at": began, "served_at": began, "ends_at": began + timedelta(days=90)}
    conditions = (curfew(dates=f"{began:%Y-%m-%d}"), zone())
    done = record_order(
        **who, order=order(wearer="REAL", conditions=conditions, reviews=(), **held)
    )
    if done.problems:
        raise RuntimeError(str(done.problems))
    new_alert("REAL")
    now = datetime.now(UTC)
    for first in range(1, people + 1, 500):
        names = [f"W{n}" for n in range(first, min(first + 500, people + 1))]
        last_heard.keep(
            [
                last_heard.Heard(
                    ref, "many", f"D{first + n}", now,
                    last_heard.LastFix(now, 529_000_000 + 997 * (first + n), -14_700_000, 900, 1),
                    timedelta(minutes=10),
                )
                for n, ref in enumerate(wearers.subject_refs(names))
            ]
        )  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
