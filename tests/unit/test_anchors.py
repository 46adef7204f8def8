"""Heads outside the database: their lines, what a crash leaves of one, and a restored copy's."""

from __future__ import annotations

from pathlib import Path

import pytest

from tipstaff.records.anchors import AnchorCode, anchor_faults, anchor_line, read_anchors
from tipstaff.records.chain import Head
from tipstaff.services import sealing


def lines(*pairs: tuple[int, int]) -> str:
    return "".join(anchor_line(Head(sequence, f"h{sequence}"), after) for sequence, after in pairs)


def codes(text: str, end: int) -> list[tuple[AnchorCode, int]]:
    return [(fault.code, fault.at) for fault in anchor_faults(read_anchors(text), end)]


@pytest.mark.parametrize(("text", "end", "expected"), [
    ("", 0, []),
    ("", 4, [(AnchorCode.MISSING, 4)]),
    (lines((2, 0), (5, 2)), 5, []),
    (lines((5, 2), (2, 0)), 5, []),  # two processes, the later line first
    (lines((2, 0), (5, 2)), 6, [(AnchorCode.BEHIND, 5)]),
    (lines((5, 2)), 5, [(AnchorCode.GAP, 5)]),
    (lines((2, 0), (9, 5)), 9, [(AnchorCode.GAP, 9)]),
    ('{"sequence": 3, "hash": "h3"}\n' + lines((4, 3)), 4, []),  # a line from before `after` was
    (lines((2, 0)) + "[]\n", 2, [(AnchorCode.UNREADABLE, 2)]),
])  # fmt: skip
def test_what_the_file_shows(text: str, end: int, expected: list[tuple[AnchorCode, int]]) -> None:
    assert codes(text, end) == expected


def test_of_two_heads_of_one_entry_the_first_counts() -> None:
    text = lines((2, 0)) + anchor_line(Head(2, "other"), 0)
    assert read_anchors(text).heads == {2: "h2"}


def test_a_line_cut_short_does_not_spoil_the_next(tmp_path: Path) -> None:
    file = tmp_path / "heads"
    file.write_text(lines((2, 0)) + '{"sequ')
    sealing.bridge(file, Head(7, "h7"))
    assert sealing.anchored(file).heads == {2: "h2", 7: "h7"}
    assert codes(file.read_text(), 7) == [(AnchorCode.UNREADABLE, 2)]


def test_a_restored_copy_vouches_for_the_entries_between_its_heads_and_records(
    tmp_path: Path,
) -> None:
    file = tmp_path / "heads"
    file.write_text(lines((2, 0)))
    sealing.bridge(file, Head(6, "h6"))
    sealing.bridge(file, Head(6, "h6"))
    assert codes(file.read_text() + lines((8, 6)), 8) == []
    assert len(file.read_text().splitlines()) == 2
