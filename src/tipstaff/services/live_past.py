"""What a life is judged again from: the last snapshot before an instant, and all facts since.

Facts lie in the archive as far as it has been brought on, and in the inbox from there on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Final

import numpy as np
import pyarrow as pa

from tipstaff.domain.periods import Period, from_micros, to_micros
from tipstaff.domain.received import Received
from tipstaff.formats.life_bytes import snapshot_from_bytes
from tipstaff.monitoring.brought_on import LiveFact, Rulebook, Snapshot, first_snapshot
from tipstaff.monitoring.errors_of_fixes import nominal_cm
from tipstaff.monitoring.facts import Fix
from tipstaff.monitoring.fleet_states import StateError
from tipstaff.monitoring.kept_lives import KeptLife, digest_of
from tipstaff.monitoring.lives import Life, UnitName
from tipstaff.monitoring.watchroom import Arrived
from tipstaff.positions.archive import Archive
from tipstaff.positions.checkpoints import Checkpoints
from tipstaff.positions.event_files import events_of
from tipstaff.positions.inbox_tables import Cursor
from tipstaff.records import devices
from tipstaff.records.shipped_monitoring import codes_for
from tipstaff.services.error_models import instance_error_model
from tipstaff.services.inbox import InboxReader
from tipstaff.services.inbox_drain import ARCHIVE_READER
from tipstaff.services.instance import open_instance
from tipstaff.services.live_facts import Directory, arrivals
from tipstaff.services.live_watched import Ready
from tipstaff.services.others_looked import facts_about
from tipstaff.settings import Settings

_PAGE: Final = 20_000
#: Of so many lives the inbox is read at once: of all, it would be held whole.
_LIVES_AT_ONCE: Final = 2_000


@dataclass(slots=True)
class StoredFacts:
    """The facts of lives, as far as message number `until` (0: all there is).

    What is not archived yet lies in the inbox in the order of coming in, everybody's together. So
    that it is not gone through once for each life, `expect` says who is likely to be asked for.
    """

    reader: InboxReader
    until: int = 0
    _opened: Settings | None = field(default=None, repr=False)
    _together: dict[UnitName, frozenset[UnitName]] = field(default_factory=dict, repr=False)
    _held: dict[UnitName, list[tuple[int, Received]]] = field(default_factory=dict, repr=False)

    def expect(self, lives: Iterable[Life], until: int) -> None:
        """Those who may be asked for next, as far as message number `until`; what is held goes."""
        self._together, self._held, self.until = {}, {}, until
        listed = [_names(life) for life in lives]
        for at in range(0, len(listed), _LIVES_AT_ONCE):
            group = frozenset[UnitName]().union(*listed[at : at + _LIVES_AT_ONCE])
            self._together |= dict.fromkeys(group, group)

    def of(self, ready: Ready, since: datetime) -> list[Arrived]:
        """All that came in of a life and happened since an instant, by when it came in.

        Of what lies in the archive that is when it was brought there.
        """
        life = ready.life
        names = _names(life)
        messages = events_of(self._instance().events_folder, names, since)
        messages += self._in_inbox(names)
        told = arrivals(messages, Directory.of([life]), codes_for).get(str(life.life), [])
        seen = map(Arrived, facts_about(life, since))
        every = [*map(Arrived, _archived(self._instance(), ready, since)), *seen, *told]
        since_us = to_micros(since)
        own = [one for one in every if one.doubted or one.fact.at_us >= since_us]
        return sorted(own, key=attrgetter("fact.ingested_us", "fact.at_us"))

    def _instance(self) -> Settings:
        """The instance's settings, read once: lives are many."""
        if self._opened is None:
            self._opened = open_instance()
        return self._opened

    def _in_inbox(self, names: frozenset[UnitName]) -> list[Received]:
        """What came in of these devices and is not archived yet, in the order of coming in."""
        if not names <= self._held.keys():
            wanted = names.union(*(self._together.get(name, ()) for name in names))
            read: dict[UnitName, list[tuple[int, Received]]] = {name: [] for name in wanted}
            for number, one in enumerate(self._waiting()):
                if (own := read.get((one.supplier, one.device_id))) is not None:
                    own.append((number, one))
            # one group is held at a time; somebody nobody expected is held beside it
            self._held = read if names & self._together.keys() else {**self._held, **read}
        found = sorted(told for name in names for told in self._held[name])
        return [one for _number, one in found]

    def _waiting(self) -> Iterator[Received]:
        if not self.reader.exists():
            return
        cursor = Cursor(0, self.reader.mark(ARCHIVE_READER).through)
        while (page := self.reader.read(cursor, _PAGE, self.until or None)).messages:
            yield from page.messages
            cursor = page.cursor


def _names(life: Life) -> frozenset[UnitName]:
    return frozenset({(life.supplier, life.device_id), *life.home_units})


@dataclass(slots=True)
class StoredPast:
    """The past of lives, from checkpoints and stored facts; `ready` are the lives, by keys."""

    checkpoints: Checkpoints
    facts: StoredFacts
    ready: Mapping[str, Ready]
    rules: Rulebook

    def back_to(self, life: KeptLife, at_us: int) -> tuple[Snapshot, Sequence[LiveFact]]:
        """See `watchroom.Past`."""
        start = self._snapshot(life, at_us)
        since = from_micros(start.horizon_us + 1)
        return start, self.facts_since(life.watched.life, since)

    def _snapshot(self, life: KeptLife, at_us: int) -> Snapshot:
        row = self.checkpoints.last_before(life.watched.life, at_us)
        if row is not None:
            try:
                digest = digest_of(life.watched, self.rules)
                return snapshot_from_bytes(row.content, life.watched, digest, self.rules)
            except StateError:
                pass  # of other watches, or another version of the rules: from the beginning
        return first_snapshot(life.watched, self.rules)

    def facts_since(self, key: str, since: datetime) -> list[LiveFact]:
        """All facts of a life since an instant that are taken to be so."""
        return [one.fact for one in self.facts.of(self.ready[key], since) if not one.doubted]


def _archived(instance: Settings, ready: Ready, since: datetime) -> Iterator[Fix]:
    life, start = ready.life, max(since, ready.life.period.start)
    end = life.period.end or ready.until
    known = devices.keys_of(life.supplier, [life.device_id])
    if not known or start >= end:
        return
    archive, period = Archive(instance.archive_folder), Period(start, end)
    if not archive.files(period):
        return  # a connection would cost more than all else of a life that is new
    for batch in archive.fixes(period, list(known.values())):
        yield from _fixes(batch)


def _fixes(batch: pa.RecordBatch) -> Iterator[Fix]:
    """Rows of the archive as the engine takes them."""
    stated, level = _whole(batch, "precision_cm"), _whole(batch, "precision_level_pct")
    names = ("fix_time", "lat_e7", "lon_e7", "mechanism")
    at_us, lat, lon, mechanism = (_whole(batch, name).tolist() for name in names)
    radius = nominal_cm(stated, level, instance_error_model().nu).tolist()
    came = _whole(batch, "ingested_at").tolist()
    for row in zip(at_us, lat, lon, mechanism, radius, came, strict=True):
        yield Fix(*row)


def _whole(batch: pa.RecordBatch, name: str) -> np.ndarray:
    """A column as whole numbers, -1 where it is empty."""
    column = batch.column(name).cast(pa.int64()).fill_null(-1)
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.int64)
