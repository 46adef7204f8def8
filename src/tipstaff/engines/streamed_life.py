"""One life as a stream's state: bytes in, facts in, what is told out, bytes out.

It is the worker's own room with a single life in it; nothing of a rule is defined here. Beside the
life lie the facts of the last two days and where it stood before them, so that what comes late goes
back as far. What comes later still is not taken: it is told as too late, and never passed over.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from tipstaff.domain.findings import Told
from tipstaff.formats.life_bytes import (
    fact_of,
    fact_row,
    life_from_bytes,
    life_to_bytes,
    snapshot_from_bytes,
    snapshot_to_bytes,
)
from tipstaff.monitoring.brought_on import (
    LiveFact,
    Rulebook,
    Snapshot,
    Stretch,
    Watched,
    brought_on,
    first_snapshot,
)
from tipstaff.monitoring.fleet_states import StateError
from tipstaff.monitoring.kept_lives import HOUR_US, KeptLife, digest_of
from tipstaff.monitoring.live_fleets import LiveFleets
from tipstaff.monitoring.watchroom import Arrived, Watchroom

#: Facts are kept for so long; when they reach back twice as far, the older half goes.
KEPT_US: Final = 48 * HOUR_US
_SIZES: Final = struct.Struct("<III")


@dataclass(slots=True, repr=False)
class StreamedLife:
    """A life between two batches of a stream."""

    watched: Watched
    rules: Rulebook
    base: Snapshot
    facts: list[LiveFact] = field(default_factory=list)
    too_late: int = 0
    _room: Watchroom = field(init=False)

    def __post_init__(self) -> None:
        """A room for this life alone."""
        self._room = Watchroom(self.rules, self)

    @classmethod
    def begun(cls, watched: Watched, rules: Rulebook) -> StreamedLife:
        """A life of which nothing is known."""
        made = cls(watched, rules, first_snapshot(watched, rules))
        made._room.watch(watched)
        return made

    @classmethod
    def from_bytes(cls, content: bytes, watched: Watched, rules: Rulebook) -> StreamedLife:
        """What `to_bytes` wrote; StateError where it is of other watches, or damaged."""
        digest = digest_of(watched, rules)
        parts = _parts(content)
        base = snapshot_from_bytes(parts[0], watched, digest, rules)
        life = life_from_bytes(parts[1], watched, digest, rules)
        try:
            too_late, rows = json.loads(parts[2])
        except ValueError:
            raise StateError("damaged") from None
        made = cls(watched, rules, base, [fact_of(row) for row in rows], too_late)
        made._room.restore(life)
        return made

    def to_bytes(self) -> bytes:
        """All of it, to go on from."""
        digest = digest_of(self.watched, self.rules)
        rest = json.dumps([self.too_late, [fact_row(fact) for fact in self.facts]]).encode()
        parts = [snapshot_to_bytes(self.base, digest), life_to_bytes(self._life, digest), rest]
        return _SIZES.pack(*map(len, parts)) + b"".join(parts)

    def take(self, facts: Sequence[LiveFact], now_us: int) -> tuple[Told, ...]:
        """Take facts as they came in, let the clock run to `now_us`; all that is told by then."""
        came = sorted(facts, key=lambda fact: fact.ingested_us)
        sound = [fact for fact in came if fact.at_us > self.base.horizon_us]
        self.too_late += len(came) - len(sound)
        self.facts = sorted({*self.facts, *sound}, key=lambda fact: fact.at_us)
        now_us = max([now_us, *(fact.ingested_us for fact in sound)])
        self._room.take({self.watched.life: [Arrived(fact) for fact in sound]}, now_us)
        self._forget()
        return self._life.everything

    def back_to(self, life: KeptLife, at_us: int) -> tuple[Snapshot, Sequence[LiveFact]]:  # noqa: ARG002
        """See `watchroom.Past`."""
        return self.base, self.facts

    @property
    def _life(self) -> KeptLife:
        return self._room.lives[self.watched.life]

    def _forget(self) -> None:
        """Move the base on, and drop the facts before it."""
        if not self.facts or self.facts[-1].at_us - self.base.horizon_us < 2 * KEPT_US:
            return
        until_us = self.facts[-1].at_us - KEPT_US
        old = [fact for fact in self.facts if fact.at_us <= until_us]
        fleets = LiveFleets(self.rules.places)
        fleets.put(self.watched.life, self.watched.watches)
        stretch = Stretch(self.watched, self.base, old, until_us)
        (brought,) = brought_on(fleets, [stretch], self.rules)
        self.base = brought.snapshot
        self.facts = self.facts[len(old) :]
        self._room.hours.clear()


def _parts(content: bytes) -> list[bytes]:
    if len(content) < _SIZES.size:
        raise StateError("cut short")
    sizes = _SIZES.unpack_from(content)
    if len(content) != _SIZES.size + sum(sizes):
        raise StateError("cut short")
    parts, at = [], _SIZES.size
    for size in sizes:
        parts.append(content[at : at + size])
        at += size
    return parts
