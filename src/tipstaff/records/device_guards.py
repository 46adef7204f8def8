"""What the databases refuse about devices, suppliers and keys, whoever asks.

See `tipstaff.records.guards`. Facts are never edited and come in turn. What no wearer wears is in
one place at a time, and never at a time at which a wearer wears it. A key never lives again.
"""

from __future__ import annotations

from typing import Any, Final

from tipstaff.records.guards import in_its_dialect

DEVICE_FACT: Final = "records_devicefact"
SUPPLIER_FACT: Final = "records_supplierfact"
HOLDING: Final = "records_holding"
ACTIVATION: Final = "records_activation"
KEY: Final = "records_supplierkey"
#: Tables of numbered facts, with the column that says what a fact is about.
_TURNS: Final = ((DEVICE_FACT, "device_id"), (SUPPLIER_FACT, "supplier_id"))
_HOLDING_FACTS: Final = (
    "id", "holding_ref", "device_key", "wearer_id", "order", "address", "victim", "start", "end",
    "reason", "recorded_at", "recorded_by",
)  # fmt: skip
_KEY_FACTS: Final = (
    "id", "key_id", "supplier_id", "label", "digest", "scopes", "networks", "burst", "every_us",
    "issued_at", "issued_by",
)  # fmt: skip
_OVERLAP: Final = "activations or holdings of one device overlap"


def create(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 (Django passes it)
    """Make every guard anew; safe to run again. `guards.create` came before."""
    in_its_dialect(schema_editor, sqlite=_sqlite, postgresql=_postgresql)


def drop(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 (Django passes it)
    """Remove the guards that name another table than their own.

    For going back, and on SQLite for a migration that remakes activations or holdings: it drops
    these first and ends by `create`, since a table that a trigger names cannot be remade.
    """
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    for name, table, _when, _why in _inserts():
        on = f' ON "{table}"' if on_postgresql else ""
        schema_editor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on}', params=None)


def _updates(differs: str) -> list[tuple[str, str, str]]:
    """(table, when to refuse an update, why)."""

    def changed(columns: tuple[str, ...]) -> str:
        return " OR ".join(f'NEW."{c}" {differs} OLD."{c}"' for c in columns)

    held = f'OLD."superseded_at" IS NOT NULL OR {changed(_HOLDING_FACTS)}'
    key = (
        f'{changed(_KEY_FACTS)} OR NEW."expires_at" > OLD."expires_at" '
        f'OR (OLD."revoked_at" IS NOT NULL AND NEW."revoked_at" {differs} OLD."revoked_at")'
    )
    return [
        *((table, "", "recorded facts are never changed") for table, _owner in _TURNS),
        (HOLDING, held, "holdings are only superseded"),
        (KEY, key, "a key is never changed and never lives again"),
    ]


def _out_of_turn(table: str, owner: str) -> str:
    return (
        f'NEW."number" <> 1 + COALESCE((SELECT MAX("number") FROM "{table}" '  # noqa: S608
        f'WHERE "{owner}" = NEW."{owner}"), 0) OR EXISTS (SELECT 1 FROM "{table}" '
        f'WHERE "{owner}" = NEW."{owner}" AND "recorded_at" > NEW."recorded_at")'
    )


def _overlapping(*tables: str) -> str:
    found = " OR ".join(
        f'EXISTS (SELECT 1 FROM "{table}" AS other WHERE other."device_key" = NEW."device_key" '  # noqa: S608
        'AND other."superseded_at" IS NULL AND other."start" < NEW."end" '
        'AND NEW."start" < other."end")'
        for table in tables
    )
    return f'NEW."superseded_at" IS NULL AND ({found})'


def _inserts() -> list[tuple[str, str, str, str]]:
    """(name, table, when to refuse an insertion, why)."""
    return [
        *(
            (f"{table}_in_turn", table, _out_of_turn(table, owner), "a fact is out of turn")
            for table, owner in _TURNS
        ),
        ("holding_no_overlap", HOLDING, _overlapping(HOLDING, ACTIVATION), _OVERLAP),
        ("activation_not_held", ACTIVATION, _overlapping(HOLDING), _OVERLAP),
    ]


def _sqlite() -> list[str]:
    out: list[str] = []
    for table, when, why in _updates("IS NOT"):
        condition = f"WHEN {when} " if when else ""
        out += [
            f'DROP TRIGGER IF EXISTS "{table}_unchanged"',
            f'CREATE TRIGGER "{table}_unchanged" BEFORE UPDATE ON "{table}" {condition}'
            f"BEGIN SELECT RAISE(ABORT, '{why}'); END",
        ]
    for name, table, when, why in _inserts():
        out += [
            f'DROP TRIGGER IF EXISTS "{name}"',
            f'CREATE TRIGGER "{name}" BEFORE INSERT ON "{table}" WHEN {when} '
            f"BEGIN SELECT RAISE(ABORT, '{why}'); END",
        ]
    return out


def _postgresql() -> list[str]:
    out: list[str] = []
    for table, when, why in _updates("IS DISTINCT FROM"):
        condition = f"WHEN ({when}) " if when else ""
        out += [
            f'DROP TRIGGER IF EXISTS "{table}_unchanged" ON "{table}"',
            f'CREATE TRIGGER "{table}_unchanged" BEFORE UPDATE ON "{table}" FOR EACH ROW '
            f"{condition}EXECUTE FUNCTION records_refuse('{why}')",
        ]
    for name, table, when, why in _inserts():
        out += [
            f'CREATE OR REPLACE FUNCTION "{name}_check"() RETURNS trigger LANGUAGE plpgsql AS $$ '
            f"BEGIN IF {when} THEN RAISE EXCEPTION '{why}' "
            "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
            f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"',
            f'CREATE TRIGGER "{name}" BEFORE INSERT ON "{table}" FOR EACH ROW '
            f'EXECUTE FUNCTION "{name}_check"()',
        ]
    return out
