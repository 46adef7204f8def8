"""Cases anybody can judge, as a table: what the trail shows, and how strongly it must speak."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from small_lives import CRIME_DAY, People, fast_lr, slow_lr, summary, trail

from tipstaff.matching.dwell import DwellLaw
from tipstaff.matching.strength import StrengthParameters, reported_log10

P = StrengthParameters()
HISTORY = range(CRIME_DAY - 40, CRIME_DAY - 3)
HOME, WORK = (0.0, 0.0), (2_500.0, 400.0)
ELSEWHERE = (1_200.0, -1_700.0)  # never visited by the wearer, in the same town
NOWHERE = (-3_000.0, 2_500.0)  # where none of them ever was
PEOPLE = People.of(
    [
        summary(HOME, WORK, HISTORY, 1),
        *(summary((400.0 * i, -500.0 * i), ELSEWHERE, HISTORY, i) for i in range(2, 7)),
        summary(HOME, WORK, range(CRIME_DAY - 12, CRIME_DAY - 3), 1),  # too few days
    ]
)
KNOWN, UNKNOWN = 0, 6
#: The window is 03:00 to 04:00, when the wearer is at home.
FIRST = CRIME_DAY * 1440 + 170
WINDOW = (FIRST + 10, FIRST + 70)
COUNT = 80
SIGMA = 5.0


def stay(where: tuple[float, float], else_where: tuple[float, float], minutes: int) -> np.ndarray:
    """Places (2, minutes of the trail): `minutes` from 03:20 at one, else at another."""
    out = np.tile(np.array(else_where)[:, None], COUNT)
    out[:, 30 : 30 + minutes] = np.array(where)[:, None]
    return out


def passing(where: tuple[float, float], mps: float) -> np.ndarray:
    """A straight drive past a place, at it at 03:20."""
    east = where[0] + (np.arange(COUNT) - 30) * 60.0 * mps
    return np.stack([east, np.full(COUNT, where[1])])


def gap(*unseen: tuple[int, int]) -> np.ndarray:
    """Minutes to the nearest fix, with stretches (from, to) of the trail without any."""
    seen = np.ones(COUNT, bool)
    for low, high in unseen:
        seen[low:high] = False
    marks = np.flatnonzero(seen)
    return np.array([np.abs(marks - k).min() if len(marks) else 1e9 for k in range(COUNT)], float)


@dataclass(frozen=True)
class Case:
    """A trail, a scene, and the bounds within which the ratio must lie."""

    told: str
    places: np.ndarray
    scene: tuple[float, float]
    low: float
    high: float
    near: np.ndarray | None = None
    sigma: float = SIGMA
    who: int = KNOWN


BESIDE = (25.0, 10.0)
CASES = [
    Case("at home, beside the scene", stay(HOME, HOME, 0), BESIDE, 0.3, 6.0),
    Case("at home, a street from the scene", stay(HOME, HOME, 0), (350.0, 0.0), 0.0, 0.05),
    Case("never there, and stops there", stay(ELSEWHERE, HOME, 20), ELSEWHERE, 20.0, np.inf),
    Case("never there, there all the time", stay(ELSEWHERE, ELSEWHERE, 0), ELSEWHERE, 20.0, np.inf),
    Case("seen elsewhere all the time", stay(HOME, HOME, 0), ELSEWHERE, 0.0, 0.01),
    Case("not at home at night, as usually", stay(ELSEWHERE, ELSEWHERE, 0), HOME, 0.0, 0.01),
    Case("no fix in reach", stay(HOME, HOME, 0), ELSEWHERE, 1.0, 1.0, np.full(COUNT, 1e9)),
]


def ratio(case: Case, parameters: StrengthParameters = P) -> float:
    near = np.zeros(COUNT) if case.near is None else case.near
    seen = trail(FIRST, case.places[0], case.places[1], np.full(COUNT, case.sigma), near)
    pair = (PEOPLE, case.who, seen, WINDOW, case.scene, parameters)
    lr = fast_lr(*pair)[0]
    assert lr == pytest.approx(slow_lr(*pair), rel=1e-9)
    return lr


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.told)
def test_the_table(case: Case) -> None:
    assert case.low <= ratio(case) <= case.high


def test_a_drive_by_counts_much_less_than_a_stay() -> None:
    drive = ratio(Case("", passing(ELSEWHERE, 12.0), ELSEWHERE, 0, 0))
    lengths = (1, P.stay_min, P.stay_min + 3, 4 * P.stay_min)
    stays = [ratio(Case("", stay(ELSEWHERE, HOME, n), ELSEWHERE, 0, 0)) for n in lengths]
    assert stays == sorted(stays)
    assert drive < 0.5
    assert stays[0] < 0.5
    assert stays[2] > 2
    assert stays[2] > 10 * drive


@pytest.mark.parametrize("scene", [ELSEWHERE, (350.0, 0.0)], ids=["seen there", "seen elsewhere"])
def test_a_gap_pulls_towards_one(scene: tuple[float, float]) -> None:
    places = stay(scene, scene, 0) if scene == ELSEWHERE else stay(HOME, HOME, 0)
    gaps = [[(35, 36)], [(30, 50)], [(15, 65)], [(1, 79)]]
    plain = replace(P, dwell=DwellLaw())  # how long a stay lasted is another matter, below
    cases = [Case("", places, scene, 0, 0, gap(*each), 60.0) for each in gaps]
    logs = [abs(np.log10(ratio(case, plain))) for case in cases]
    assert logs == sorted(logs, reverse=True)
    assert logs[-1] < 0.9 * logs[0]


def test_the_further_the_less() -> None:
    places = stay(ELSEWHERE, ELSEWHERE, 0)
    found = [
        ratio(Case("", places, (ELSEWHERE[0] + metres, ELSEWHERE[1]), 0, 0))
        for metres in (0.0, 50.0, 100.0, 200.0, 400.0)
    ]
    assert found == sorted(found, reverse=True)
    assert found[0] > 1 > found[-1]


def test_a_stay_as_long_as_an_offence_says_more_than_passing_or_living_there() -> None:
    """Minute for minute at the scene: two, twenty, and a whole evening of them."""
    short, middling, long = (
        ratio(Case("", stay(ELSEWHERE, HOME, n), ELSEWHERE, 0, 0)) / n for n in (2, 20, 50)
    )
    assert middling > 3 * short
    assert middling > 2 * long


def test_a_stay_lost_from_sight_is_weighed_as_if_no_law_were_given() -> None:
    lost = gap((34, 76))  # arrived in sight; how long they stayed nobody knows
    case = Case("", stay(ELSEWHERE, HOME, 30), ELSEWHERE, 0, 0, lost)
    inside = replace(P, dwell=DwellLaw((1,), ((1.0,),) * 3))
    assert ratio(case) == pytest.approx(ratio(case, inside), rel=1e-9)


@pytest.mark.parametrize("scene", [NOWHERE, HOME])
def test_an_unknown_routine_speaks_softly(scene: tuple[float, float]) -> None:
    there = Case("", stay(NOWHERE, (0.0, 3_000.0), 30), scene, 0, 0, who=UNKNOWN)
    raw = ratio(there)
    assert not 0.1 < raw < 10
    reported = reported_log10(np.array([raw]), np.array([False]), P)[0]
    assert abs(reported) == P.unknown_cap_log10 == 1.0
    assert np.sign(reported) == np.sign(np.log10(raw))


def test_a_wide_error_tells_little() -> None:
    sharp = ratio(Case("", stay(ELSEWHERE, ELSEWHERE, 0), ELSEWHERE, 0, 0))
    vague = ratio(Case("", stay(ELSEWHERE, ELSEWHERE, 0), ELSEWHERE, 0, 0, sigma=5_000.0))
    assert 0.2 < vague < sharp / 10
