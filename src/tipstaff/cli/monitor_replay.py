"""Reading what `tipstaff monitor replay` reads, and replaying it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import typer
from numpy.typing import NDArray

from tipstaff.cli.match_files import activations_of, position_inputs, positions_of, worn_of
from tipstaff.cli.match_quarantine import Quarantined
from tipstaff.cli.monitor_devices import WornDevice, column, device_findings, events_of
from tipstaff.cli.position_files import fail, load_mapping
from tipstaff.domain.accuracy import ErrorModel
from tipstaff.domain.cases import Case, check_case
from tipstaff.domain.findings import Told
from tipstaff.domain.periods import Period, from_micros, to_micros
from tipstaff.domain.versions import SINCE_EVER, Stated
from tipstaff.formats.case_json import read_cases
from tipstaff.matching.inputs import Worn, WornPeriod, worn
from tipstaff.monitoring.compile import compile_watches, demanded
from tipstaff.monitoring.errors_of_fixes import nominal_cm
from tipstaff.monitoring.held import Demands
from tipstaff.monitoring.parameters import EngineParameters, parameters_for
from tipstaff.monitoring.replay import WornFixes, replayed
from tipstaff.monitoring.watches import Watch
from tipstaff.positions.loose_files import LooseFixes

I64 = NDArray[np.int64]
_FIRST: Final = Stated(1, SINCE_EVER, None, SINCE_EVER)


@dataclass(frozen=True, slots=True)
class ReplayFiles:
    """The files of a call, and how positions are written."""

    orders: Path
    positions: tuple[Path, ...]
    activations: Path | None
    mapping: str
    error: ErrorModel
    events: Path | None = None


@dataclass(frozen=True, slots=True)
class ReplayDone:
    """What is told, by wearer and time, and of how much. `all_good`: nothing was left out."""

    told: tuple[tuple[str, Told], ...]
    wearers: int
    watched: int
    fixes: int
    all_good: bool


@dataclass(frozen=True, slots=True)
class _Span:
    """A stretch for which a wearer, by name and number, wore devices, and what is watched in it."""

    wearer: str
    number: int
    start_us: int
    end_us: int
    watches: tuple[Watch, ...]


def replay_files(files: ReplayFiles, period: Period) -> ReplayDone:
    """Read every file, tell what is wrong on standard error, and replay the rest."""
    cases, good = _cases(files.orders)
    given, mapping = position_inputs(list(files.positions)), load_mapping(files.mapping)
    with Quarantined() as aside:
        loose = positions_of(given, mapping, period, datetime.now(UTC), aside)
        all_good = good and not aside.rows
    wearing = _wearing(loose, files.activations, period)
    known = {case.wearer.reference: case for case in cases}
    rules = parameters_for(files.error)
    spans = list(_spans(wearing, known, period, rules))
    fixes = _worn_fixes(loose.table, wearing, spans, rules)
    idle = len(cases) - len({span.wearer for span in spans})
    if idle:
        typer.echo(f"{idle} wearers with orders: nothing to watch, or no device.", err=True)
    if not spans:
        raise fail("Nobody in these files wore a device under an active order in that time.")
    until_us = to_micros(period.end)
    found = replayed(
        fixes, [span.watches for span in spans], rules, (to_micros(period.start), until_us)
    )
    whole: list[tuple[str, Told]] = [
        (span.wearer, one) for span, own in zip(spans, found, strict=True) for one in own
    ]
    if files.events is not None:
        events, sound = events_of(files.events)
        all_good = all_good and sound
        worn_devices = list(_worn_devices(wearing, loose.names, spans))
        strange = events.keys() - {one.device_id for one in worn_devices}
        if strange:
            typer.echo(f"{len(strange)} devices with events: nobody watched wore them.", err=True)
        whole += device_findings(loose.table, events, worn_devices, until_us, rules.error.nu)
    return ReplayDone(
        told=tuple(sorted(whole, key=lambda pair: (pair[0], pair[1].at))),
        wearers=len({span.wearer for span in spans}),
        watched=sum(len(span.watches) for span in spans),
        fixes=len(fixes.at_us),
        all_good=all_good,
    )


def _wearing(loose: LooseFixes, activations: Path | None, period: Period) -> Worn:
    """Who wore what; without activations each device all the time, by who is named like it."""
    if activations is not None:
        return worn_of(loose, activations_of(activations)[0], period)[0]
    start_us, end_us = to_micros(period.start), to_micros(period.end)
    return worn(WornPeriod(key, name, start_us, end_us) for key, name in loose.names.items())


def _cases(path: Path) -> tuple[list[Case], bool]:
    """The good cases of a file, and whether all are; faults are told."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise fail(f"--orders {path}: {error.strerror}.") from None
    today = datetime.now(UTC).date()
    file = read_cases(content, this_year=today.year)
    for fault in file.faults:
        typer.echo(str(fault), err=True)
    good = []
    for place, case in file.cases:
        problems = check_case(case, today)
        for problem in problems:
            typer.echo(
                f"cases[{place}].{problem.where}: {problem.code}; {problem.action}", err=True
            )
        good += [] if problems else [case]
    if not good:
        raise fail(f"--orders {path}: no good case in it.")
    return good, len(good) == file.read


