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
from tipstaff.engines.run import MatchRun, Progress, manifest_of, run_bytes, run_match
from tipstaff.formats.run_files import SUFFIXES
from tipstaff.matching.inputs import Intake
from tipstaff.matching.outcomes import Outcome
from tipstaff.matching.parameters import MatchParameters
from tipstaff.matching.readable import readable
from tipstaff.matching.recorded import coded_rows, read_back
from tipstaff.services import match_inputs, runs, searchable
from tipstaff.services.match_inputs import Inputs
from tipstaff.services.searchable import Judged, Law


@dataclass(frozen=True, slots=True)
class Part:
    """One match of a search: as it is recorded, its files by suffix, seconds by step."""

    told: runs.Recording
    files: dict[str, bytes]
    seconds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Question:
    """What all parts have in common; crimes in the order of their keys."""

    search: runs.Search
    crimes: list[Crime]
    error: ErrorModel


def parts(
    search: runs.Search, crimes: list[Crime], error: ErrorModel, progress: Progress
) -> tuple[Part, ...]:
    """The open part, and the reserved part where there is one; one after the other, for memory.

    `crimes` are in the order of their keys.
    """
    question = _Question(search, crimes, error)
    outcomes = str(search.extent["outcomes"])
    if search.everybody:
        found = match_inputs.gather(search, crimes)
        run = _run(question, found, None, progress)
        return (_part(run, found.intake, searchable.EVERYBODY, outcomes),)
    told = searchable.law_at(datetime.now(UTC))
    hidden = told.limited
    opened = _open(question, told, hidden, progress)
    reserved = _reserved(question, told, hidden) if hidden else None
    return (opened,) if reserved is None else (opened, reserved)


def _open(question: _Question, told: Law, hidden: frozenset[str], progress: Progress) -> Part:
    found = match_inputs.gather(question.search, question.crimes, hidden=hidden)
    judged = _judged(told, question.crimes, found, hidden)
    run = _run(question, found, judged, progress)
    return _part(run, found.intake, judged.said, str(question.search.extent["outcomes"]))


def _reserved(question: _Question, told: Law, limited: frozenset[str]) -> Part | None:
    """Everybody is searched, so that chance is reckoned as ever; only the limited are answered."""
    found = match_inputs.gather(question.search, question.crimes)
    judged = _judged(told, question.crimes, found, frozenset())
    answered = np.array([name in limited for name in found.worn.wearers], np.bool_)
    if not (judged.permits.anybody() & answered).any():
        return None
    narrowed = replace(judged, permits=replace(judged.permits, answered=answered))
    run = _run(question, found, narrowed, lambda _step, _share: None)
    return _part(run, found.intake, {**judged.said, "answered": "limited access"}, "all")


def _judged(told: Law, crimes: list[Crime], found: Inputs, hidden: frozenset[str]) -> Judged:
    """Who may be searched. A device that is its own wearer has no order, whatever its name."""
    people = found.worn.wearers if found.people_known else ("",) * len(found.worn.wearers)
    return searchable.judge(told, crimes, people, seen=frozenset(told.cases) - hidden)


def _run(question: _Question, found: Inputs, judged: Judged | None, progress: Progress) -> MatchRun:
    return run_match(
        found.held.contents(),
        found.worn,
        found.devices,
        question.crimes,
        MatchParameters(error=question.error),
        permits=None if judged is None else judged.permits,
        readable=None if judged is None else readable(found.worn, judged.spans),
        progress=progress,
    )


def _part(run: MatchRun, intake: Intake, by: str | Mapping[str, Any], outcomes: str) -> Part:
    """A finished match as it is recorded; written out are candidates alone, or all `outcomes`."""
    coded = coded_rows(run.matched)
    candidates = [row for row in coded if row["outcome"] == Outcome.CANDIDATE.value]
    exclusions = [row for row in coded if row["outcome"] != Outcome.CANDIDATE.value]
    rows = read_back(coded if outcomes == "all" else candidates)
    manifest = manifest_of(run, intake=intake, outcomes=outcomes, searchable=by, rows=len(rows))
    files = run_bytes(run, manifest, rows)
    text = files[SUFFIXES["manifest"]].decode()
    return Part(runs.Recording(text, candidates, exclusions), files, run.timings.seconds)
