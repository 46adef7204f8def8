"""kill −9 of the worker at random moments: no fix lost, nobody told twice or not at all."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from living import Living, same

#: 20 in continuous integration, 200 by `./run faults`.
KILLS = int(os.environ.get("TIPSTAFF_FAULT_ROUNDS", "20"))


def test_killed_again_and_again_it_comes_to_the_same(tmp_path: Path) -> None:
    base = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(hours=3)
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")  # noqa: T201 (shown where it fails)
    killed, calm = Living(tmp_path / "killed", base), Living(tmp_path / "calm", base)
    sender = killed.begun("send", 0.35 * KILLS)
    worker = killed.begun("work", killed.done)
    kills = _kill(worker, KILLS, random.Random(seed))
    sender.communicate(timeout=240)
    assert sender.returncode == 0
    killed.done.touch()
    worker.communicate(timeout=240)
    assert worker.returncode == 0
    assert kills == KILLS
    same(killed.stands(), calm.calmly())


def _kill(worker: subprocess.Popen[str], times: int, chance: random.Random) -> int:
    """Kill each worker that is begun, at a random moment of its first moments; how many."""
    assert worker.stdout is not None
    for count in range(times):
        line = worker.stdout.readline()
        if not line:
            return count
        time.sleep(chance.choice([0.05, 0.3, 0.8]) * chance.random())
        os.kill(int(line), signal.SIGKILL)
    return times
