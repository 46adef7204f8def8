"""Matching the pairs that are pending, and putting each crime's answers together again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4

import numpy as np
import pyarrow as pa

from tipstaff.engines.run import MatchRun, files_of, manifest_of, run_match
from tipstaff.formats import run_files
from tipstaff.formats.run_files import SUFFIXES, UnreadableRun
from tipstaff.matching.changes import Changed, changes_of
from tipstaff.matching.evidence import days_of
from tipstaff.matching.inputs import Intake
from tipstaff.matching.permits import Permits
from tipstaff.matching.recorded import coded_rows, read_back
from tipstaff.matching.renewed import Row, renewed_counts, renewed_rows
from tipstaff.matching.resting import digest_of
from tipstaff.matching.results import crime_rows, fact_rows
from tipstaff.records import runs as records
from tipstaff.records.crimes import CrimeKey
from tipstaff.records.pending import RenewalFact
from tipstaff.services import match_parts, run_folder, runs, searchable
from tipstaff.services.instance import open_instance
from tipstaff.services.match_again import Looked

#: The files of a run that are kept beside the records, by what they hold.
KEPT: Final = ("crimes", "facts")
_CRIME: Final = ("force", "crime_reference", "crime_version")
_FACT_ORDER: Final = (*_CRIME, "wearer_id", "fix_time", "device_id")


@dataclass(frozen=True, slots=True)
class Renewed:
    """What matching again brought: the run to record, None where no answer changed.

    `answers` are the rows of each crime that was looked at, coded; `kept` files by name.
    `background` is the id of another background, where there has to be one.
    """

    told: runs.Recording | None = None
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    renewals: tuple[RenewalFact, ...] = ()
    changed: tuple[Changed, ...] = field(default=(), repr=False)
    answers: Mapping[CrimeKey, list[Row]] = field(default_factory=dict, repr=False)
    background: UUID = field(default_factory=uuid4)

    @property
    def kept(self) -> dict[str, bytes]:
        """The files that are kept beside the records."""
        return {"run" + SUFFIXES[kind]: self.files[SUFFIXES[kind]] for kind in KEPT}


@dataclass(frozen=True, slots=True)
class _Crime:
    """One crime, before and after: rows coded, whose answers were made again, what changed."""

    key: CrimeKey
    earlier: UUID
    again: frozenset[str]
    before: list[Row]
    rows: list[Row]
    told: Row
    changed: list[Changed]

    @property
    def is_other(self) -> bool:
        """Whether any of it is not as it stood."""
        return bool(self.changed) or read_back(self.before) != read_back(self.rows)


def renew(looked: Looked) -> Renewed:
    """Match the pairs that are pending, and put together what stands from now on."""
    _widen(looked)
    chosen = looked.chosen
    crimes = [looked.subject.crimes[i] for i in chosen]
    rest = [c for i, c in enumerate(looked.subject.crimes) if i not in set(chosen)]
    permits = looked.asked.permits
    narrowed = Permits(permits.codes[chosen], permits.reasons, permits.answered)
    run = run_match(
        looked.found.held.contents(),
        looked.worn,
        looked.found.devices,
        crimes,
        looked.asked.parameters,
        permits=narrowed,
        readable=looked.of_wanted(looked.asked.readable),
        usual=looked.usual_fixes,
        linked=[*rest, *looked.subject.beside],
        wanted=looked.wanted[chosen],
    )
    found = list(_crimes(looked, run, chosen))
    other = [crime for crime in found if crime.is_other]
    answers = {crime.key: crime.rows for crime in found}
    if not other:
        return Renewed(answers=answers)
    files = _files(looked, run, other)
    coded = [row for crime in other for row in crime.rows]
    return Renewed(
        told=match_parts.recording(files, coded, None),
        files=files,
        renewals=tuple(RenewalFact(crime.key, crime.earlier, len(crime.again)) for crime in other),
        changed=tuple(change for crime in other for change in crime.changed),
        answers=answers,
    )


def _widen(looked: Looked) -> None:
    """Where the fixes kept for a run are lost, everybody's answer to its crimes is made again."""
    lost = {run for run in _earlier(looked) if _facts_of(run) is None}
    for i in looked.chosen:
        if looked.subject.standing(looked.subject.crimes[i]).run_id in lost:
            looked.wanted[i] = True


def _earlier(looked: Looked) -> set[UUID]:
    crimes = looked.subject.crimes
    return {looked.subject.standing(crimes[i]).run_id for i in looked.chosen}


def _crimes(looked: Looked, run: MatchRun, chosen: Sequence[int]) -> Iterable[_Crime]:
    again = _by_crime(coded_rows(run.matched))
    told = {_key(row): row for row in crime_rows(run.matched)}
    before = _standing_rows(looked)
    span, names = days_of(looked.subject.crimes), looked.asked.wearers
    for i in chosen:
        crime = looked.subject.crimes[i]
        stands = looked.subject.standing(crime)
        old = before.get((stands.run_id, stands.crime), [])
        asked = {names[w] for w in np.flatnonzero(looked.wanted[i]).tolist()}
        if looked.wanted[i].all():  # whoever was known then, and is no more
            asked |= {row["wearer_id"] for row in old}
        asked |= {row["wearer_id"] for row in old} - {*names}
        now = {names[w] for w in np.flatnonzero(looked.searched[i]).tolist()}
        searched = int(told[crime.key]["searched_wearers"])
        rows = renewed_rows(
            old, again.get(crime.key, []), asked_again=frozenset(asked), searched=searched
        )
        changed = changes_of(
            crime.key,
            _by_name(old, asked - looked.hidden),
            _by_name(rows, asked - looked.hidden),
            searched_before=_searched_before(looked, span.get(crime.key), old, asked, now),
            searched_after=frozenset(now & asked),
        )
        counted = renewed_counts(told[crime.key], rows, len(now))
        yield _Crime(crime.key, stands.run_id, frozenset(asked & now), old, rows, counted, changed)


