"""A watched folder: each file in it is taken in once it is whole, and put aside when that is done.

A file is whole once its size and time have not changed for a while; whoever writes it may also give
it another name (`.part`, `.tmp`, a leading dot) until then. Files end in `done`, or in `failed`
where nothing of them could be read.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

SETTLED_S: Final = 2.0
DONE, FAILED = "done", "failed"
_UNFINISHED: Final = frozenset({".part", ".tmp", ".new", ".filepart"})

#: Takes a file in; whether anything of it could be read.
TakeIn = Callable[[Path], bool]


@dataclass(slots=True)
class Watched:
    """A folder, and how each file in it was when it was last seen."""

    folder: Path
    settled_s: float = SETTLED_S
    _seen: dict[Path, tuple[int, int, float]] = field(default_factory=dict)

    def whole(self, now_s: float) -> Iterator[Path]:
        """Files that have not changed for `settled_s`, by name; `now_s` by any steady clock."""
        present = {p for p in self.folder.iterdir() if p.is_file() and not _is_unfinished(p)}
        self._seen = {path: seen for path, seen in self._seen.items() if path in present}
        for path in sorted(present):
            status = path.stat()
            size, changed, since = self._seen.get(path, (-1, 0, now_s))
            if (size, changed) != (status.st_size, status.st_mtime_ns):
                self._seen[path] = (status.st_size, status.st_mtime_ns, now_s)
                since = now_s
            if now_s - since >= self.settled_s:
                yield path

    def step(self, take_in: TakeIn, now_s: float) -> int:
        """Take in what is whole, each put aside before the next; how many files."""
        count = 0
        for path in list(self.whole(now_s)):
            put_aside(path, DONE if take_in(path) else FAILED)
            count += 1
        return count


def put_aside(path: Path, where: str) -> Path:
    """Move a file into a folder beside it, under a name that is free there."""
    folder = path.parent / where
    folder.mkdir(exist_ok=True)
    target, number = folder / path.name, 0
    while target.exists():
        number += 1
        target = folder / f"{path.stem}-{number}{path.suffix}"
    return path.rename(target)


def watch(watched: Watched, take_in: TakeIn, every_s: float) -> None:
    """Go on until interrupted."""
    while True:
        watched.step(take_in, time.monotonic())
        time.sleep(every_s)


def _is_unfinished(path: Path) -> bool:
    return path.name.startswith(".") or path.suffix.lower() in _UNFINISHED
