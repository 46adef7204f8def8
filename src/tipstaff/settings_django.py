"""Django's settings, derived from `tipstaff.settings`; nothing here is set by hand."""

from __future__ import annotations

from typing import Any

from tipstaff import settings

_settings = settings.load()

USE_TZ = True
TIME_ZONE = "UTC"
SECRET_KEY = "not-used: this program serves no sessions yet"  # noqa: S105
INSTALLED_APPS: list[str] = []
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": _settings.data / "records.sqlite3",
    }
}
