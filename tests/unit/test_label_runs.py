"""The legacy rule's labels, shortened for a reader."""

from __future__ import annotations

import pytest

from tipstaff.documents.answer_words import runs_of_labels


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (["A1"], "A1"),
        (["A1", "A2", "B1"], "A1 to A2, B1"),
        (["A1", "AA1", "AA2", "AA3"], "A1, AA1 to AA3"),
    ],
)
def test_labels_are_told_by_visit(labels: list[str], words: str) -> None:
    assert runs_of_labels(labels) == words
