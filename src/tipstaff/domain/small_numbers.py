"""Counts of people that may be shown: small ones are left out, and so is what would give them away.

A count under `LEAST` is not shown. Where the total is, a single count left out could be reckoned
from the rest, and so could counts that together are fewer than `LEAST`; then the next smallest are
left out too. What is shown is rounded to the nearest `STEP`, so that two tables a day apart do not
show that one person was added.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

LEAST: Final = 10
STEP: Final = 5


@dataclass(frozen=True, slots=True)
class Shown:
    """Counts by group, rounded; None: left out. `total` is None where it is too small itself."""

    counts: Mapping[str, int | None]
    total: int | None


def suppressed(counts: Mapping[str, int]) -> Shown:
    """What of these counts may be shown. Groups of nobody count as small ones: give all groups."""
    total = sum(counts.values())
    if total < LEAST:
        return Shown(dict.fromkeys(counts), None)
    hidden = _hidden(counts)
    shown = {group: None if group in hidden else _rounded(n) for group, n in counts.items()}
    return Shown(shown, _rounded(total))


def _hidden(counts: Mapping[str, int]) -> set[str]:
    ordered = sorted(counts, key=lambda group: (counts[group], group))
    hidden = [group for group in ordered if counts[group] < LEAST]
    if not hidden:
        return set()
    for group in ordered[len(hidden) :]:
        if len(hidden) > 1 and sum(counts[one] for one in hidden) >= LEAST:
            break
        hidden.append(group)
    return set(hidden)


def _rounded(count: int) -> int:
    """To the nearest `STEP`."""
    return STEP * ((count + STEP // 2) // STEP)
