"""When a session is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tipstaff.domain.session_limits import SessionLimits, has_run_out

START = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
LIMITS = SessionLimits(idle=timedelta(minutes=15), whole=timedelta(hours=12))


@pytest.mark.parametrize(
    ("seen_after_min", "asked_after_min", "over"),
    [
        (0, 0, False),
        (0, 14, False),
        (0, 15, True),
        (14, 28, False),
        (14, 29, True),
        (710, 719, False),
        (719, 720, True),
        (10, 5, False),  # the clock went back
    ],
)
def test_whichever_limit_comes_first(seen_after_min: int, asked_after_min: int, over: bool) -> None:
    seen = START + timedelta(minutes=seen_after_min)
    asked = START + timedelta(minutes=asked_after_min)
    assert has_run_out(START, seen, asked, LIMITS) is over
