"""How long a browser may go on without signing in again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """`idle` since the last page, `whole` since the sign-in; whichever comes first."""

    idle: timedelta
    whole: timedelta


def has_run_out(
    signed_in_at: datetime, seen_at: datetime, now: datetime, limits: SessionLimits
) -> bool:
    """Whether a session is over at `now`. One that lasted just as long as a limit is."""
    return now - seen_at >= limits.idle or now - signed_in_at >= limits.whole
