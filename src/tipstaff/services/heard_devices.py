"""What was last heard of each device, in the worker's memory and put down every few seconds.

A device that somebody wears and that was never heard is put down too, or nobody would miss it. One
that is not worn any more, or of which nothing may be kept now, is dropped at the next putting down:
where somebody was is then no longer to be seen here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Final
from uuid import UUID

from tipstaff.domain.device_clocks import ClockFault
from tipstaff.domain.periods import from_micros, to_micros
from tipstaff.domain.received import MessageKind, Received
from tipstaff.monitoring.lives import Life, UnitName
from tipstaff.records import last_heard
from tipstaff.records.last_heard import Battery, Heard, LastFix
from tipstaff.services.live_facts import Directory, level_of

#: A wearer, by the audit's reference, and their device.
_Worn = tuple[UUID, str, str]
#: In so many parts what is new is put down.
_PARTS: Final = 10


@dataclass(slots=True, repr=False)
class HeardDevices:
    """When each device was heard, and its newest fix by its own clock where that can be trusted."""

    _at: dict[UnitName, int] = field(default_factory=dict)
    _fixes: dict[UnitName, LastFix] = field(default_factory=dict)
    _batteries: dict[UnitName, Battery] = field(default_factory=dict)
    #: Those of whom there is news, whoever waits longest first.
    _fresh: dict[UnitName, None] = field(default_factory=dict)
    _kept: set[_Worn] = field(default_factory=set)

    def remember(self, whose: Callable[[UUID], bool] = lambda _wearer: True) -> None:
        """Take up what was put down before of these wearers."""
        for one in last_heard.kept():
            name = (one.supplier, one.device_id)
            if one.fix is not None:
                self._note_fix(name, one.fix)
            if one.at is not None:
                self._at[name] = max(self._at.get(name, 0), to_micros(one.at))
            if one.battery is not None:
                self._note_battery(name, one.battery)
            if whose(one.wearer):
                self._kept.add((one.wearer, *name))

    def note(self, messages: Sequence[Received]) -> None:
        """Messages as they came in, the oldest first."""
        newest: dict[UnitName, Received] = {}
        for one in messages:
            name = (one.supplier, one.device_id)
            self._at[name] = one.received_us
            self._fresh[name] = None
            if one.kind == MessageKind.EVENT:
                level = level_of(one.body or "")
                if level >= 0:
                    self._note_battery(name, Battery(from_micros(one.received_us), level))
            elif one.clock == ClockFault.NONE and None not in (one.lat_e7, one.lon_e7):
                before = newest.get(name)
                if before is None or before.time_us <= one.time_us:
                    newest[name] = one
        for name, one in newest.items():
            if one.lat_e7 is not None and one.lon_e7 is not None:
                at, mechanism = from_micros(one.time_us), one.mechanism or 0
                fix = LastFix(at, one.lat_e7, one.lon_e7, one.precision_cm, mechanism)
                self._note_fix(name, fix)

    def _note_fix(self, name: UnitName, fix: LastFix) -> None:
        before = self._fixes.get(name)
        if before is None or before.at <= fix.at:
            self._fixes[name] = fix

    def _note_battery(self, name: UnitName, told: Battery) -> None:
        before = self._batteries.get(name)
        if before is None or before.at <= told.at:
            self._batteries[name] = told

    def put_down(self, directory: Directory, now: datetime) -> int:
        """Store what is new of devices that are worn now, drop those that are not; how many new."""
        worn = _worn(directory, directory.tags, now)
        gone = self._kept - worn.keys()
        if gone:
            last_heard.forget(gone)
            self._kept -= gone
        new = worn.keys() - self._kept
        due = {one: life for one, life in worn.items() if one in new or one[1:] in self._fresh}
        return self._keep(due, [*self._fresh])

    def put_down_some(self, directory: Directory, now: datetime) -> int:
        """Store what is new of those who wait longest, a tenth of all; how many new.

        So that between two times of `put_down` most is done bit by bit, and it takes nobody's turn.
        """
        some = [*islice(self._fresh, -(-len(self._kept) // _PARTS))]
        return self._keep(_worn(directory, some, now), some)

    def _keep(self, due: Mapping[_Worn, Life], names: Sequence[UnitName]) -> int:
        heard = [self._heard((one[1], one[2]), life) for one, life in due.items()]
        count = last_heard.keep(heard) if heard else 0
        self._kept |= due.keys()
        for name in names:
            self._fresh.pop(name, None)
        return count

    def _heard(self, name: UnitName, life: Life) -> Heard:
        """What is known of a device in this life; nothing from before it was so worn."""
        supplier, device_id = name
        fix, battery = self._fixes.get(name), self._batteries.get(name)
        at = from_micros(self._at[name]) if name in self._at else None
        own = life.period
        return Heard(
            wearer=life.wearer,
            supplier=supplier,
            device_id=device_id,
            at=at if at is not None and at >= own.start else None,
            fix=fix if fix is not None and own.contains(fix.at) else None,
            expected=timedelta(seconds=life.plan.upload_s),
            worn_since=own.start,
            battery=battery if battery is not None and battery.at >= own.start else None,
        )


def _worn(directory: Directory, names: Iterable[UnitName], now: datetime) -> dict[_Worn, Life]:
    """Of these devices those worn now and of which something is to be kept, each with its life.

    Where no order supports anything, as on an instance without case records, all is kept.
    """
    every = not any(life.collecting for lives in directory.tags.values() for life in lives)
    return {
        (life.wearer, *name): life
        for name in names
        for life in directory.tags.get(name, ())
        if life.period.contains(now)
        and (every or any(one.contains(now) for one in life.collecting))
    }
