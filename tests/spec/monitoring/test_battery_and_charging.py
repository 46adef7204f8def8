"""Batteries that will not last, charging that was missed, and chargers to blame for it."""

from __future__ import annotations

import pytest
from device_lives import DAY, facts, watch, world

from tipstaff.monitoring.device_watches import ReportingPlan
from tipstaff.monitoring.rules.battery import BATTERY
from tipstaff.monitoring.rules.charger import CHARGER
from tipstaff.monitoring.rules.charging import CHARGING

LOW = "10 began suspected battery_low"
WARNED = "probable will_not_last"


@pytest.mark.parametrize(
    ("life", "demands", "expected"),
    [
        ([], (), []),
        (["10 battery_low"], (), [LOW]),
        (
            ["10 battery_low", "70 battery_critical", "99 battery_dead"],
            (),
            [LOW, "70 grew probable battery_critical", "99 grew confirmed battery_dead"],
        ),
        (["10 battery_dead", "20 battery_low"], (), ["10 began confirmed battery_dead"]),
        # levels
        (["10 battery_level 21"], (), []),
        (["10 battery_level 20"], (), [LOW]),
        (["10 battery_level 8"], (), ["10 began probable battery_critical"]),
        (["10 battery_level 0"], (), ["10 began confirmed battery_dead"]),
        # over once charged, not at every wobble
        (["10 battery_low", "20 battery_level 39"], (), [LOW]),
        (["10 battery_low", "20 battery_level 40"], (), [LOW, "20 ended suspected charged"]),
        (["10 battery_low", "20 charger_on"], (), [LOW, "50 ended suspected charged"]),
        (["10 battery_low", "20 charger_on", "49 charger_off"], (), [LOW]),
        (["10 battery_low", "20 charger_on", "30 battery_level 12"], (), [LOW]),
        # two hours are left at low: a curfew at 100 is warned of at once, one at 300 at 120
        (["10 battery_low"], ((100, 700),), [LOW, f"10 grew {WARNED}"]),
        (["10 battery_low"], ((300, 700),), [LOW, f"120 grew {WARNED}"]),
        (["10 battery_low", "60 charger_on", "150 charger_off"], ((300, 700),),
         [LOW, "90 ended suspected charged"]),
        # it lasts: 60% is 14.4 hours of a day's battery
        (["10 battery_level 60"], ((100, 800),), []),
        (["10 battery_level 60"], ((100, 900),), [f"10 began {WARNED}"]),
        # its own drain, once it has shown: 6% in an hour
        (
            ["10 battery_level 60", "70 battery_level 54"],
            ((100, 700),),
            [f"70 began {WARNED}"],
        ),
        # over demands that are over it says nothing
        (["10 battery_low"], ((0, 5),), [LOW]),
        # on the charger nothing runs down
        (["5 charger_on", "10 battery_level 30"], ((100, 900),), []),
    ],
)  # fmt: skip
def test_battery(
    life: list[str], demands: tuple[tuple[float, float], ...], expected: list[str]
) -> None:
    assert world(BATTERY, facts(*life), watch(demands=demands), 2 * DAY) == expected


MISSED = f"{DAY + 360} began suspected not_charged"


@pytest.mark.parametrize(
    ("life", "expected"),
    [
        (["5 battery_level 90"], [MISSED, f"{2 * DAY + 360} grew probable not_charged"]),
        (["1700 battery_low"], [MISSED, f"{2 * DAY + 360} grew probable not_charged"]),
        # told of late: overdue since, found when it is first known that the device tells at all
        (["2000 battery_low"], ["2000 began suspected not_charged",
         f"{2 * DAY + 360} grew probable not_charged"]),
        # a device that never tells of its battery is not known to be uncharged
        ([], []),
        (["5 heartbeat", "900 strap_restored"], []),
        (["1000 charger_on", "1060 charger_off"],
         [f"{1060 + DAY + 360} began suspected not_charged"]),
        # a touch is no charging
        (["1000 charger_on", "1009 charger_off"],
         [MISSED, f"{2 * DAY + 360} grew probable not_charged"]),
        # overdue while it was on for a touch: told once it is off
        (["1795 charger_on", "1803 charger_off"],
         ["1803 began suspected not_charged", f"{2 * DAY + 360} grew probable not_charged"]),
        (["1000 charger_on"], []),
        (["5 charger_off", "1900 charger_on"], [MISSED, "1910 ended suspected on_charger"]),
        # a charger to blame: the wearer is not
        (
            ["100 battery_level 30", "1500 charger_on", "1530 battery_level 30"],
            [],
        ),
        (
            ["100 battery_level 30", "1900 charger_on", "1905 battery_level 30",
             "1950 charger_off"],
            [MISSED, "1910 ended suspected on_charger"],
        ),
    ],
)  # fmt: skip
def test_charging(life: list[str], expected: list[str]) -> None:
    assert world(CHARGING, facts(*life), watch(), 2.5 * DAY) == expected


def test_what_needs_no_charging_misses_none() -> None:
    seen = watch(plan=ReportingPlan(charge_s=None))
    assert world(CHARGING, [], seen, 20 * DAY) == []


def dull(start: int) -> list[str]:
    return [
        f"{start - 5} battery_level 30",
        f"{start} charger_on",
        f"{start + 30} battery_level 31",
        f"{start + 90} charger_off",
    ]


@pytest.mark.parametrize(
    ("life", "expected"),
    [
        (["10 charger_on", "90 charger_off"], []),
        (["5 battery_level 30", "10 charger_on", "40 battery_level 33"], []),
        (["5 battery_level 96", "10 charger_on", "40 battery_level 97"], []),
        (["5 battery_level 30", "10 charger_on", "40 charger_off"], []),
        (dull(100), ["145 began probable no_rise"]),
        (dull(100) + dull(300), ["145 began probable no_rise", "345 grew confirmed no_rise"]),
        (
            [*dull(100), "300 charger_on", "330 battery_level 60"],
            ["145 began probable no_rise", "330 ended probable charger_works"],
        ),
        (
            [f"{m} charger_{'on' if m % 2 == 0 else 'off'}" for m in range(10, 19)],
            ["18 began probable charger_flaps"],
        ),
    ],
)
def test_charger(life: list[str], expected: list[str]) -> None:
    assert world(CHARGER, facts(*life), watch(), DAY) == expected


def test_a_wearer_with_a_dull_charger_is_not_told_of() -> None:
    life = dull(100) + dull(1000) + dull(2500)
    assert world(CHARGING, facts(*life), watch(), 6 * DAY) == []