def _spans(
    wearing: Worn, cases: dict[str, Case], period: Period, rules: EngineParameters
) -> Iterator[_Span]:
    """For each stretch of wearing what is watched in it; who has no orders is passed over."""
    offsets, starts, ends = wearing.active
    for number, wearer in enumerate(wearing.wearers):
        case = cases.get(wearer)
        if case is None:
            continue
        own = slice(int(offsets[number]), int(offsets[number + 1]))
        for start_us, end_us in _touching(starts[own], ends[own]):
            within = Period(from_micros(start_us), from_micros(end_us))
            found = compile_watches(_demands(case), within, period.end, rules)
            for problem in found.problems:
                typer.echo(f"{problem.where}: {problem.code}; {problem.action}", err=True)
            if found.watches:
                yield _Span(wearer, number, start_us, end_us, found.watches)


def _demands(case: Case) -> Demands:
    places = {a.reference: a.place for a in case.wearer.addresses if a.place is not None}
    return Demands([[(_FIRST, order)] for order in case.orders], (), places)


def _touching(starts: I64, ends: I64) -> list[tuple[int, int]]:
    """Stretches of wearing in order, those that touch or overlap as one."""
    found: list[tuple[int, int]] = []
    for start_us, end_us in sorted(zip(starts.tolist(), ends.tolist(), strict=True)):
        if found and start_us <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end_us))
        else:
            found.append((start_us, end_us))
    return found


def _worn_fixes(
    table: pa.Table, wearing: Worn, spans: list[_Span], rules: EngineParameters
) -> WornFixes:
    """The fixes of each span, by its number: of the devices that its wearer wore meanwhile."""
    key, at_us = column(table, "device_key"), column(table, "fix_time")
    order = np.lexsort((at_us, key))
    key, at_us = key[order], at_us[order]
    wore = [column(wearing.table, name) for name in wearing.table.column_names]
    rows, owner = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for number, span in enumerate(spans):
        for device, start_us, end_us in _worn_by(wearing.active[0], wore, span):
            low, high = np.searchsorted(key, [device, device + 1])
            first, last = low + np.searchsorted(at_us[low:high], [start_us, end_us])
            rows.append(order[first:last])
            owner.append(np.full(last - first, number, dtype=np.int64))
    row = np.concatenate(rows)
    stated, level = column(table, "precision_cm"), column(table, "precision_level_pct")
    return WornFixes(
        wearer=np.concatenate(owner),
        at_us=column(table, "fix_time")[row],
        lat_e7=column(table, "lat_e7")[row],
        lon_e7=column(table, "lon_e7")[row],
        mechanism=column(table, "mechanism")[row],
        radius_cm=nominal_cm(stated, level, rules.error.nu)[row],
    )


def _worn_devices(
    wearing: Worn, names: Mapping[int, str], spans: list[_Span]
) -> Iterator[WornDevice]:
    """Each device of each wearer, in the periods in which they wore it and were watched."""
    wore = [column(wearing.table, name) for name in wearing.table.column_names]
    periods: dict[tuple[str, int], list[tuple[int, int]]] = {}
    demands: dict[str, list[Watch]] = {}
    for span in spans:
        demands.setdefault(span.wearer, []).extend(span.watches)
        for device, start_us, end_us in _worn_by(wearing.active[0], wore, span):
            periods.setdefault((span.wearer, device), []).append((start_us, end_us))
    for (wearer, device), own in sorted(periods.items()):
        needed = demanded(demands[wearer])
        yield WornDevice(wearer, names[device], device, tuple(sorted(own)), needed)


def _worn_by(offsets: I64, wore: list[I64], span: _Span) -> Iterator[tuple[int, int, int]]:
    """Which device the wearer of a span wore in it from when to when."""
    device, _wearer, start, end = wore
    for row in range(int(offsets[span.number]), int(offsets[span.number + 1])):
        start_us, end_us = max(int(start[row]), span.start_us), min(int(end[row]), span.end_us)
        if start_us < end_us:
            yield int(device[row]), start_us, end_us
