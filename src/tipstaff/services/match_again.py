"""One background's standing answers looked at again: which of them rest on something else now.

The law is asked anew: a person who may no longer be searched is not. What is usual is made again
as known at the background's cut-off; where it cannot be any more (somebody of it was erased, or may
no longer be searched) it is another background, and all answers on it are made again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tipstaff.domain.accuracy import ErrorModel
from tipstaff.domain.crimes import Crime
from tipstaff.domain.local_time import DAY_US
from tipstaff.domain.periods import Period, from_micros
from tipstaff.engines.duckdb_engine import DuckdbEngine
from tipstaff.engines.run import UsualFixes
from tipstaff.matching.evidence import days_of
from tipstaff.matching.inputs import Worn, history_around
from tipstaff.matching.loading import load
from tipstaff.matching.parameters import MatchParameters
from tipstaff.matching.readable import readable
from tipstaff.matching.resting import fix_digests
from tipstaff.records import erasures
from tipstaff.records import pending as records
from tipstaff.records.crimes import CrimeKey
from tipstaff.records.pending import BackgroundFact, Evidence, EvidenceKey, StandingFact
from tipstaff.services import match_inputs, match_parts, runs
from tipstaff.services.match_inputs import AsKnown, Inputs
from tipstaff.services.searchable import Judged, Law
from tipstaff.services.standing import (
    Asked,
    Usual,
    crime_digests,
    searched_pairs,
    usual_members,
    worn_evidence,
)

Bools = NDArray[np.bool_]
#: An import notes when it began, and is there when it has ended: so far back is looked again.
OVERLAP: Final = timedelta(hours=1)
#: Fixes so near to the days of an answer can change what is thought of a clock on them.
_CLOCK: Final = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Subject:
    """A background with the answers that stand on it, and their crimes as they stand now.

    `withdrawn`: crimes that stand no longer; `moved`: those corrected so that the background does
    not reach round them any more; neither is among `crimes`, which are in the order of their keys.
    """

    fact: BackgroundFact
    answers: Mapping[tuple[str, str], StandingFact]
    crimes: list[Crime]
    beside: list[Crime]
    withdrawn: tuple[CrimeKey, ...]
    moved: tuple[CrimeKey, ...]

    def standing(self, crime: Crime) -> StandingFact:
        """What stands for a crime, whatever its version."""
        return self.answers[crime.force, crime.reference]


@dataclass(frozen=True, slots=True)
class Looked:
    """What a background's answers rest on now, beside what they did.

    `wanted` (C, W): pairs that rest on something else; `searched` (C, W): pairs that are searched.
    `evidence` is what was looked at anew, None where a wearer has none any more; `stored` what it
    was. `usual_changed`: the background cannot be made again as it was. `hidden`: wearers of whom
    nothing may be told, not even that they were searched once.
    """

    subject: Subject
    asked: Asked
    found: Inputs
    worn: Worn
    judged: Judged | None
    usual: Usual
    usual_changed: bool
    hidden: frozenset[str] = field(repr=False)
    known: AsKnown
    usual_readable: pa.Table
    digests: Mapping[CrimeKey, str] = field(repr=False)
    stored: Mapping[EvidenceKey, Evidence] = field(repr=False)
    evidence: Mapping[EvidenceKey, Evidence | None] = field(repr=False)
    wanted: Bools = field(repr=False)
    searched: Bools = field(repr=False)
    heard_until: datetime | None
    at: datetime

    @property
    def pairs(self) -> int:
        """How many pairs are to be matched again."""
        return int((self.wanted & self.searched).sum())

    @property
    def chosen(self) -> list[int]:
        """The positions of the crimes of which somebody's answer is to be made again."""
        return np.flatnonzero(self.wanted.any(axis=1)).tolist()

    @property
    def usual_fixes(self) -> UsualFixes:
        """The fixes that say what is usual: to be read before anything else is asked of them."""
        return UsualFixes(self.known.held.contents(), self.known.worn, self.usual_readable)

    def of_wanted(self, table: pa.Table) -> pa.Table:
        """The periods of a table as `Worn.table`, of those wearers alone who are matched again."""
        numbers = pa.array(np.flatnonzero(self.wanted.any(axis=0)).astype(np.int32))
        return table.filter(pc.is_in(table["wearer_no"], value_set=numbers))


