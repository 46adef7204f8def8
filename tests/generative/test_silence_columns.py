"""The columns about silence find exactly what the reference finds."""

from __future__ import annotations

from typing import Any

from device_lives import DAY, NORTH, WEST, at, facts, tell, watch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tipstaff.monitoring.device_parameters import DEVICES_V2
from tipstaff.monitoring.device_reference import knowledge_findings
from tipstaff.monitoring.device_watches import DeviceFact, DeviceWatch, ReportingPlan
from tipstaff.monitoring.events import DeviceEvent, EventKind
from tipstaff.monitoring.facts import Fix
from tipstaff.monitoring.rules.silence import NO_POSITION, SILENCE
from tipstaff.monitoring.silence_columns import fact_columns, silence_jobs, silences

SLOW = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
PLANS = st.sampled_from(
    [ReportingPlan(300, 60), ReportingPlan(600, None), ReportingPlan(1_800, 300)]
)


@st.composite
def lives(draw: Any) -> list[DeviceFact]:
    """Minutes with and without fixes; what was kept comes in bursts, newest first or oldest."""
    out: list[DeviceFact] = []
    minute = draw(st.integers(-5, 5))
    for _ in range(draw(st.integers(0, 8))):
        length = draw(st.sampled_from([1, 3, 10, 30]))
        late = draw(st.sampled_from([None, None, 0, 1, 25, 200]))
        kind = draw(st.sampled_from(["fix", "fix", "event", "nothing"]))
        for each in range(minute, minute + length):
            came = each if late is None else minute + length + late
            if kind == "fix":
                ahead = draw(st.sampled_from([0, 0, 0, 0, 5]))
                out.append(Fix(at(each + ahead), NORTH + each, WEST, 1, 500, at(came)))
            elif kind == "event":
                out.append(DeviceEvent(at(each), EventKind.HEARTBEAT, at(came)))
        minute += length
    return out


@st.composite
def jobs(draw: Any) -> tuple[list[DeviceFact], DeviceWatch]:
    return draw(lives()), watch(end=draw(st.sampled_from([40, 100, DAY])), plan=draw(PLANS))


@SLOW
@given(st.lists(jobs(), min_size=1, max_size=3), st.integers(-1, 600))
def test_two_forms_one_answer(
    pairs: list[tuple[list[DeviceFact], DeviceWatch]], minute: int
) -> None:
    watched = [seen for _, seen in pairs]
    columns = fact_columns([life for life, _ in pairs], watched, DEVICES_V2)
    made = silence_jobs(watched, DEVICES_V2)
    for found, (life, seen) in zip(
        silences(columns, made, watched, DEVICES_V2, at(minute)), pairs, strict=True
    ):
        wanted = [
            one
            for rule in (SILENCE, NO_POSITION)
            for one in knowledge_findings(life, seen, rule, DEVICES_V2, at(minute))
        ]
        assert sorted(found) == sorted(wanted)


def test_newest_first_the_piece_that_closes_the_last_gap_fills_it() -> None:
    early = [f"{m} fix {m % 7} 0 5" for m in range(1, 21)]
    back = [f"{m} fix {m % 7} 0 5" for m in range(90, 200)]
    pieces = [f"{m} fix {m % 7} 0 5 <{200 - m}" for m in range(21, 90)]
    life, seen = facts(*early, *back, *pieces), watch(plan=ReportingPlan(300, 60))
    columns = fact_columns([life], [seen], DEVICES_V2)
    (found,) = silences(columns, silence_jobs([seen], DEVICES_V2), [seen], DEVICES_V2, at(190))
    # told until 20, so the gap to 25 may stay: the piece of minute 25 comes in at 175
    assert "175 filled probable filled_late" in tell(found)
