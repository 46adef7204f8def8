"""What a clause of an eligibility rule comes to, and what every kind of clause can do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from tipstaff.domain.eligibility_facts import Case


class Result(StrEnum):
    """What a clause comes to."""

    MET = "met"
    NOT_MET = "not met"
    NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Finding:
    """A result and its reason in a sentence."""

    result: Result
    reason: str


class Demand(Protocol):
    """Decides one clause for a case, on the day of release or fitting (None: not fixed yet)."""

    def find(self, case: Case, on_date: date | None) -> Finding: ...  # noqa: D102 (told above)


def found(met: bool | None, yes: str, no: str, unknown: str) -> Finding:  # noqa: FBT001
    """The finding of a clause that is met, not met or (None) not known, with its sentence."""
    if met is None:
        return Finding(Result.NOT_KNOWN, f"Not known yet: {unknown}.")
    return Finding(Result.MET, yes) if met else Finding(Result.NOT_MET, no)


def possible(cases: Iterable[int], wanted: frozenset[int]) -> bool | None:
    """True where all that may be is wanted, False where nothing is, None between."""
    results = {x in wanted for x in cases}
    return results.pop() if len(results) == 1 else None
