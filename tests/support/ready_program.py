"""The program with its libraries read already: a fork of it does a command in a tenth of the time.

Run as `ready_program.py SOCKET` it waits for commands and ends with whoever began it; as
`ready_program.py SOCKET WORDS...` it has one done, with its own streams, folder and environment. A
command has a process of its own, in which settings, Django and all that depends on an instance are
still to be read. Forks share one order of hashes, so what promises the same bytes begins afresh,
as does what stays or is sent signals.
"""

import io
import json
import os
import signal
import socket
import sys
from pathlib import Path

STREAMS = (0, 1, 2)
PURE = ("domain", "patterns", "monitoring", "matching", "formats", "positions")
LIBRARIES = (
    "cryptography.hazmat.primitives.ciphers.aead", "deltalake",
    "django.core.management", "django.db.backends.sqlite3.base", "django.db.migrations.executor",
    "django.db.models", "django.http", "django.template.backends.django", "django.urls", "duckdb",
    "numba", "pyarrow.compute", "pyarrow.parquet", "pydantic_settings", "rich.progress",
    "shapely", "structlog", "typer.main", "typer.rich_utils", "tipstaff.cli.app",
)  # fmt: skip


def afresh(words):
    """Whether a command needs a process of its own from the start."""
    same_bytes = ("calibrate", "export", "match", "monitor", "report", "simulate", "validate")
    stays = ("demo", "serve", "worker")
    return not words or words[0] in (*same_bytes, *stays) or words[:2] == ["intake", "serve"]


def serve(path):
    """Do what is asked, each in a fork, until whoever began this is gone. A fork's exit code."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    began_by = os.getppid()
    _prepare()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"{path}.new")
        listening.listen(16)
        Path(f"{path}.new").rename(path)
        listening.settimeout(1)
        while os.getppid() == began_by:
            try:
                asked, _ = listening.accept()
            except TimeoutError:
                continue
            with asked:
                if os.fork() == 0:
                    listening.close()
                    return _answer(asked)
    return 0


def _prepare():
    import importlib
    import pkgutil

    del sys.path[0]
    for name in LIBRARIES:
        importlib.import_module(name)
    import tipstaff

    for floor in PURE:
        folder = f"{tipstaff.__path__[0]}/{floor}"
        for module in pkgutil.iter_modules([folder], f"tipstaff.{floor}."):
            importlib.import_module(module.name)


def _answer(asked):
    """In the fork: a fork of its own does the command, and this one tells how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    asked.settimeout(None)
    _, streams, *_ = socket.recv_fds(asked, 1, len(STREAMS))
    said = b"".join(iter(lambda: asked.recv(65536), b""))
    child = os.fork()
    if child == 0:
        asked.close()
        return _command(streams, **json.loads(said))
    for stream in streams:
        os.close(stream)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    asked.sendall(str(code).encode())
    os._exit(0)


def _command(streams, words, env, cwd):
    for stream, own in zip(streams, STREAMS, strict=True):
        os.dup2(stream, own)
        os.close(stream)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    sys.argv = ["tipstaff", *words]
    sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, closefd=False)))
    sys.stdout = _written(1)
    sys.stderr = _written(2, errors="backslashreplace", line_buffering=True)
    from tipstaff.__main__ import main

    try:
        main()
    except SystemExit as done:
        return done.code
    return 0


def _written(stream, **how):
    return io.TextIOWrapper(io.BufferedWriter(io.FileIO(stream, "w", closefd=False)), **how)


def ask(path, words, env, cwd, streams=STREAMS):
    """Have a command done; its exit code."""
    with socket.socket(socket.AF_UNIX) as asking:
        asking.connect(str(path))
        socket.send_fds(asking, [b"!"], list(streams))
        asking.sendall(json.dumps({"words": words, "env": env, "cwd": cwd}).encode())
        asking.shutdown(socket.SHUT_WR)
        return int(asking.recv(16))


if __name__ == "__main__":
    _, place, *asked_for = sys.argv
    if not asked_for:
        sys.exit(serve(place))
    if afresh(asked_for):
        os.execv(sys.executable, [sys.executable, "-m", "tipstaff", *asked_for])
    sys.exit(ask(place, asked_for, dict(os.environ), str(Path.cwd())))
