"""The program as a user runs it, away from any instance of the machine's own; and a tiny world."""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import ready_program

Tipstaff = Callable[..., "subprocess.CompletedProcess[str]"]

#: Small enough for seconds, large enough for candidates, exclusions and gaps.
WORLD = ("--wearers", "8", "--days", "8", "--seed", "5", "--crimes", "9")


def environment(data: Path | None = None, **extra: str) -> dict[str, str]:
    """This environment without the machine's own instance; `data`: the one to work on."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("TIPSTAFF_")}
    return {**clean, **({"TIPSTAFF_DATA": str(data)} if data else {}), **extra}


def tipstaff(
    *words: str | Path, data: Path | None = None, cwd: Path | None = None, **extra: str
) -> subprocess.CompletedProcess[str]:
    """Run `tipstaff` and keep what it says; `extra` goes into the environment."""
    said, env = [str(word) for word in words], environment(data, **extra)
    command = [sys.executable, "-m", "tipstaff", *said]
    if ready_program.afresh(said) or any(name.startswith("PYTHON") for name in extra):
        return subprocess.run(
            command, env=env, capture_output=True, text=True, check=False, cwd=cwd
        )
    with (
        Path(os.devnull).open() as nothing,
        tempfile.TemporaryFile("w+", encoding="utf-8") as out,
        tempfile.TemporaryFile("w+", encoding="utf-8") as err,
    ):
        streams = (nothing.fileno(), out.fileno(), err.fileno())
        folder = str(cwd or Path.cwd())
        code = ready_program.ask(ready(), said, env, folder, streams)
        for stream in (out, err):
            stream.seek(0)
        return subprocess.CompletedProcess(command, code, out.read(), err.read())


@cache
def ready() -> str:
    """Where this worker's `ready_program` takes commands; it ends when the worker does."""
    place = tempfile.mkdtemp(prefix="ready-") + "/socket"
    begun = subprocess.Popen(
        [sys.executable, ready_program.__file__, place], env=environment(), cwd="/"
    )
    atexit.register(_ended, begun, place)
    while not Path(place).exists():
        assert begun.poll() is None, "the program that was to be ready ended"
        time.sleep(0.05)
    return place


def _ended(begun: subprocess.Popen[bytes], place: str) -> None:
    begun.kill()
    begun.wait()
    shutil.rmtree(Path(place).parent, ignore_errors=True)


def done(*words: str | Path, data: Path | None = None, cwd: Path | None = None) -> str:
    """Run `tipstaff`, which must succeed; what it printed."""
    process = tipstaff(*words, data=data, cwd=cwd)
    assert process.returncode == 0, process.stderr
    return process.stdout


@pytest.fixture(scope="session", autouse=True)
def _one_for_all_workers(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Where what is made once lies: in the folder of the whole run, not of one of its workers."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    os.environ["TESTS_MADE_ONCE"] = str(shared / "made-once")


def made_once(name: str, make: Callable[[Path], object]) -> Path:
    """A folder that `make` fills for the first who asks, for all workers of the run."""
    folder = Path(os.environ["TESTS_MADE_ONCE"]) / name
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            shutil.rmtree(folder / "var", ignore_errors=True)
            make(folder / "var")
            (folder / "done").touch()
    return folder / "var"


def tables() -> Path:
    """A data folder with the tables that `tipstaff init` makes, and nothing in them."""
    return made_once("tables", _migrated)


def _migrated(data: Path) -> None:
    data.mkdir(mode=0o700)
    words = "import tipstaff.services; from tipstaff.records import schema; schema.migrate()"
    subprocess.run([sys.executable, "-c", words], env=environment(data), check=True)


def instance_of(user: str, data: Path) -> None:
    """An instance of that local user in `data`, as `tipstaff init` makes it: a copy of one."""

    def init(folder: Path) -> None:
        shutil.copytree(tables(), folder)
        done("init", "--user", user, data=folder)

    shutil.copytree(made_once(f"of-{user}", init), data)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A simulated world's files; not to be changed."""
    out = tmp_path_factory.mktemp("world") / "town"
    done("simulate", out, *WORLD)
    return out
