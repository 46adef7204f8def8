"""A fleet at once finds what the rules find one device at a time, and the screen hides nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from device_lives import DAY, NORTH, START, WEST, at, facts, watch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tipstaff.monitoring.device_fleet import fleet_findings
from tipstaff.monitoring.device_parameters import DEVICES_V2
from tipstaff.monitoring.device_reference import all_device_findings
from tipstaff.monitoring.device_screens import Places, screened
from tipstaff.monitoring.device_watches import DeviceFact, DeviceWatch, OthersNear, once
from tipstaff.monitoring.events import DeviceEvent, EventKind
from tipstaff.monitoring.facts import Fix

#: Steps north in 1e-7 degrees; a hop in a minute is just faster than anything moves.
_STEP_E7 = {"stand": 0, "walk": 9_000, "hop": 488_000, "jump": 2_000_000}
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def lives(draw: Any) -> list[DeviceFact]:
    """Runs of fixes that stand, walk or jump, networks elsewhere, events, late and wrong clocks."""
    out: list[DeviceFact] = []
    minute, north = draw(st.integers(-5, 5)), 0
    for _ in range(draw(st.integers(0, 7))):
        length, by = draw(st.sampled_from([1, 4, 12])), draw(st.sampled_from([1, 10, 150]))
        what = draw(
            st.sampled_from(["stand", "walk", "hop", "jump", "network", "events", "nothing"])
        )
        late = draw(st.sampled_from([0, 0, 0, 10, 90, -10]))
        for each in range(minute, minute + length * by, by):
            came = at(each + late)
            if what in _STEP_E7:
                north += _STEP_E7[what] * (-1) ** each
                radius = draw(st.sampled_from([500, 500, 500, 9_000, -1]))
                out.append(Fix(at(each), NORTH + north, WEST, 1, radius, came))
            elif what == "network":
                off = draw(st.sampled_from([0, 100_000, 226_000, 900_000]))
                out.append(Fix(at(each), NORTH + north + off, WEST, 5, 50_000, came))
            elif what == "events":
                kind = draw(st.sampled_from([EventKind.HEARTBEAT, *EventKind]))
                out.append(DeviceEvent(at(each), kind, came))
                if draw(st.booleans()):
                    out.append(OthersNear(at(each), draw(st.integers(0, 2)), 1, came))
        minute += length * by
    if draw(st.integers(0, 5)) == 0:
        out.append(DeviceEvent(START - 10**15, EventKind.HEARTBEAT, at(20)))
        out.append(Fix(START - 10**15, NORTH, WEST, 1, 500, at(30)))
    return once(out)


def columns(fleet: list[list[DeviceFact]]) -> Places:
    fixes = [[one for one in once(life) if isinstance(one, Fix)] for life in fleet]
    rows = [(f.at_us, f.ingested_us, f.lat_e7, f.lon_e7, f.mechanism, f.radius_cm)
            for life in fixes for f in life]  # fmt: skip
    table = np.array(rows, dtype=np.int64).reshape(-1, 6).T
    starts = np.cumsum([0, *(len(life) for life in fixes)])
    return Places(*(np.ascontiguousarray(column) for column in table), starts)


def of(fleet: list[list[DeviceFact]], kind: type[Any]) -> list[list[Any]]:
    return [[one for one in life if isinstance(one, kind)] for life in fleet]


@st.composite
def watches(draw: Any) -> DeviceWatch:
    return watch(end=draw(st.sampled_from([60, 400, 3 * DAY])), demands=((100, 200),))


@SLOW
@given(st.lists(st.tuples(lives(), watches()), min_size=1, max_size=3), st.integers(-1, 3 * DAY))
def test_two_forms_one_answer(
    pairs: list[tuple[list[DeviceFact], DeviceWatch]], minute: int
) -> None:
    fleet, seen = [life for life, _ in pairs], [one for _, one in pairs]
    found = fleet_findings(
        columns(fleet), of(fleet, DeviceEvent), of(fleet, OthersNear), seen, DEVICES_V2, at(minute)
    )
    for mine, life, one in zip(found, fleet, seen, strict=True):
        wanted = all_device_findings(life, one, DEVICES_V2, at(minute))
        assert sorted(mine, key=repr) == sorted(wanted, key=repr)


def test_a_quiet_day_needs_no_slow_rule() -> None:
    life = facts(*(f"{m} fix {3 * (m % 50)} 0 5 <{m + 10}" for m in range(DAY)), "600 heartbeat")
    flags = screened(columns([life]), of([life], DeviceEvent), [watch()], DEVICES_V2)
    assert [bool(flag[0]) for flag in flags] == [False, False, False]


WALK = [f"{m} fix {3 * (m % 50)} 0 5" for m in range(200)]


@pytest.mark.parametrize(
    ("life", "flagged"),
    [
        (["-99999 fix 0 0 5 <9"], (True, False, False)),
        (["9 heartbeat <3"], (True, False, False)),
        (["9 fix 0 0 5 <3"], (True, False, False)),
        # three hops of a minute, just too fast
        ([f"{200 + m} fix {5_430 * (m % 2)} 0 5" for m in range(4)], (False, True, False)),
        # a whole day to the minute, and a minute less
        ([f"{m} fix 0 0 5" for m in range(300, 300 + DAY + 1, 10)], (False, True, False)),
        ([f"{m} fix 0 0 5" for m in range(300, 300 + DAY, 10)], (False, False, False)),
        # a network just beyond its radius and two kilometres
        ([*(f"{m} fix 0 0 5" for m in range(300, 370, 10)), "361 network 2510 0 500"],
         (False, True, False)),
        (["50 fault"], (False, True, False)),
        # heard twice since, the first time at the very instant of the last position
        (["199 heartbeat", "215 heartbeat"], (False, False, True)),
        (["198.5 heartbeat", "215 heartbeat"], (False, False, False)),
        (["50 jammed"], (False, False, True)),
    ],
)  # fmt: skip
def test_each_fault_is_let_through_to_its_rule(
    life: list[str], flagged: tuple[bool, bool, bool]
) -> None:
    fleet = [facts(*WALK, *life)]
    flags = screened(columns(fleet), of(fleet, DeviceEvent), [watch()], DEVICES_V2)
    assert tuple(bool(flag[0]) for flag in flags) == flagged
