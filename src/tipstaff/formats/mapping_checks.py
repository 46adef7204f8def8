"""What only a mapping's values need checking for: time zones and time formats."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from tipstaff.formats.mapping_units import (
    DIRECTIVES,
    EPOCH_MICROS,
    ISO,
    REQUIRED_DIRECTIVES,
)


def zone_fault(zone: Any) -> str | None:
    """What to do about a value that names no time zone; None where it does, or is None."""
    try:
        if zone is not None:
            ZoneInfo(zone)
    except (KeyError, ValueError, TypeError, OSError):
        return 'use a name such as "UTC" or "Europe/London"'
    return None


def time_format_fault(text: Any) -> str | None:
    """What to do about a value that is no time format."""
    if text == ISO or text in EPOCH_MICROS:
        return None
    if not isinstance(text, str) or "%" not in text:
        return f"use iso, {', '.join(EPOCH_MICROS)} or a pattern such as %d/%m/%Y %H:%M:%S"
    used = [text[i : i + 2] for i in range(len(text)) if text[i] == "%"]
    if len(set(used)) != len(used) or not set(used) <= set(DIRECTIVES):
        return f"use each of {' '.join(DIRECTIVES)} at most once, and no other"
    missing = [directive for directive in REQUIRED_DIRECTIVES if directive not in used]
    return f"add {' '.join(missing)}" if missing else None
