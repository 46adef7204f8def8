"""Whatever made a step has words for it, each its own."""

from __future__ import annotations

from tipstaff.domain.findings import WHY_WORDS, Why


def test_every_reason_has_words_of_its_own() -> None:
    assert set(WHY_WORDS) == set(Why)
    assert len(set(WHY_WORDS.values())) == len(WHY_WORDS)
