"""Attendances as a table: what the tag tells of the hours, and what they came to.

To be at the clinic between 10:00 and 11:00, for five minutes at least; the clinic is the middle.
Both forms of the engine find it.
"""

from __future__ import annotations

import pytest
from engine_forms import told_of
from lives_in_words import every, facts, instant, outcomes, periods, place, told

from tipstaff.domain.zones import Circle
from tipstaff.monitoring.outlines import outline_of
from tipstaff.monitoring.watches import AttendanceWatch, Demanded, PlaceToBe

H, A = "gps r10 0,0", "gps r10 9000,0"
CLINIC = PlaceToBe("clinic", outline_of(Circle(place(0, 0), 50.0)))
WATCH = AttendanceWatch(
    "a", (CLINIC,), tuple(Demanded(a, b, 1, a) for a, b in periods("10:00-11:00"))
)
MISSED = [
    f"11:00 attendance {step} confirmed not_attended since 10:00" for step in ("began", "ended")
]
NO_TELLING = [
    f"11:00 whereabouts {step} confirmed not_known since 10:00" for step in ("began", "ended")
]


@pytest.mark.parametrize(
    ("lines", "wanted", "outcome"),
    [
        pytest.param(
            [
                *every(5, "09:30", "10:10", A),
                *every(5, "10:10", "10:40", H),
                *every(5, "10:40", "11:30", A),
            ],
            [],
            "kept, absent 0:25:00, unknown 0:00:00, there 10:10 to 10:35",
            id="came and went within the hours",
        ),
        pytest.param(
            [*every(5, "09:30", "10:10", H), *every(5, "10:10", "11:30", A)],
            [],
            "kept, absent 0:45:00, unknown 0:00:00, there 10:00 to 10:05",
            id="came early",
        ),
        pytest.param(
            every(5, "09:30", "11:30", A),
            MISSED,
            "broken, absent 1:00:00, unknown 0:00:00, never there",
            id="elsewhere all the time",
        ),
        pytest.param(
            [*every(2, "09:30", "10:10", A), f"10:10 {H}", *every(2, "10:11", "11:30", A)],
            MISSED,
            "broken, absent 0:57:00, unknown 0:00:00, there 10:10 to 10:10",
            id="passed by",
        ),
        pytest.param(
            every(5, "09:30", "10:10", A),
            NO_TELLING,
            "unknown, absent 0:20:00, unknown 0:40:00, never there",
            id="silent for most of the hours: no telling",
        ),
        pytest.param(
            [*every(5, "09:30", "10:40", A), *every(1, "10:52", "11:30", A)],
            MISSED,
            "broken, absent 0:57:00, unknown 0:03:00, never there",
            id="what is not known is too short to have been there",
        ),
        pytest.param(
            [],
            NO_TELLING,
            "unknown, absent 0:00:00, unknown 1:00:00, never there",
            id="nothing known",
        ),
    ],
)
def test_an_attendance(lines: list[str], wanted: list[str], outcome: str) -> None:
    found = told_of(facts(lines), [WATCH], instant("12:00"))
    assert told(found) == wanted
    assert outcomes(found) == [outcome]


def test_nothing_is_told_before_the_hours_are_over() -> None:
    assert told_of(facts(every(5, "09:30", "11:00", A)), [WATCH], instant("11:00") - 1) == []
