"""Every place that keeps something of a person, and how an erasure takes it away: a declared list.

A new place (exports in our keeping) is a line in `STORES`. Each is
idempotent: done again after a crash, it ends as if there had been none. Case records go before the
archive, since with them goes who wore what: from then on nobody's trail can be asked for, and no
answer is made from half of one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Final

from django.db import transaction

from tipstaff import settings
from tipstaff.backups import workspace
from tipstaff.domain.erasures import Erasure
from tipstaff.domain.periods import Period, to_micros
from tipstaff.positions import event_files, quarantine_erasing
from tipstaff.positions.archive import Archive
from tipstaff.positions.checkpoints_erasing import CheckpointsErasing
from tipstaff.positions.checkpoints_sqlite import found_in_file
from tipstaff.positions.erasing import Worn
from tipstaff.positions.inbox_erasing import Gone, InboxErasing, SqliteInboxErasing
from tipstaff.positions.quarantine_erasing import QuarantinedRow
from tipstaff.records import devices, erasures, subject_keys
from tipstaff.services import run_erasing
from tipstaff.services.run_erasing import GoneFromRuns

#: Where a backup gathers its copies; what a dead one left holds everything.
_BACKUP_WORKSPACE: Final = "backup-"
Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Store:
    """A place: what would go, counted; and how it goes."""

    name: str
    count: Callable[[settings.Settings, Erasure], Counts]
    erase: Callable[[settings.Settings, Erasure], None]


def _count_quarantine(values: settings.Settings, erasure: Erasure) -> Counts:
    return {"rows": quarantine_erasing.count(values.quarantine_folder, _quarantined(erasure))}


def _erase_quarantine(values: settings.Settings, erasure: Erasure) -> None:
    quarantine_erasing.erase(values.quarantine_folder, _quarantined(erasure))
    workspace.sweep(values.data, _BACKUP_WORKSPACE)


def _quarantined(erasure: Erasure) -> quarantine_erasing.Goes:
    periods: dict[int, list[Period]] = {}
    for piece in erasure.pieces:
        for key, period in piece.worn:
            periods.setdefault(key, []).append(period)
    named = {name.device_id: periods[key] for key, name in devices.names_of(periods).items()}

    def goes(row: QuarantinedRow) -> bool:
        return any(row.names(device) and row.may_be_in(when) for device, when in named.items())

    return goes


def _count_inbox(values: settings.Settings, erasure: Erasure) -> Counts:
    return {"messages": _inbox(values).count(_messages(erasure))}


def _erase_inbox(values: settings.Settings, erasure: Erasure) -> None:
    _inbox(values).erase(_messages(erasure))


def _inbox(values: settings.Settings) -> InboxErasing:
    if values.database == settings.SQLITE:
        return SqliteInboxErasing(values.inbox_file)
    # slow to load, and SQLite needs none of it
    from tipstaff.positions.inbox_postgres_erasing import PostgresInboxErasing  # noqa: PLC0415

    return PostgresInboxErasing(values.database)


def _messages(erasure: Erasure) -> list[Gone]:
    worn = [each for piece in erasure.pieces for each in piece.worn]
    names = devices.names_of(key for key, _period in worn)
    return [
        Gone(names[key].supplier, names[key].device_id, to_micros(p.start), to_micros(p.end))
        for key, p in worn
        if key in names
    ]


def _count_checkpoints(values: settings.Settings, erasure: Erasure) -> Counts:
    return {"rows": _checkpoints(values).count(*_monitored(erasure))}


def _erase_checkpoints(values: settings.Settings, erasure: Erasure) -> None:
    _checkpoints(values).erase(*_monitored(erasure))


def _checkpoints(values: settings.Settings) -> CheckpointsErasing:
    if values.database == settings.SQLITE:
        return CheckpointsErasing(partial(found_in_file, values.checkpoints_file))
    # slow to load, and SQLite needs none of it
    from tipstaff.positions.checkpoints_postgres import found_on_server  # noqa: PLC0415

    return CheckpointsErasing(partial(found_on_server, values.database))


def _monitored(erasure: Erasure) -> tuple[list[str], set[str]]:
    """Whose checkpoints go, and single lives that took what goes; they are made again without it.

    Of whom a record goes all lives do, since each may name it: which one does cannot be seen.
    """
    people = [str(p.subject_ref) for p in erasure.pieces if p.whole or p.records]
    worn = (each for piece in erasure.pieces for each in piece.worn)
    return people, erasures.lives_touching(worn)


def _count_events(values: settings.Settings, erasure: Erasure) -> Counts:
    return {"events": event_files.count(values.events_folder, _event_goes(erasure))}


def _erase_events(values: settings.Settings, erasure: Erasure) -> None:
    event_files.erase(values.events_folder, _event_goes(erasure))


def _event_goes(erasure: Erasure) -> event_files.Goes:
    gone: dict[tuple[str, str], list[Gone]] = {}
    for one in _messages(erasure):
        gone.setdefault((one.supplier, one.device_id), []).append(one)

    def goes(supplier: str, device_id: str, at: datetime) -> bool:
        periods = gone.get((supplier, device_id), ())
        return any(one.start_us <= to_micros(at) < one.end_us for one in periods)

    return goes


def _count_runs(values: settings.Settings, erasure: Erasure) -> Counts:
    return {"fixes": run_erasing.count(values.runs_folder, _from_runs(erasure))}


def _erase_runs(values: settings.Settings, erasure: Erasure) -> None:
    run_erasing.erase(values.runs_folder, _from_runs(erasure), datetime.now(UTC))


def _from_runs(erasure: Erasure) -> list[GoneFromRuns]:
    people = erasures.named(piece.subject_ref for piece in erasure.pieces)
    return [
        GoneFromRuns(
            people[piece.subject_ref].reference,
            piece.whole,
            tuple(period for _key, period in piece.worn),
            piece.answers,
        )
        for piece in erasure.pieces
        if piece.subject_ref in people
    ]


def _count_records(values: settings.Settings, erasure: Erasure) -> Counts:
    del values
    return erasures.count_rows(erasure.pieces)


def _erase_records(values: settings.Settings, erasure: Erasure) -> None:
    del values
    with transaction.atomic(durable=True):
        erasures.erase_rows(erasure)


def _worn(erasure: Erasure) -> list[Worn]:
    return [Worn(key, period) for piece in erasure.pieces for key, period in piece.worn]


def _count_archive(values: settings.Settings, erasure: Erasure) -> Counts:
    return {"fixes": Archive(values.archive_folder).count(_worn(erasure))}


def _erase_archive(values: settings.Settings, erasure: Erasure) -> None:
    worn = _worn(erasure)
    if worn:
        Archive(values.archive_folder).erase(worn)


def _count_keys(values: settings.Settings, erasure: Erasure) -> Counts:
    del values, erasure
    return {}


def _destroy_keys(values: settings.Settings, erasure: Erasure) -> None:
    del values
    with transaction.atomic(durable=True):
        subject_keys.destroy(piece.subject_ref for piece in erasure.pieces if piece.whole)


#: In the order in which they are done.
STORES: Final = (
    Store("quarantine", _count_quarantine, _erase_quarantine),
    Store("inbox", _count_inbox, _erase_inbox),
    Store("events", _count_events, _erase_events),
    Store("runs", _count_runs, _erase_runs),
    Store("records", _count_records, _erase_records),
    Store("archive", _count_archive, _erase_archive),
    # once there is nothing left from which a worker could make them again
    Store("checkpoints", _count_checkpoints, _erase_checkpoints),
    Store("subject_keys", _count_keys, _destroy_keys),
)
