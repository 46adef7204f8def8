"""What the answers of a match rest on, as it is recorded with them: see `docs/late-data.md`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa

from tipstaff.domain.crimes import Crime
from tipstaff.domain.local_time import local_days
from tipstaff.domain.periods import Period, to_micros
from tipstaff.matching.evidence import days_of
from tipstaff.matching.excursions_v1 import EXCURSIONS_V1
from tipstaff.matching.loading import Loaded
from tipstaff.matching.match import linked_days
from tipstaff.matching.parameters import MatchParameters
from tipstaff.matching.permits import Permits
from tipstaff.matching.resting import (
    Days,
    Periods,
    digest_of,
    fix_digests,
    member_digests,
    worn_digests,
)
from tipstaff.matching.trails import Scenes
from tipstaff.patterns.routine import HISTORY_DAYS
from tipstaff.records import pending as records
from tipstaff.records.crimes import CrimeKey
from tipstaff.records.pending import BackgroundFact, EvidenceKey, StandingFact


@dataclass(frozen=True, slots=True)
class Usual:
    """A background as it can be made now: its members' digests, and how many fixes it has."""

    cut_off: datetime | None
    rows: int
    members: Mapping[str, str] = field(repr=False)

    @property
    def digest(self) -> str:
        """What all answers on it rest on."""
        return digest_of([self.cut_off, self.rows, *sorted(self.members.items())])


@dataclass(frozen=True, slots=True)
class Basis:
    """What a run's answers rest on: the background, evidence by wearer and days, and the rest."""

    reserved: bool
    everybody: bool
    known_at: datetime
    period: Period
    usual: Usual
    evidence: Mapping[EvidenceKey, records.Evidence] = field(repr=False)
    crimes: Mapping[CrimeKey, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """Crimes in the order of their keys, who may be searched, and what may be read of whom.

    `beside`: crimes that may be linked to them. `permits` is of `wearers`; `readable` and `worn`
    are tables as `Worn.table`.
    """

    crimes: Sequence[Crime]
    beside: Sequence[Crime]
    wearers: tuple[str, ...]
    permits: Permits
    worn: pa.Table
    readable: pa.Table
    parameters: MatchParameters


def worn_evidence(asked: Asked, devices: Mapping[int, str]) -> dict[EvidenceKey, str]:
    """Digests of wearing by wearer and days, of whoever may be read of."""
    count = len(asked.wearers)
    worn = Periods.of(asked.worn, count, devices)
    readable = Periods.of(asked.readable, count, devices)
    days = sorted(set(days_of(asked.crimes).values()))
    return worn_digests(worn, readable, asked.wearers, days)


def usual_members(asked: Asked, stable: Mapping[int, str]) -> dict[str, str]:
    """Digests of what may be read, by wearer."""
    return member_digests(Periods.of(asked.readable, len(asked.wearers), stable), asked.wearers)


def crime_digests(
    asked: Asked, usual: Usual, evidence: Mapping[EvidenceKey, Any]
) -> dict[CrimeKey, str]:
    """By crime, a digest of all that its answers rest on but the evidence.

    That is its own version, the parameters of the match, the days of linked crimes, the background,
    and which of those of whom there is evidence, or who are in the background, may be searched.
    """
    by_days: dict[Days, set[str]] = {}
    for name, days in evidence:
        by_days.setdefault(days, set()).add(name)
    place = {name: i for i, name in enumerate(asked.wearers)}
    fixed = [usual.digest, EXCURSIONS_V1.version, asked.parameters.to_json()]
    linked, span = _linked(asked), days_of(asked.crimes)
    found = {}
    for i, crime in enumerate(asked.crimes):
        may = asked.permits.may(i)
        bearing = usual.members.keys() | by_days.get(span.get(crime.key, (0, 0)), set())
        permitted = sorted(n for n in bearing if n in place and may[place[n]])
        found[crime.key] = digest_of([*fixed, *_of_crime(crime), linked.get(i), *permitted])
    return found


def _of_crime(crime: Crime) -> list[Any]:
    where = (crime.latitude, crime.longitude, crime.rounding_m)
    when = (to_micros(crime.start), to_micros(crime.end))
    return [*crime.key, crime.crime_type, *when, *where]


def _linked(asked: Asked) -> dict[int, list[int]]:
    """By position of a located crime: the days left out of routines that could have counted."""
    scenes = Scenes.of(list(asked.crimes))
    own = local_days((scenes.start_us + scenes.end_us) // 2).tolist()
    left_out = linked_days(scenes, asked.beside)
    near = (
        [day for day in days if abs(day - mine) <= HISTORY_DAYS]
        for days, mine in zip(left_out, own, strict=True)
    )
    return dict(zip(scenes.index.tolist(), near, strict=True))


@dataclass(frozen=True, slots=True)
class Source:
    """Where fixes were read: names of devices by number, the period, when the last was ingested.

    `stable` names do not change with what other devices are called.
    """

    devices: Mapping[int, str]
    stable: Mapping[int, str]
    period: Period
    heard_until: datetime | None


def basis_of(
    asked: Asked,
    source: Source,
    loaded: Loaded,
    *,
    known_at: datetime,
    reserved: bool,
    everybody: bool,
) -> Basis:
    """What a first match rests on: evidence and background are the same fixes."""
    worn = worn_evidence(asked, source.devices)
    fixes = fix_digests(loaded, source.devices, sorted({days for _name, days in worn}))
    evidence = {key: (digest, fixes[key]) for key, digest in worn.items()}
    rows = loaded.rows + loaded.duplicates + loaded.conflicts
    members = usual_members(asked, source.stable)
    usual = Usual(source.heard_until, rows, members)
    crimes = crime_digests(asked, usual, evidence)
    return Basis(reserved, everybody, known_at, source.period, usual, evidence, crimes)


def stand(basis: Basis, run_id: UUID) -> None:
    """Record that a run's answers stand, and on what; in the caller's transaction."""
    fact = BackgroundFact(
        first_run=run_id,
        reserved=basis.reserved,
        everybody=basis.everybody,
        cut_off=basis.usual.cut_off,
        known_at=basis.known_at,
        period=basis.period,
        rows=basis.usual.rows,
        heard_until=basis.usual.cut_off,
        checked_at=basis.known_at,
    )
    records.add_background(fact, basis.usual.members)
    records.set_evidence(fact.background_id, (), basis.evidence)
    told = [StandingFact(key, run_id, digest) for key, digest in basis.crimes.items()]
    records.let_stand(fact.background_id, reserved=basis.reserved, facts=told)


def searched_pairs(asked: Asked, active: tuple[Any, Any, Any]) -> np.ndarray:
    """Which wearers are searched for which crimes: (C, W), as a match counts them.

    `active` as `Worn.active`.
    """
    offsets, start, end = active
    owner = np.repeat(np.arange(len(asked.wearers)), np.diff(offsets))
    found = np.zeros((len(asked.crimes), len(asked.wearers)), np.bool_)
    for i, crime in enumerate(asked.crimes):
        if crime.located:
            meets = (start <= to_micros(crime.end)) & (end > to_micros(crime.start))
            found[i, owner[meets]] = True
            found[i] &= asked.permits.may(i)
    return found
