"""Exit codes: what each says to a script, and which exception leads to which.

Commands give 0, 1 and 2 for what became of their input. The rest comes from exceptions, by one
table. Its classes are named and not imported: importing a use case reads the settings, which may be
what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

ALL_GOOD: Final = 0
SOME_BAD: Final = 1
NOTHING_DONE: Final = 2
NOT_SET_UP: Final = 3
REFUSED: Final = 4
WITHDRAWN: Final = 5
UNEXPECTED: Final = 70
OUTPUT_LOST: Final = 74
INTERRUPTED: Final = 130

#: What each code says; the reference and the tutorial take it from here.
MEANINGS: Final[Mapping[int, str]] = {
    ALL_GOOD: "all good",
    SOME_BAD: "some of the input was bad, the good part was kept",
    NOTHING_DONE: "nothing could be done: bad input, a wrong call, a busy or full store",
    NOT_SET_UP: "the installation is not set up, or its archive is damaged",
    REFUSED: "refused",
    WITHDRAWN: "done, and an exclusion was withdrawn: somebody must be told",
    UNEXPECTED: "a fault of the program; what was being done is not finished",
    OUTPUT_LOST: "a file could not be read or written, or what was to be printed is lost",
    INTERRUPTED: "interrupted (Ctrl-C); what was being done is not finished",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of an exception on standard error, and the exit code."""

    message: str
    code: int


def told_of(error: BaseException) -> Told | None:
    """What is said of an expected exception; None where it is in no table."""
    for kind in type(error).__mro__:
        found = _TABLE.get(f"{kind.__module__}.{kind.__qualname__}")
        if found is not None:
            code, words = found
            return Told(words(error), code)
    return None


def _database_failed(error: Any) -> str:
    return (
        f"The database failed ({type(error).__name__}): is it busy, stopped or its disk full? "
        "What was not finished was not stored; run the command again."
    )


def _io_failed(error: Any) -> str:
    what = error.strerror or type(error).__name__
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{what}. What was being done is not finished; run the command again."


def _out_of_memory(_error: Any) -> str:
    return "There is not enough memory. What was being done is not finished; free some, try again."


def _action(error: Any) -> str:
    return str(error.action)


def _refused(error: Any) -> str:
    return f"Refused ({error.code}). {error.action}"


def _case_damaged(_error: Any) -> str:
    return "A stored case record is not what was recorded: restore the database from a backup."


#: Exception → exit code and the words that are said; an exception counts as its nearest base here.
_TABLE: Final[Mapping[str, tuple[int, Callable[[Any], str]]]] = {
    "tipstaff.settings.SettingsError": (NOT_SET_UP, str),
    "tipstaff.services.instance.NotReadyError": (NOT_SET_UP, _action),
    "tipstaff.positions.damage.ArchiveDamagedError": (NOT_SET_UP, str),
    "tipstaff.records.case_versions.CaseDamagedError": (NOT_SET_UP, _case_damaged),
    "tipstaff.services.access.RefusedError": (REFUSED, _refused),
    "tipstaff.positions.locking.ArchiveBusyError": (NOTHING_DONE, str),
    "tipstaff.services.inbox.InboxBusyError": (NOTHING_DONE, _action),
    "tipstaff.feeds.mailbox.MailboxError": (NOTHING_DONE, _action),
    "tipstaff.feeds.mqtt.BrokerRefusedError": (NOTHING_DONE, _action),
    "tipstaff.positions.inbox_tables.InboxWriteError": (NOTHING_DONE, str),
    "tipstaff.positions.checkpoint_tables.CheckpointsError": (NOTHING_DONE, str),
    "tipstaff.positions.archive.ArchiveWriteError": (NOTHING_DONE, str),
    "tipstaff.positions.archive.SourceReadError": (NOTHING_DONE, str),
    "tipstaff.services.erasure_lock.ErasureBusyError": (NOTHING_DONE, str),
    "tipstaff.services.erasure.PagesBusyError": (NOTHING_DONE, str),
    "tipstaff.services.erasure_journal.JournalError": (NOT_SET_UP, str),
    "tipstaff.services.runs.ErasedMeanwhileError": (NOTHING_DONE, str),
    "tipstaff.services.pending.MatchedMeanwhileError": (NOTHING_DONE, str),
    "tipstaff.backups.refusals.BackupError": (NOTHING_DONE, str),
    "tipstaff.services.whole_folder.FolderExistsError": (NOTHING_DONE, _action),
    "tipstaff.records.snapshot.RecordsDamagedError": (NOTHING_DONE, str),
    "tipstaff.records.postgres_copy.PostgresCopyError": (NOTHING_DONE, str),
    "django.db.utils.DatabaseError": (NOTHING_DONE, _database_failed),
    "sqlite3.DatabaseError": (NOTHING_DONE, _database_failed),
    "builtins.MemoryError": (UNEXPECTED, _out_of_memory),
    "builtins.OSError": (OUTPUT_LOST, _io_failed),
}
#: The classes that the table names, for a test that they exist.
NAMED: Final = tuple(_TABLE)
