"""Three workers on PostgreSQL, one of them killed again and again: as one that nobody kills."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from instance_fixtures import _administer
from living import Living, same

pytestmark = pytest.mark.postgres
#: Seconds of kills under load: half a minute in continuous integration, five by `./run faults`.
SECONDS = 1.5 * int(os.environ.get("TIPSTAFF_FAULT_ROUNDS", "20"))
WORKERS = 3


@pytest.fixture
def database(postgres_url: str) -> str:
    name = f"shared{uuid4().hex}"
    _administer(postgres_url, f'CREATE DATABASE "{name}"')
    return postgres_url.replace("DATABASE", name)


def test_three_workers_killed_under_load_come_to_the_same(tmp_path: Path, database: str) -> None:
    base = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(hours=3)
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")  # noqa: T201 (shown where it fails)
    shared, calm = Living(tmp_path / "shared", base, database), Living(tmp_path / "calm", base)
    sender = shared.begun("send", SECONDS)
    workers = [shared.begun("share", shared.done) for _ in range(WORKERS)]
    kills = _kill(workers, random.Random(seed), time.monotonic() + SECONDS)
    sender.communicate(timeout=60)
    assert sender.returncode == 0
    shared.done.touch()
    for worker in workers:
        worker.communicate(timeout=240)
        assert worker.returncode == 0
    assert kills > SECONDS / 4
    same(shared.stands(), calm.calmly())


def _kill(workers: list[subprocess.Popen[str]], chance: random.Random, until: float) -> int:
    """Kill one of them now and then; each is followed by another. How many."""
    kills = 0
    now = [_number(worker) for worker in workers]
    while time.monotonic() < until:
        time.sleep(2.0 * chance.random())
        one = chance.randrange(len(workers))
        os.kill(now[one], signal.SIGKILL)
        now[one] = _number(workers[one])
        kills += 1
    return kills


def _number(worker: subprocess.Popen[str]) -> int:
    """The process that works now: the program tells it whenever it begins another."""
    assert worker.stdout is not None
    return int(worker.stdout.readline())
