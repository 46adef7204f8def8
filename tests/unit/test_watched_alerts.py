"""Figures of monitoring's validation, on cases small enough to reckon by hand."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from tipstaff.domain.findings import Finding, FindingKind, Level, Step, Why
from tipstaff.domain.fixes import Mechanism
from tipstaff.domain.periods import from_micros
from tipstaff.simulation.paths import Path
from validation.watched_alerts import Alerts, alerts_of, judged, without_lines
from validation.watched_detectors import (
    CONDITION,
    MARGIN,
    NAIVE,
    POINT,
    SATELLITES,
    Fixes,
    told_of_points,
)
from validation.watched_tally import Detector, OneWearer, Tally, false_count, fewer, recall
from validation.watched_truth import breaches, stretches_of

MINUTE = 60_000_000
START = 1_767_225_600_000_000
EVERY_MINUTE = START + MINUTE * np.arange(600)


def spans(*minutes: tuple[float, float]) -> NDArray[np.float64]:
    """Stretches of true presence, in minutes of the day."""
    return START + MINUTE * np.array(minutes, dtype=np.float64).reshape(-1, 2)


def alert(
    begin: int, end: int, level: Level = Level.CONFIRMED, why: Why = Why.FIX_INSIDE
) -> list[Finding]:
    at, over = (from_micros(START + MINUTE * m) for m in (begin, end))
    return [
        Finding(at, FindingKind.ZONE, CONDITION, Step.BEGAN, level, why, at),
        Finding(over, FindingKind.ZONE, CONDITION, Step.ENDED, level, why, at),
    ]


def told(*findings: list[Finding], least: Level = Level.SUSPECTED) -> Alerts:
    whole = [one for own in findings for one in own]
    return alerts_of(whole, EVERY_MINUTE, START + 600 * MINUTE, least)


@pytest.mark.parametrize(
    ("begin", "there", "false"),
    [
        (100, (100, 110), False),
        (95, (100, 110), False),  # 5 minutes before: near enough
        (94, (100, 110), True),
        (115, (100, 110), False),
        (116, (100, 110), True),
    ],
)
def test_an_alert_is_false_when_nobody_was_there_within_5_minutes(
    begin: int, there: tuple[int, int], false: bool
) -> None:
    one = judged(told(alert(begin, begin + 1)), spans(there), EVERY_MINUTE)
    assert one.false.tolist() == [false]


def test_an_alert_told_long_before_somebody_came_is_false_though_not_throughout() -> None:
    one = judged(told(alert(0, 120)), spans((100, 110)), EVERY_MINUTE)
    assert one.false.tolist() == [True]
    assert one.false_throughout.tolist() == [False]
    assert one.found.tolist() == [False]
    assert one.stood.tolist() == [True]


def test_with_nobody_ever_there_every_alert_is_false() -> None:
    one = judged(told(alert(10, 11), alert(60, 61)), spans(), EVERY_MINUTE)
    assert one.false.all()
    assert one.found.size == 0


def test_a_breach_is_found_by_the_first_alert_within_it_and_the_delay_counts_fixes() -> None:
    one = judged(told(alert(102, 130), alert(160, 170)), spans((100, 170)), EVERY_MINUTE)
    assert one.found.tolist() == [True]
    assert one.delay_s.tolist() == [120.0]
    assert one.delay_fixes.tolist() == [2.0]


def test_an_alert_more_than_5_minutes_after_the_breach_has_not_found_it() -> None:
    assert judged(told(alert(115, 116)), spans((100, 110)), EVERY_MINUTE).found.tolist() == [True]
    assert judged(told(alert(116, 117)), spans((100, 110)), EVERY_MINUTE).found.tolist() == [False]


def test_visits_less_than_15_minutes_apart_are_one_alert() -> None:
    assert told(alert(10, 11), alert(25, 26)).told.size == 1
    assert told(alert(10, 11), alert(26, 27)).told.size == 2


def test_an_alert_of_a_level_is_told_when_it_reaches_it() -> None:
    first, last = alert(10, 30, Level.SUSPECTED)
    at = first.at + timedelta(minutes=4)
    grew = Finding(
        at, first.kind, CONDITION, Step.GREW, Level.PROBABLE, Why.FIX_INSIDE, first.at
    )  # fmt: skip
    found = told([first, grew, last], least=Level.PROBABLE)
    assert found.told.tolist() == [START + 14 * MINUTE]
    assert told([first, grew, last], least=Level.CONFIRMED).told.size == 0


def test_lines_can_be_left_out() -> None:
    line = alert(10, 10, Level.SUSPECTED, Why.LINE_CROSSES)
    inside = alert(60, 70)
    assert without_lines([*line, *inside]) == inside


def test_breaches_are_presences_of_5_minutes_grouped_as_episodes_are() -> None:
    short, long, after, apart = (0, 3), (10, 15), (25, 31), (60, 66)
    found = breaches(spans(short, long, after, apart))
    assert ((found - START) / MINUTE).tolist() == [[10, 31], [60, 66]]
    assert breaches(spans((0, 3), (8, 11))).size == 0


def square_of_fixes(x: list[float], claimed: list[float], network: list[bool]) -> Fixes:
    """Fixes a minute apart on a line through the middle of a zone."""
    n = len(x)
    codes = np.where(network, int(Mechanism.WIFI), int(Mechanism.GPS))
    zero = np.zeros(n, dtype=np.int64)
    return Fixes(
        EVERY_MINUTE[:n], zero, zero, codes, zero, np.array(x), np.zeros(n), np.array(claimed)
    )


def test_naive_detectors_differ_by_what_they_are_told_of_a_fix() -> None:
    ground = shapely.box(-50.0, -50.0, 50.0, 50.0)
    fixes = square_of_fixes(
        [200.0, 10.0, 45.0, 10.0, 200.0], [5, 30, 30, 30, 5], [False, True, False, False, False]
    )
    began = {
        name: [(f.step, int((f.at.timestamp() * 1e6 - START) / MINUTE)) for f in found]
        for name in NAIVE
        for found in [list(told_of_points(name, fixes, ground))]
    }
    assert began[POINT] == [(Step.BEGAN, 1), (Step.ENDED, 4)]
    assert began[SATELLITES] == [(Step.BEGAN, 2), (Step.ENDED, 4)]
    assert began[MARGIN] == [(Step.BEGAN, 1), (Step.ENDED, 4)]
    fixes.claimed_m[1] = 60.0
    assert next(told_of_points(MARGIN, fixes, ground)).at == from_micros(START + 3 * MINUTE)


def test_a_curfew_turns_inside_and_outside_round_and_ends_with_its_hours() -> None:
    ground = shapely.box(-50.0, -50.0, 50.0, 50.0)
    fixes = square_of_fixes([200.0, 0.0, 200.0, 200.0], [5, 5, 5, 5], [False] * 4)
    hours = (START, START + 3 * MINUTE)
    found = list(told_of_points(POINT, fixes, ground, hours))
    minutes = [(f.step, int((f.at.timestamp() * 1e6 - START) / MINUTE), f.why) for f in found]
    assert minutes == [
        (Step.BEGAN, 0, Why.FIX_INSIDE),
        (Step.ENDED, 1, Why.FIX_OUTSIDE),
        (Step.BEGAN, 2, Why.FIX_INSIDE),
        (Step.ENDED, 3, Why.PERIOD_ENDED),
    ]


def test_figures_are_sums_over_wearers_with_intervals_that_hold_them() -> None:
    def wearer(*begins: int) -> OneWearer:
        one = judged(told(*(alert(b, b + 1) for b in begins)), spans((100, 110)), EVERY_MINUTE)
        kinds = np.zeros(one.false.size, dtype=np.int64)
        return OneWearer("curfew", 1.0, one, kinds, np.array([30.0]))

    naive = Tally([wearer(20, 60, 102), wearer(200, 300, 400)])
    ours = Tally([wearer(20, 103), wearer(104)])
    assert fewer(ours, naive, false_count)[0] == 5.0
    whole, low, high = recall(naive)
    assert (whole, low, high) == (0.5, 0.0, 1.0)
    assert recall(ours)[0] == 1.0
    assert ours.recall_by_depth()[2] == (2, 1.0)
    assert Detector(POINT).least is Level.SUSPECTED


def test_stays_are_told_from_the_path_itself() -> None:
    ground = shapely.box(-10.0, -10.0, 10.0, 10.0)
    steps = np.array([0.0, 100.0, 400.0, 500.0])
    zero = np.zeros(4, dtype=np.int64)
    path = Path(
        steps, np.array([-100.0, 0.0, 0.0, 100.0]), np.zeros(4), zero, zero, zero,
        np.zeros(1), np.zeros(1, dtype=np.int64),
    )  # fmt: skip
    ((start, end),) = stretches_of(path, ground, outside=False)
    assert start == pytest.approx(90.0, abs=3.0)
    assert end == pytest.approx(410.0, abs=3.0)
