"""Take a file of positions into the inbox, as a feed's messages: by a mapping, or GPX or GeoJSON.

It may be taken in again after a crash: what is in the inbox already is known and counted. So
monitoring sees what a file brings, late or not, as it sees any message.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tipstaff.domain.purposes import Operation, Purpose
from tipstaff.domain.received import Unread
from tipstaff.formats.feeds.listed import FILES
from tipstaff.formats.feeds.messages import Decoded, Message
from tipstaff.formats.mapping import Mapping
from tipstaff.formats.message_rows import fixes_of
from tipstaff.formats.positions import PositionBatch, read_positions
from tipstaff.positions.inbox import Inbox
from tipstaff.services.access import admit, require_own_supplier
from tipstaff.services.feed_gate import Gate, lawful
from tipstaff.services.feed_intake import sift
from tipstaff.services.positions import file_digest
from tipstaff.services.recording import reading

FOLDER: Final = "folder"
#: Larger files of one piece are not read into memory.
MOST_WHOLE_BYTES: Final = 64 << 20


@dataclass(slots=True)
class TakenFile:
    """What a file brought. `fault` says why it could not be read, or not to its end."""

    read: int = 0
    new: int = 0
    repeated: int = 0
    held: int = 0
    unread: int = 0
    fault: str = ""


def take_in_file(
    *,
    actor: str,
    purpose: Purpose,
    authority: str,
    path: Path,
    mapping: Mapping,
    inbox: Inbox,
    gate: Gate = lawful,
) -> TakenFile:
    """Take one file in; on return all of it is on the disk.

    The supplier is the mapping's, whatever the format. Raises what `Inbox.append` raises, and
    OSError where the file cannot be read; what was taken before stays.
    """
    access = admit(
        actor=actor,
        purpose=purpose,
        authority=authority,
        operation=Operation.COLLECTION,
        use_case="take_in_file",
    )
    require_own_supplier(access, mapping.supplier)
    taken = TakenFile()
    with reading(access, extent={"source": file_digest(path)}) as looked:
        for decoded in _pieces(path, mapping, datetime.now(UTC)):
            batch = sift(mapping.supplier, FOLDER, decoded, datetime.now(UTC), gate)
            stored = inbox.append(batch).result() if len(batch) else None
            taken.read += len(decoded.fixes)
            taken.new += stored.new if stored else 0
            taken.repeated += stored.repeated if stored else 0
            taken.held += len(batch.held)
            taken.unread += len(decoded.unread)
            taken.fault = decoded.fault or taken.fault
        looked.rows = taken.new
    return taken


def _pieces(path: Path, mapping: Mapping, now: datetime) -> Iterator[Decoded]:
    decode = FILES.get(path.suffix.lower())
    if decode is None:
        with path.open("rb") as stream:
            yield from map(_decoded, read_positions(stream, mapping, now=now))
        return
    if path.stat().st_size > MOST_WHOLE_BYTES:
        yield Decoded(unread=[Unread("TOO_LARGE", "", 0, path.name.encode())])
        return
    yield decode(Message(path.read_bytes(), {"device_id": path.stem}), now)


def _decoded(batch: PositionBatch) -> Decoded:
    unread = [
        Unread(row["reason"], row["field"], row["row"], row["raw"].encode(errors="replace"))
        for row in batch.quarantined.to_pylist()
    ]
    if batch.fault is not None:
        unread.append(Unread(batch.fault.code, "", 0, str(batch.fault).encode(errors="replace")))
    return Decoded(fixes_of(batch.accepted), [], unread)
