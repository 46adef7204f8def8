"""The parts of a search of the archive: the open one, and one about wearers of limited access.

In the open part those wearers are as if there were none. The reserved part answers about them
alone; there is one only where one of them may be searched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from tipstaff.domain.accuracy import ErrorModel
from tipstaff.domain.crimes import Crime
from tipstaff.engines.run import Progress, manifest_of, run_bytes, run_match
from tipstaff.formats.run_files import SUFFIXES
from tipstaff.matching.inputs import Worn
from tipstaff.matching.outcomes import Outcome
from tipstaff.matching.parameters import MatchParameters
from tipstaff.matching.permits import Permits
from tipstaff.matching.readable import readable
from tipstaff.matching.recorded import coded_rows, read_back
from tipstaff.services import match_inputs, runs, searchable
from tipstaff.services.match_inputs import Inputs
from tipstaff.services.searchable import Judged, Law
from tipstaff.services.standing import Asked, Basis, basis_of


@dataclass(frozen=True, slots=True)
class Part:
    """One match of a search: as it is recorded, its files by suffix, seconds by step."""

    told: runs.Recording
    files: dict[str, bytes]
    seconds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Question:
    """What all parts have in common; crimes in the order of their keys, and those beside them."""

    search: runs.Search
    crimes: list[Crime]
    beside: list[Crime]
    error: ErrorModel
    known_at: datetime

    @property
    def outcomes(self) -> str:
        """What is written out."""
        return str(self.search.extent["outcomes"])


def parts(
    search: runs.Search, crimes: list[Crime], error: ErrorModel, progress: Progress
) -> tuple[Part, ...]:
    """The open part, and the reserved part where there is one; one after the other, for memory.

    `crimes` are in the order of their keys.
    """
    now = datetime.now(UTC)
    question = _Question(search, crimes, runs.crimes_beside(search, crimes), error, now)
    if search.everybody:
        found = match_inputs.gather(search, crimes)
        return (_part(question, found, None, progress),)
    told = searchable.law_at(now)
    hidden = told.limited
    opened = _open(question, told, hidden, progress)
    reserved = _reserved(question, told, hidden) if hidden else None
    return (opened,) if reserved is None else (opened, reserved)


def _open(question: _Question, told: Law, hidden: frozenset[str], progress: Progress) -> Part:
    found = match_inputs.gather(question.search, question.crimes, hidden=hidden)
    return _part(question, found, judged(told, question.crimes, found, hidden), progress)


def _reserved(question: _Question, told: Law, limited: frozenset[str]) -> Part | None:
    """Everybody is searched, so that chance is reckoned as ever; only the limited are answered."""
    found = match_inputs.gather(question.search, question.crimes)
    narrowed = answering(judged(told, question.crimes, found, frozenset()), found.worn, limited)
    if not (narrowed.permits.anybody() & narrowed.permits.answered).any():
        return None
    return _part(question, found, narrowed, lambda _step, _share: None, reserved=True)


def answering(judged: Judged, worn: Worn, limited: frozenset[str]) -> Judged:
    """The same, with answers about wearers of limited access alone."""
    answered = np.array([name in limited for name in worn.wearers], np.bool_)
    said = {**judged.said, "answered": "limited access"}
    return replace(judged, permits=replace(judged.permits, answered=answered), said=said)


def judged(
    told: Law, crimes: list[Crime], found: Inputs, hidden: frozenset[str], worn: Worn | None = None
) -> Judged:
    """Who may be searched. A device that is its own wearer has no order, whatever its name.

    Of the wearers of `worn`, without it those found.
    """
    wearers = (worn or found.worn).wearers
    people = wearers if found.people_known else ("",) * len(wearers)
    return searchable.judge(told, crimes, people, seen=frozenset(told.cases) - hidden)


def _part(
    question: _Question,
    found: Inputs,
    judged: Judged | None,
    progress: Progress,
    *,
    reserved: bool = False,
) -> Part:
    """A match as it is recorded; written out are candidates alone, or all, as was asked."""
    asked = Asked(
        crimes=question.crimes,
        beside=question.beside,
        wearers=found.worn.wearers,
        permits=permits_of(judged, len(question.crimes), found.worn),
        worn=found.worn.table,
        readable=found.worn.table if judged is None else readable(found.worn, judged.spans),
        parameters=MatchParameters(error=question.error),
    )
    run = run_match(
        found.held.contents(),
        found.worn,
        found.devices,
        question.crimes,
        asked.parameters,
        permits=asked.permits,
        readable=asked.readable,
        linked=question.beside,
        progress=progress,
    )
    basis = basis_of(
        asked,
        found.source(),
        run.matched.loaded,
        known_at=question.known_at,
        reserved=reserved,
        everybody=judged is None,
    )
    by = searchable.EVERYBODY if judged is None else judged.said
    outcomes = "all" if reserved else question.outcomes
    coded = coded_rows(run.matched)
    written = coded if outcomes == "all" else [r for r in coded if _is_candidate(r)]
    rows = read_back(written)
    manifest = manifest_of(run, intake=found.intake, outcomes=outcomes, searchable=by,
                           rows=len(rows))  # fmt: skip
    files = run_bytes(run, manifest, rows)
    return Part(recording(files, coded, basis), files, run.timings.seconds)


def permits_of(judged: Judged | None, crimes: int, worn: Worn) -> Permits:
    """Who may be searched for what; everybody where no law was asked."""
    if judged is None:
        return Permits.everybody(crimes, len(worn.wearers))
    return judged.permits


def recording(
    files: Mapping[str, bytes], coded: list[dict[str, Any]], basis: Basis | None
) -> runs.Recording:
    """A run as it is recorded, by its files and its answers."""
    candidates = [row for row in coded if _is_candidate(row)]
    exclusions = [row for row in coded if not _is_candidate(row)]
    text = files[SUFFIXES["manifest"]].decode()
    return runs.Recording(text, candidates, exclusions, basis=basis)


def _is_candidate(row: Mapping[str, Any]) -> bool:
    return bool(row["outcome"] == Outcome.CANDIDATE.value)
