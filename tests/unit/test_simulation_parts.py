"""The simulation's parts: plans, streets, routes, hashes, offences' hours."""

from __future__ import annotations

import heapq
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pytest

from tipstaff.simulation.chance import fixed_normal, fixed_uniform, stream
from tipstaff.simulation.devices import build_wearings
from tipstaff.simulation.geography import SEATS, seat_of
from tipstaff.simulation.hours import LocalDays
from tipstaff.simulation.offence_hours import HABITS, draw_presence_s, draw_window_s
from tipstaff.simulation.places import Builder
from tipstaff.simulation.plan import WorldPlan
from tipstaff.simulation.routes import BY_CAR, ON_FOOT, Router
from tipstaff.simulation.streets import CAR_SPEED_MPS, Streets, build_streets
from tipstaff.simulation.world import simulate


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"wearers": 0}, "at least one wearer"),
        ({"days": 1}, "at least two days"),
        ({"seed": -1}, "seed"),
        ({"crimes_by_others": -1}, "number of crimes"),
        ({"crimes_by_wearers": 5, "first_crime_day": 28}, "first day with crimes"),
        ({"crimes_by_wearers": 5, "first_crime_day": 0}, "first day with crimes"),
        ({"town_width_m": 10.0}, "1500 m wide"),
        ({"force": "Dorset"}, "no town to simulate"),
        ({"start": datetime(2026, 5, 4)}, "time zone"),  # noqa: DTZ001 (that is the fault)
    ],
)
def test_an_impossible_world_is_refused_in_words(change: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        WorldPlan(**change)  # type: ignore[arg-type]


def test_the_usual_density_is_kept() -> None:
    assert WorldPlan(wearers=60).width_m == pytest.approx(3500)
    assert WorldPlan(wearers=240).width_m == pytest.approx(7000)
    assert WorldPlan(wearers=1).width_m == 1500


def test_crimes_asked_for_by_default_fit_the_days() -> None:
    assert WorldPlan(days=10).own_crimes == 0
    assert WorldPlan(days=28).own_crimes > 20
    assert WorldPlan(crimes_by_wearers=0).other_crimes == 0


def test_every_force_has_one_town() -> None:
    assert len({seat.force for seat in SEATS}) == len({seat.code for seat in SEATS}) == 19
    assert seat_of("Durham").code == "DUR"


@pytest.mark.parametrize("wearers", [1, 2])
def test_the_smallest_worlds_work(wearers: int) -> None:
    world = simulate(WorldPlan(wearers=wearers, days=3, crimes_by_wearers=2, first_crime_day=2))
    assert world.positions.num_rows > 1000 * wearers
    assert len(world.crimes) >= 1


def test_progress_is_told_after_every_wearer() -> None:
    told: list[tuple[int, int]] = []
    simulate(WorldPlan(wearers=3, days=2), lambda done, of: told.append((done, of)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_winter_and_summer_days_are_lived_by_the_wall_clock() -> None:
    days = LocalDays(datetime(2026, 3, 28, tzinfo=UTC), 3)  # clocks change on the 29th
    eight = 8 * 3600.0
    assert days.instant_s(0, eight) == eight
    assert days.instant_s(1, eight) == 86_400 + eight - 3600
    assert days.weekend(0)
    assert not days.weekend(2)


def test_hashes_are_uniform_fixed_and_apart() -> None:
    keys = np.arange(20_000)
    values = fixed_uniform(1, "a", keys, 7)
    assert np.array_equal(values, fixed_uniform(1, "a", keys, 7))
    assert 0 <= values.min() <= values.max() < 1
    assert np.histogram(values, 10, (0, 1))[0].std() < 80
    for other in (fixed_uniform(2, "a", keys, 7), fixed_uniform(1, "b", keys, 7)):
        assert abs(np.corrcoef(values, other)[0, 1]) < 0.03
    normal = fixed_normal(1, "n", keys)
    assert abs(normal.mean()) < 0.03
    assert normal.std() == pytest.approx(1, abs=0.03)


@pytest.fixture(scope="module")
def streets() -> Streets:
    return build_streets(stream(4, "streets"), 2500.0)


def test_streets_hang_together(streets: Streets) -> None:
    seen, queue = {int(streets.edge_from[0])}, [int(streets.edge_from[0])]
    while queue:
        node = queue.pop()
        near = streets.neighbours[streets.offsets[node] : streets.offsets[node + 1]]
        fresh = {int(n) for n in near} - seen
        seen |= fresh
        queue += fresh
    assert seen == set(streets.edge_from.tolist()) | set(streets.edge_to.tolist())


def cheapest(streets: Streets, cost: np.ndarray, start: int, goals: dict[int, float]) -> float:
    """Dijkstra, slow and obvious."""
    best, heap = {start: 0.0}, [(0.0, start)]
    while heap:
        far, node = heapq.heappop(heap)
        for k in range(streets.offsets[node], streets.offsets[node + 1]):
            other, reach = int(streets.neighbours[k]), far + float(cost[streets.via[k]])
            if reach < best.get(other, np.inf):
                best[other] = reach
                heapq.heappush(heap, (reach, other))
    return min(best[goal] + extra for goal, extra in goals.items())


@pytest.mark.parametrize("how", [ON_FOOT, BY_CAR])
def test_routes_are_the_quickest_and_keep_to_streets(streets: Streets, how: int) -> None:
    rng, builder, router = stream(9, "test"), Builder(streets), Router(streets)
    cost = streets.length_m if how == ON_FOOT else streets.length_m / CAR_SPEED_MPS[streets.kind]
    for _ in range(25):
        a, b = builder.anywhere(rng, "home"), builder.anywhere(rng, "home")
        route = router.route(a, b, how)
        assert (route.x[0], route.y[-1]) == (a.x, b.y)
        lengths = route.lengths_m[1:-1]
        took = lengths if how == ON_FOOT else lengths / CAR_SPEED_MPS[route.kind[1:-1]]
        if a.edge == b.edge:
            continue
        ends = ((streets.edge_from, b.along), (streets.edge_to, 1 - b.along))
        goals = {int(e[b.edge]): share * float(cost[b.edge]) for e, share in ends}
        starts = ((streets.edge_from, a.along), (streets.edge_to, 1 - a.along))
        quickest = min(
            share * float(cost[a.edge]) + cheapest(streets, cost, int(e[a.edge]), goals)
            for e, share in starts
        )
        assert took.sum() == pytest.approx(quickest)
        assert lengths.max() < 250  # from corner to corner, never across blocks


def test_offences_take_the_time_they_take() -> None:
    rng = stream(1, "presence")
    for kind in HABITS:
        draws = np.array([draw_presence_s(rng, kind) for _ in range(300)])
        whole = draws.sum(axis=1) / 60
        assert whole.min() >= 5
        assert whole.max() <= 40
        assert 7 < np.median(whole) < 24


def test_windows_are_as_long_as_real_ones() -> None:
    rng = stream(1, "windows")
    median_h = {}
    for kind in HABITS:
        draws = np.array([draw_window_s(rng, kind, 50_000.0, 50_900.0) for _ in range(400)])
        assert (draws[:, 0] <= 50_000).all()
        assert (draws[:, 1] >= 50_900).all()
        assert (draws % 60 == 0).all()
        length = (draws[:, 1] - draws[:, 0]) / 3600
        assert length.max() <= 12
        median_h[kind.value] = float(np.median(length))
    assert median_h["RB"] < 0.6
    assert 1.5 < median_h["BIAD"] < 5
    assert 7 < median_h["TFMV"] < 11


def test_tags_are_swapped_and_used_again_but_never_by_two_at_once() -> None:
    plan = WorldPlan(wearers=60)
    reused = 0
    for seed in range(30):
        wearings = build_wearings(replace(plan, seed=seed))
        for key in ("device", "wearer"):
            ordered = sorted(wearings, key=lambda w: (getattr(w, key), w.start_s))
            for one, other in pairwise(ordered):
                if getattr(one, key) == getattr(other, key):
                    assert one.end_s is not None
                    assert one.end_s < other.start_s < plan.span_s
                    reused += key == "device"
    assert reused > 20
