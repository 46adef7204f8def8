"""Answers as a reviewer sees them before they have recorded their own reading of the trail.

What the program makes of a candidate is taken out: strength, interval, rank, chance matches, the
fixed-circle rule's answer and the sentence. What the trail itself shows (nearest, dwell, fixes
near, coverage) stays.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import pyarrow as pa

from tipstaff.domain.readings import Read
from tipstaff.matching.outcomes import Outcome

#: Columns of a result that say what the program makes of it, and what stands there instead.
TAKEN_OUT: Final[dict[str, Any]] = {
    "rank": None,
    "log10_lr": None,
    "log10_lr_low": None,
    "log10_lr_high": None,
    "strength": "",
    "presence_probability": None,
    "expected_chance_matches": None,
    "legacy_match": False,
    "legacy_labels": "",
    "explanation": "",
}


def as_read_by(results: pa.Table, read: Collection[Read]) -> pa.Table:
    """`RESULT_SCHEMA` with candidates whom the reviewer has not read as they are before that.

    Other outcomes stay as they are: they have no strength to be swayed by, and their reasons are
    what a reviewer checks.
    """
    rows = [
        row | TAKEN_OUT
        if row["outcome"] == Outcome.CANDIDATE.value and key_of(row) not in read
        else row
        for row in results.to_pylist()
    ]
    return pa.Table.from_pylist(rows, schema=results.schema)


def key_of(row: dict[str, Any]) -> Read:
    """Which answer a row is."""
    return (
        row["force"] or "",
        row["crime_reference"] or "",
        row["crime_version"] or 0,
        row["wearer_id"] or "",
    )
