"""The monitoring worker's checkpoints of this instance: where they lie, and who writes them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from tipstaff import settings
from tipstaff.positions.checkpoint_tables import CheckpointsBusyError, Database
from tipstaff.positions.checkpoints import Checkpoints
from tipstaff.positions.checkpoints_sqlite import SqliteCheckpoints
from tipstaff.positions.locking import ArchiveBusyError, only_writer
from tipstaff.services.instance import open_instance


@contextmanager
def open_checkpoints(shard: int = 0) -> Iterator[Checkpoints]:
    """The checkpoints of a shard, for its worker; CheckpointsBusyError where it has one already.

    In a file there is one shard, and one writing process.
    """
    values = open_instance()
    with ExitStack() as held:
        if values.database == settings.SQLITE:
            if shard:
                raise ValueError("checkpoints in a file have one shard")
            try:
                held.enter_context(only_writer(values.checkpoints_file.with_suffix(".lock"), 0.0))
            except ArchiveBusyError:
                raise CheckpointsBusyError(
                    "another process of this instance monitors: end it first"
                ) from None
        checkpoints = Checkpoints(_database(values, shard), shard)
        held.callback(checkpoints.close)
        yield checkpoints


def _database(values: settings.Settings, shard: int) -> Database:
    if values.database == settings.SQLITE:
        return SqliteCheckpoints(values.checkpoints_file)
    # slow to load, and SQLite needs none of it
    from tipstaff.positions.checkpoints_postgres import PostgresCheckpoints  # noqa: PLC0415

    return PostgresCheckpoints(values.database, shard)
