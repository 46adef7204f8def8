"""Clocks that are wrong, as devices have them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tipstaff.domain.device_clocks import ClockFault, clock_fault
from tipstaff.domain.periods import to_micros

RECEIVED = datetime(2026, 5, 20, 12, tzinfo=UTC)
ERA = timedelta(weeks=1_024)


@pytest.mark.parametrize(
    ("what", "moment", "fault"),
    [
        ("now", RECEIVED, ClockFault.NONE),
        ("a minute ahead, as two good clocks may be", RECEIVED + timedelta(seconds=60), "NONE"),
        ("an hour ahead: summer time written as UTC", RECEIVED + timedelta(hours=1), "AHEAD"),
        ("a burst of three weeks ago", RECEIVED - timedelta(days=21), "NONE"),
        ("2019, as a clock that was never set", datetime(2019, 1, 1, tzinfo=UTC), "BEHIND"),
        ("the week rolled over", RECEIVED - ERA, "WEEK_ROLLOVER"),
        (
            "rolled over, and sent two days late",
            RECEIVED - ERA - timedelta(days=2),
            "WEEK_ROLLOVER",
        ),
        ("twenty years, but not the era's", RECEIVED - ERA - timedelta(days=30), "BEHIND"),
        ("almost the era", RECEIVED - ERA + timedelta(days=3), "BEHIND"),
        ("two eras", RECEIVED - 2 * ERA, "WEEK_ROLLOVER"),
    ],
)
def test_what_is_wrong_with_a_clock(what: str, moment: datetime, fault: str | ClockFault) -> None:
    expected = fault if isinstance(fault, ClockFault) else ClockFault[fault]
    assert clock_fault(to_micros(moment), to_micros(RECEIVED)) is expected, what
