"""One erasure at a time, among processes; the lock dies with its holder."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_NAME: Final = "erasure.lock"


class ErasureBusyError(Exception):
    """Another process is erasing; nothing was changed here. Try again later."""

    def __init__(self) -> None:
        super().__init__("Another process is erasing. It will finish; try again later.")


@contextmanager
def only_eraser(data: Path) -> Iterator[None]:
    """Hold the lock in the data folder; ErasureBusyError where another process does."""
    with (data / _NAME).open("ab") as handle:
        try:
            fcntl.flock(handle.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ErasureBusyError from None
        yield
