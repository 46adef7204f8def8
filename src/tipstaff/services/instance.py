"""An instance: the data folder and all that `tipstaff init` makes in it."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import uuid4

from django.db import connection, transaction

from tipstaff import settings
from tipstaff.domain.purposes import Operation, Phase, Purpose
from tipstaff.records import audit, schema, users
from tipstaff.records.chain import Entry
from tipstaff.services.sealing import seal

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
    if connection.vendor == "sqlite" and not Path(name).is_file():
        raise NotReadyError("Run 'tipstaff init' first: there is no instance in the data folder.")
    if not _tables_are_current():
        raise NotReadyError(
            "Run 'tipstaff init': the database is not of this version of the program."
        )
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
        file_made = _write_once(path, _settings_text(values, values.actor or user))
        _write_once(values.secret_key_file, secrets.token_urlsafe(48) + "\n")
    except OSError as error:
        raise NotReadyError(_NO_FOLDER.format(error.filename, error.strerror)) from None
    _migrate()
    user_made = _ensure_user(user)
    seal()
    actor = settings.load().actor
    return Initialised(values.data, path, user, actor, user_made, file_made)


_NO_FOLDER: Final = (
    "The data folder cannot be made: {}: {}. Name another with TIPSTAFF_DATA, or mend this one."
)


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


def _ensure_user(name: str) -> bool:
    with transaction.atomic(durable=True):
        made = users.ensure_local(name, LOCAL_ROLE)
        account = users.find(name)
        if made and account is not None:
            audit.append(
                Entry(
                    entry_id=uuid4(),
                    at=datetime.now(UTC),
                    request_ref=uuid4(),
                    actor_ref=account.ref,
                    role=account.role,
                    operation=Operation.ALTERATION,
                    phase=Phase.SERVED,
                    use_case="init_instance",
                    purpose=Purpose.SYSTEM_ADMINISTRATION,
                    authority="",
                    extent={"user_made": str(account.ref)},
                    rows=1,
                )
            )
    return made


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


def _settings_text(values: settings.Settings, actor: str) -> str:
    """The settings file: each setting explained, those at their default commented out."""
    chosen = {"actor": actor, "database": values.database}
    lines = [
        "# Settings of this Tipstaff instance. The environment wins: TIPSTAFF_ and the name in",
        "# capitals. Remove the # before a setting to change it.",
    ]
    for name, info in settings.Settings.model_fields.items():
        if name == "data":
            continue
        value = chosen.get(name, "")
        mark = "# " if value in {"", info.default} else ""
        lines += ["", f"# {info.description}", f"{mark}{name} = {_toml_text(str(value))}"]
    return "\n".join(lines) + "\n"


def _toml_text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
