"""What the databases refuse about the outbox: what a notice says, and its attempts, never change.

See `tipstaff.records.guards`; contacts end once and are not edited.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_EDITED: Final = "notices, attempts and contacts are never edited"
_KEPT: Final = {
    "notice": (
        "id", "wearer_id", "run", "force_id", "alert", "episode", "revision", "step", "recipient",
        "means", "late", "severity", "kind", "queued_at",
    ),
    "noticecontact": (
        "id", "recorded_at", "recorded_by", "reason", "force_id", "recipient", "means", "address",
        "starts_at", "ends_at",
    ),
}  # fmt: skip


def create(apps: Any, schema_editor: Any) -> None:
    """Make these guards anew, over the columns that there are by then; safe to run again.

    `guards.create` came before.
    """
    postgresql = schema_editor.connection.vendor == "postgresql"
    there = {
        table: {field.column for field in apps.get_model("records", table)._meta.concrete_fields}
        for table in _KEPT
    }
    for table, when in _rules("IS DISTINCT FROM" if postgresql else "IS NOT", there).items():
        for statement in (_postgresql if postgresql else _sqlite)(f"records_{table}", when):
            schema_editor.execute(statement, params=None)


def _rules(operator: str, there: Mapping[str, set[str]]) -> dict[str, str]:
    """When an update of each table is refused; empty: always."""
    rules = {"noticeattempt": ""}
    for table, own in _KEPT.items():
        rules[table] = " OR ".join(
            f'NEW."{c}" {operator} OLD."{c}"' for c in own if c in there[table]
        )
    rules["noticecontact"] += ' OR OLD."ended_at" IS NOT NULL'
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
