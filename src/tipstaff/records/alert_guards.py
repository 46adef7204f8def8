"""What the databases refuse about alerts: what was decided, told and asked is never edited.

A pause gets its end once, a handover is taken once. See `tipstaff.records.guards`.
"""

from __future__ import annotations

from typing import Any, Final

NEVER_EDITED: Final = (
    "records_episoderevision",
    "records_alertdecision",
    "records_devicerequest",
    "records_devicerequeststep",
    "records_handoverline",
)
PAUSE: Final = "records_alertpause"
HANDOVER: Final = "records_shifthandover"
_PAUSE_FACTS: Final = (
    "id", "wearer_id", "kinds", "start", "end", "reason", "recorded_at", "recorded_by",
)  # fmt: skip
_HANDOVER_FACTS: Final = ("id", "queue", "given_at", "given_by", "words", "digest")


def create(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 (Django passes it)
    """Make every guard anew; safe to run again. `guards.create` came before."""
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table, when, why in _rules("IS DISTINCT FROM" if postgresql else "IS NOT"):
        name = f"{table}_unchanged"
        on = f' ON "{table}"' if postgresql else ""
        schema_editor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on}', params=None)
        schema_editor.execute(_trigger(name, table, when, why, postgresql=postgresql), params=None)


def _rules(differs: str) -> list[tuple[str, str, str]]:
    """(table, when to refuse an update, why)."""

    def changed(columns: tuple[str, ...]) -> str:
        return " OR ".join(f"{_column(c, 'NEW')} {differs} {_column(c, 'OLD')}" for c in columns)

    return [
        *((table, "", "recorded facts are never changed") for table in NEVER_EDITED),
        (PAUSE, f'OLD."ended_at" IS NOT NULL OR {changed(_PAUSE_FACTS)}', "pauses only end"),
        (
            HANDOVER,
            f'OLD."taken_at" IS NOT NULL OR {changed(_HANDOVER_FACTS)}',
            "handovers are only taken",
        ),
    ]


def _column(name: str, row: str) -> str:
    """JSON is compared as text: PostgreSQL compares it so or not at all."""
    return f'CAST({row}."{name}" AS text)' if name == "kinds" else f'{row}."{name}"'


def _trigger(name: str, table: str, when: str, why: str, *, postgresql: bool) -> str:
    start = f'CREATE TRIGGER "{name}" BEFORE UPDATE ON "{table}" '
    if postgresql:
        condition = f"WHEN ({when}) " if when else ""
        return f"{start}FOR EACH ROW {condition}EXECUTE FUNCTION records_refuse('{why}')"
    condition = f"WHEN {when} " if when else ""
    return f"{start}{condition}BEGIN SELECT RAISE(ABORT, '{why}'); END"
