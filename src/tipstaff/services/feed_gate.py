"""May a message be taken in? Asked of every message, before it is stored.

The law of orders and consent answers (`domain.intake_gate`) on an instance that has any order on
record; on one without, a message is kept while anybody has the device. It is a callable, so that
tests, and a later law, can stand in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from tipstaff.domain.intake_gate import DeviceVerdicts
from tipstaff.domain.intake_words import DeviceFacts, GateReason, Verb, Verdict
from tipstaff.domain.periods import to_micros
from tipstaff.records import case_sets, had_devices, intake_facts, law
from tipstaff.services.remembered import remembered

#: Of each device's name and time in microseconds, in order: the verdict. It is told the supplier
#: and when the messages were received.
Gate = Callable[[str, Sequence[tuple[str, int]], datetime], Sequence[Verdict]]

#: When somebody had a device, in microseconds.
_Spans = list[tuple[int, int]]
#: What is remembered of a device: what the law says, or who had it where there are no orders.
_OnRecord = DeviceVerdicts | _Spans
_KEPT: Final = Verdict(Verb.KEEP, GateReason.IN_FORCE)
_NOBODY: Final = Verdict(Verb.QUARANTINE, GateReason.DEVICE_OF_NOBODY)
#: Consents and holds may begin or end at a time told in advance: within so many seconds that is
#: seen here. What is recorded counts at once.
_AHEAD_S: Final = 5


def lawful(supplier: str, asked: Sequence[tuple[str, int]], received_at: datetime) -> list[Verdict]:
    """What the law says of each message; without any order on record, who had the device."""

    def read(new: set[str]) -> Mapping[str, _OnRecord]:
        if not case_sets.any_order():
            return _periods(supplier, new)
        policy = law.shipped_intake_policy()
        # as it is known now: of what was recorded since the message came nobody is told again
        now = max(received_at, datetime.now(UTC))
        found = intake_facts.facts_of(supplier, new, now=now)
        return {one: DeviceVerdicts(found.get(one, DeviceFacts()), policy) for one in new}

    known = remembered("law", supplier, {device for device, _time in asked}, read)
    if passing := {device for device, said in known.items() if _hang_on_time(said)}:
        slot = int(received_at.timestamp()) // _AHEAD_S
        known |= remembered("law now", supplier, passing, read, slot=slot)
    received_us = to_micros(received_at)
    return [_verdict(known[device], time, received_us) for device, time in asked]


def worn_or_held(
    supplier: str, asked: Sequence[tuple[str, int]], received_at: datetime
) -> list[Verdict]:
    """Keep what a device sends while an activation, or a holding, says that somebody has it."""
    del received_at
    names = {device for device, _time in asked}
    had = remembered("had", supplier, names, lambda new: _periods(supplier, new))
    return [_had(had[device], time) for device, time in asked]


def _verdict(known: _OnRecord, time_us: int, received_us: int) -> Verdict:
    if isinstance(known, DeviceVerdicts):
        return known.of(time_us, received_us)
    return _had(known, time_us)


def _hang_on_time(known: _OnRecord) -> bool:
    return isinstance(known, DeviceVerdicts) and known.hang_on_time


def _had(spans: _Spans, time: int) -> Verdict:
    return _KEPT if any(start <= time < end for start, end in spans) else _NOBODY


def _periods(supplier: str, devices: set[str]) -> dict[str, _Spans]:
    found = had_devices.periods_of(supplier, devices)
    return {
        device: [(to_micros(p.start), to_micros(p.end)) for p in found.get(device, ())]
        for device in devices
    }
