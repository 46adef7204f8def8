"""What the engine tells as tables: a row a finding, and a row a period's outcome."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tipstaff.domain.findings import WHY_WORDS, Finding, PeriodOutcome, Told
from tipstaff.formats.tables import encode_table

#: Of a finding: whose, when, what, how it moved, how sure it is, why, since when it is so.
FINDING_COLUMNS: Final = (
    "wearer", "at", "kind", "condition", "step", "level", "why", "in_words", "since",
    "probability",
)  # fmt: skip
#: Of a period: elapsed seconds away and not known, and when they were first and last known there.
OUTCOME_COLUMNS: Final = (
    "wearer", "start", "end", "kind", "condition", "outcome", "absent_s", "unknown_s",
    "first_there", "last_there",
)  # fmt: skip


def finding_table(told: Iterable[tuple[str, Told]]) -> bytes:
    """Findings by wearer as CSV; times in UTC."""
    return encode_table(
        FINDING_COLUMNS,
        (
            (
                wearer, one.at, one.kind.value, one.condition, one.step.value,
                one.level.name.lower(), one.why.value, WHY_WORDS[one.why], one.since,
                None if one.probability is None else round(one.probability, 4),
            )
            for wearer, one in told
            if isinstance(one, Finding)
        ),
    )  # fmt: skip


def outcome_table(told: Iterable[tuple[str, Told]]) -> bytes:
    """Outcomes of periods by wearer as CSV; times in UTC."""
    return encode_table(
        OUTCOME_COLUMNS,
        (
            (
                wearer, one.start, one.at, one.kind.value, one.condition, one.outcome.value,
                one.absent_s, one.unknown_s, one.first_there, one.last_there,
            )
            for wearer, one in told
            if isinstance(one, PeriodOutcome)
        ),
    )  # fmt: skip
