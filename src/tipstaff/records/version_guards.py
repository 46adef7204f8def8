"""What the databases refuse about versions, whoever asks; see `tipstaff.records.guards`.

Versions and what they are about are never edited. A version has the next number and is recorded no
earlier than the one before it, so that the order of numbers is that of knowing.
"""

from __future__ import annotations

from typing import Any, Final

from tipstaff.records.guards import in_its_dialect

VERSION: Final = "records_version"
SUBJECT: Final = "records_subject"
_EDITED: Final = "versions are never edited"
_OUT_OF_TURN: Final = "a version is out of turn"

_SQLITE_IN_TURN: Final = f"""
CREATE TRIGGER "version_in_turn" BEFORE INSERT ON "{VERSION}"
WHEN NEW."number" <> 1 + COALESCE(
    (SELECT MAX("number") FROM "{VERSION}" WHERE "subject_id" = NEW."subject_id"), 0)
  OR EXISTS (SELECT 1 FROM "{VERSION}" WHERE "subject_id" = NEW."subject_id"
             AND "recorded_at" > NEW."recorded_at")
BEGIN SELECT RAISE(ABORT, '{_OUT_OF_TURN}'); END
"""  # noqa: S608 (fixed names)

_POSTGRESQL_IN_TURN: Final = f"""
CREATE OR REPLACE FUNCTION records_version_in_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW."number" <> 1 + COALESCE(
      (SELECT MAX("number") FROM "{VERSION}" WHERE "subject_id" = NEW."subject_id"), 0)
    OR EXISTS (SELECT 1 FROM "{VERSION}" WHERE "subject_id" = NEW."subject_id"
               AND "recorded_at" > NEW."recorded_at")
  THEN RAISE EXCEPTION '{_OUT_OF_TURN}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$
"""  # noqa: S608 (fixed names)


def create(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 (Django passes it)
    """Make every guard of versions anew; safe to run again. `guards.create` came before."""
    in_its_dialect(schema_editor, sqlite=_sqlite, postgresql=_postgresql)


def _sqlite() -> list[str]:
    out = [
        'DROP TRIGGER IF EXISTS "version_in_turn"',
        _SQLITE_IN_TURN,
    ]
    for table in (VERSION, SUBJECT):
        out.append(f'DROP TRIGGER IF EXISTS "{table}_unchanged"')
        out.append(
            f'CREATE TRIGGER "{table}_unchanged" BEFORE UPDATE ON "{table}" '
            f"BEGIN SELECT RAISE(ABORT, '{_EDITED}'); END"
        )
    return out


def _postgresql() -> list[str]:
    out = [
        _POSTGRESQL_IN_TURN,
        f'DROP TRIGGER IF EXISTS "version_in_turn" ON "{VERSION}"',
        f'CREATE TRIGGER "version_in_turn" BEFORE INSERT ON "{VERSION}" FOR EACH ROW '
        "EXECUTE FUNCTION records_version_in_turn()",
    ]
    for table in (VERSION, SUBJECT):
        out.append(f'DROP TRIGGER IF EXISTS "{table}_unchanged" ON "{table}"')
        out.append(
            f'CREATE TRIGGER "{table}_unchanged" BEFORE UPDATE ON "{table}" FOR EACH ROW '
            f"EXECUTE FUNCTION records_refuse('{_EDITED}')"
        )
    return out
