"""What the databases themselves refuse, whoever asks: SQL that Django cannot express.

SQLite remakes a table to alter it and drops its triggers then, so a migration that alters one of
these tables ends by running `create` again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

AUDIT: Final = "records_auditentry"
ACTIVATION: Final = "records_activation"
#: Rows of these are facts: superseded by other rows, erased under retention, never edited.
NEVER_EDITED: Final = (
    "records_batch",
    "records_crimeversion",
    "records_crimewithdrawal",
    "records_run",
    "records_candidate",
    "records_exclusion",
    "records_positionsource",
)
_AUDIT_FACTS: Final = (
    "id", "at", "request_ref", "actor_ref", "role", "operation", "phase", "use_case",
    "purpose", "authority", "subject_refs", "extent", "rows",
)  # fmt: skip
_ACTIVATION_FACTS: Final = (
    "id", "supplier_id", "activation_id", "device_key", "wearer_id", "start", "end", "recorded_at",
)  # fmt: skip


_SQLITE_NO_OVERLAP: Final = """
CREATE TRIGGER "activation_no_overlap" BEFORE INSERT ON "records_activation"
WHEN NEW."superseded_at" IS NULL AND EXISTS (
  SELECT 1 FROM "records_activation" AS other
  WHERE other."device_key" = NEW."device_key" AND other."superseded_at" IS NULL
    AND other."start" < NEW."end" AND NEW."start" < other."end")
BEGIN SELECT RAISE(ABORT, 'activations of one device overlap'); END
"""


def create(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 (Django passes it)
    """Make every guard anew, in the dialect of the connection; safe to run again."""
    in_its_dialect(schema_editor, sqlite=_sqlite, postgresql=_postgresql)


def in_its_dialect(
    schema_editor: Any, *, sqlite: Callable[[], list[str]], postgresql: Callable[[], list[str]]
) -> None:
    """Execute the statements that the connection's database understands."""
    dialect = postgresql if schema_editor.connection.vendor == "postgresql" else sqlite
    for statement in dialect():
        schema_editor.execute(statement, params=None)


def _changed(columns: tuple[str, ...], operator: str) -> str:
    return " OR ".join(f'NEW."{c}" {operator} OLD."{c}"' for c in columns)


def _rules(operator: str) -> list[tuple[str, str, str, str, str]]:
    """(name, table, UPDATE or DELETE, when to refuse, why) of every guard on rows."""
    audit = f'OLD."sequence" IS NOT NULL OR {_changed(_AUDIT_FACTS, operator)}'
    belief = f'OLD."superseded_at" IS NOT NULL OR {_changed(_ACTIVATION_FACTS, operator)}'
    return [
        ("audit_kept", AUDIT, "DELETE", "", "audit entries are never removed"),
        ("audit_unchanged", AUDIT, "UPDATE", audit, "audit entries are never changed"),
        ("activation_unchanged", ACTIVATION, "UPDATE", belief, "activations are only superseded"),
        *(
            (f"{table}_unchanged", table, "UPDATE", "", "recorded facts are never changed")
            for table in NEVER_EDITED
        ),
    ]


def _sqlite() -> list[str]:
    out: list[str] = []
    for name, table, action, when, why in _rules("IS NOT"):
        out.append(f'DROP TRIGGER IF EXISTS "{name}"')
        condition = f"WHEN {when} " if when else ""
        out.append(
            f'CREATE TRIGGER "{name}" BEFORE {action} ON "{table}" {condition}'
            f"BEGIN SELECT RAISE(ABORT, '{why}'); END"
        )
    out.append('DROP TRIGGER IF EXISTS "activation_no_overlap"')
    out.append(_SQLITE_NO_OVERLAP)
    return out


def _postgresql() -> list[str]:
    out = [
        "CREATE OR REPLACE FUNCTION records_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';"
        " END $$"
    ]
    for name, table, action, when, why in _rules("IS DISTINCT FROM"):
        out.append(f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"')
        condition = f"WHEN ({when}) " if when else ""
        out.append(
            f'CREATE TRIGGER "{name}" BEFORE {action} ON "{table}" FOR EACH ROW {condition}'
            f"EXECUTE FUNCTION records_refuse('{why}')"
        )
    out.append(f'ALTER TABLE "{ACTIVATION}" DROP CONSTRAINT IF EXISTS "activation_no_overlap"')
    # A range of one key has the GiST operators that a plain number lacks without an extension.
    out.append(
        f'ALTER TABLE "{ACTIVATION}" ADD CONSTRAINT "activation_no_overlap" EXCLUDE USING gist '
        '(int8range("device_key", "device_key", \'[]\') WITH &&, '
        'tstzrange("start", "end") WITH &&) WHERE ("superseded_at" IS NULL)'
    )
    return out
