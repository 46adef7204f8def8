"""Times in forms: UK wall time as browsers' fields have it, and back."""

from __future__ import annotations

from datetime import datetime

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
