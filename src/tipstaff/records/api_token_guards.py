"""What the databases refuse about tokens of the API: none is changed, none lives again.

See `tipstaff.records.guards`.
"""

from __future__ import annotations

from typing import Any, Final

TABLE: Final = "records_apitoken"
_FACTS: Final = (
    "id", "token_id", "account_id", "role", "label", "digest", "scopes", "made_at", "made_by",
    "expires_at",
)  # fmt: skip
_WHY: Final = "a token is never changed and never lives again"


def create(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 (Django passes it)
    """Make this guard anew; safe to run again. `guards.create` came before."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    name, on = f"{TABLE}_unchanged", f' ON "{TABLE}"' if postgresql else ""
    when = _changed("IS DISTINCT FROM" if postgresql else "IS NOT")
    does = (
        f"FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION records_refuse('{_WHY}')"
        if postgresql
        else f"WHEN {when} BEGIN SELECT RAISE(ABORT, '{_WHY}'); END"
    )
    schema_editor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on}', params=None)
    schema_editor.execute(f'CREATE TRIGGER "{name}" BEFORE UPDATE ON "{TABLE}" {does}', params=None)


def _changed(differs: str) -> str:
    facts = " OR ".join(f'NEW."{c}" {differs} OLD."{c}"' for c in _FACTS)
    return f'{facts} OR (OLD."ended_at" IS NOT NULL AND NEW."ended_at" {differs} OLD."ended_at")'
