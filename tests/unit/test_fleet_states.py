"""States as bytes: what was kept comes back, and nothing else is taken for it."""

from __future__ import annotations

import numpy as np
import pytest
from lives_in_words import every, facts, instant, periods, place

from tipstaff.domain.zones import Circle, Harm
from tipstaff.monitoring.engine import advance, fact_columns
from tipstaff.monitoring.fleet_states import (
    FleetState,
    StateError,
    from_bytes,
    new_fleet_state,
    to_bytes,
)
from tipstaff.monitoring.fleets import Fleet, fleet_of
from tipstaff.monitoring.outlines import outline_of
from tipstaff.monitoring.parameters import PARAMETERS_V1
from tipstaff.monitoring.watches import CurfewWatch, Demanded, PlaceToBe, ZoneWatch


def fleet(radius_m: float = 40.0, hours: str = "10:00-11:00") -> Fleet:
    outline = outline_of(Circle(place(0, 0), radius_m))
    zone = ZoneWatch("z", False, Harm.HIGH, outline, periods(hours))
    demanded = tuple(Demanded(a, b, 1, a) for a, b in periods(hours))
    return fleet_of(
        [[zone], [CurfewWatch("c", (PlaceToBe("home", outline),), demanded)]], PARAMETERS_V1
    )


def lived(watched: Fleet) -> FleetState:
    life = facts(every(5, "09:50", "10:30", "gps r10 0,0"))
    columns = fact_columns([life, life], watched, PARAMETERS_V1)
    return advance(watched, new_fleet_state(watched, 0), columns, instant("10:30"))[1]


def test_what_was_kept_comes_back() -> None:
    state = lived(fleet())
    read = from_bytes(fleet(), to_bytes(fleet(), state))
    assert read.horizon_us == state.horizon_us
    for ours, theirs in zip(
        [*state.zones, *state.presences], [*read.zones, *read.presences], strict=True
    ):
        np.testing.assert_array_equal(ours, theirs)
        assert theirs.flags.writeable


def test_periods_may_be_added_to() -> None:
    content = to_bytes(fleet(), lived(fleet()))
    assert from_bytes(fleet(hours="10:00-12:00"), content).horizon_us == instant("10:30")


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda content: content[:-1],
        lambda content: content[:20],
        lambda content: content + b"x",
        lambda content: b"X" + content[1:],
        lambda content: content[:14] + b"\x07" + content[15:],  # a version to come
        lambda content: b"",
    ],
)
def test_what_is_no_state_is_refused(spoilt: object) -> None:
    content = to_bytes(fleet(), lived(fleet()))
    with pytest.raises(StateError):
        from_bytes(fleet(), spoilt(content))  # type: ignore[operator]


def test_the_state_of_another_zone_is_refused() -> None:
    content = to_bytes(fleet(), lived(fleet()))
    with pytest.raises(StateError):
        from_bytes(fleet(radius_m=41.0), content)


def test_late_facts_and_facts_to_come_are_a_broken_call() -> None:
    watched = fleet()
    state = lived(watched)
    for line in ("10:30 gps 0,0", "10:41 gps 0,0"):
        columns = fact_columns([facts([line]), []], watched, PARAMETERS_V1)
        with pytest.raises(ValueError, match="facts"):
            advance(watched, state, columns, instant("10:40"))
