"""A demonstration: an instance in which everybody is made up, and whoever looks may sign in.

Its accounts share one password and one secret of codes, which the sign-in page shows. All of it
holds only in an instance that is marked as one, and never for one that is served to others.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.db import transaction

from tipstaff.records import credentials
from tipstaff.records.models import User
from tipstaff.services.instance import open_instance

MARK: Final = "demonstration.txt"
_WORDS: Final = "Everybody in this instance is made up. It was made by 'tipstaff demo'.\n"
#: Known to everybody, and of use in a demonstration alone.
PASSWORD: Final = "five otters in the river"  # noqa: S105 (shown on the sign-in page)
SECRET: Final = "KRUXA43UMFTGMIDEMVWW6MBA"  # noqa: S105 (the same)
_PERIOD_S: Final = 30


class NoDemonstrationError(Exception):
    """Asked of an instance that is none."""


def mark(data: Path) -> None:
    """Mark an instance, which has just been made, as a demonstration."""
    (data / MARK).write_text(_WORDS, encoding="utf-8")


def is_demonstration() -> bool:
    """Whether this instance is a demonstration, and served to this machine alone."""
    values = open_instance()
    return not values.web_url and (values.data / MARK).is_file()


def make_ready(username: str) -> None:
    """Give an account the shared password and codes; NoDemonstrationError in any other instance."""
    if not is_demonstration():
        raise NoDemonstrationError
    user = User.objects.get(username=username)
    with transaction.atomic(durable=True):
        hashed = credentials.hashed(PASSWORD)
        credentials.set_password(user.id, hashed, datetime.now(UTC), temporary=False)
        TOTP.activate(user, SECRET)


def code_of(now: datetime) -> str:
    """The code that everybody's second factor takes at a time."""
    return str(format_hotp_value(hotp_value(SECRET, int(now.timestamp()) // _PERIOD_S)))