def subject_of(search: runs.Search, fact: BackgroundFact) -> Subject:
    """A background with what stands on it."""
    stands = records.standing(fact.background_id)
    answers = {each.crime[:2]: each for each in stands}
    current = {(c.force, c.reference): c for c in runs.crimes_of_batches(search, "all")}
    there = [current[name] for name in answers if name in current]
    reached = [c for c in there if _reaches(fact, c)]
    lost = [c for c in there if not _reaches(fact, c)]
    ordered = sorted(reached, key=lambda crime: crime.key)
    return Subject(
        fact=fact,
        answers=answers,
        crimes=ordered,
        beside=runs.crimes_beside(search, ordered),
        withdrawn=tuple(each.crime for name, each in answers.items() if name not in current),
        moved=tuple(crime.key for crime in lost),
    )


def _reaches(fact: BackgroundFact, crime: Crime) -> bool:
    period = history_around([crime])
    return fact.period.start <= period.start and period.end <= fact.period.end


def look_again(
    search: runs.Search, subject: Subject, told: Law | None, now: datetime, *, afresh: bool = False
) -> Looked:
    """What the answers of a background rest on now; `told` is the law, None: all are searched.

    `afresh`: every pair is to be matched again, whatever its answer rests on.
    """
    fact, crimes = subject.fact, subject.crimes
    hidden = frozenset() if told is None or fact.reserved else told.limited
    found = match_inputs.gather(search, crimes, hidden=hidden, period=fact.period)
    members = records.members(fact.background_id)
    names = tuple(sorted({*members, *found.worn.wearers}))
    known = match_inputs.as_known(
        search, found, cut_off=fact.cut_off, known_at=fact.known_at, hidden=hidden, also=names
    )
    worn = match_inputs.among(found, known.worn.wearers)
    judged = _judged(subject, told, found, worn, hidden)
    asked = Asked(
        crimes=crimes,
        beside=subject.beside,
        wearers=worn.wearers,
        permits=match_parts.permits_of(judged, len(crimes), worn),
        worn=worn.table,
        readable=worn.table if judged is None else readable(worn, judged.spans),
        parameters=parameters_of(fact),
    )
    usual, usual_readable = _usual(asked, fact, found, known, judged, members)
    stored = records.evidence(fact.background_id)
    evidence = _evidence(asked, subject, found, worn, stored)
    digests = crime_digests(asked, usual, dict.fromkeys(stored))
    before = Usual(fact.cut_off, fact.rows, members)
    wanted = _wanted(
        asked, subject, digests, {k for k, v in evidence.items() if stored.get(k) != v}
    )
    wanted |= afresh
    return Looked(
        subject=subject,
        asked=asked,
        found=found,
        worn=worn,
        judged=judged,
        usual=usual,
        usual_changed=usual.digest != before.digest,
        hidden=hidden,
        known=known,
        usual_readable=usual_readable,
        digests=digests,
        stored=stored,
        evidence=evidence,
        wanted=wanted,
        searched=searched_pairs(asked, worn.active) & asked.permits.answered,
        heard_until=found.held.heard_until(),
        at=now,
    )


def parameters_of(fact: BackgroundFact) -> MatchParameters:
    """The parameters of this version, with the error model of the first match."""
    error = ErrorModel.from_json(runs.parameters_of_run(fact.first_run)["error"])
    return MatchParameters(error=error)


