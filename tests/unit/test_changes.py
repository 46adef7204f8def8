"""What a match made again says otherwise: one kind for each answer, the worst first."""

from __future__ import annotations

from typing import Any

import pytest

from tipstaff.formats.answer_changes import COLUMNS, write_changes
from tipstaff.matching.changes import ORDER, Change, changes_of, in_order
from tipstaff.matching.renewed import renewed_counts, renewed_rows

CRIME = ("Durham", "a", 1)


def said(outcome: str, log10: float | None = None, **more: Any) -> dict[str, Any]:
    strength = None if log10 is None else f"band of {round(log10)}"
    return {"outcome": outcome, "log10_lr": log10, "strength": strength, **more}


TOLD = [
    (said("excluded"), said("candidate", 1.0), Change.EXCLUSION_WITHDRAWN),
    (said("excluded"), said("cannot_exclude", 0.0), Change.EXCLUSION_WITHDRAWN),
    (None, said("not_monitorable", 0.0), Change.EXCLUSION_WITHDRAWN),
    (said("not_monitorable", 0.0), said("candidate", 1.0), Change.NEW_CANDIDATE),
    (said("candidate", 1.0), said("excluded"), Change.CANDIDATE_GONE),
    (said("candidate", 1.0), None, Change.CANDIDATE_GONE),
    (said("candidate", 1.0), said("candidate", 2.5), Change.STRENGTH_MOVED),
    (said("cannot_exclude", -0.2), said("cannot_exclude", -0.3), Change.STRENGTH_MOVED),
    (said("not_monitorable", 0.0), said("excluded"), Change.EXCLUSION_NEW),
    (said("not_monitorable", 0.0), None, Change.EXCLUSION_NEW),
    (said("not_monitorable", 0.0), said("cannot_exclude", 0.0), Change.OUTCOME_CHANGED),
    (said("candidate", 1.0, rank=1), said("candidate", 1.0, rank=2), Change.DETAILS),
    (said("excluded"), said("excluded"), None),
    (None, said("excluded"), Change.DETAILS),
    (None, None, None),
]


@pytest.mark.parametrize(("before", "after", "kind"), TOLD)
def test_of_two_who_were_searched_both_times(before: Any, after: Any, kind: Change | None) -> None:
    """No row: excluded, far off."""
    found = changes_of(
        CRIME,
        {} if before is None else {"W": before},
        {} if after is None else {"W": after},
        searched_before=frozenset({"W"}),
        searched_after=frozenset({"W"}),
    )
    assert [each.kind for each in found] == ([] if kind is None else [kind])


def test_whoever_was_not_searched_was_not_excluded() -> None:
    new = {"W": said("candidate", 1.0)}
    only = {"searched_before": frozenset[str](), "searched_after": frozenset({"W"})}
    (found,) = changes_of(CRIME, {}, new, **only)
    assert (found.kind, found.outcome_before) == (Change.NEW_CANDIDATE, "")
    (gone,) = changes_of(
        CRIME, new, {}, searched_before=frozenset({"W"}), searched_after=frozenset()
    )
    assert (gone.kind, gone.outcome_after) == (Change.NO_LONGER_SEARCHED, "")


def test_the_worst_is_told_first_and_a_name_is_no_formula() -> None:
    every = [
        change
        for i, (before, after, kind) in enumerate(TOLD)
        if kind is not None
        for change in changes_of(
            CRIME,
            {} if before is None else {f"=W{i:02}": before},
            {} if after is None else {f"=W{i:02}": after},
            searched_before=frozenset({f"=W{i:02}"}),
            searched_after=frozenset({f"=W{i:02}"}),
        )
    ]
    ordered = in_order(reversed(every))
    places = [ORDER.index(change.kind) for change in ordered]
    assert places == sorted(places)
    assert ordered[0].kind is Change.EXCLUSION_WITHDRAWN
    head, first, *_rest = write_changes(ordered).decode().splitlines()
    assert head == ",".join(COLUMNS)
    assert first.startswith("exclusion_withdrawn,Durham,a,1,'=W00,excluded,candidate,")
    moved = next(c for c in ordered if c.kind is Change.STRENGTH_MOVED)
    assert moved.moved_log10 == 1.5


def row(name: str, raw: float | None = None, outcome: str = "candidate") -> dict[str, Any]:
    return {
        "force": "Durham", "crime_reference": "a", "crime_version": 1, "wearer_id": name,
        "outcome": outcome, "rank": None, "raw_log10": raw, "legacy_match": False,
        "searched_wearers": 9,
    }  # fmt: skip


def test_a_crime_is_put_together_again_with_ranks_and_counts() -> None:
    standing = [row("A", 1.0), row("B", 2.0), row("C", outcome="not_monitorable")]
    again = [row("B", 0.5), row("D", 1.0), row("Z", 9.0)]
    rows = renewed_rows(standing, again, asked_again=frozenset({"B", "C", "D"}), searched=7)
    assert [(r["wearer_id"], r["rank"]) for r in rows] == [("A", 1), ("D", 2), ("B", 3)]
    assert {r["searched_wearers"] for r in rows} == {7}
    counts = renewed_counts({"searched_wearers": 7}, rows, 7)
    assert (counts["candidates"], counts["excluded"], counts["excluded_beyond"]) == (3, 4, 4)
