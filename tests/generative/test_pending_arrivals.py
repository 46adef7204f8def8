"""In whatever order data arrive, with a match of what is pending after each, the same stands.

It equals matching everything at once on the same background, byte for byte.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from instance_fixtures import TestInstance
from late_world import (
    afresh_rows,
    first_match,
    of_pieces,
    pending,
    pieces_of,
    put_on,
    record,
    standing_rows,
    take_in,
)

from tipstaff.simulation.world import World, WorldPlan, simulate

PLAN = WorldPlan(
    seed=31,
    wearers=4,
    days=20,
    first_crime_day=17,
    crimes_by_wearers=4,
    crimes_by_others=1,
    town_width_m=4_000.0,
)


@pytest.fixture(scope="module")
def world() -> World:
    return simulate(PLAN)


@pytest.mark.parametrize("instance", ["sqlite"], indirect=True)
@settings(max_examples=2, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_order_of_arrival(
    turn_to: Callable[[str], TestInstance], world: World, data: st.DataObject
) -> None:
    late = data.draw(st.lists(st.sampled_from(pieces_of(world)), min_size=2, max_size=4,
                              unique=True))  # fmt: skip
    people = sorted({row["wearer_id"] for row in world.activations.to_pylist()})
    unknown = data.draw(st.sampled_from([(), (people[0],)]))
    arrivals: list[Any] = [[piece] for piece in late[2:]] + [late[:2]] + [list(unknown)]
    order = data.draw(st.permutations(arrivals))
    with tempfile.TemporaryDirectory() as place:
        turn_to(Path(place).name)
        folder = Path(place)
        put_on(world, [name for name in people if name not in unknown])
        take_in(folder, of_pieces(world, late, others=True))
        record(world.crimes)
        first_match()
        assert standing_rows() == afresh_rows()
        made = []
        for arrival in order:
            if arrival and isinstance(arrival[0], str):
                put_on(world, arrival)
            elif arrival:
                take_in(folder, of_pieces(world, arrival))
            made.append(pending().pairs)
            assert pending().pairs == 0
        assert sum(made) > 0
        assert standing_rows() == afresh_rows()
