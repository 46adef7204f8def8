"""The clock for stepping through time on a map: what the script needs to show UK time right.

The script knows no time zones. It gets one piece a stretch between two changes of the clocks: from
which second after the window's start on, what the clock shows there, and what stands beside it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from tipstaff.domain.local_time import changes_between
from tipstaff.domain.periods import from_micros, to_micros
from tipstaff.matching import uk_times

_EITHER_SIDE = timedelta(hours=1)


def step_clock(start: datetime, end: datetime) -> list[tuple[int, str, str]]:
    """Pieces (seconds from `start`, UK wall-clock time written as if UTC, zone's name or "").

    They reach from an hour before the window to an hour after it.
    """
    first, last = start - _EITHER_SIDE, end + _EITHER_SIDE
    changes = changes_between(to_micros(first), to_micros(last))
    zoned = uk_times.needs_zone(first, last) or bool(changes)
    return [
        (
            round((at - start).total_seconds()),
            f"{uk_times.local(at):%Y-%m-%dT%H:%M:%SZ}",
            uk_times.zone(at) if zoned else "",
        )
        for at in (first, *map(from_micros, changes))
    ]
