"""Live monitoring through Spark: a recorded day, stopped and gone on with, tells the same."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from drawn_lives import MINUTE, START
from drawn_rooms import RULES

from tipstaff.engines.spark_monitoring import fact_table, told_by, told_line
from tipstaff.engines.streamed_life import StreamedLife
from tipstaff.monitoring.brought_on import LiveFact, Watched
from tipstaff.monitoring.device_watches import DeviceWatch
from tipstaff.monitoring.events import DeviceEvent, EventKind
from tipstaff.monitoring.facts import Fix
from tipstaff.monitoring.watches import ZoneWatch

pytestmark = pytest.mark.slow
FILES, PEOPLE, HOURS = 3, 4, 12


def missing() -> str:
    """What Spark needs and this machine has not; empty where it has all."""
    from importlib.util import find_spec

    gone = [name for name in ("pyspark", "pandas") if find_spec(name) is None]
    if shutil.which("java") is None:
        gone.append("java")
    return ", ".join(gone)


def watched(zone: ZoneWatch) -> dict[str, Watched]:
    end = START + HOURS * 60 * MINUTE
    return {
        f"life-{n}": Watched(f"life-{n}", START, (zone,), DeviceWatch(f"T{n}", ((START, end),)))
        for n in range(PEOPLE)
    }


def day(lives: dict[str, Watched], seed: int) -> list[list[tuple[str, LiveFact]]]:
    """Files of what came in, in that order: some late by hours, some twice."""
    chance, told = random.Random(seed), []
    for life in lives:
        inside = False
        for minute in range(1, HOURS * 60):
            inside = inside if chance.random() < 0.96 else not inside
            lat = 531_000_000 + (0 if inside else 400_000) + chance.randrange(-500, 500)
            at = START + minute * MINUTE
            came = at + chance.choice([0] * 18 + [30, 200]) * MINUTE
            told.append((life, Fix(at, lat, -14_000_000, 1, 1_000, came)))
        cut = START + chance.randrange(60, HOURS * 60) * MINUTE
        told.append((life, DeviceEvent(cut, EventKind.STRAP_CUT, cut + 90 * MINUTE)))
    told += chance.sample(told, 40)
    told.sort(key=lambda row: row[1].ingested_us)
    size = -(-len(told) // FILES)
    return [told[n : n + size] for n in range(0, len(told), size)]


PROGRAM = """
import pickle, sys
from pathlib import Path
from tipstaff.engines.spark_monitoring import stream
watched, rules = pickle.loads(Path(sys.argv[1]).read_bytes())
stream(Path(sys.argv[2]), Path(sys.argv[3]), watched, rules)
"""


def streamed(folder: Path) -> None:
    """In a process of its own, as Spark's runtime is one to a process."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, folder / "watched", folder / "facts", folder / "kept"],
        env={**os.environ, "SPARK_LOCAL_IP": "127.0.0.1"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]


def test_a_recorded_day_tells_the_same_also_after_a_restart(tmp_path: Path) -> None:
    if gone := missing():
        if os.environ.get("CI"):
            pytest.fail(f"{gone}: ./run test installs what Spark needs")
        pytest.skip(f"{gone} is not installed: ./run test installs what Spark needs")
    import pickle

    lives = watched(_zone())
    files = day(lives, 7)
    end = START + HOURS * 60 * MINUTE
    (tmp_path / "watched").write_bytes(pickle.dumps((lives, RULES)))
    (tmp_path / "facts").mkdir()
    for number, rows in enumerate(files):
        _write(tmp_path / "facts", number, rows)
        if number == FILES // 2:
            streamed(tmp_path)
    _write(tmp_path / "facts", len(files), [(life, end + 400 * MINUTE) for life in lives])
    streamed(tmp_path)
    found = told_by(tmp_path / "kept")
    assert set(found) == set(lives)
    every = [row for rows in files for row in rows]
    for life, one in found.items():
        whole = StreamedLife.begun(lives[life], RULES)
        whole.take([fact for name, fact in every if name == life], end + 400 * MINUTE)
        own = whole._life
        world = [told_line(each) for each in (*own.told, *own.clocked)]
        assert len(world) > 4
        assert set(world) <= set(one.told), life
        assert one.too_late == 0
        assert one.revision >= FILES - 1


def _write(folder: Path, number: int, rows: Any) -> None:
    unfinished = folder / f".{number:04}.part"
    pq.write_table(fact_table(rows), unfinished)
    unfinished.rename(folder / f"{number:04}.parquet")


def _zone() -> ZoneWatch:
    from datetime import UTC, datetime

    from made_cases import order, zone

    from tipstaff.domain.periods import Period, from_micros
    from tipstaff.domain.versions import SINCE_EVER, Stated
    from tipstaff.domain.zones import Circle, Place
    from tipstaff.monitoring.compile import compile_watches
    from tipstaff.monitoring.held import Demands

    since = datetime(1970, 1, 1, tzinfo=UTC)
    made = order(
        conditions=(zone(shape=Circle(Place(53.1, -1.4), 300.0)),),
        starts_at=since, served_at=since, ends_at=None,
    )  # fmt: skip
    first = Stated(1, SINCE_EVER, None, SINCE_EVER)
    period = Period(from_micros(START), from_micros(START + HOURS * 60 * MINUTE))
    compiled = compile_watches(Demands([[(first, made)]], (), {}), period, period.end, RULES.places)
    (found,) = compiled.watches
    assert isinstance(found, ZoneWatch)
    return replace(found)
