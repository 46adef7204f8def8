"""The state of the database's tables."""

from __future__ import annotations

from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader


class DatabaseUnavailableError(Exception):
    """The database cannot be reached or read."""


def migrate() -> None:
    """Bring the tables up to this version of the program; nothing where they are."""
    if is_current():  # Django would work out the state of every migration to do nothing
        return
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except DatabaseError as error:
        raise DatabaseUnavailableError from error


def is_current() -> bool:
    """Whether the tables are those of this version of the program."""
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        raise DatabaseUnavailableError from error


def known_migrations() -> set[str]:
    """Every migration that this version of the program can apply, as `app.name`."""
    loader = MigrationLoader(None)
    return {f"{app}.{name}" for app, name in loader.disk_migrations}
