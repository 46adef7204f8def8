"""The inbox of this instance: where it lies, who writes it, who reads it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

from tipstaff import settings
from tipstaff.positions.inbox import Inbox
from tipstaff.positions.inbox_again import InboxAgain, PostgresInboxAgain, SqliteInboxAgain
from tipstaff.positions.inbox_postgres import PostgresInboxStore
from tipstaff.positions.inbox_postgres_reading import PostgresInboxReader
from tipstaff.positions.inbox_reading import SqliteInboxReader
from tipstaff.positions.inbox_sqlite import SqliteInboxStore
from tipstaff.positions.locking import ArchiveBusyError, only_writer
from tipstaff.services.instance import open_instance

InboxReader = SqliteInboxReader | PostgresInboxReader


class InboxBusyError(Exception):
    """Another process takes messages in; nothing was done."""

    action: Final = (
        "Another process of this instance takes messages in: 'tipstaff serve' or 'tipstaff "
        "intake'. End it first, or leave the intake to it ('tipstaff serve --no-intake')."
    )

    def __init__(self) -> None:
        super().__init__(self.action)


@contextmanager
def open_inbox() -> Iterator[Inbox]:
    """The inbox for writing, closed afterwards with all that waits written.

    In a file it has one writing process: InboxBusyError where there is one already.
    """
    values = open_instance()
    with ExitStack() as held:
        if values.database == settings.SQLITE:
            try:
                held.enter_context(only_writer(values.inbox_file.with_suffix(".lock"), 0.0))
            except ArchiveBusyError:
                raise InboxBusyError from None
        inbox = Inbox(_store(values))
        held.callback(inbox.close)
        yield inbox


def inbox_reader() -> InboxReader:
    """The inbox for reading."""
    values = open_instance()
    if values.database == settings.SQLITE:
        return SqliteInboxReader(values.inbox_file, values.inbox_readers_folder)
    return PostgresInboxReader(values.database)


def inbox_again() -> InboxAgain:
    """The inbox for what could not be read in it."""
    values = open_instance()
    if values.database == settings.SQLITE:
        return SqliteInboxAgain(values.inbox_file)
    return PostgresInboxAgain(values.database)


def _store(values: settings.Settings) -> SqliteInboxStore | PostgresInboxStore:
    if values.database == settings.SQLITE:
        return SqliteInboxStore(values.inbox_file)
    return PostgresInboxStore(values.database)
