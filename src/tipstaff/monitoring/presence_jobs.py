"""Curfews and attendances made ready for the columns, and what those tell as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tipstaff.domain.findings import Finding, Level, PeriodOutcome, Told
from tipstaff.domain.periods import MICROSECONDS, from_micros
from tipstaff.monitoring.home_unit import HomeUnitEvent
from tipstaff.monitoring.outline_rows import outline_rows, starts_of
from tipstaff.monitoring.parameters import EngineParameters
from tipstaff.monitoring.place_columns import PresenceNumbers
from tipstaff.monitoring.presence_columns import PresenceJobs, UnitColumns
from tipstaff.monitoring.presence_judging import (
    I64,
    KINDS,
    OUTCOME,
    OUTCOMES,
    STEPS,
    WHYS,
)
from tipstaff.monitoring.watches import AttendanceWatch, CurfewWatch
from tipstaff.monitoring.zone_evidence import logit


def addresses_of(watches: Sequence[CurfewWatch | AttendanceWatch]) -> dict[str, int]:
    """A number for each address."""
    names = {place.reference for watch in watches for place in watch.places}
    return {name: number for number, name in enumerate(sorted(names))}


def unit_columns(events: Sequence[HomeUnitEvent], addresses: Mapping[str, int]) -> UnitColumns:
    """Columns of events in order; one of an address that no watch has has the number -1."""
    rows = [(e.at_us, int(e.kind), addresses.get(e.address, -1)) for e in events]
    whole = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return UnitColumns(*(np.ascontiguousarray(whole[:, i]) for i in range(3)))


def presence_jobs(
    watches: Sequence[CurfewWatch | AttendanceWatch], addresses: Mapping[str, int]
) -> PresenceJobs:
    """Jobs of these watches."""
    places = [place for watch in watches for place in watch.places]
    periods = [period for watch in watches for period in watch.periods]
    return PresenceJobs(
        attends=np.array([isinstance(w, AttendanceWatch) for w in watches], dtype=np.bool_),
        place_starts=starts_of(len(watch.places) for watch in watches),
        address=np.array([addresses[place.reference] for place in places], dtype=np.int64),
        outlines=outline_rows([place.outline for place in places]),
        corners=max((len(p.outline.latitude) for p in places if p.outline is not None), default=0),
        period_starts=starts_of(len(watch.periods) for watch in watches),
        periods=np.array(periods, dtype=np.int64).reshape(-1, 5),
    )


def presence_numbers(parameters: EngineParameters) -> PresenceNumbers:
    """The numbers of the rules for the kernels."""
    numbers = parameters.presence
    return PresenceNumbers(
        home=numbers.home,
        away=numbers.away,
        away_odds=logit(numbers.away),
        silent_us=round(numbers.silent_s * MICROSECONDS),
        witness_us=round(numbers.witness_s * MICROSECONDS),
        stay_us=round(numbers.stay_s * MICROSECONDS),
        radio_us=round(numbers.radio_s * MICROSECONDS),
    )


def told_row(row: I64, condition: str) -> Told:
    """What a row tells, as a value; `condition` is the reference of its job."""
    _, at_us, kind, step, level, why, since_us, absent_us, unknown_us, first_us, last_us = (
        int(value) for value in row
    )
    at, since = from_micros(at_us), from_micros(since_us)
    if step != OUTCOME:
        return Finding(at, KINDS[kind], condition, STEPS[step], Level(level), WHYS[why], since)
    return PeriodOutcome(
        at=at,
        kind=KINDS[kind],
        condition=condition,
        start=since,
        outcome=OUTCOMES[level],
        absent_s=absent_us / MICROSECONDS,
        unknown_s=unknown_us / MICROSECONDS,
        first_there=None if first_us < 0 else from_micros(first_us),
        last_there=None if last_us < 0 else from_micros(last_us),
    )
