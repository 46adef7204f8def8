"""What a match made again says otherwise than before, pair by pair; the worst of it first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from tipstaff.matching.outcomes import Outcome

Rows = Mapping[str, Mapping[str, Any]]


class Change(StrEnum):
    """How an answer changed; one each, the first that applies.

    Whoever was far beyond was excluded and only counted: such an answer has no row.
    """

    EXCLUSION_WITHDRAWN = "exclusion_withdrawn"
    NEW_CANDIDATE = "new_candidate"
    CANDIDATE_GONE = "candidate_gone"
    STRENGTH_MOVED = "strength_moved"
    EXCLUSION_NEW = "exclusion_new"
    NO_LONGER_SEARCHED = "no_longer_searched"
    OUTCOME_CHANGED = "outcome_changed"
    DETAILS = "details"


#: In the order in which they are told.
ORDER: Final = tuple(Change)
LOUD: Final = Change.EXCLUSION_WITHDRAWN


@dataclass(frozen=True, slots=True)
class Changed:
    """One pair's change, with what was said before and after (empty: nobody was searched).

    Somebody whose exclusion was withdrawn may be a candidate now: `outcome_after` says so.
    """

    kind: Change
    crime: tuple[str, str, int]
    wearer: str
    outcome_before: str
    outcome_after: str
    band_before: str
    band_after: str
    log10_before: float | None
    log10_after: float | None

    @property
    def moved_log10(self) -> float | None:
        """By how much the strength moved, where it was said before and after."""
        if self.log10_before is None or self.log10_after is None:
            return None
        return round(self.log10_after - self.log10_before, 4)


def changes_of(
    crime: tuple[str, str, int],
    before: Rows,
    after: Rows,
    *,
    searched_before: frozenset[str],
    searched_after: frozenset[str],
) -> list[Changed]:
    """What changed of one crime; rows by wearer, as read back (sentences and all).

    `searched_…`: wearers who were searched; one of them without a row was excluded, far off. They
    are those whose answer may have changed: nobody else is looked at.
    """
    found = []
    for name in sorted(searched_before | searched_after):
        old = before.get(name) or _without_row(name in searched_before)
        new = after.get(name) or _without_row(name in searched_after)
        kind = _kind(old, new)
        if kind is not None:
            found.append(_changed(kind, crime, name, old, new))
    return found


def in_order(changes: Iterable[Changed]) -> list[Changed]:
    """The worst first; then by crime and wearer."""
    return sorted(changes, key=lambda c: (ORDER.index(c.kind), c.crime, c.wearer))


def _without_row(searched: bool) -> Mapping[str, Any]:
    return {"outcome": Outcome.EXCLUDED.value if searched else ""}


def _kind(old: Mapping[str, Any], new: Mapping[str, Any]) -> Change | None:
    was, now = old["outcome"], new["outcome"]
    kinds = {
        Change.EXCLUSION_WITHDRAWN: was == Outcome.EXCLUDED and now not in ("", was),
        Change.NEW_CANDIDATE: now == Outcome.CANDIDATE != was,
        Change.NO_LONGER_SEARCHED: was != "" and now == "",
        Change.CANDIDATE_GONE: was == Outcome.CANDIDATE != now,
        Change.EXCLUSION_NEW: now == Outcome.EXCLUDED != was,
        Change.OUTCOME_CHANGED: was != now,
        Change.STRENGTH_MOVED: old.get("log10_lr") != new.get("log10_lr")
        or old.get("strength") != new.get("strength"),
        Change.DETAILS: dict(old) != dict(new),
    }
    return next((kind for kind, true in kinds.items() if true), None)


def _changed(
    kind: Change,
    crime: tuple[str, str, int],
    name: str,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
) -> Changed:
    return Changed(
        kind=kind,
        crime=crime,
        wearer=name,
        outcome_before=old["outcome"],
        outcome_after=new["outcome"],
        band_before=old.get("strength") or "",
        band_after=new.get("strength") or "",
        log10_before=old.get("log10_lr"),
        log10_after=new.get("log10_lr"),
    )
