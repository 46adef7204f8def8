"""From the inbox into the archive: each message once, whatever a crash leaves between the two.

What is about to be drained is noted first: from which message to which. The archive knows a drain
by a digest of that and takes it once; the mark moves on last. So a drain that died is done again
with the same messages, and adds nothing that is there.

A fix whose device's clock is wrong does not enter the archive: at its claimed time somebody else
may have worn the tag. It goes to the quarantine with its reason. Events go into files of their own.
The law is asked once more: what may not be kept any longer does not enter.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import pyarrow as pa
from django.db import transaction

from tipstaff.domain.device_clocks import ClockFault
from tipstaff.domain.fixes import CONTENT_SCHEMA
from tipstaff.domain.intake_words import Verb, Verdict
from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.domain.received import FIX_COLUMNS, MessageKind, Received
from tipstaff.formats.positions_rows import QUARANTINE_SCHEMA
from tipstaff.positions.archive import AppendResult, Archive
from tipstaff.positions.event_files import write_events
from tipstaff.positions.inbox_reading import Mark
from tipstaff.positions.inbox_tables import Cursor
from tipstaff.positions.quarantine import QuarantineFile
from tipstaff.records import sources
from tipstaff.records.sources import Intent, SourceFact
from tipstaff.services.access import Access, admit
from tipstaff.services.feed_gate import lawful
from tipstaff.services.inbox import InboxReader, inbox_reader
from tipstaff.services.instance import open_instance
from tipstaff.services.positions import catch_up, register_devices
from tipstaff.services.recording import Looked, reading, write
from tipstaff.services.sealing import seal
from tipstaff.services.whole_archive import require_whole

#: By what the archive is known among the inbox's readers.
ARCHIVE_READER: Final = "archive"
#: How a drain was read, where an import has the digest of its mapping.
READING: Final = "inbox"
#: Messages of one drain, and of one page read of it.
MOST_AT_ONCE: Final = 200_000
_PAGE: Final = 20_000
#: How the reasons begin of fixes whose device's clock is wrong.
_CLOCK: Final = "CLOCK_"


@dataclass(slots=True)
class Drained:
    """What a drain did.

    `wrong_clock` and `withheld` went to the quarantine: those whose device's clock is wrong, and
    those whose device nobody is known to have any longer. `dropped` may not be kept by now.
    """

    messages: int = 0
    new_fixes: int = 0
    repeated_fixes: int = 0
    wrong_clock: int = 0
    withheld: int = 0
    dropped: int = 0
    events: int = 0

    def add(self, other: Drained) -> None:
        """Count what another did as well."""
        self.messages += other.messages
        self.new_fixes += other.new_fixes
        self.repeated_fixes += other.repeated_fixes
        self.wrong_clock += other.wrong_clock
        self.withheld += other.withheld
        self.dropped += other.dropped
        self.events += other.events


def drain_to_archive(*, actor: str, purpose: Purpose, authority: str) -> Drained:
    """Bring all that is in the inbox now into the archive.

    Raises what `Archive.append` raises; what was drained until then stays drained.
    """
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.COLLECTION,
        use_case="drain_inbox",
    )
    archive = Archive(open_instance().archive_folder)
    catch_up(archive)
    require_whole(archive)
    done, reader = Drained(), inbox_reader()
    with reading(access, extent={}) as looked:
        last = reader.state().last if reader.exists() else 0
        while last and (mark := _planned(reader, last)).until > mark.through:
            done.add(_drain(access, archive, reader, mark))
            reader.set_mark(ARCHIVE_READER, Mark(mark.until, mark.until))
        looked.rows, looked.extent["messages"] = done.new_fixes, done.messages
    return done


def _planned(reader: InboxReader, last: int) -> Mark:
    """What is to be drained next: what was begun and has no end, else what has come since."""
    mark = reader.mark(ARCHIVE_READER)
    if mark.until > mark.through or last <= mark.through:
        return mark
    planned = Mark(mark.through, min(last, mark.through + MOST_AT_ONCE))
    reader.set_mark(ARCHIVE_READER, planned)
    return planned


def _drain(access: Access, archive: Archive, reader: InboxReader, mark: Mark) -> Drained:
    parts: dict[str, _Part] = {}
    for page in _pages(reader, mark):
        for supplier in sorted({message.supplier for message in page}):
            part = parts.setdefault(supplier, _Part(supplier))
            part.take([message for message in page if message.supplier == supplier], access)
    done = Drained()
    inbox_id = reader.inbox_id()
    for supplier, part in sorted(parts.items()):
        named = f"{inbox_id}:{supplier}:{mark.through}:{mark.until}"
        digest = hashlib.sha256(named.encode()).hexdigest()
        done.add(_keep(access, archive, part, digest, mark))
    return done


@dataclass(slots=True)
class _Part:
    """What one supplier sent, of one drain."""

    supplier: str
    tables: list[pa.Table] = field(default_factory=list)
    aside: list[tuple[str, Received]] = field(default_factory=list)
    dropped: int = 0
    events: list[Received] = field(default_factory=list)
    keys: dict[str, int] = field(default_factory=dict)
    messages: int = 0

    def take(self, messages: Sequence[Received], access: Access) -> None:
        """Sort out some messages, each by what may be kept of it now."""
        self.messages += len(messages)
        good: list[Received] = []
        for message, verdict in zip(messages, self._verdicts(messages), strict=True):
            if verdict.verb == Verb.DROP_COUNTED:
                self.dropped += 1
            elif message.kind == MessageKind.EVENT:
                self.events.append(message)
            elif message.clock != ClockFault.NONE:
                self.aside.append((f"{_CLOCK}{ClockFault(message.clock).name}", message))
            elif verdict.verb == Verb.QUARANTINE:
                self.aside.append((str(verdict.reason), message))
            else:
                good.append(message)
        unknown = sorted({m.device_id for m in good} - self.keys.keys())
        if unknown:
            self.keys.update(register_devices(self.supplier, unknown, access))
        if good:
            self.tables.append(_table(good, self.keys))

    def _verdicts(self, messages: Sequence[Received]) -> Sequence[Verdict]:
        asked = [(m.device_id, m.received_us if m.clock else m.time_us) for m in messages]
        return lawful(self.supplier, asked, datetime.now(UTC))

    def count(self, wrong_clock: bool) -> int:  # noqa: FBT001 (one of two counts)
        """Fixes set aside for their clock, or for another reason."""
        return sum(reason.startswith(_CLOCK) == wrong_clock for reason, _message in self.aside)


def _table(fixes: Sequence[Received], keys: dict[str, int]) -> pa.Table:
    columns: list[Any] = [[keys[m.device_id] for m in fixes], [m.time_us for m in fixes]]
    columns += [[getattr(m, name) for m in fixes] for name in FIX_COLUMNS]
    arrays = [
        pa.array(values, pa.int64()).cast(wanted.type)
        for values, wanted in zip(columns, CONTENT_SCHEMA, strict=True)
    ]
    return pa.table(arrays, schema=CONTENT_SCHEMA)


def _pages(reader: InboxReader, mark: Mark) -> Iterator[tuple[Received, ...]]:
    cursor = Cursor(0, mark.through)
    while (page := reader.read(cursor, _PAGE, mark.until)).messages:
        yield page.messages
        cursor = page.cursor


def _keep(access: Access, archive: Archive, part: _Part, digest: str, mark: Mark) -> Drained:
    """Bring one supplier's part where it belongs; a part that was kept before adds nothing."""
    values, now = open_instance(), datetime.now(UTC)
    intent = Intent(digest, READING, part.supplier, access.request_ref)
    if part.tables:
        with transaction.atomic(durable=True):
            sources.begin(intent)
    write_events(values.events_folder, digest, part.events)
    with QuarantineFile(values.quarantine_folder, digest) as aside:
        aside.write(_set_aside(part.aside))
        aside.keep()
    stored = AppendResult(0, 0)
    if part.tables:
        stored = archive.append(part.tables, digest, now, reading=READING)
    looked = Looked(rows=stored.new_rows)
    looked.extent |= {"source": digest, "from": mark.through, "to": mark.until}
    if part.dropped:
        looked.extent["not_collected"] = part.dropped
    with transaction.atomic(durable=True):
        if part.tables:
            sources.finish(
                SourceFact(digest, READING, part.supplier, stored.new_rows, len(part.aside), now)
            )
        write(access, looked)
    seal()
    return Drained(
        part.messages,
        stored.new_rows,
        stored.duplicate_rows,
        part.count(wrong_clock=True),
        part.count(wrong_clock=False),
        part.dropped,
        len(part.events),
    )


def _set_aside(fixes: Sequence[tuple[str, Received]]) -> pa.Table:
    """Fixes that do not enter the archive, each with its reason, as quarantined rows."""
    rows = [
        {
            "row": number,
            "reason": reason,
            "field": "fix_time" if reason.startswith(_CLOCK) else "device_id",
            "raw": json.dumps({n: v for n, v in fix._asdict().items() if v is not None}),
        }
        for number, (reason, fix) in enumerate(fixes, 1)
    ]
    return pa.Table.from_pylist(rows, schema=QUARANTINE_SCHEMA)
