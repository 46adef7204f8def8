"""Silence: not heard and not placed are two things; what comes late fills them for all to see."""

from __future__ import annotations

import pytest
from device_lives import DAY, facts, known, watch

from tipstaff.monitoring.device_watches import ReportingPlan
from tipstaff.monitoring.rules.silence import NO_POSITION, SILENCE

QUICK = watch(plan=ReportingPlan(upload_s=300, position_s=60))
UNIT = watch(plan=ReportingPlan(upload_s=600, position_s=None))


def each(first: int, last: int, by: int = 1, came: str = "") -> list[str]:
    """A fix each minute, from the first to the last."""
    return [f"{m} fix {m % 7} 0 5 {came}" for m in range(first, last + 1, by)]


@pytest.mark.parametrize(
    ("life", "until", "expected"),
    [
        (each(1, 60), 60, []),
        # 15 minutes after the last, an hour, four hours
        (each(1, 20), 34, []),
        (each(1, 20), 35, ["35 began suspected not_heard"]),
        (
            each(1, 20),
            2 * DAY,
            [
                "35 began suspected not_heard",
                "80 grew probable not_heard",
                "260 grew confirmed not_heard",
            ],
        ),
        # heard again without a word of the stretch: it stays unfilled
        (
            [*each(1, 20), *each(50, 60)],
            75,
            [
                "35 began suspected not_heard",
                "50 ended suspected heard_again",
                "75 began suspected not_heard",
            ],
        ),
        # what was kept comes in at minute 52, and fills it
        (
            [*each(1, 20), *each(21, 49, came="<52"), *each(50, 60)],
            60,
            [
                "35 began suspected not_heard",
                "50 ended suspected heard_again",
                "52 filled suspected filled_late",
            ],
        ),
        # half of it does not
        (
            [*each(1, 20), *each(21, 35, came="<52"), *each(50, 60)],
            60,
            ["35 began suspected not_heard", "50 ended suspected heard_again"],
        ),
        # an event is a sign of life
        ([*each(1, 20), "30 heartbeat", "40 heartbeat"], 54, []),
    ],
)
def test_no_communication(life: list[str], until: float, expected: list[str]) -> None:
    assert known(SILENCE, facts(*life), QUICK, until) == expected


@pytest.mark.parametrize(
    ("life", "until", "expected"),
    [
        (each(1, 60), 60, []),
        # heard, not placed: 15 minutes and an upload after the last position
        (
            [*each(1, 20), *(f"{m} heartbeat" for m in range(21, 60, 5))],
            60,
            ["40 began suspected no_position_known"],
        ),
        # an upload missed is no sign of life: it is not known to be without a position
        ([*each(1, 20), "27 heartbeat"], DAY, []),
        ([*each(1, 20), "33 heartbeat"], DAY, ["40 began suspected no_position_known"]),
        # silent altogether: not accused of this too
        (each(1, 20), DAY, []),
        # back, with an upload's time to tell
        ([*each(1, 20), "90 heartbeat"], 94, []),
        ([*each(1, 20), "90 heartbeat"], 95, ["95 began suspected no_position_known"]),
        ([*each(1, 20), "90 heartbeat", *each(21, 91, came="<92")], 100, []),
        # placed again, and filled late
        (
            [
                *each(1, 20),
                *(f"{m} heartbeat" for m in range(21, 70, 5)),
                *each(50, 70),
                *each(21, 49, came="<65"),
            ],
            70,
            [
                "40 began suspected no_position_known",
                "50 ended suspected position_again",
                "65 filled suspected filled_late",
            ],
        ),
        # an old position is none of now
        (
            [*each(1, 20), *(f"{m} heartbeat" for m in range(21, 70, 5)), "22 fix 0 0 5 <50"],
            60,
            ["40 began suspected no_position_known"],
        ),
        # one of the future neither
        (
            [*each(1, 20), *(f"{m} heartbeat" for m in range(21, 70, 5)), "99 fix 0 0 5 <30"],
            60,
            ["40 began suspected no_position_known"],
        ),
    ],
)
def test_no_position(life: list[str], until: float, expected: list[str]) -> None:
    assert known(NO_POSITION, facts(*life), QUICK, until) == expected


def test_a_device_goes_by_its_own_plan() -> None:
    life = facts(*(f"{m} heartbeat" for m in range(0, 101, 10)))
    assert known(SILENCE, life, UNIT, 129) == []
    assert known(SILENCE, life, UNIT, 130) == ["130 began suspected not_heard"]
    assert known(NO_POSITION, life, UNIT, DAY) == []


def test_at_each_instant_it_says_again_what_it_said_then() -> None:
    """Two clocks: what fills it later takes nothing back of what was not known before."""
    life = facts(*each(1, 20), *each(50, 60), *each(21, 49, came="<900"))
    before = known(SILENCE, life, QUICK, 60)
    assert before == ["35 began suspected not_heard", "50 ended suspected heard_again"]
    after = known(SILENCE, life, QUICK, 900)
    assert after[:2] == before
    assert "900 filled suspected filled_late" in after


def test_what_comes_after_the_activation_may_fill_it() -> None:
    seen = watch(end=60, plan=QUICK.plan)
    life = facts(*each(1, 20), *each(21, 59, came="<300"))
    assert known(SILENCE, life, seen, 400) == [
        "35 began suspected not_heard",
        "60 ended suspected period_ended",
        "300 filled suspected filled_late",
    ]
