"""The columns find exactly what the reference finds, and no order of arrival changes it."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from zone_forms import by_columns

from tipstaff.domain.findings import Finding, Step
from tipstaff.domain.zones import Area, Circle, Corridor, Harm, Place, Polygon
from tipstaff.monitoring.facts import Fix
from tipstaff.monitoring.outlines import outline_of
from tipstaff.monitoring.parameters import PARAMETERS_V1
from tipstaff.monitoring.reference import zone_findings
from tipstaff.monitoring.watches import ZoneWatch

START = 1_767_225_600_000_000
MINUTE = 60_000_000
SLOW = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))

SQUARE = Area(
    (
        Polygon(
            (Place(53.0, -1.5), Place(53.0, -1.497), Place(53.002, -1.497), Place(53.002, -1.5)),
            ((Place(53.0005, -1.499), Place(53.001, -1.499), Place(53.001, -1.498)),),
        ),
    )
)
SHAPES = st.sampled_from(
    [
        SQUARE,
        Circle(Place(53.001, -1.4985), 120.0),
        Corridor((Place(53.0, -1.5), Place(53.001, -1.498), Place(53.003, -1.498)), 30.0),
    ]
)


@st.composite
def lives(draw: Any) -> list[Fix]:
    """A walk about the zone, with jumps, gaps, networks and repeated coordinates."""
    seed, length = draw(st.integers(0, 10**6)), draw(st.integers(0, 40))
    chance = random.Random(seed)
    at, lat, lon, fixes = START, 530_010_000, -14_985_000, []
    looked_up = (530_010_000, -14_985_000)
    for _ in range(length):
        at += chance.choice([0, 20, 60, 60, 60, 300, 3_600]) * 1_000_000
        lat += chance.randrange(-12_000, 12_001)
        lon += chance.randrange(-20_000, 20_001)
        kind = chance.random()
        if kind < 0.7:
            radius = chance.choice([-1, 0, 300, 800, 2_500])
            fixes.append(Fix(at, lat, lon, chance.choice([1, 1, 1, 0]), radius))
        else:
            if chance.random() < 0.4:
                looked_up = (lat, lon)
            radius = chance.choice([-1, 4_000, 9_000, 60_000])
            fixes.append(Fix(at, *looked_up, chance.choice([5, 6]), radius))
    return fixes


@st.composite
def watches(draw: Any) -> ZoneWatch:
    cuts = sorted(draw(st.lists(st.integers(-30, 300), min_size=2, max_size=6, unique=True)))
    periods = tuple(
        (START + a * MINUTE, START + b * MINUTE)
        for a, b in zip(cuts[::2], cuts[1::2], strict=False)
    )
    harm = draw(st.sampled_from(list(Harm)))
    return ZoneWatch("z1", draw(st.booleans()), harm, outline_of(draw(SHAPES)), periods)


@SLOW
@given(
    st.lists(st.tuples(lives(), watches()), min_size=1, max_size=3),
    st.lists(st.integers(-60, 600), min_size=1, max_size=4).map(sorted),
)
def test_two_forms_one_answer(pairs: list[tuple[list[Fix], ZoneWatch]], minutes: list[int]) -> None:
    horizons = [START + minute * MINUTE for minute in minutes]
    found = by_columns([p[0] for p in pairs], [p[1] for p in pairs], horizons)
    wanted = [zone_findings(fixes, w, PARAMETERS_V1, horizons[-1]) for fixes, w in pairs]
    assert found == wanted


@SLOW
@given(lives(), watches(), st.randoms(use_true_random=False))
def test_no_order_of_arrival_changes_it(fixes: list[Fix], watch: ZoneWatch, chance: Any) -> None:
    horizon = START + 10_000 * MINUTE
    shuffled = [*fixes, *chance.sample(fixes, len(fixes) // 2)]
    chance.shuffle(shuffled)
    wanted = zone_findings(fixes, watch, PARAMETERS_V1, horizon)
    assert zone_findings(shuffled, watch, PARAMETERS_V1, horizon) == wanted


def assert_is_a_story(findings: list[Finding]) -> None:
    """Begun, grown, ended, in turn; levels grow; nothing stands after the last hours."""
    level = 0
    for one in findings:
        if one.step is Step.BEGAN:
            assert level == 0
        else:
            assert level > 0
        assert one.step is not Step.GREW or one.level > level
        assert one.since <= one.at
        level = 0 if one.step is Step.ENDED else int(one.level)
    assert level == 0


@SLOW
@given(lives(), watches())
def test_findings_tell_a_story(fixes: list[Fix], watch: ZoneWatch) -> None:
    assert_is_a_story(zone_findings(fixes, watch, PARAMETERS_V1, START + 10_000 * MINUTE))
