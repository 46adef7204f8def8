"""An instance that lives in processes of its own: see `live_program`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from program import environment, instance_of, tipstaff

SUPPORT = Path(__file__).resolve().parent


class Living:
    """An instance with wearers, and programs on it that share a life since `base`."""

    def __init__(self, data: Path, base: datetime, database: str = "sqlite") -> None:
        self.data = data
        self.base = str(base.timestamp())
        self.database = database
        self.done = data.parent / f"{data.name}.done"
        if database == "sqlite":
            instance_of("tester", data)
        else:
            made = tipstaff("init", "--user", "tester", data=data, TIPSTAFF_DATABASE=database)
            assert made.returncode == 0, made.stderr
        self.ended("furnish")

    def begun(self, mode: str, *rest: object) -> subprocess.Popen[str]:
        """One of the program's modes, going on."""
        path = os.pathsep.join([str(SUPPORT), os.environ.get("PYTHONPATH", "")])
        here = {"TIPSTAFF_ACTOR": "tester", "TIPSTAFF_DATABASE": self.database, "PYTHONPATH": path}
        command = [sys.executable, str(SUPPORT / "live_program.py"), mode, self.base]
        return subprocess.Popen(
            [*command, *map(str, rest)],
            env=environment(self.data, **here),
            stdout=subprocess.PIPE,
            text=True,
        )

    def ended(self, mode: str, *rest: object) -> str:
        """The same to its end: what it says."""
        process = self.begun(mode, *rest)
        said = process.communicate(timeout=240)[0]
        assert process.returncode == 0, (mode, said)
        return said

    def calmly(self) -> Any:
        """All at once, by one worker that nobody kills: what stands then."""
        self.ended("send", 0)
        self.done.touch()
        self.ended("work", self.done)
        return self.stands()

    def stands(self) -> Any:
        """Alerts, episodes, fixes."""
        return json.loads(self.ended("alerts"))


def same(found: Any, expected: Any) -> None:
    """What stands is the same, each once. Which alerts were merged on the way is another matter."""
    assert len(expected["episodes"]) > 10
    assert found["episodes"] == expected["episodes"]
    assert _standing(found) == _standing(expected)
    assert len(_standing(found)) == len(found["episodes"])
    assert found["twice"] == 0
    assert found["fixes"] == expected["fixes"]


def _standing(told: Any) -> list[Any]:
    return [one for one in told["alerts"] if one[4] == "stands"]
