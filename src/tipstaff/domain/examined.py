"""What an examination of an installation found: each check with its verdict and what mends it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a check came out, the worst first."""

    WRONG = "wrong"
    LOOK = "look"
    WELL = "well"


@dataclass(frozen=True, slots=True)
class Checked:
    """One check: how it came out, what was found, and what to do; about no wearer."""

    name: str
    verdict: Verdict
    words: str
    mend: str = ""


def worst_first(found: list[Checked]) -> tuple[Checked, ...]:
    """Checks in the order in which somebody should look at them."""
    places = list(Verdict)
    return tuple(sorted(found, key=lambda one: (places.index(one.verdict), one.name)))
