"""Times as they are given on the command line."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from tipstaff.cli.position_files import fail

#: What to write where an instant is meant.
INSTANT_HELP: Final = (
    "ISO 8601 with an offset, as 2026-03-02T09:30:00Z; a day alone is its midnight in UTC."
)


def instant(text: str, option: str) -> datetime | None:
    """The instant that an option names; None where it was left out."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise fail(f"{option}: write {INSTANT_HELP}") from None
    if found.tzinfo is None and len(text) > len("2026-03-02"):
        raise fail(f"{option}: add the offset: {INSTANT_HELP}")
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
