"""A run as the report sees it: crimes in order, their answers grouped, the fixes that go with them.

Made from the tables a match leaves, wherever they lie; nothing is opened here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import pyarrow as pa

from tipstaff.domain.crimes import CRIME_TYPE_WORDS, CrimeType
from tipstaff.formats.run_files import UnreadableRun
from tipstaff.matching import kept_out
from tipstaff.matching.outcomes import Outcome

Key = tuple[str, str, int]
_KEY_COLUMNS: Final = ["force", "crime_reference", "crime_version"]
#: Two fixes further apart than this have a gap between them (FACTS §2).
GAP_S: Final = 300.0


@dataclass(frozen=True, slots=True)
class FixView:
    """One fix of a trail: WGS84 degrees, radius None where the supplier stated none."""

    at: datetime
    latitude: float
    longitude: float
    radius_m: float | None
    mechanism: str
    decides: bool


@dataclass(frozen=True, slots=True)
class CrimeView:
    """One crime version with its answers; `counts` by column of the crimes file.

    `not_searched`: how many monitored wearers were not searched, by reason.
    """

    key: Key
    crime_type: str
    batch: str
    start: datetime
    end: datetime
    latitude: float | None
    longitude: float | None
    rounding_m: float
    counts: dict[str, int]
    not_searched: dict[str, int]
    answers: dict[Outcome, tuple[dict[str, Any], ...]]
    trails: dict[str, tuple[FixView, ...]]

    @property
    def located(self) -> bool:
        """Whether the crime has a place on the ground."""
        return self.latitude is not None and self.longitude is not None

    @property
    def type_words(self) -> str:
        """The crime type in words; the code itself where it is not of the national file."""
        known = self.crime_type in set(CrimeType)
        return CRIME_TYPE_WORDS[CrimeType(self.crime_type)] if known else self.crime_type

    @property
    def candidates(self) -> tuple[dict[str, Any], ...]:
        """The candidates, strongest first."""
        return self.answers[Outcome.CANDIDATE]

    def count(self, column: str) -> int:
        """A count of the crimes file; 0 where it is empty."""
        return self.counts.get(column) or 0

    @property
    def legacy_rows(self) -> tuple[dict[str, Any], ...]:
        """Every answer written out that the fixed-circle rule matched too."""
        return tuple(row for rows in self.answers.values() for row in rows if row["legacy_match"])

    @property
    def legacy_unwritten(self) -> tuple[str, ...]:
        """Wearers with a trail who are in no row: the fixed-circle rule alone named them."""
        written = {row["wearer_id"] for rows in self.answers.values() for row in rows}
        return tuple(sorted(set(self.trails) - written))


@dataclass(frozen=True, slots=True)
class RunView:
    """A whole run."""

    crimes: tuple[CrimeView, ...]
    manifest: dict[str, Any] = field(default_factory=dict)
    complete: bool = False

    @property
    def all_outcomes(self) -> bool:
        """Whether exclusions are among the answers here, not only counted."""
        return self.complete or self.manifest.get("outcomes") == "all"

    def total(self, column: str) -> int:
        """A count summed over the crimes."""
        return sum(crime.count(column) for crime in self.crimes)


def assemble(
    results: pa.Table,
    crimes: pa.Table,
    facts: pa.Table,
    manifest: dict[str, Any],
    *,
    complete: bool = False,
) -> RunView | UnreadableRun:
    """Group the tables of a run (`formats.run_files` has their schemas) by crime, all in order.

    `complete`: the results hold every outcome, whatever the manifest says was written out.
    Two crimes of one key are refused: an answer would be listed under both.
    """
    twice = _twice(crimes)
    if twice is not None:
        return twice
    answers: dict[Key, list[dict[str, Any]]] = defaultdict(list)
    for row in results.to_pylist():
        answers[_key(row)].append(row)
    trails: dict[Key, dict[str, list[FixView]]] = defaultdict(lambda: defaultdict(list))
    for row in facts.to_pylist():
        trails[_key(row)][row["wearer_id"] or ""].append(_fix(row))
    views = [_crime(row, answers[_key(row)], trails[_key(row)]) for row in crimes.to_pylist()]
    return RunView(tuple(sorted(views, key=lambda c: (c.start, c.key))), manifest, complete)


def _twice(crimes: pa.Table) -> UnreadableRun | None:
    """Why answers cannot be told apart by crime, where two crimes have one key."""
    times = Counter(_key(row) for row in crimes.select(_KEY_COLUMNS).to_pylist())
    twice = sum(count > 1 for count in times.values())
    if not twice:
        return None
    return UnreadableRun(
        f"{twice} of its crimes are there twice under one version, so whose an answer is cannot be "
        "told",
        "Run the match again, and report that run.",
    )


def _key(row: dict[str, Any]) -> Key:
    return (row["force"] or "", row["crime_reference"] or "", row["crime_version"] or 0)


def _fix(row: dict[str, Any]) -> FixView:
    return FixView(
        at=row["fix_time"],
        latitude=row["latitude"],
        longitude=row["longitude"],
        radius_m=row["radius95_m"],
        mechanism=row["mechanism"] or "",
        decides=row["role"] == "decides",
    )


_COUNTS: Final = (
    "searched_wearers",
    "monitored_wearers",
    "candidates",
    "excluded",
    "excluded_beyond",
    "not_monitorable",
    "cannot_exclude",
    "legacy_candidates",
)


def _crime(
    row: dict[str, Any], answers: list[dict[str, Any]], trails: dict[str, list[FixView]]
) -> CrimeView:
    return CrimeView(
        key=_key(row),
        crime_type=row["crime_type"] or "",
        batch=row["batch"] or "",
        start=row["from"],
        end=row["to"],
        latitude=row["latitude"],
        longitude=row["longitude"],
        rounding_m=row["rounding_m"] or 0.0,
        counts={name: row[name] for name in _COUNTS},
        not_searched=kept_out.read(row["not_searched"]),
        answers={
            outcome: tuple(
                sorted((a for a in answers if a["outcome"] == outcome.value), key=_answer_order)
            )
            for outcome in Outcome
        },
        trails={
            wearer: tuple(sorted(fixes, key=lambda f: (f.at, f.latitude, f.longitude)))
            for wearer, fixes in sorted(trails.items())
        },
    )


def _answer_order(row: dict[str, Any]) -> tuple[float, float, str]:
    """Candidates by rank; the rest nearest first."""
    rank, nearest = row["rank"], row["nearest_m"]
    return (
        float("inf") if rank is None else rank,
        float("inf") if nearest is None else nearest,
        row["wearer_id"] or "",
    )
