"""A whole match agrees with the slow reference, pair by pair: groups, linked crimes, clocks.

The reference gets the minutes and the daily summaries; which days may speak, and the time on the
wall, are worked out here with calendar and tz database.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from matched_worlds import input_of, matched
from small_lives import rows_of

from tipstaff.domain.crimes import Crime
from tipstaff.domain.geodesy import distance_m, to_mercator
from tipstaff.domain.local_time import DAY_US, MINUTE_US, local_days, local_minutes
from tipstaff.domain.periods import to_micros
from tipstaff.domain.scenes import SCENE_COMPONENTS
from tipstaff.engines.run import MatchRun
from tipstaff.matching.match import linked_days
from tipstaff.matching.parameters import MatchParameters
from tipstaff.matching.states import States, minute_states
from tipstaff.matching.strength_reference import Life, Minute, Row, is_known, likelihood_ratio
from tipstaff.patterns.routine import summarise
from tipstaff.simulation.world import World, WorldPlan, simulate

LONDON = ZoneInfo("Europe/London")
EPOCH = date(1970, 1, 1)
PARAMETERS = MatchParameters()
#: When crimes happen: one across the change of clocks, two linked, one before there is a history.
MOMENTS = [
    datetime(2026, 10, 25, 0, 45, tzinfo=UTC),
    datetime(2026, 10, 23, 23, 55, tzinfo=UTC),
    datetime(2026, 10, 24, 14, 3, 17, tzinfo=UTC),
    datetime(2026, 10, 28, 8, 30, 40, tzinfo=UTC),
    datetime(2026, 10, 8, 12, 0, tzinfo=UTC),
]


@pytest.fixture(scope="module")
def world() -> World:
    return simulate(
        WorldPlan(
            seed=9,
            wearers=3,
            days=26,
            first_crime_day=25,
            crimes_by_wearers=1,
            crimes_by_others=0,
            start=datetime(2026, 10, 5, tzinfo=UTC),
        )
    )


@pytest.fixture(scope="module")
def run(world: World) -> MatchRun:
    """Crimes where somebody was at the time; a last one where and when another had been."""
    table = world.positions
    times = table["fix_time"].to_numpy().astype("M8[us]").astype(np.int64)
    crimes = []
    for i, start in enumerate(MOMENTS):
        nearest = np.argsort(np.abs(times - to_micros(start)), kind="stable")[i % 3]
        place = [float(table[n][int(nearest)].as_py()) for n in ("latitude", "longitude")]
        crimes.append(
            Crime("F", f"R{i}", 1, "TOMV", start, start + timedelta(minutes=17 + 7 * i), *place)
        )
    last = crimes[0]
    later = last.start + timedelta(days=4, hours=3)
    crimes.append(
        Crime("F", "R9", 1, "TOMV", later, later, last.latitude, last.longitude, rounding_m=100.0)
    )
    given = input_of(world, crimes=crimes)
    return matched(given, with_chance=False, with_intervals=False)


def summary_rows(states: States, wearer: int) -> list[Row]:
    """One wearer's daily summaries, as plain rows."""
    days = np.flatnonzero(states.row_of[wearer] >= 0)
    rows = states.row_of[wearer, days]
    t_us = ((states.first_day + days)[:, None] * DAY_US + np.arange(1440) * MINUTE_US).ravel()
    columns = (states.x[rows], states.y[rows], states.variance[rows], states.near_min[rows])
    flat = [c.ravel() for c in columns]
    return rows_of(summarise(*flat, local_days(t_us), local_minutes(t_us)))


def minutes_about(states: States, wearer: int, marks: range) -> dict[int, Minute]:
    """One wearer's minutes by mark, where there is a row, with the time on the wall."""
    out = {}
    for mark in marks:
        column = mark // 1440 - states.first_day
        if not 0 <= column < states.row_of.shape[1] or states.row_of[wearer, column] < 0:
            continue
        at = (int(states.row_of[wearer, column]), mark % 1440)
        wall = datetime.fromtimestamp(mark * 60, UTC).astimezone(LONDON)
        out[mark] = Minute(
            mark,
            float(states.x[at]),
            float(states.y[at]),
            float(states.variance[at]),
            float(states.near_min[at]),
            wall.hour * 60 + wall.minute,
        )
    return out


def local_day(moment: datetime) -> int:
    return (moment.astimezone(LONDON).date() - EPOCH).days


def middle_day(crime: Crime) -> int:
    return local_day(crime.start + (crime.end - crime.start) / 2)


def is_weekend(day: int) -> bool:
    return (EPOCH + timedelta(days=day)).weekday() >= 5


def life_of(every: list[list[Row]], wearer: int, crime: Crime, crimes: list[Crime]) -> Life:
    """The routine as it may speak of a crime: other weeks, without the days of linked crimes."""
    day = middle_day(crime)
    linked = {
        middle_day(c)
        for c in crimes
        if c is not crime
        and distance_m(c.latitude, c.longitude, crime.latitude, crime.longitude) <= 200.0  # type: ignore[arg-type]
    }

    def weight(d: int) -> float:
        return float(3 < abs(d - day) <= 56 and d not in linked)

    return Life(every[wearer], every, weight, lambda d: is_weekend(d) == is_weekend(day))


def test_every_pair(run: MatchRun) -> None:
    answers, trails = run.matched.answers, run.matched.loaded.trails
    strength = PARAMETERS.strength
    states = minute_states(trails, PARAMETERS.error, strength.motion)
    every = [summary_rows(states, w) for w in range(len(trails.wearers))]
    crimes = run.matched.crimes
    seen = set()
    for pair in range(len(answers.scene)):
        crime = crimes[int(answers.scenes.index[answers.scene[pair]])]
        wearer = int(answers.wearer[pair])
        first = round(crime.start.timestamp() / 60)
        last = max(first, round(crime.end.timestamp() / 60))
        life = life_of(every, wearer, crime, crimes)
        marks = range(first // 10 * 10 - 100, last + 100)  # stays are followed beyond the window
        x, y = to_mercator(crime.latitude, crime.longitude)  # type: ignore[arg-type]
        parts = [(share, s**2 + crime.rounding_m**2 / 12) for share, s in SCENE_COMPONENTS]
        slow = likelihood_ratio(
            (first, last),
            (float(x), float(y), parts),
            minutes_about(states, wearer, marks),
            life,
            strength,
            PARAMETERS.error.not_on_wearer,
        )
        expected = strength.slope * np.log10(slow)
        assert answers.raw_log10[pair] == pytest.approx(expected, rel=0, abs=1e-9)
        assert answers.known[pair] == is_known(life)
        seen.add((bool(answers.known[pair]), slow > 2, slow < 0.5))
    assert len(answers.scene) == answers.searched.sum() >= 15
    assert {(True, True, False), (True, False, True)} <= seen


def test_the_crimes_try_what_they_should(run: MatchRun) -> None:
    answers, crimes = run.matched.answers, run.matched.crimes
    assert not answers.known.all(), "a routine is unknown for somebody"
    left_out = [days for days in linked_days(answers.scenes) if days]
    assert len(left_out) >= 2
    across = crimes[0]
    assert len({t.astimezone(LONDON).utcoffset() for t in (across.start, across.end)}) == 2
