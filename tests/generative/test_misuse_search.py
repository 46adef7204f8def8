"""The search for misuse on simulated logs: what it finds, beside what it asks for nothing.

The figures of docs/validation/misuse.md are of other seeds; here are the least that may be left.
"""

from __future__ import annotations

from pathlib import Path

from tipstaff.domain.misuse import RULES
from validation.misuse import NAIVE, SMALL, measured, write
from validation.simulated_misuse import PLANTS, simulated


def test_most_of_what_is_planted_is_found_and_little_is_asked_for_nothing() -> None:
    found, quiet = measured((700, 701), SMALL)
    assert found.recall() > 0.65
    assert found.false_per_thousand() < 0.8
    assert quiet.false_per_thousand() < 0.8
    for limit in NAIVE:  # it finds as much only where nearly everything is gone through
        naive_recall = found.naive_found[limit] / found.planted.total()
        assert naive_recall < found.recall() or found.naive_to_read[limit] > 5 * found.to_read


def test_a_simulated_log_is_the_same_for_ever_and_its_misuse_is_in_it() -> None:
    one, other = simulated(5, SMALL), simulated(5, SMALL)
    assert (one.looks, one.planted) == (other.looks, other.planted)
    entries = {entry for look in one.looks for entry in look.entries}
    assert all(planted.entries <= entries for planted in one.planted)


def test_every_rule_has_its_misuse() -> None:
    assert set(PLANTS) == set(RULES)


def test_the_page_says_what_it_cannot_find(tmp_path: Path) -> None:
    write(tmp_path, tmp_path, tiny=True)
    page = (tmp_path / "misuse.md").read_text()
    for part in ("By kind", "Beside a naive rule", "What it cannot find"):
        assert f"## {part}" in page
