"""The window of a crime: from and to, UTC, real instants only.

Strict: `yyyyMMddHHmmss`, fourteen ASCII digits. Lenient also ISO 8601 with an offset or Z; a time
without one is refused, since a guess would be an hour wrong all summer. Years outside 1900–2199 are
refused as no real date of a crime: the arithmetic round a window must never leave the calendar.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from tipstaff.formats.crimes_columns import Cells
from tipstaff.formats.crimes_problems import Fault, RowCode, WarningCode, echo
from tipstaff.formats.crimes_rules import Rules

_NATIONAL: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})")
_YEARS: Final = range(1900, 2200)
_LONGEST_ISO: Final = 40

Window = tuple[datetime, datetime]


def read_window(
    cells: Cells, rules: Rules, faults: list[Fault], warnings: list[Fault]
) -> Window | None:
    """The window; None where an end is bad or the two do not go together."""
    start = read_instant(cells.from_, rules)
    if start is None:
        faults.append(_bad(RowCode.INVALID_FROM_DATE_FORMAT, "from", cells.from_, rules))
    if rules.missing_end_s is not None and not cells.to.strip():
        return _without_end(start, rules.missing_end_s, warnings)
    end = read_instant(cells.to, rules)
    if end is None:
        faults.append(_bad(RowCode.INVALID_TO_DATE_FORMAT, "to", cells.to, rules))
    if start is None or end is None:
        return None
    wrong = _check_length(start, end, cells.to, rules)
    if wrong is not None:
        faults.append(wrong)
        return None
    return start, end


def read_instant(written: str, rules: Rules) -> datetime | None:
    """An instant as aware UTC; None if it is none."""
    found = _NATIONAL.fullmatch(written)
    if found is not None:
        year, month, day, hour, minute, second = (int(part) for part in found.groups())
        try:
            moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        except ValueError:
            return None
    elif rules.lenient:
        iso = _read_iso(written)
        if iso is None:
            return None
        moment = iso
    else:
        return None
    return moment if moment.year in _YEARS else None


def _read_iso(written: str) -> datetime | None:
    if len(written) > _LONGEST_ISO:
        return None
    try:
        moment = datetime.fromisoformat(written)
        return moment.astimezone(UTC) if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def _without_end(start: datetime | None, length_s: int, warnings: list[Fault]) -> Window | None:
    if start is None:
        return None
    action = f"No end was given: {length_s / 3600:g} hours after the start were taken."
    warnings.append(Fault(WarningCode.MISSING_END, "to", None, action))
    return start, start + timedelta(seconds=length_s)


def _check_length(start: datetime, end: datetime, written: str, rules: Rules) -> Fault | None:
    if end < start:
        action = "Make the end the same as the start or later."
        return Fault(RowCode.CRIME_DATE_TIME_TO_AFTER_FROM, "to", echo(written), action)
    if end - start > timedelta(seconds=rules.max_window_s):
        action = f"Make the window {rules.max_window_s // 3600} hours or less; it is {end - start}."
        return Fault(RowCode.CRIME_DATE_TIME_EXCEEDS_WINDOW, "to", echo(written), action)
    return None


def _bad(code: RowCode, field: str, written: str, rules: Rules) -> Fault:
    action = "Write a real date and time in UTC as yyyyMMddHHmmss, as in 20260131235959."
    if rules.lenient:
        action = action[:-1] + ", or ISO 8601 with an offset, as in 2026-01-31T23:59:59Z."
    return Fault(code, field, echo(written), action)
