"""An instance: the data folder and all that `tipstaff init` makes in it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from django.db import connection, transaction
from pydantic import SecretStr

from tipstaff import settings
from tipstaff.backups import restored_mark
from tipstaff.backups.manifest import Manifest
from tipstaff.backups.refusals import BackupError
from tipstaff.domain.purposes import Operation, Phase, Purpose
from tipstaff.records import audit, schema, users
from tipstaff.records.chain import Entry, Head
from tipstaff.services.sealing import bridge, seal

#: The role of accounts made here: whoever runs commands on the machine itself.
LOCAL_ROLE: Final = "local"
#: Databases whose tables this process has found to be current.
_current: set[str] = set()


class NotReadyError(Exception):
    """The instance cannot be used yet; `action` says what to do."""

    def __init__(self, action: str) -> None:
        super().__init__(action)
        self.action = action


@dataclass(frozen=True, slots=True)
class Initialised:
    """What `init_instance` found or made. `actor` is whom commands will act as."""

    data: Path
    settings_file: Path
    user: str
    actor: str
    user_made: bool
    file_made: bool


def open_instance() -> settings.Settings:
    """The settings of an instance that is ready; NotReadyError otherwise."""
    values = settings.load()
    name = str(connection.settings_dict["NAME"])
    if name in _current:
        return values
    if restored_mark.is_marked(values.data):
        raise NotReadyError(_NOT_RESTORED)
    if connection.vendor == "sqlite" and not Path(name).is_file():
        raise NotReadyError("Run 'tipstaff init' first: there is no instance in the data folder.")
    if not _tables_are_current():
        raise NotReadyError(
            "Run 'tipstaff init': the database is not of this version of the program."
        )
    if not values.audit_key_file.is_file():
        raise NotReadyError(_NO_AUDIT_KEY)
    _current.add(name)
    return values


def init_instance(*, user: str) -> Initialised:
    """Make the data folder, its settings file and key, the tables and a local user.

    Safe to run again: what exists stays as it is. Whoever can run it owns the folder, so nobody
    is asked for a purpose; that a user was made is in the audit.
    """
    values = settings.load()
    path = settings.settings_file()
    try:
        values.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        restored = _restored_from(values.data)
        chosen = {"actor": values.actor or user, "database": values.database}
        file_made = _write_once(path, settings_text(chosen))
        _write_once(values.secret_key_file, secrets.token_urlsafe(48) + "\n")
        _write_once(values.audit_key_file, secrets.token_urlsafe(48) + "\n")
    except OSError as error:
        raise NotReadyError(_NO_FOLDER.format(error.filename, error.strerror)) from None
    _migrate()
    if restored is not None:
        bridge(values.audit_heads_file, Head(restored.audit_sequence, restored.audit_hash))
    user_made = _ensure_user(user, restored)
    restored_mark.unmark(values.data)
    seal()
    actor = settings.load().actor
    return Initialised(values.data, path, user, actor, user_made, file_made)


_NO_FOLDER: Final = (
    "The data folder cannot be made: {}: {}. Name another with TIPSTAFF_DATA, or mend this one."
)

_NO_AUDIT_KEY: Final = (
    "audit.key is not in the data folder. Put it back, from a backup or from the machine that has "
    "it; or run 'tipstaff init' for a new one: what the audit says under the old one then stays "
    "unreadable."
)

_NOT_RESTORED: Final = (
    "This data folder is a restored copy that was not checked to its end. Delete it and run "
    "'tipstaff restore' again."
)


def _restored_from(data: Path) -> Manifest | None:
    """What was restored into this folder since it was last set up; None where nothing was."""
    if not restored_mark.is_marked(data):
        return None
    try:
        manifest = restored_mark.marked_with(data)
    except BackupError:
        manifest = None
    if manifest is None:
        raise NotReadyError(_NOT_RESTORED)
    return manifest


def _migrate() -> None:
    try:
        schema.migrate()
    except schema.DatabaseUnavailableError:
        raise NotReadyError(_UNREACHABLE) from None


def _tables_are_current() -> bool:
    try:
        return schema.is_current()
    except schema.DatabaseUnavailableError:
        raise NotReadyError(_UNREACHABLE) from None


_UNREACHABLE: Final = (
    "The database cannot be reached or is damaged: check the setting 'database' and its server."
)


def _ensure_user(name: str, restored: Manifest | None) -> bool:
    """Make the user unless there is one; that, and what was restored, goes into the audit."""
    with transaction.atomic(durable=True):
        made = users.ensure_local(name, LOCAL_ROLE)
        account = users.find(name)
        if account is not None and made:
            audit.append(_entry(account, "init_instance", {"user_made": str(account.ref)}, 1))
        if account is not None and restored is not None:
            extent = {
                "backup": restored.backup_id,
                "taken_at": restored.taken_at.isoformat(),
                "audit_sequence": restored.audit_sequence,
            }
            audit.append(_entry(account, "restore", extent, sum(restored.tables.values())))
    return made


def _entry(account: users.Account, use_case: str, extent: dict[str, Any], rows: int) -> Entry:
    return Entry(
        entry_id=uuid4(),
        at=datetime.now(UTC),
        request_ref=uuid4(),
        actor_ref=account.ref,
        role=account.role,
        operation=Operation.ALTERATION,
        phase=Phase.SERVED,
        use_case=use_case,
        purpose=Purpose.SYSTEM_ADMINISTRATION,
        authority="",
        extent=extent,
        rows=rows,
    )


def _write_once(path: Path, text: str) -> bool:
    """Write a file that only its owner can read, unless it is there; whether it was written."""
    if path.exists():
        return False
    draft = path.with_name(path.name + ".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    return True


def settings_text(chosen: Mapping[str, str]) -> str:
    """A settings file: each setting explained, those that are not `chosen` commented out."""
    lines = [
        "# Settings of this Tipstaff instance. The environment wins: TIPSTAFF_ and the name in",
        "# capitals. Remove the # before a setting to change it.",
    ]
    for name, info in settings.Settings.model_fields.items():
        if name == "data":
            continue
        value = chosen.get(name, "")
        mark = "# " if value in {"", info.default} else ""
        lines += ["", f"# {info.description}", f"{mark}{name} = {_shown(value or info.default)}"]
    return "\n".join(lines) + "\n"


def _shown(value: Any) -> str:
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    return str(value) if isinstance(value, int) else _toml_text(value)


def _toml_text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
