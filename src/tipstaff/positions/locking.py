"""One writer at a time, among processes; the lock dies with its holder."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_POLL_S: Final = 0.05


class ArchiveBusyError(Exception):
    """Another process is writing to the archive; nothing was changed. Try again later."""


@contextmanager
def only_writer(path: Path, patience_s: float) -> Iterator[None]:
    """Hold the lock file at `path`, waiting up to `patience_s` for another holder to finish."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as handle:
        deadline = time.monotonic() + patience_s
        while not _taken(handle.fileno()):
            if time.monotonic() >= deadline:
                raise ArchiveBusyError("another import or compaction is writing; try again later")
            time.sleep(_POLL_S)
        yield


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
