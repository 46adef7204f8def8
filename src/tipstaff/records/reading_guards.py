"""What the databases refuse about reviewers' readings: what was read first is never edited.

See `tipstaff.records.guards`.
"""

from __future__ import annotations

from typing import Any, Final

TABLE: Final = "records_reviewerreading"
_WHY: Final = "recorded facts are never changed"


def create(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 (Django passes it)
    """Make this guard anew; safe to run again. `guards.create` came before."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    name, on = f"{TABLE}_unchanged", f' ON "{TABLE}"' if postgresql else ""
    does = (
        f"FOR EACH ROW EXECUTE FUNCTION records_refuse('{_WHY}')"
        if postgresql
        else f"BEGIN SELECT RAISE(ABORT, '{_WHY}'); END"
    )
    schema_editor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on}', params=None)
    schema_editor.execute(f'CREATE TRIGGER "{name}" BEFORE UPDATE ON "{TABLE}" {does}', params=None)
