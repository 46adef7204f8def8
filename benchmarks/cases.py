"""A nation's wearers with their orders taken into the records, beside a bare writing of the bytes.

Each database is measured by the command itself, in a process of its own, on an instance just made.
The floor reads the same document as JSON and writes a row for each wearer and each order.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Final

import psycopg
from tests.support.postgres_server import installation, running_server

from benchmarks.figures import Figure, Result
from tipstaff.domain.cases import Case
from tipstaff.domain.conditions import Condition, Curfew, Trail, ZoneCondition
from tipstaff.domain.identifiers import Identifier, IdentifierKind
from tipstaff.domain.legal_bases import LegalBasis
from tipstaff.domain.orders import Officer, Order, OrderStatus
from tipstaff.domain.timetables import Hours, Row, Timetable, Weekday
from tipstaff.domain.wearers import Address, Name, Wearer
from tipstaff.domain.zones import Circle, Harm, Place, Zone, ZoneKind
from tipstaff.formats.case_json import write_cases

#: People tagged in England and Wales, September 2025.
WEARERS: Final = 26_647
NAMED: Final = {"full": 1.0, "tiny": 0.004}
_START: Final = datetime(2026, 1, 5, tzinfo=UTC)
_FORCES: Final = ("Derbyshire", "Durham", "Hertfordshire", "Dorset", "Nottinghamshire")


def case_of(number: int) -> Case:
    """The case of one wearer: a licence with a curfew of seven nights, a zone and a trail."""
    chance = random.Random(number)
    place = Place(round(chance.uniform(50.8, 54.9), 6), round(chance.uniform(-2.9, 0.4), 6))
    force, starts = chance.choice(_FORCES), _START + timedelta(days=chance.randrange(200))
    wearer = Wearer(
        f"W{number:06d}",
        (Name("Made", f"Up{number:05d}"),),
        date(1970, 1, 1) + timedelta(days=chance.randrange(12_000)),
        identifiers=(Identifier(IdentifierKind.NOMIS, f"A{number // 26 % 10_000:04d}AA"),),
        addresses=(Address("home", (f"{chance.randrange(1, 200)} Made Street",), "", place),),
    )
    order = Order(
        f"O{number:06d}",
        wearer.reference,
        LegalBasis.LICENCE,
        "HMP Made",
        starts,
        Officer(f"Officer {chance.randrange(900)}", "Probation"),
        force,
        OrderStatus.ACTIVE,
        ends_at=starts + timedelta(days=180),
        served_at=starts,
        reviews=((starts + timedelta(days=60)).date(),),
        conditions=_conditions(place, starts.date()),
    )
    return Case(wearer, (order,))


def _conditions(home: Place, first: date) -> tuple[Condition, ...]:
    hours = Hours(clock_time(19), clock_time(7), ("home",))
    nights = Timetable(tuple(Row(day, hours) for day in Weekday), first)
    away = Circle(Place(round(home.latitude + 0.05, 6), home.longitude), 300.0)
    zone = Zone(kind=ZoneKind.EXCLUSION, shape=away, harm=Harm.HIGH)
    return (Curfew("c1", nights), ZoneCondition("z1", zone), Trail("t1"))


def _import_seconds(folder: Path, document: Path, database: str) -> float:
    """`tipstaff import orders` on an instance just made."""
    data = folder / "data"
    environment = {
        **os.environ, "TIPSTAFF_DATA": str(data), "TIPSTAFF_DATABASE": database,
        "TIPSTAFF_ACTOR": "bench",
    }  # fmt: skip
    program = [sys.executable, "-m", "tipstaff"]

    def run(*words: str) -> None:
        subprocess.run([*program, *words], env=environment, check=True, stdout=subprocess.DEVNULL)

    run("init", "--user", "bench")
    begun = time.perf_counter()
    run("import", "orders", str(document), "--purpose", "offender_management")
    return time.perf_counter() - begun


def _rows(document: Path) -> list[tuple[str, str]]:
    cases = json.loads(document.read_bytes())["cases"]
    values = [value for case in cases for value in (case["wearer"], *case["orders"])]
    return [(value["reference"], json.dumps(value)) for value in values]


def _sqlite_floor(folder: Path, document: Path) -> float:
    begun = time.perf_counter()
    with sqlite3.connect(folder / "floor.sqlite3") as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("CREATE TABLE kept (reference TEXT, content TEXT)")
        database.executemany("INSERT INTO kept VALUES (?, ?)", _rows(document))
    return time.perf_counter() - begun


def _postgres_floor(url: str, document: Path) -> float:
    begun = time.perf_counter()
    with psycopg.connect(url) as database:
        database.execute("CREATE TABLE kept (reference TEXT, content TEXT)")
        with database.cursor().copy("COPY kept FROM STDIN") as copy:
            for row in _rows(document):
                copy.write_row(row)
    return time.perf_counter() - begun


def postgres_url(stack: ExitStack, name: str) -> str | None:
    """The URL of a new database on a server started for this; None where there is none."""
    install = installation()
    if install is None:
        return None
    url = stack.enter_context(running_server(install))
    with psycopg.connect(url.replace("DATABASE", "postgres"), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    return url.replace("DATABASE", name)


def _measured(folder: Path, document: Path, url: str, floor: Callable[[], float]) -> list[float]:
    folder.mkdir()
    return [_import_seconds(folder, document, url), floor()]


def run(scale: str) -> Result:
    """Load the same document into SQLite and, where there is a server, into PostgreSQL."""
    wearers = max(2, round(WEARERS * (NAMED[scale] if scale in NAMED else float(scale))))
    figures, notes = [], ["Asked for: under two minutes."]
    with tempfile.TemporaryDirectory(prefix="tipstaff-bench-") as temporary, ExitStack() as stack:
        folder = Path(temporary)
        document = folder / "cases.json"
        document.write_bytes(write_cases(tuple(case_of(n) for n in range(wearers))))
        ours, floor = _measured(
            folder / "sqlite", document, "sqlite", lambda: _sqlite_floor(folder, document)
        )
        figures.append(Figure("SQLite", ours, "s", floor, "JSON read, a row each in SQLite"))
        url = postgres_url(stack, "cases")
        if url is None:
            notes.append("No PostgreSQL here: not measured.")
        else:
            ours, floor = _measured(
                folder / "postgresql", document, url, lambda: _postgres_floor(url, document)
            )
            figures.append(Figure("PostgreSQL", ours, "s", floor, "JSON read, copied a row each"))
            notes.append("The PostgreSQL server runs without fsync.")
        size = document.stat().st_size >> 10
    return Result("cases", scale, figures, {"wearers with an order": wearers, "KB": size}, notes)
