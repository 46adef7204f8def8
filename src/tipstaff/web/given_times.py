"""Times in forms: UK wall time as browsers' fields have it, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from tipstaff.domain.periods import Period
from tipstaff.domain.wall_time import first_reached, wall_time


def local_input(instant: datetime) -> str:
    """An instant as the value of a field of day and time, to the minute."""
    return wall_time(instant).strftime("%Y-%m-%dT%H:%M")


def read_local(text: str) -> datetime | None:
    """The instant of a field's value, None where it is none. Of a time that comes twice the first;
    of one that does not exist the first instant that does.
    """
    try:
        wall = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if wall.tzinfo is not None else first_reached(wall)


def read_period(
    given: Mapping[str, str], longest: timedelta | None = None, longest_words: str = ""
) -> tuple[Period | None, dict[str, str]]:
    """The period from `from` to `to`, or None and what is wrong with it, by field.

    `longest_words` say how long `longest` is, as in "48 hours".
    """
    start, end = read_local(given["from"]), read_local(given["to"])
    if start is None or end is None:
        ends = {"from": start, "to": end}
        return None, {name: "Enter a day and a time" for name, at in ends.items() if at is None}
    if end <= start:
        return None, {"to": "Enter an end that is later than the beginning"}
    if longest is not None and end - start > longest:
        return None, {"to": f"Enter an end at most {longest_words} after the beginning"}
    return Period(start, end), {}
