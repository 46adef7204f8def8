"""What the databases refuse about accounts, grants and approvals; see `tipstaff.records.guards`.

Nothing is edited in place: a post is followed by the next one, and what can end is ended once.
"""

from __future__ import annotations

from typing import Any, Final

_FACTS: Final = ("forceversion", "post", "permit", "permitdecision")
_COMMON: Final = ("id", "recorded_at", "recorded_by", "reason")
#: Tables of what can end, with the columns that never change.
_ENDING: Final = {
    "team": ("name", "force_id", "organisation"),
    "training": ("user_id", "course", "completed_on", "valid_until"),
    "assignment": ("wearer_id", "user_id", "team_id", "relation", "starts_at", "ends_at"),
    "grant": ("user_id", "wearer", "authority", "starts_at", "ends_at"),
}
_EDITED: Final = "access facts are never edited"


def create(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 (Django passes it)
    """Make these guards anew; safe to run again. `guards.create` came before."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table, when in _rules("IS DISTINCT FROM" if postgresql else "IS NOT").items():
        for statement in (_postgresql if postgresql else _sqlite)(f"records_{table}", when):
            schema_editor.execute(statement, params=None)


def _rules(operator: str) -> dict[str, str]:
    """When an update of each table is refused; empty: always."""
    rules = dict.fromkeys(_FACTS, "")
    for table, own in _ENDING.items():
        changed = (f'NEW."{c}" {operator} OLD."{c}"' for c in (*_COMMON, *own))
        rules[table] = " OR ".join(('OLD."ended_at" IS NOT NULL', *changed))
    return rules


def _sqlite(table: str, when: str) -> list[str]:
    condition = f"WHEN {when} " if when else ""
    return [
        f'DROP TRIGGER IF EXISTS "{table}_unchanged"',
        f'CREATE TRIGGER "{table}_unchanged" BEFORE UPDATE ON "{table}" {condition}'
        f"BEGIN SELECT RAISE(ABORT, '{_EDITED}'); END",
    ]


def _postgresql(table: str, when: str) -> list[str]:
    condition = f"WHEN ({when}) " if when else ""
    return [
        f'DROP TRIGGER IF EXISTS "{table}_unchanged" ON "{table}"',
        f'CREATE TRIGGER "{table}_unchanged" BEFORE UPDATE ON "{table}" FOR EACH ROW {condition}'
        f"EXECUTE FUNCTION records_refuse('{_EDITED}')",
    ]
