"""Seal the audit chain and anchor its head in a file outside the database."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.db import DatabaseError, transaction

from tipstaff import settings
from tipstaff.records import audit
from tipstaff.records.anchors import (
    AnchorFault,
    Anchors,
    anchor_faults,
    anchor_line,
    read_anchors,
)
from tipstaff.records.audit import Sealed
from tipstaff.records.chain import Head

#: How long a process that has chained entries may take until its line is in the file.
_PATIENCE_S: Final = 2.0
_PAUSE_S: Final = 0.05


def seal() -> None:
    """Chain what was committed. A busy database is no failure: the next use case seals it too."""
    _anchor(_chained(audit.seal))


@contextmanager
def entries_alone() -> Iterator[None]:
    """A transaction in which the body writes entries: they are chained in it, before it commits.

    Where that fails, they are committed all the same, and chained by the next use case.
    """
    with transaction.atomic(durable=True):
        yield
        done = _chained(_in_a_savepoint)
    _anchor(done)


def _in_a_savepoint() -> Sealed | None:
    with transaction.atomic():
        return audit.chain()


def _chained(how: Callable[[], Sealed | None]) -> Sealed | None:
    try:
        return how()
    except DatabaseError:
        return None


def _anchor(done: Sealed | None) -> None:
    if done is not None:
        _append(settings.load().audit_heads_file, anchor_line(done.head, done.before.sequence))


def anchored(path: Path) -> Anchors:
    """What the file of heads holds; nothing where there is none."""
    if not path.is_file():
        return Anchors()
    return read_anchors(path.read_text(encoding="ascii", errors="replace"))


def settled_faults(path: Path, end: int) -> tuple[AnchorFault, ...]:
    """What is wrong with the file of heads of a chain that ends with `end`.

    Others may have chained entries just now and be about to write their line: what is wrong is
    looked at again for some time before it is told.
    """
    until = time.monotonic() + _PATIENCE_S
    found = tuple(anchor_faults(anchored(path), end))
    while found and time.monotonic() < until:
        time.sleep(_PAUSE_S)
        found = tuple(anchor_faults(anchored(path), end))
    return found


def bridge(path: Path, head: Head) -> None:
    """Write that the chain of a restored copy was checked up to `head`, whatever was seen before.

    A backup holds heads from a moment before its records: those in between have no line.
    """
    last = anchored(path).last
    if head.sequence > last:
        _append(path, anchor_line(head, last))


def _append(path: Path, line: str) -> None:
    """Write a line and wait until it is on the disk; one that a crash cut short is ended first."""
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        cut = os.fstat(descriptor).st_size and not _ends_a_line(descriptor)
        os.write(descriptor, (("\n" if cut else "") + line).encode("ascii"))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _ends_a_line(descriptor: int) -> bool:
    return os.pread(descriptor, 1, os.fstat(descriptor).st_size - 1) == b"\n"
