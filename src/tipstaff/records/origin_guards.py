"""What the databases refuse about the origins of versions; see `tipstaff.records.guards`."""

from __future__ import annotations

from typing import Any, Final

ORIGIN: Final = "records_versionorigin"
_EDITED: Final = "the origin of a version is never edited"
_NAME: Final = f"{ORIGIN}_unchanged"


def create(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 (Django passes it)
    """Make the guard anew; safe to run again. `guards.create` came before."""
    if schema_editor.connection.vendor == "postgresql":
        drop = f'DROP TRIGGER IF EXISTS "{_NAME}" ON "{ORIGIN}"'
        how = f"FOR EACH ROW EXECUTE FUNCTION records_refuse('{_EDITED}')"
    else:
        drop = f'DROP TRIGGER IF EXISTS "{_NAME}"'
        how = f"BEGIN SELECT RAISE(ABORT, '{_EDITED}'); END"
    schema_editor.execute(drop, params=None)
    made = f'CREATE TRIGGER "{_NAME}" BEFORE UPDATE ON "{ORIGIN}" {how}'
    schema_editor.execute(made, params=None)