def _searched_before(
    looked: Looked, span: Any, old: list[Row], asked: set[str], now: set[str]
) -> frozenset[str]:
    """Who of those asked again was searched before: whoever had a row, or evidence, far off.

    Where it is not known for certain, somebody searched now counts as searched before, so that an
    exclusion that was withdrawn is never passed over.
    """
    with_row = {row["wearer_id"] for row in old}
    with_evidence = {name for name, days in looked.stored if days == span}
    return frozenset((with_row | (with_evidence & now)) & (asked - looked.hidden))


def _standing_rows(looked: Looked) -> dict[tuple[UUID, CrimeKey], list[Row]]:
    found: dict[tuple[UUID, CrimeKey], list[Row]] = {}
    for run in _earlier(looked):
        for row in [*records.candidates(run), *records.exclusions(run)]:
            found.setdefault((run, _key(row)), []).append(row)
    return found


def _by_crime(rows: Iterable[Row]) -> dict[CrimeKey, list[Row]]:
    found: dict[CrimeKey, list[Row]] = {}
    for row in rows:
        found.setdefault(_key(row), []).append(row)
    return found


def _by_name(rows: list[Row], names: set[str]) -> dict[str, Row]:
    return {row["wearer_id"]: row for row in read_back(rows) if row["wearer_id"] in names}


def _key(row: Mapping[str, Any]) -> CrimeKey:
    force, reference, version = (row[name] for name in _CRIME)
    return (force, reference, version)


def _files(looked: Looked, run: MatchRun, other: list[_Crime]) -> dict[str, bytes]:
    rows = read_back(row for crime in other for row in crime.rows)
    told = [crime.told for crime in sorted(other, key=lambda crime: crime.key)]
    manifest = _manifest(looked, run, other, told, len(rows))
    return files_of(manifest, rows, told, _facts(run, other))


def _facts(run: MatchRun, other: list[_Crime]) -> list[Row]:
    """The fixes behind the answers: those made again, and those that stand as they were."""
    asked = {crime.key: crime.again for crime in other}
    found = [row for row in fact_rows(run.matched) if row["wearer_id"] in asked.get(_key(row), ())]
    for earlier in sorted({crime.earlier for crime in other}, key=str):
        own = {crime.key: crime for crime in other if crime.earlier == earlier}
        table = _facts_of(earlier)
        for row in [] if table is None else table.to_pylist():
            crime = own.get(_key(row))
            if crime is not None and row["wearer_id"] in _kept_names(crime):
                found.append(row)
    return sorted(found, key=lambda row: tuple(row[name] for name in _FACT_ORDER))


def _kept_names(crime: _Crime) -> set[str]:
    return {row["wearer_id"] for row in crime.rows} - crime.again


def _facts_of(run_id: UUID) -> pa.Table | None:
    folder = open_instance().runs_folder
    try:
        content = run_folder.read(folder, run_id, "run" + SUFFIXES["facts"])
    except OSError:
        return None
    table = run_files.read_facts(content)
    return None if isinstance(table, UnreadableRun) else table


def _manifest(
    looked: Looked, run: MatchRun, other: list[_Crime], told: list[Row], rows: int
) -> dict[str, Any]:
    """As of any run, with the counts of the crimes that changed, and whose place it takes.

    `data_digest` is over what the answers rest on: the background and all evidence.
    """
    fact, judged = looked.subject.fact, looked.judged
    by = searchable.EVERYBODY if judged is None else judged.said
    intake: Intake = looked.found.intake
    manifest = manifest_of(run, intake=intake, outcomes="all", searchable=by, rows=rows)
    named = ("candidates", "excluded", "excluded_beyond", "not_monitorable", "cannot_exclude",
             "legacy_candidates")  # fmt: skip
    located = sum(row["latitude"] is not None for row in told)
    counts = {name: sum(row[name] for row in told) for name in named}
    whole = {"crimes": len(told), "crimes_located": located,
             "crimes_not_located": len(told) - located}  # fmt: skip
    evidence = {k: v for k, v in {**looked.stored, **looked.evidence}.items() if v is not None}
    return {
        **manifest,
        "data_digest": digest_of([looked.usual.digest, *sorted(evidence.items())]),
        "counts": {**manifest["counts"], **whole, **counts},
        "renews": {
            "runs": sorted({str(crime.earlier) for crime in other}),
            "pairs": sum(len(crime.again) for crime in other),
            "background": {
                "first_run": str(fact.first_run),
                "cut_off": None if fact.cut_off is None else fact.cut_off.isoformat(),
                "known_at": fact.known_at.isoformat(),
                "fixes": looked.usual.rows,
                "changed": looked.usual_changed,
            },
        },
    }
