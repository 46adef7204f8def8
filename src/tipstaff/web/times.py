"""Times as a person would say them: UK time, always."""

from __future__ import annotations

from datetime import date, datetime

from tipstaff.matching import uk_times


def uk_time(instant: datetime) -> str:
    """A day and a time of the UK's clocks."""
    return f"{uk_times.day(instant)} at {uk_times.clock(instant)}"


def day_words(day: date) -> str:
    """A day."""
    return f"{day.day} {day:%B %Y}"


def span_words(start: datetime, end: datetime) -> str:
    """From when to when, the day once where both are of the same."""
    if uk_times.day(start) == uk_times.day(end):
        return f"{uk_times.day(start)}, {uk_times.clock(start)} to {uk_times.clock(end)}"
    return f"{uk_time(start)} to {uk_time(end)}"


def maybe(instant: datetime | None, nothing: str = "") -> str:
    """The same, or what to say of none."""
    return nothing if instant is None else uk_time(instant)
