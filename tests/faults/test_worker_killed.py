"""kill −9 of the worker at random moments: no fix lost, nobody told twice or not at all."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from program import done, environment

SUPPORT = Path(__file__).resolve().parents[1] / "support"
#: 20 in continuous integration, 200 by `./run faults`.
KILLS = int(os.environ.get("TIPSTAFF_FAULT_ROUNDS", "20"))


class Living:
    """An instance, and programs on it that share a life."""

    def __init__(self, data: Path, base: datetime) -> None:
        self.data = data
        self.base = str(base.timestamp())
        self.done = data.parent / f"{data.name}.done"
        done("init", "--user", "tester", data=data)
        self.ended("furnish")

    def begun(self, mode: str, *rest: object) -> subprocess.Popen[str]:
        path = os.pathsep.join([str(SUPPORT), os.environ.get("PYTHONPATH", "")])
        command = [sys.executable, str(SUPPORT / "live_program.py"), mode, self.base]
        return subprocess.Popen(
            [*command, *map(str, rest)],
            env=environment(self.data, TIPSTAFF_ACTOR="tester", PYTHONPATH=path),
            stdout=subprocess.PIPE,
            text=True,
        )

    def ended(self, mode: str, *rest: object) -> str:
        process = self.begun(mode, *rest)
        said = process.communicate(timeout=240)[0]
        assert process.returncode == 0, (mode, said)
        return said

    def stands(self) -> Any:
        return json.loads(self.ended("alerts"))


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

    calm.ended("send", 0)
    calm.done.touch()
    calm.ended("work", calm.done)
    expected, found = calm.stands(), killed.stands()
    assert len(expected["episodes"]) > 10
    assert found["episodes"] == expected["episodes"]
    # which alerts were opened on the way, and merged since, depends on what came when
    assert standing(found) == standing(expected)
    assert len(standing(found)) == len(found["episodes"])
    assert found["twice"] == 0
    assert found["fixes"] == expected["fixes"]


def standing(told: Any) -> list[Any]:
    return [one for one in told["alerts"] if one[4] == "stands"]


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
