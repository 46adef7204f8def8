"""What a search of the archive reads: fixes, who wore what, and the names of devices."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tipstaff.domain.crimes import Crime
from tipstaff.domain.devices import DeviceName
from tipstaff.domain.periods import Period, to_micros
from tipstaff.matching.inputs import (
    ALWAYS,
    Attribution,
    InputFile,
    Intake,
    Worn,
    WornPeriod,
    each_device_a_wearer,
    history_around,
    worn,
)
from tipstaff.positions.queries import Held, Span
from tipstaff.records.activations import WornPeriod as RecordedPeriod
from tipstaff.services import runs
from tipstaff.services.positions import catch_up
from tipstaff.services.standing import Source
from tipstaff.services.whole_archive import whole_archive


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a search found to match: fixes, who wore what, and the names of devices by number.

    `people_known`: whether it is on record who wore what; else each device is its own wearer.
    `numbers` are those of devices by their keys, `stable` their names whatever others are called.
    """

    held: Held
    worn: Worn
    devices: dict[int, str]
    intake: Intake
    people_known: bool
    numbers: Mapping[int, int]
    stable: Mapping[int, str]

    def source(self) -> Source:
        """Where the fixes are read."""
        return Source(self.devices, self.stable, self.held.period, self.held.heard_until())


@dataclass(frozen=True, slots=True)
class AsKnown:
    """What was known at a cut-off of the same devices, in the same numbers."""

    held: Held
    worn: Worn


def gather(
    search: runs.Search,
    crimes: list[Crime],
    *,
    hidden: frozenset[str] = frozenset(),
    period: Period | None = None,
) -> Inputs:
    """What bears on these crimes. Of `hidden` wearers nothing is there: no fix, device or name.

    `period`: that of the fixes, in place of all that can bear on the crimes.
    """
    period = period or history_around(crimes)
    archive = whole_archive()
    catch_up(archive)
    by_device = runs.wearers_by_device(search)
    names = {
        key: name
        for key, name in runs.registered_devices(search).items()
        if by_device.get(key, frozenset()) - hidden or key not in by_device
    }
    ordered = sorted(names, key=lambda key: names[key])
    number = {key: i for i, key in enumerate(ordered)}
    labels = {number[key]: label for key, label in _labels(names).items()}
    stable = {number[key]: f"{name.supplier}/{name.device_id}" for key, name in names.items()}
    wearing = runs.wearer_activations(search, period)
    held = Held.of(archive, period, number, _unseen(wearing, hidden))
    sources = held.sources()
    files = [InputFile("positions", digest[:12], digest) for digest in sources]
    batches = runs.batch_digests(search, {crime.batch for crime in crimes})
    files += [InputFile("crimes", batch, digest) for batch, digest in batches]
    known = runs.anybody_erased(search) or any(who - hidden for who in by_device.values())
    if known:
        periods = _worn_periods((w for w in wearing if w.wearer not in hidden), number)
        files.append(InputFile("activations", "who wore what", _digest(periods, labels)))
        people = worn(periods)
        attribution = held.attribution(people.table)
    else:
        people, attribution = each_device_a_wearer(held.ends(), labels), Attribution()
    quarantined = runs.quarantined_rows(search, sources)
    intake = Intake(tuple(files), quarantined, attribution=attribution)
    return Inputs(held, people, labels, intake, known, number, stable)


def as_known(
    search: runs.Search,
    found: Inputs,
    *,
    cut_off: datetime | None,
    known_at: datetime,
    hidden: frozenset[str],
    also: tuple[str, ...],
) -> AsKnown:
    """What had been ingested by `cut_off` (None: nothing) and was known of wearing at `known_at`.

    The wearers of `also` are among its wearers, whether they wore anything then or not.
    """
    period = found.held.period
    wearing = runs.wearer_activations(search, period, known_at=known_at)
    since = runs.wearer_activations(search, period)
    unseen = _unseen([*wearing, *since], hidden)
    held = Held.of(whole_archive(), period, found.numbers, unseen, cut_off or ALWAYS.start)
    if not found.people_known:
        return AsKnown(held, each_device_a_wearer(held.ends(), found.devices, also))
    periods = _worn_periods((w for w in wearing if w.wearer not in hidden), found.numbers)
    return AsKnown(held, worn(periods, also))


def among(found: Inputs, wearers: tuple[str, ...]) -> Worn:
    """Who wears what now, among these wearers: those found, and others."""
    numbers = found.worn.table["wearer_no"].to_pylist()
    columns = [found.worn.table[name].to_pylist() for name in ("device_key", "active_from")]
    ends = found.worn.table["active_to"].to_pylist()
    periods = [
        WornPeriod(key, found.worn.wearers[number], to_micros(start), to_micros(end))
        for number, key, start, end in zip(numbers, *columns, ends, strict=True)
    ]
    return worn(periods, wearers)


def _unseen(wearing: Iterable[RecordedPeriod], hidden: frozenset[str]) -> list[Span]:
    return [Span(w.device_key, Period(w.start, w.end)) for w in wearing if w.wearer in hidden]


def _worn_periods(wearing: Iterable[RecordedPeriod], number: Mapping[int, int]) -> list[WornPeriod]:
    return [
        WornPeriod(number[w.device_key], w.wearer, to_micros(w.start), to_micros(w.end))
        for w in wearing
        if w.device_key in number
    ]


def _labels(names: Mapping[int, DeviceName]) -> dict[int, str]:
    """Each device by its supplier's name for it, with the supplier where two use the same."""
    times = Counter(name.device_id for name in names.values())
    return {
        key: f"{name.supplier}/{name.device_id}" if times[name.device_id] > 1 else name.device_id
        for key, name in names.items()
    }


def _digest(periods: Iterable[WornPeriod], labels: Mapping[int, str]) -> str:
    """SHA-256 over who wore what when, as it bears on these crimes."""
    lines = sorted(
        f"{labels[p.device_key]}\0{p.wearer}\0{p.start_us}\0{p.end_us}\n" for p in periods
    )
    return hashlib.sha256("".join(lines).encode()).hexdigest()
