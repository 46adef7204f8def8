"""Answers as they are recorded: numbers and codes, from which the sentence is made on reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

import numpy as np

from tipstaff.matching.outcomes import RESULT_SCHEMA, DecidedBy, Outcome
from tipstaff.matching.results import Matched, answer, beyond, in_order, ranks_of
from tipstaff.matching.sentences import Grounds, sentence

#: What a sentence needs and a result file has no column for.
_BESIDES: Final = tuple(f.name for f in fields(Grounds) if f.name not in RESULT_SCHEMA.names)


def coded_rows(matched: Matched) -> list[dict[str, Any]]:
    """Every answer that is not merely counted: `decided_by` its code, `numbers` in place of words.

    The values of `numbers` are plain JSON; instants are ISO 8601 text. `raw_log10` is the strength
    that ranks are by, uncapped.
    """
    ranks = ranks_of(matched.answers)
    rows = []
    for pair in np.flatnonzero(~beyond(matched.answers)):
        row, decided, grounds = answer(matched, int(pair), int(ranks[pair]))
        raw = float(np.round(matched.answers.raw_log10[pair], 6)) + 0.0
        coded = {"decided_by": int(decided), "numbers": _numbers(grounds), "raw_log10": raw}
        rows.append({**row, **coded})
    return in_order(rows)


def read_back(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Recorded answers as the rows of a result file, sentences and all, in the file's order."""
    return in_order([_with_words(row) for row in rows])


def _numbers(grounds: Grounds) -> dict[str, Any]:
    """Only what says something: an absent number reads back as its default."""
    found = {f.name: getattr(grounds, f.name) for f in fields(grounds) if f.name in _BESIDES}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in found.items()
        if value is not None and value is not False
    }


def _with_words(row: Mapping[str, Any]) -> dict[str, Any]:
    decided = DecidedBy(row["decided_by"])
    read = {name: row.get(name) for name in RESULT_SCHEMA.names}
    for name in ("strength", "legacy_labels"):
        read[name] = read[name] or None
    read["decided_by"] = decided.name.lower()
    read["explanation"] = sentence(Outcome(row["outcome"]), decided, _grounds(row))
    return read


def _grounds(row: Mapping[str, Any]) -> Grounds:
    named = {f.name for f in fields(Grounds)}
    values: dict[str, Any] = {
        name: row[name] for name in RESULT_SCHEMA.names if name in named and name in row
    }
    besides: dict[str, Any] = {
        name: datetime.fromisoformat(value) if name.endswith(("_at", "_from", "_to")) else value
        for name, value in row["numbers"].items()
    }
    return Grounds(**values, **besides)
