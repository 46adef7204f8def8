"""What a life is judged again from: the last snapshot before an instant, and all facts since.

Facts lie in the archive as far as it has been brought on, and in the inbox from there on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import numpy as np
import pyarrow as pa

from tipstaff.domain.periods import Period, from_micros
from tipstaff.domain.received import Received
from tipstaff.formats.life_bytes import snapshot_from_bytes
from tipstaff.monitoring.brought_on import LiveFact, Snapshot, first_snapshot
from tipstaff.monitoring.errors_of_fixes import nominal_cm
from tipstaff.monitoring.facts import Fix
from tipstaff.monitoring.fleet_states import StateError
from tipstaff.monitoring.kept_lives import KeptLife, digest_of
from tipstaff.positions.archive import Archive
from tipstaff.positions.checkpoints import Checkpoints
from tipstaff.positions.event_files import events_of
from tipstaff.positions.inbox_tables import Cursor
from tipstaff.records import devices
from tipstaff.records.shipped_monitoring import codes_for
from tipstaff.services.inbox import InboxReader
from tipstaff.services.inbox_drain import ARCHIVE_READER
from tipstaff.services.instance import open_instance
from tipstaff.services.live_facts import Directory, arrivals
from tipstaff.services.live_watched import RULES, Ready
from tipstaff.settings import Settings

_PAGE: Final = 20_000


@dataclass(slots=True)
class StoredPast:
    """The past of lives, `until` a message's number; `ready` are the lives, by their keys."""

    checkpoints: Checkpoints
    reader: InboxReader
    ready: Mapping[str, Ready]
    until: int = 0
    _opened: Settings | None = field(default=None, repr=False)

    def back_to(self, life: KeptLife, at_us: int) -> tuple[Snapshot, Sequence[LiveFact]]:
        """See `watchroom.Past`."""
        start = self._snapshot(life, at_us)
        return start, self.facts_since(life.watched.life, start.horizon_us)

    def _snapshot(self, life: KeptLife, at_us: int) -> Snapshot:
        row = self.checkpoints.last_before(life.watched.life, at_us)
        if row is not None:
            try:
                digest = digest_of(life.watched, RULES)
                return snapshot_from_bytes(row.content, life.watched, digest, RULES)
            except StateError:
                pass  # of other watches, or another version of the rules: from the beginning
        return first_snapshot(life.watched, RULES)

    def facts_since(self, key: str, horizon_us: int) -> list[LiveFact]:
        """All facts of a life from after a horizon that are taken to be so."""
        life = self.ready[key].life
        names = {(life.supplier, life.device_id), *life.home_units}
        since = from_micros(horizon_us)
        messages = events_of(self._instance().events_folder, names, since)
        messages += [m for m in self._in_inbox() if (m.supplier, m.device_id) in names]
        told = arrivals(messages, Directory.of([life]), codes_for).get(key, [])
        facts = [*self._archived(key, since), *(one.fact for one in told if not one.doubted)]
        return [fact for fact in facts if fact.at_us > horizon_us]

    def _instance(self) -> Settings:
        """The instance's settings, read once: lives are many."""
        if self._opened is None:
            self._opened = open_instance()
        return self._opened

    def _archived(self, key: str, since: datetime) -> Iterator[LiveFact]:
        ready = self.ready[key]
        life, start = ready.life, max(since, ready.life.period.start)
        end = life.period.end or ready.until
        known = devices.keys_of(life.supplier, [life.device_id])
        if not known or start >= end:
            return
        archive, period = Archive(self._instance().archive_folder), Period(start, end)
        if not archive.files(period):
            return  # a connection would cost more than all else of a life that is new
        for batch in archive.fixes(period, list(known.values())):
            yield from _fixes(batch)

    def _in_inbox(self) -> Iterator[Received]:
        """What came in and is not archived yet."""
        if not self.reader.exists():
            return
        cursor = Cursor(0, self.reader.mark(ARCHIVE_READER).through)
        while (page := self.reader.read(cursor, _PAGE, self.until or None)).messages:
            yield from page.messages
            cursor = page.cursor


def _fixes(batch: pa.RecordBatch) -> Iterator[Fix]:
    """Rows of the archive as the engine takes them."""
    stated, level = _whole(batch, "precision_cm"), _whole(batch, "precision_level_pct")
    names = ("fix_time", "lat_e7", "lon_e7", "mechanism")
    at_us, lat, lon, mechanism = (_whole(batch, name).tolist() for name in names)
    radius = nominal_cm(stated, level, RULES.places.error.nu).tolist()
    came = _whole(batch, "ingested_at").tolist()
    for row in zip(at_us, lat, lon, mechanism, radius, came, strict=True):
        yield Fix(*row)


def _whole(batch: pa.RecordBatch, name: str) -> np.ndarray:
    """A column as whole numbers, -1 where it is empty."""
    column = batch.column(name).cast(pa.int64()).fill_null(-1)
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.int64)
