"""What a search of the archive reads: fixes, who wore what, and the names of devices."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tipstaff.domain.crimes import Crime
from tipstaff.domain.devices import DeviceName
from tipstaff.domain.periods import Period, to_micros
from tipstaff.matching.inputs import (
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
from tipstaff.services.whole_archive import whole_archive


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a search found to match: fixes, who wore what, and the names of devices by number.

    `people_known`: whether it is on record who wore what; else each device is its own wearer.
    """

    held: Held
    worn: Worn
    devices: dict[int, str]
    intake: Intake
    people_known: bool


def gather(
    search: runs.Search, crimes: list[Crime], *, hidden: frozenset[str] = frozenset()
) -> Inputs:
    """What bears on these crimes. Of `hidden` wearers nothing is there: no fix, device or name."""
    period = history_around(crimes)
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
    wearing = runs.wearer_activations(search, period)
    unseen = [Span(w.device_key, Period(w.start, w.end)) for w in wearing if w.wearer in hidden]
    held = Held.of(archive, period, number, unseen)
    sources = held.sources()
    files = [InputFile("positions", digest[:12], digest) for digest in sources]
    batches = runs.batch_digests(search, {crime.batch for crime in crimes})
    files += [InputFile("crimes", batch, digest) for batch, digest in batches]
    known = any(people - hidden for people in by_device.values())
    if known:
        periods = _worn_periods((w for w in wearing if w.wearer not in hidden), number)
        files.append(InputFile("activations", "who wore what", _digest(periods, labels)))
        people = worn(periods)
        attribution = held.attribution(people.table)
    else:
        people, attribution = each_device_a_wearer(held.ends(), labels), Attribution()
    quarantined = runs.quarantined_rows(search, sources)
    intake = Intake(tuple(files), quarantined, attribution=attribution)
    return Inputs(held, people, labels, intake, known)


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
