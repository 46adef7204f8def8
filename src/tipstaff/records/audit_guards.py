"""What the databases refuse about the audit beside its entries; see `tipstaff.records.guards`.

A ciphertext is never changed, a destroyed key never made again, and a drawn sample and what an
examiner said of it are never edited or removed.
"""

from __future__ import annotations

from typing import Any, Final

_ENTRY: Final = "records_auditentry"
_KEY: Final = "records_subjectkey"
_SAMPLED: Final = ("records_dipsample", "records_dipitem", "records_dipexamination")


def create(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 (Django passes it)
    """Make every guard anew; safe to run again. `guards.create` came before."""
    vendor = schema_editor.connection.vendor
    for name, table, action, when, why in _rules():
        for statement in (_postgresql if vendor == "postgresql" else _sqlite)(
            name, table, action, when, why
        ):
            schema_editor.execute(statement, params=None)


def remove(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 (Django passes it)
    """Take the guards away: the columns they name are about to go."""
    on = ' ON "{}"' if schema_editor.connection.vendor == "postgresql" else ""
    for name, table, *_rest in _rules():
        schema_editor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on.format(table)}', params=None)


def _rules() -> list[tuple[str, str, str, str, str]]:
    """(name, table, UPDATE or DELETE, when to refuse, why) of every guard."""
    made_again = (
        'OLD."key" IS NULL OR NEW."key" IS NOT NULL OR NEW."subject_ref" <> OLD."subject_ref"'
    )
    return [
        ("audit_ciphertext_unchanged", _ENTRY, "UPDATE",
         'NEW."ciphertext" <> OLD."ciphertext"', "audit entries are never changed"),
        ("subject_key_destroyed", _KEY, "UPDATE", made_again, "keys are only ever destroyed"),
        ("subject_key_kept", _KEY, "DELETE", "", "keys are only ever destroyed"),
        *((f"{table}_unchanged", table, "UPDATE", "", "samples are never changed")
          for table in _SAMPLED),
        *((f"{table}_kept", table, "DELETE", "", "samples are never removed")
          for table in _SAMPLED),
    ]  # fmt: skip


def _sqlite(name: str, table: str, action: str, when: str, why: str) -> list[str]:
    condition = f"WHEN {when} " if when else ""
    return [
        f'DROP TRIGGER IF EXISTS "{name}"',
        f'CREATE TRIGGER "{name}" BEFORE {action} ON "{table}" {condition}'
        f"BEGIN SELECT RAISE(ABORT, '{why}'); END",
    ]


def _postgresql(name: str, table: str, action: str, when: str, why: str) -> list[str]:
    condition = f"WHEN ({when}) " if when else ""
    return [
        f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"',
        f'CREATE TRIGGER "{name}" BEFORE {action} ON "{table}" FOR EACH ROW {condition}'
        f"EXECUTE FUNCTION records_refuse('{why}')",
    ]
