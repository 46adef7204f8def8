"""Settings of an instance: the only reader of the environment. One folder holds all its data.

A setting is read from the environment (`TIPSTAFF_DATABASE`) or from one TOML file (`database`);
the environment wins. The file is `tipstaff.toml` in the data folder, or the one that
`TIPSTAFF_CONFIG` names. Reading settings makes nothing: `tipstaff init` does.
"""

from __future__ import annotations

import getpass
import os
import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from tipstaff.settings_folders import Folders
from tipstaff.settings_worker import WorkerSettings

PREFIX: Final = "TIPSTAFF_"
FILE_NAME: Final = "tipstaff.toml"
#: Where the file lies: in the environment only, since the file cannot say where it is.
CONFIG_VARIABLE: Final = "TIPSTAFF_CONFIG"
#: Variables of the set-up script and of the tests: neither settings of an instance nor mistakes.
OUTSIDE: Final = frozenset({"TIPSTAFF_VENV", "TIPSTAFF_FAULT_ROUNDS"})
SQLITE: Final = "sqlite"
POSTGRESQL_SCHEMES: Final = ("postgresql://", "postgres://")
#: Where the program's own files lie.
PACKAGE_FOLDER: Final = Path(__file__).parent
_HTTPS_ORIGIN: Final = re.compile(r"https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?")


class SettingsError(Exception):
    """A setting is unknown or wrong; the message names it and says what to do."""


class Settings(Folders, WorkerSettings):
    """Every setting, with its default; the environment wins over the file."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="forbid", frozen=True, hide_input_in_errors=True
    )

    data: Path = Field(
        default=Path("var"),
        description="The folder that holds everything of this instance.",
    )
    database: str = Field(
        default=SQLITE,
        description=(
            "Where records are kept: 'sqlite' for a file in the data folder, or "
            "postgresql://USER:PASSWORD@HOST:PORT/NAME."
        ),
    )
    actor: str = Field(
        default="",
        description="The local user whom commands act as and the audit names.",
    )
    secret_key: SecretStr = Field(
        default=SecretStr(""),
        description=(
            "The key that signs sessions. Empty: the file secret.key in the data folder, made by "
            "'tipstaff init'. Several machines that serve one instance need the same key."
        ),
    )

    backup_recipient: str = Field(
        default="",
        description=(
            "The public key (age1…) that 'tipstaff backup' encrypts to, or the .pub file of "
            "'tipstaff backup-key'."
        ),
    )
    backup_passphrase: SecretStr = Field(
        default=SecretStr(""),
        description=(
            "The passphrase of the key file of backups, for 'tipstaff backup-key' and 'tipstaff "
            "restore'. Better: --passphrase-file."
        ),
    )

    erasure_journal: str = Field(
        default="",
        description=(
            "The journal of erasures, without which no backup is restored: keep it on another disk "
            "than the data. Empty: the file erasures.jsonl in the data folder."
        ),
    )

    web_url: str = Field(
        default="",
        description=(
            "The https:// address under which browsers reach 'tipstaff serve' through a proxy, as "
            "https://tipstaff.example.uk. Empty: plain http, on this machine alone."
        ),
    )
    web_proxy: str = Field(
        default="",
        description=(
            "Addresses of the proxy in front of 'tipstaff serve', with commas between: only theirs "
            "is believed who the client is and that it came by https. Needed with web_url."
        ),
    )
    error_model: str = Field(
        default="",
        description=(
            "What is known of the errors of the tags' positions: a file of 'tipstaff calibrate "
            "errors', or 'simulated' for tags of 'tipstaff simulate'. Empty: error-1, which is not "
            "calibrated. Monitoring and matching go by it. When it changes, start the worker and "
            "the pages again: all that is watched is judged anew from its beginning."
        ),
    )
    basemap: str = Field(
        default="",
        description=(
            "The PMTiles file of the base map under the pages' maps, of the OpenMapTiles schema. "
            "Empty: plain ground."
        ),
    )
    basemap_attribution: str = Field(
        default="© OpenStreetMap contributors",
        description="What the base map's licence asks to be shown with it.",
    )
    session_idle_minutes: int = Field(
        default=15,
        ge=1,
        le=120,
        description="Minutes without a page after which a browser must sign in again.",
    )
    session_hours: int = Field(
        default=12,
        ge=1,
        le=24,
        description="Hours after which a browser must sign in again, however busy it is.",
    )
    lockout_failures: int = Field(
        default=5,
        ge=3,
        le=20,
        description="Failed sign-ins to one account from one address that lock it out there.",
    )
    lockout_minutes: int = Field(
        default=30,
        ge=5,
        le=1440,
        description="Minutes that a lock-out lasts, unless 'tipstaff sign-in unlock' ends it.",
    )
    oidc_issuer: str = Field(
        default="",
        description=(
            "The issuer of the OpenID Connect provider, as https://login.example.uk/force. Empty: "
            "people sign in with passwords only. Register WEB_URL/sign-in/openid/callback there."
        ),
    )
    oidc_name: str = Field(
        default="your organisation",
        description="How the sign-in page names the provider, as in 'Sign in with NAME'.",
    )
    oidc_client_id: str = Field(
        default="", description="The client's id, given by the OpenID Connect provider."
    )
    oidc_client_secret: SecretStr = Field(
        default=SecretStr(""),
        description="The client's secret, given by the OpenID Connect provider.",
    )
    oidc_claim: str = Field(
        default="preferred_username",
        description=(
            "The claim of the ID token that holds the account's name at the first sign-in. From "
            "then on the account is tied to the token's 'sub'."
        ),
    )

    mqtt_brokers: str = Field(
        default="",
        description=(
            "The TOML file that names the MQTT brokers of 'tipstaff intake mqtt', and which "
            "supplier each topic is. Empty: none."
        ),
    )

    crime_mail: str = Field(
        default="",
        description=(
            "The TOML file of 'tipstaff crimes mail': whose mails with crime files are taken, "
            "which host vouches for senders, and the mailbox. Empty: none."
        ),
    )

    @field_validator("web_url")
    @classmethod
    def _https_origin(cls, value: str) -> str:
        if value and not _HTTPS_ORIGIN.fullmatch(value):
            raise ValueError("write https:// and a host's name, without a path: https://a.example")
        return value

    @field_validator("oidc_issuer")
    @classmethod
    def _https_issuer(cls, value: str) -> str:
        if value and not value.startswith("https://"):
            raise ValueError("write the provider's issuer, which starts with https://")
        return value.rstrip("/")

    @field_validator("database")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value == SQLITE or (value.startswith(POSTGRESQL_SCHEMES) and _is_conninfo(value)):
            return value
        raise ValueError("write 'sqlite' or postgresql://USER:PASSWORD@HOST:PORT/NAME")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 (the base class sets the signature)
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment, then what `load` read from the file; nothing else."""
        return env_settings, init_settings

    @property
    def web_host(self) -> str:
        """The host's name in `web_url`, without a port; localhost where there is none."""
        return self.web_url.removeprefix("https://").partition(":")[0] or "localhost"

    @property
    def erasure_journal_file(self) -> Path:
        """What was erased, by random references: applied again to whatever a backup brings back."""
        named = self.erasure_journal
        return Path(named) if named else self.data / "erasures.jsonl"