def _judged(
    subject: Subject, told: Law | None, found: Inputs, worn: Worn, hidden: frozenset[str]
) -> Judged | None:
    if told is None:
        return None
    judged = match_parts.judged(told, subject.crimes, found, hidden, worn)
    if subject.fact.reserved:
        return match_parts.answering(judged, worn, told.limited)
    return judged


def _usual(
    asked: Asked,
    fact: BackgroundFact,
    found: Inputs,
    known: AsKnown,
    judged: Judged | None,
    members: Mapping[str, str],
) -> tuple[Usual, pa.Table]:
    """What is usual as known at the cut-off, and the periods of those who may still be read of."""
    table = known.worn.table if judged is None else readable(known.worn, judged.spans)
    if judged is not None:
        numbers = [i for i, name in enumerate(known.worn.wearers) if name in members]
        table = table.filter(pc.is_in(table["wearer_no"], value_set=pa.array(numbers, pa.int32())))
    of_then = replace(asked, worn=known.worn.table, readable=table)
    usual = Usual(fact.cut_off, known.held.rows_in(table), usual_members(of_then, found.stable))
    return usual, table


def _evidence(
    asked: Asked,
    subject: Subject,
    found: Inputs,
    worn: Worn,
    stored: Mapping[EvidenceKey, Evidence],
) -> dict[EvidenceKey, Evidence | None]:
    """The evidence of everybody whose may have changed: fixes that came late, other wearing.

    After an erasure, of everybody.
    """
    fact = subject.fact
    now_worn = worn_evidence(asked, found.devices)
    spans = set(days_of(asked.crimes).values())
    keys = {key for key in {*now_worn, *stored} if key[1] in spans}
    touched = {k[0] for k in keys if stored.get(k, ("", ""))[0] != now_worn.get(k, "")}
    if erasures.since(fact.checked_at):
        touched = {name for name, _days in keys}
    since = None if fact.heard_until is None else fact.heard_until - OVERLAP
    if spans:
        late = found.held.heard_after(since, asked.readable, _about(spans))
        touched |= {worn.wearers[number] for number in late}
    fixes = _fixes_of(touched, asked, found, worn, sorted(spans)) if touched else {}
    anew: dict[EvidenceKey, Evidence | None] = {}
    for key in keys:
        if key[0] in touched:
            anew[key] = (now_worn[key], fixes[key]) if key in now_worn else None
    return anew


def _about(spans: set[tuple[int, int]]) -> Period:
    """All days of some spans, and a little on either side."""
    first, last = min(a for a, _b in spans), max(b for _a, b in spans) + 1
    return Period(from_micros(first * DAY_US) - _CLOCK, from_micros(last * DAY_US) + _CLOCK)


def _fixes_of(
    names: set[str], asked: Asked, found: Inputs, worn: Worn, spans: Sequence[tuple[int, int]]
) -> dict[EvidenceKey, str]:
    numbers = [i for i, name in enumerate(worn.wearers) if name in names]
    own = pc.is_in(asked.readable["wearer_no"], value_set=pa.array(numbers, pa.int32()))
    rows = DuckdbEngine().ordered_fixes(found.held.contents(), asked.readable.filter(own))
    return fix_digests(load(rows, worn.wearers, worn.active), found.devices, spans)


def _wanted(
    asked: Asked,
    subject: Subject,
    digests: Mapping[CrimeKey, str],
    changed: set[EvidenceKey],
) -> Bools:
    """The pairs (C, W) that rest on something else now: whole crimes, and single wearers."""
    place = {name: i for i, name in enumerate(asked.wearers)}
    by_days: dict[Any, list[int]] = {}
    for name, days in changed:
        if name in place:
            by_days.setdefault(days, []).append(place[name])
    span = days_of(asked.crimes)
    wanted = np.zeros((len(asked.crimes), len(asked.wearers)), np.bool_)
    for i, crime in enumerate(asked.crimes):
        if digests[crime.key] != subject.standing(crime).digest:
            wanted[i] = True
        wanted[i, by_days.get(span.get(crime.key), [])] = True
    return wanted
