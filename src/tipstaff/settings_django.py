"""Django's settings, derived from `tipstaff.settings`; nothing here is set by hand.

Importing this needs no initialised instance: the secret key is then empty, and Django refuses to
sign anything with an empty key.
"""

from __future__ import annotations

from typing import Any, Final

from tipstaff import settings

_settings = settings.load()

#: IMMEDIATE: a transaction that will write takes the lock when it begins, so that it never fails
#: half-way; FULL: a commit is on the disk when it returns; five seconds' patience for the lock;
#: secure_delete: what is deleted is overwritten, so that no page keeps it.
_SQLITE_OPTIONS: Final = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 5,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
}


def database_of(values: settings.Settings) -> dict[str, Any]:
    """Django's database entry for `values`."""
    if values.database == settings.SQLITE:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": values.records_file,
            "OPTIONS": dict(_SQLITE_OPTIONS),
        }
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415 (slow, and SQLite needs none)

    parts = conninfo_to_dict(values.database)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "tipstaff"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "OPTIONS": parts,
    }


def _secret_key(values: settings.Settings) -> str:
    given = values.secret_key.get_secret_value()
    if given or not values.secret_key_file.is_file():
        return given
    return values.secret_key_file.read_text(encoding="ascii").strip()


USE_TZ = True
TIME_ZONE = "UTC"
SECRET_KEY = _secret_key(_settings)
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "tipstaff.records"]
AUTH_USER_MODEL = "records.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES: dict[str, dict[str, Any]] = {"default": database_of(_settings)}
LOGGING_CONFIG = None
