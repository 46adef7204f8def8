"""Clocks, equipment, home units, and shielding apart from plain loss."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from device_lives import DAY, START, at, facts, known, tell, watch, world

from tipstaff.domain.findings import Why
from tipstaff.domain.periods import to_micros
from tipstaff.monitoring.device_parameters import DEVICES_V2
from tipstaff.monitoring.device_reference import device_findings
from tipstaff.monitoring.rules.clock import CLOCK, clock_fault
from tipstaff.monitoring.rules.equipment import EQUIPMENT
from tipstaff.monitoring.rules.home_unit import HOME_UNIT
from tipstaff.monitoring.rules.shielding import SHIELDING

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (NOW, None),
        (NOW - timedelta(days=4), None),  # late is no fault of the clock
        (NOW + timedelta(seconds=120), None),
        (NOW + timedelta(seconds=121), Why.CLOCK_AHEAD),
        (NOW + timedelta(minutes=58), Why.CLOCK_HOUR_AHEAD),
        (NOW + timedelta(days=400), Why.CLOCK_AHEAD),
        (datetime(2019, 6, 1, tzinfo=UTC), Why.CLOCK_LONG_AGO),
        (datetime(1970, 1, 1, tzinfo=UTC), Why.CLOCK_LONG_AGO),
        (NOW - timedelta(weeks=1024, hours=3), Why.CLOCK_ROLLED_OVER),
        (NOW + timedelta(weeks=1024), Why.CLOCK_ROLLED_OVER),
        (NOW - timedelta(weeks=2048), Why.CLOCK_ROLLED_OVER),
        (NOW - timedelta(weeks=1023), Why.CLOCK_LONG_AGO),
    ],
)
def test_clocks(told: datetime, expected: Why | None) -> None:
    numbers = DEVICES_V2.equipment
    assert clock_fault(to_micros(told), to_micros(NOW), START, numbers) is expected


def test_a_wrong_clock_is_found_when_it_is_heard_and_is_over_after_a_day() -> None:
    life = facts("-3500000 heartbeat <10", "20 heartbeat", "90 fix 0 0 5 <30")
    assert known(CLOCK, life, watch(), 3 * DAY) == [
        "10 began confirmed clock_long_ago",
        f"{30 + DAY} ended confirmed clock_right",
    ]


@pytest.mark.parametrize(
    ("life", "expected"),
    [
        ([f"{m} fix 0 0 5" for m in range(0, DAY, 30)], []),
        ([f"{m} fix 0 0 5" for m in range(0, DAY + 1, 30)], [f"{DAY} began suspected frozen"]),
        # a network places it elsewhere
        (
            [*(f"{m} fix 0 0 5" for m in range(0, 70, 10)), "62 network 9000 0 1500"],
            ["62 began probable frozen_elsewhere"],
        ),
        ([*(f"{m} fix 0 0 5" for m in range(0, 70, 10)), "62 network 3000 0 1500"], []),
        ([*(f"{m} fix {m} 0 5" for m in range(0, 70, 10)), "62 network 9000 0 1500"], []),
        # jumps: 20 km in a minute, three times
        (
            [f"{m} fix {20_000 * (m % 2)} 0 5" for m in range(4)],
            ["3 began suspected drifts"],
        ),
        ([f"{m} fix {20_000 * (m == 1)} 0 5" for m in range(9)], []),
        ([f"{m} fix {5_000 * m} 0 5" for m in range(9)], []),  # 300 km/h: a train
        (["5 fault"], ["5 began probable says_fault"]),
        (["5 unknown_code"], ["5 began suspected unknown_code"]),
        (["5 unknown_code", "900 fault"],
         ["5 began suspected unknown_code", "900 grew probable says_fault"]),
        ([f"{m} strap_cut" for m in range(6)], ["5 began suspected strap_flaps"]),
        ([f"{m} strap_cut" for m in range(5)], []),
    ],
)  # fmt: skip
def test_equipment(life: list[str], expected: list[str]) -> None:
    assert world(EQUIPMENT, facts(*life), watch(), DAY + 2) == expected


@pytest.mark.parametrize(
    ("life", "expected"),
    [
        (["5 home_power_off"], ["5 began suspected home_power_off"]),
        (
            ["5 home_power_off", "6 home_moved", "9 home_power_on", "12 home_returned"],
            [
                "5 began suspected home_power_off",
                "6 grew confirmed home_moved",
                "12 ended confirmed home_is_well",
            ],
        ),
        (["5 home_fault", "6 restarted"],
         ["5 began probable home_fault", "6 ended probable home_is_well"]),
        (["5 home_hears", "6 home_deaf", "7 home_power_on"], []),
    ],
)  # fmt: skip
def test_home_unit(life: list[str], expected: list[str]) -> None:
    assert world(HOME_UNIT, facts(*life), watch(), DAY) == expected


HEARD = ["11 heartbeat", "21 heartbeat"]
SUDDEN = ["10 fix 0 0 5", *HEARD]
BACK = ["60 fix 0 0 5"]


def days_before(*days: int, north: float = 0.0, hour: int = 0) -> list[str]:
    """Sudden losses before the day of which the minutes are told."""
    out = []
    for day in days:
        m = 10 - day * DAY + hour * 60
        out += [f"{m} fix {north} 0 5", f"{m + 5} heartbeat", f"{m + 16} heartbeat"]
        out += [f"{m + 30} fix {north} 0 5", f"{m + 31} fix 0 0 500"]
    return out


@pytest.mark.parametrize(
    ("life", "expected"),
    [
        # sudden alone is not enough: anybody goes into a cellar
        (SUDDEN, []),
        # plain loss: not heard either
        (["10 fix 0 0 5", "12 others 5 0"], []),
        # others near have positions: that rules out the sky, and a cellar no more than before
        ([*SUDDEN, "14 others 5 0"], []),
        # nobody near has any
        ([*SUDDEN, "14 others 0 5"], []),
        # not sudden: a position already poor
        (["10 fix 0 0 60", *HEARD, "14 others 5 0"], []),
        (["10 network 0 0 500", *HEARD, "14 others 5 0"], []),
        # it says so itself
        ([*SUDDEN, "12 jammed"], ["12 began probable says_jammed"]),
        ([*SUDDEN, "12 jammed", "13 others 0 4"],
         ["12 began probable says_jammed", "13 ended probable others_lost"]),
        # again, at the same place
        ([*days_before(2, 3), *SUDDEN], ["25 began suspected lost_again"]),
        ([*days_before(2, 3), *SUDDEN, *BACK],
         ["25 began suspected lost_again", "60 ended suspected positions_back"]),
        ([*days_before(2, 3, 4), *SUDDEN, "14 others 5 0"], ["25 began suspected lost_again"]),
        # and then nobody near has any
        ([*days_before(2, 3), *SUDDEN, "25 others 0 5"], []),
        ([*days_before(2, 3), *SUDDEN, "40 others 0 5"],
         ["25 began suspected lost_again", "40 ended suspected others_lost"]),
        # one loss is one, however often it was looked at
        ([*days_before(2), f"{28 - 2 * DAY} heartbeat", f"{30 - 2 * DAY} heartbeat", *SUDDEN], []),
        # elsewhere and at another hour is no repetition
        ([*days_before(2, 3, north=5_000, hour=9), *SUDDEN], []),
    ],
)  # fmt: skip
def test_shielding(life: list[str], expected: list[str]) -> None:
    seen = watch()
    early = type(seen)(seen.device, ((at(-20 * DAY), at(DAY)),), (), seen.plan)
    found = device_findings(facts(*life), early, SHIELDING, DEVICES_V2, at(100))
    assert [line for line in tell(found) if not line.startswith("-")] == expected


def test_shielding_says_how_sure_it_is() -> None:
    life = facts(*SUDDEN, "14 jammed", "14 others 5 0")
    (one,) = device_findings(life, watch(), SHIELDING, DEVICES_V2, at(30))
    assert one.probability == pytest.approx(9.6 / 10.6)
    assert one.condition == "device:1"
