"""What the databases refuse about holds and disclosures: they are facts, never edited.

A hold ends by a release, a row of its own. See `tipstaff.records.guards`.
"""

from __future__ import annotations

from typing import Any, Final

NEVER_EDITED: Final = (
    "records_hold",
    "records_holdrelease",
    "records_disclosure",
    "records_erasedstretch",
)
_WHY: Final = "recorded facts are never changed"


def create(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 (Django passes it)
    """Make every guard anew; safe to run again. `guards.create` came before."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table in NEVER_EDITED:
        name = f"{table}_unchanged"
        if postgresql:
            statements = [
                f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"',
                f'CREATE TRIGGER "{name}" BEFORE UPDATE ON "{table}" FOR EACH ROW '
                f"EXECUTE FUNCTION records_refuse('{_WHY}')",
            ]
        else:
            statements = [
                f'DROP TRIGGER IF EXISTS "{name}"',
                f'CREATE TRIGGER "{name}" BEFORE UPDATE ON "{table}" '
                f"BEGIN SELECT RAISE(ABORT, '{_WHY}'); END",
            ]
        for statement in statements:
            schema_editor.execute(statement, params=None)
