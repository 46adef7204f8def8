"""One crime's answers put together from those that stand and those that were made again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tipstaff.matching.outcomes import Outcome
from tipstaff.matching.results import in_order

Row = dict[str, Any]


def renewed_rows(
    standing: Iterable[Mapping[str, Any]],
    again: Iterable[Mapping[str, Any]],
    *,
    asked_again: frozenset[str],
    searched: int,
) -> list[Row]:
    """The rows of one crime, coded, as matching everybody again would give them, in order.

    `asked_again`: the wearers whose answers were wanted again; theirs come from `again` alone, and
    where one has none, they are far beyond. `searched`: how many wearers are searched now.
    """
    kept = [dict(row) for row in standing if row["wearer_id"] not in asked_again]
    new = [dict(row) for row in again if row["wearer_id"] in asked_again]
    rows = [{**row, "searched_wearers": searched} for row in [*kept, *new]]
    return in_order(_ranked(rows))


def _ranked(rows: list[Row]) -> list[Row]:
    """Candidates with their rank: by strength as `results.ranks_of`, ties by the wearer's name."""
    candidates = [row for row in rows if row["outcome"] == Outcome.CANDIDATE.value]
    candidates.sort(key=lambda row: (-row["raw_log10"], row["wearer_id"]))
    for rank, row in enumerate(candidates, start=1):
        row["rank"] = rank
    return rows


def renewed_counts(told: Mapping[str, Any], rows: list[Row], asked: int) -> Row:
    """A crime's row of counts, of those answers; `told` is what the match made again says of it.

    `asked`: how many wearers an answer was wanted of; whoever has no row was excluded, far off.
    """
    outcomes = [row["outcome"] for row in rows]
    beyond = asked - len(rows)
    return {
        **told,
        "candidates": outcomes.count(Outcome.CANDIDATE.value),
        "excluded": outcomes.count(Outcome.EXCLUDED.value) + beyond,
        "excluded_beyond": beyond,
        "not_monitorable": outcomes.count(Outcome.NOT_MONITORABLE.value),
        "cannot_exclude": outcomes.count(Outcome.CANNOT_EXCLUDE.value),
        "legacy_candidates": sum(bool(row["legacy_match"]) for row in rows),
    }
