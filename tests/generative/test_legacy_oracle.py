"""The legacy rule's kernel agrees with its slow reference on random trails."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tipstaff.domain.geodesy import LocalPlane, distance_m, from_e7, to_e7
from tipstaff.matching import legacy, legacy_reference
from tipstaff.matching.trails import Scenes, Trails

MINUTE = 60_000_000
FIX = st.tuples(
    st.integers(-15, 75),
    st.floats(-250, 250),
    st.floats(-250, 250),
    st.one_of(st.just(0.0), st.just(float("nan")), st.floats(1, 200)),
)


def _trails(fixes: list[tuple[int, float, float, float]], split: int) -> Trails:
    """Two wearers with the same scene: the first owns `split` of the fixes."""
    ordered = sorted(fixes[:split]) + sorted(fixes[split:])
    lat, lon = LocalPlane(52.6, -0.7).to_degrees([f[1] for f in ordered], [f[2] for f in ordered])
    return Trails(
        wearers=("a", "b"),
        offsets=np.array([0, split, len(fixes)]),
        t_us=np.array([f[0] * MINUTE for f in ordered], dtype=np.int64),
        lat_e7=to_e7(lat),
        lon_e7=to_e7(lon),
        radius_m=np.array([f[3] for f in ordered], dtype=np.float64),
        mechanism=np.ones(len(fixes), dtype=np.int8),
        doubt=np.zeros(len(fixes), dtype=np.int8),
        active_offsets=np.zeros(3, dtype=np.int64),
        active_from_us=np.empty(0, dtype=np.int64),
        active_to_us=np.empty(0, dtype=np.int64),
    )


@settings(deadline=None, max_examples=60)
@given(st.lists(FIX, max_size=25, unique_by=lambda f: f[0]), st.integers(0, 25))
def test_kernel_agrees_with_the_reference(
    fixes: list[tuple[int, float, float, float]], split: int
) -> None:
    trails = _trails(fixes, min(split, len(fixes)))
    place = from_e7(trails.lat_e7), from_e7(trails.lon_e7)
    for distance, radius in zip(distance_m(52.6, -0.7, *place), trails.radius_m, strict=True):
        share = legacy_reference.shared_share(float(distance), float(radius))
        # Strips are good to 1e-4; what lies nearer to the edge than that is left out.
        assume(abs(share - 0.5) > 1e-3 and abs(distance - 100.0) > 1e-6)
    scenes = Scenes(
        index=np.array([0]),
        latitude=np.array([52.6]),
        longitude=np.array([-0.7]),
        rounding_m=np.array([1.0]),
        start_us=np.array([0]),
        end_us=np.array([60 * MINUTE]),
    )
    pairs = np.array([0, 0]), np.array([0, 1])
    fast = legacy.match_pairs(trails, scenes, *pairs)
    slow = legacy_reference.match_pairs(trails, scenes, *pairs)
    assert fast.labels == slow.labels
    assert np.array_equal(fast.matched, slow.matched)
    assert np.array_equal(fast.fixes, slow.fixes)
    assert np.allclose(fast.nearest_m, slow.nearest_m, rtol=1e-9, atol=1e-6, equal_nan=True)