def load() -> Settings:
    """The settings in force; SettingsError where one is unknown or wrong."""
    environment = tuple(sorted(one for one in os.environ.items() if one[0].startswith(PREFIX)))
    path = settings_file()
    return _loaded(environment, path, path.read_bytes() if path.is_file() else None)


@lru_cache(maxsize=8)
def _loaded(
    environment: tuple[tuple[str, str], ...], path: Path, content: bytes | None
) -> Settings:
    _refuse_unknown_variables(name for name, _value in environment)
    values = _read(path, content)
    try:
        return Settings(**values)
    except ValidationError as error:
        raise SettingsError(_explain(error, values, path)) from None


def settings_file() -> Path:
    """The settings file of this environment, which need not exist."""
    named = os.environ.get(CONFIG_VARIABLE)
    if named:
        return Path(named)
    return (
        Path(os.environ.get(PREFIX + "DATA") or Settings.model_fields["data"].default) / FILE_NAME
    )


def default_user_name() -> str:
    """The name of the account this process runs under."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "local"


def environment_of(data: Path) -> dict[str, str]:
    """The environment of a child process that works on the instance in `data` and no other.

    Whatever points at another instance, its database above all, is left out.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return kept | {PREFIX + "DATA": str(data)}


def environment_with(**extra: str) -> dict[str, str]:
    """The environment of a child process: this one and `extra`."""
    return {**os.environ, **extra}


def secret_key_of(values: Settings) -> str:
    """The secret key of an instance, from the settings or its file; empty where it has none."""
    given = values.secret_key.get_secret_value()
    if given or not values.secret_key_file.is_file():
        return given
    return values.secret_key_file.read_text(encoding="ascii").strip()


def point_django_here() -> None:
    """Tell Django where its settings are, unless it knows already."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tipstaff.settings_django")


def _is_conninfo(url: str) -> bool:
    from psycopg import ProgrammingError, conninfo  # noqa: PLC0415 (slow, and SQLite needs none)

    try:
        conninfo.conninfo_to_dict(url)
    except ProgrammingError:  # its message repeats the URL, password and all
        return False
    return True


def _refuse_unknown_variables(names: Iterable[str]) -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields} | OUTSIDE | {CONFIG_VARIABLE}
    unknown = sorted(set(names) - known)
    if unknown:
        raise SettingsError(
            f"{unknown[0]} in the environment is not a setting. Remove it, or use one of: "
            f"{', '.join(sorted(known - OUTSIDE))}."
        )


def _read(path: Path, content: bytes | None) -> dict[str, Any]:
    named = bool(os.environ.get(CONFIG_VARIABLE))
    if content is None:
        if named:
            raise SettingsError(f"{CONFIG_VARIABLE} names {path}, which is not a file.")
        return {}
    try:
        values = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}. Correct that line.") from None
    if "data" in values and not named:
        raise SettingsError(
            f"'data' in {path}: a file found in the data folder cannot say where that folder is. "
            f"Remove the line and set {PREFIX}DATA, or name the file by {CONFIG_VARIABLE}."
        )
    return values


def _explain(error: ValidationError, values: dict[str, Any], path: Path) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    name = str(first["loc"][0]) if first["loc"] else "?"
    variable = PREFIX + name.upper()
    where = variable if variable in os.environ or name not in values else f"'{name}' in {path}"
    if first["type"] == "extra_forbidden":
        known = ", ".join(sorted(Settings.model_fields))
        return f"{where} is not a setting. Remove it, or use one of: {known}."
    what = first["msg"].removeprefix("Value error, ")
    return f"{where} is wrong: {what}."
