"""Take rows out of the quarantine. What is there could not be read whole, so doubt erases it."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from tipstaff.domain.periods import Period

_WORD: Final = re.compile(r"[^\s,;\"'{}\[\]|=]+")
_INSTANT: Final = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)?"
)
#: A time without an offset, or a wrong one, is no further off than this.
_DOUBT: Final = timedelta(days=1)
_DEAD_S: Final = 86_400.0


@dataclass(frozen=True, slots=True, repr=False)
class QuarantinedRow:
    """A row as the supplier wrote it: the words and the times in it; whose, is for others to say.

    `kept_since`: when its file was written.
    """

    raw: str
    words: frozenset[str]
    times: tuple[datetime, ...]
    kept_since: datetime

    def names(self, device_id: str) -> bool:
        """Whether the device's number stands in the row, as a word of its own."""
        return device_id in (self.words if _WORD.fullmatch(device_id) else self.raw)

    def may_be_in(self, periods: Iterable[Period]) -> bool:
        """Whether it may be of one of these periods: also where its time cannot be read."""
        padded = [period.padded(_DOUBT) for period in periods]
        return not self.times or any(p.contains(at) for p in padded for at in self.times)


#: Whether a row goes.
Goes = Callable[[QuarantinedRow], bool]


def count(folder: Path, goes: Goes) -> int:
    """How many rows would go."""
    return sum(
        goes(_row(line, path))
        for path in _files(folder)
        for line in path.read_text("utf-8").splitlines()
    )


def erase(folder: Path, goes: Goes) -> int:
    """Write each file anew without the rows that go; how many went. An empty file goes too."""
    gone = 0
    for path in _files(folder):
        lines = path.read_text("utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not goes(_row(line, path))]
        gone += len(lines) - len(kept)
        if not kept:
            path.unlink()
        elif len(kept) < len(lines):
            _rewrite(path, "".join(kept))
    for left in folder.glob("*.part"):  # of an import that died
        if left.stat().st_mtime < time.time() - _DEAD_S:
            left.unlink(missing_ok=True)
    return gone


def _files(folder: Path) -> list[Path]:
    for draft in folder.glob("*.erasing"):
        draft.unlink(missing_ok=True)
    return sorted(folder.glob("*.jsonl"))


def _row(line: str, path: Path) -> QuarantinedRow:
    raw = str(json.loads(line).get("raw", ""))
    since = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return QuarantinedRow(raw, frozenset(_WORD.findall(raw)), tuple(_instants(raw)), since)


def _instants(raw: str) -> Iterable[datetime]:
    for text in _INSTANT.findall(raw):
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            continue
        yield at if at.tzinfo else at.replace(tzinfo=UTC)


def _rewrite(path: Path, text: str) -> None:
    """Put a file in place of another; its time stays, which says how long the rows were kept."""
    draft, stat = path.with_suffix(".erasing"), path.stat()
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.utime(draft, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    draft.replace(path)
