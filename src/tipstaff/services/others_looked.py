"""How others near fare, for the rule about shielding: looked at by the worker before it accuses.

What was seen is kept before it is judged, so that whoever judges again later, a worker begun anew
among them, goes by the same.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from tipstaff.domain.periods import from_micros, to_micros
from tipstaff.monitoring.device_parameters import DeviceParameters
from tipstaff.monitoring.device_watches import OthersNear
from tipstaff.monitoring.lives import Life, UnitName
from tipstaff.monitoring.others_near import LastSeen, LossAsked, loss_asked, others_near
from tipstaff.monitoring.watchroom import Arrived, Watchroom
from tipstaff.records import others_looked
from tipstaff.records.others_looked import LastPlace, Looked
from tipstaff.services.live_watched import Ready

#: Where others were is read again so often at most: it is put down about as often.
_READ_AGAIN: Final = timedelta(seconds=10)
#: Lives are put down after the last fact of any; what was seen since is looked for from before it.
_BEFORE: Final = timedelta(hours=1)


@dataclass(slots=True, repr=False)
class _Places:
    """The last places of all devices, and which column is whose."""

    read_at: datetime
    seen: LastSeen
    column: dict[UnitName, int]

    @classmethod
    def of(cls, listed: Sequence[LastPlace], now: datetime) -> _Places:
        columns = LastSeen(
            np.array([one.lat_e7 for one in listed], dtype=np.int64),
            np.array([one.lon_e7 for one in listed], dtype=np.int64),
            np.array([to_micros(one.placed_at) for one in listed], dtype=np.int64),
            np.array([to_micros(one.heard_at) for one in listed], dtype=np.int64),
        )
        column = {(one.supplier, one.device_id): n for n, one in enumerate(listed)}
        return cls(now, columns, column)

    def but(self, name: UnitName) -> LastSeen:
        """The columns without one device's."""
        own = self.column.get(name)
        if own is None:
            return self.seen
        return LastSeen(*(np.delete(column, own) for column in self.seen))


@dataclass(slots=True, repr=False)
class OthersLooks:
    """Looks at others of one worker, and those of before that are to be taken again."""

    parameters: DeviceParameters
    _places: _Places | None = None
    _again: list[tuple[str, OthersNear]] = field(default_factory=list)

    def remember(self, room: Watchroom, ready: Mapping[str, Ready]) -> None:
        """What was seen since the lives were put down, to be taken again when it was known then."""
        put_down_us = max((life.solid.horizon_us for life in room.lives.values()), default=0)
        told = others_looked.known_since(from_micros(max(put_down_us, 0)) - _BEFORE)
        by_device: dict[UnitName, list[str]] = {}
        for key, one in ready.items():
            by_device.setdefault(_name(one.life), []).append(key)
        for looked in told:
            near = fact_of(looked)
            for key in by_device.get((looked.supplier, looked.device_id), ()):
                if ready[key].life.wearer == looked.wearer and _is_to_be_taken(room, key, near):
                    self._again.append((key, near))

    def with_others(
        self,
        room: Watchroom,
        ready: Mapping[str, Ready],
        arrived: Mapping[str, Sequence[Arrived]],
        clock: datetime,
        behind: datetime | None,
    ) -> dict[str, list[Arrived]]:
        """What arrived, with what is or was seen of others of whom it matters.

        `behind`: as far as a backlog has been read; where others are now says nothing of then.
        """
        out = {key: list(own) for key, own in arrived.items()}
        self._again = [one for one in self._again if _is_to_be_taken(room, *one)]
        for key, near in self._again:
            if behind is None or near.ingested_us <= to_micros(behind):
                _put(out, key, near)
        if behind is None:
            for key, near in self._look(room, ready, out, clock).items():
                _put(out, key, near)
        return out

    def _look(
        self,
        room: Watchroom,
        ready: Mapping[str, Ready],
        arrived: Mapping[str, Sequence[Arrived]],
        clock: datetime,
    ) -> dict[str, OthersNear]:
        clock_us, found = to_micros(clock), dict[str, OthersNear]()
        for key, loss in self._asked(room, arrived, clock_us):
            seen = self._read(clock).but(_name(ready[key].life))
            near = others_near(loss, seen, clock_us, self.parameters)
            if near.seen or near.lost:
                found[key] = near
        if found:
            others_looked.keep([_looked(ready[key].life, near) for key, near in found.items()])
        return found

    def _asked(
        self, room: Watchroom, arrived: Mapping[str, Sequence[Arrived]], clock_us: int
    ) -> Iterator[tuple[str, LossAsked]]:
        due = {key for key, life in room.lives.items() if life.due_us <= clock_us}
        for key in due | arrived.keys():
            loss = loss_asked(room.lives[key], arrived.get(key, ()), clock_us, self.parameters)
            if loss is not None:
                yield key, loss

    def _read(self, now: datetime) -> _Places:
        places = self._places
        if places is None or now - places.read_at >= _READ_AGAIN:
            heard = timedelta(seconds=self.parameters.shielding.least_s)
            places = _Places.of(others_looked.last_places(now - heard), now)
            self._places = places
        return places


def _is_to_be_taken(room: Watchroom, key: str, near: OthersNear) -> bool:
    """Whether a life is still watched and was not brought past it: taking it twice does no harm."""
    life = room.lives.get(key)
    return life is not None and near.at_us > life.solid.horizon_us


def _put(arrived: dict[str, list[Arrived]], key: str, near: OthersNear) -> None:
    """Among what arrived of a life, in the order of coming in."""
    own = arrived.setdefault(key, [])
    insort(own, Arrived(near), key=lambda one: one.fact.ingested_us)


def facts_about(life: Life, since: datetime) -> Iterator[OthersNear]:
    """What was looked at of others about a life, from an instant on."""
    told = others_looked.of_device(life.wearer, life.supplier, life.device_id, since)
    return (fact_of(one) for one in told if life.period.contains(one.at))


def fact_of(looked: Looked) -> OthersNear:
    """What is on record, as the engine takes it."""
    known_us = to_micros(looked.known_at)
    return OthersNear(to_micros(looked.at), looked.seen, looked.lost, known_us)


def _looked(life: Life, near: OthersNear) -> Looked:
    at, known = from_micros(near.at_us), from_micros(near.ingested_us)
    return Looked(life.wearer, life.supplier, life.device_id, at, near.seen, near.lost, known)


def _name(life: Life) -> UnitName:
    return (life.supplier, life.device_id)
