"""What was last heard of each device, in the worker's memory and put down every few seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tipstaff.domain.device_clocks import ClockFault
from tipstaff.domain.periods import from_micros
from tipstaff.domain.received import MessageKind, Received
from tipstaff.monitoring.lives import Life, UnitName
from tipstaff.records import last_heard
from tipstaff.records.last_heard import Heard, LastFix
from tipstaff.services.live_facts import Directory


@dataclass(slots=True, repr=False)
class HeardDevices:
    """When each device was heard, and its newest fix by its own clock where that can be trusted."""

    _at: dict[UnitName, int] = field(default_factory=dict)
    _fixes: dict[UnitName, LastFix] = field(default_factory=dict)
    _fresh: set[UnitName] = field(default_factory=set)

    def remember(self) -> None:
        """Take up what was put down before."""
        for name, fix in last_heard.fixes_kept().items():
            self._fixes.setdefault(name, fix)

    def note(self, messages: Sequence[Received]) -> None:
        """Messages as they came in, the oldest first."""
        for one in messages:
            name = (one.supplier, one.device_id)
            self._at[name] = one.received_us
            self._fresh.add(name)
            if one.kind == MessageKind.FIX and one.clock == ClockFault.NONE:
                self._note_fix(name, one)

    def _note_fix(self, name: UnitName, one: Received) -> None:
        before = self._fixes.get(name)
        at = from_micros(one.time_us)
        if one.lat_e7 is None or one.lon_e7 is None or (before is not None and before.at > at):
            return
        self._fixes[name] = LastFix(
            at, one.lat_e7, one.lon_e7, one.precision_cm, one.mechanism or 0
        )

    def put_down(self, directory: Directory, now: datetime) -> int:
        """Store what is new of devices that somebody wears now; how many."""
        fresh, self._fresh = self._fresh, set()
        heard = [self._heard(name, life) for name in fresh for life in _worn(directory, name, now)]
        return last_heard.keep(heard)

    def _heard(self, name: UnitName, life: Life) -> Heard:
        fix = self._fixes.get(name)
        own = fix if fix is not None and life.period.contains(fix.at) else None
        expected = timedelta(seconds=life.plan.upload_s)
        supplier, device_id = name
        at = from_micros(self._at[name])
        return Heard(life.wearer, supplier, device_id, at, own, expected)


def _worn(directory: Directory, name: UnitName, now: datetime) -> list[Life]:
    return [life for life in directory.tags.get(name, ()) if life.period.contains(now)]
