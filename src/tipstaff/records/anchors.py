"""Heads of the audit chain as they are kept in a file outside the database: read and checked, pure.

A line says a head and the head before it. So the file shows a line that was taken out, and where a
line cut off by a crash stood; of two lines about one entry the first one counts, since the second
may be of a chain that was cut and went on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tipstaff.records.chain import Head


class AnchorCode(StrEnum):
    """What may be wrong with the anchors, the chain by itself being another question."""

    MISSING = "no_heads"
    UNREADABLE = "line_not_readable"
    GAP = "heads_missing_before"
    BEHIND = "heads_missing_after"


@dataclass(frozen=True, slots=True)
class AnchorFault:
    """A fault of the file: `at` is a line's number, or the sequence of an entry."""

    code: AnchorCode
    at: int


@dataclass(frozen=True, slots=True)
class Anchor:
    """One line: a head, and the sequence of the one before it (None: written before that was)."""

    head: Head
    after: int | None


@dataclass(frozen=True, slots=True)
class Anchors:
    """What a file holds: its anchors in the order of the file, and the lines that are none."""

    lines: tuple[Anchor, ...] = ()
    unreadable: tuple[int, ...] = ()

    @property
    def heads(self) -> dict[int, str]:
        """Hash by sequence; of two lines about one entry the first."""
        found: dict[int, str] = {}
        for line in self.lines:
            found.setdefault(line.head.sequence, line.head.hash)
        return found

    @property
    def last(self) -> int:
        """The sequence of the furthest head; 0 where there is none."""
        return max((line.head.sequence for line in self.lines), default=0)


def read_anchors(text: str) -> Anchors:
    """The anchors in `text`, a line each."""
    lines: list[Anchor] = []
    unreadable: list[int] = []
    for number, line in enumerate(text.splitlines(), 1):
        anchor = _anchor(line)
        if anchor is None:
            unreadable.append(number)
        else:
            lines.append(anchor)
    return Anchors(tuple(lines), tuple(unreadable))


def anchor_line(head: Head, after: int) -> str:
    """A line of the file, its end included."""
    return json.dumps({"sequence": head.sequence, "hash": head.hash, "after": after}) + "\n"


def anchor_faults(anchors: Anchors, end: int) -> Iterator[AnchorFault]:
    """What is wrong with the anchors of a chain that ends with the entry `end` (0: it is empty).

    Lines are taken in the order of the entries: two processes may write theirs in the other order.
    """
    if not anchors.lines and end:
        yield AnchorFault(AnchorCode.MISSING, end)
    for number in anchors.unreadable:
        yield AnchorFault(AnchorCode.UNREADABLE, number)
    before = 0
    for line in sorted(anchors.lines, key=lambda line: line.head.sequence):
        sequence = line.head.sequence
        if line.after is not None and sequence > before and line.after > before:
            yield AnchorFault(AnchorCode.GAP, sequence)
        before = max(before, sequence)
    if anchors.lines and before < end:
        yield AnchorFault(AnchorCode.BEHIND, before)


def _anchor(line: str) -> Anchor | None:
    try:
        values = json.loads(line)
        after = values.get("after")
        head = Head(int(values["sequence"]), str(values["hash"]))
        return Anchor(head, None if after is None else int(after))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
