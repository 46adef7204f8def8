"""What a fix says of a place, beside the plain definition without short cuts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tipstaff.domain.accuracy import ERROR_MODEL_V1
from tipstaff.monitoring import zone_evidence as evidence
from tipstaff.monitoring.errors_of_fixes import LEAST_DOUBT, fix_errors
from tipstaff.monitoring.fix_columns import claims_of
from tipstaff.monitoring.presence_evidence import NEITHER, SAYS_AWAY, SAYS_HOME, word_of


def row_of(mechanism: int, radius_m: float) -> evidence.ErrorRow:
    mechanisms = np.array([mechanism], dtype=np.int8)
    row = fix_errors(ERROR_MODEL_V1, mechanisms, np.array([radius_m])).rows[0]
    return (
        float(row[0]), float(row[1]), float(row[2]), float(row[3]), float(row[4]), float(row[5])
    )  # fmt: skip


def garden(x: float, y: float, reach: float, gate: float) -> tuple[evidence.F64, evidence.F64]:
    """A ring like a C, round nothing: its middle is outside it."""
    outer = [(-1, -1), (1, -1), (1, -gate), (0.2, -gate), (0.2, gate), (1, gate), (1, 1), (-1, 1)]
    corners = np.array(outer, dtype=np.float64) * reach + (x, y)
    return np.ascontiguousarray(corners[:, 0]), np.ascontiguousarray(corners[:, 1])


def plainly(east: evidence.F64, north: evidence.F64, row: evidence.ErrorRow) -> int:
    starts = np.array([0, len(east)])
    p = evidence.inside(east, north, starts, row)
    away_m, within = evidence.to_outline(east, north, starts)
    held = max(p, 0.5 if within else min(0.5, evidence.survival(away_m, row)))
    if p >= 0.8:
        return SAYS_HOME
    return SAYS_AWAY if max(held, row[4], LEAST_DOUBT) <= 0.05 else NEITHER


@settings(max_examples=300, deadline=None)
@given(
    st.tuples(st.floats(-200, 200), st.floats(-200, 200)),
    st.floats(5, 300),
    st.floats(0.1, 0.9),
    st.sampled_from([0, 1, 4, 5, 6]),
    st.floats(0, 900),
)
def test_the_short_way_says_what_the_plain_one_does(
    at: tuple[float, float], reach: float, gate: float, mechanism: int, radius: float
) -> None:
    east, north = garden(*at, reach, gate)
    row = row_of(mechanism, radius)
    said = word_of(east, north, np.array([0, len(east)]), row, 0.8, 0.05)
    assert said == plainly(east, north, row)


@pytest.mark.parametrize(
    ("metres", "mechanism", "radius", "said"),
    [
        (0, 1, 10, SAYS_HOME),
        (0, 1, 90, NEITHER),  # poor: much of it lies outside
        (0, 5, 800, NEITHER),  # coarse, and right there: nothing against it
        (45, 1, 10, NEITHER),
        (200, 1, 10, SAYS_AWAY),
        (200, 5, 800, NEITHER),
        (2_000, 5, 800, SAYS_AWAY),
        (2_000, 6, 40, SAYS_AWAY),
    ],
)
def test_of_a_house_and_its_thirty_metres(
    metres: float, mechanism: int, radius: float, said: int
) -> None:
    corners = np.array([(-40, -40), (40, -40), (40, 40), (-40, 40)], dtype=np.float64)
    east, north = corners[:, 0] - metres, np.ascontiguousarray(corners[:, 1])
    assert word_of(east, north, np.array([0, 4]), row_of(mechanism, radius), 0.8, 0.05) == said


@given(st.lists(st.tuples(st.sampled_from([0, 1, 4, 5, 6]), st.integers(-3, 10**7)), max_size=40))
def test_claims_are_each_distinct_pair_once(pairs: list[tuple[int, int]]) -> None:
    whole = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    claim, codes, radii = claims_of(whole[:, 0], whole[:, 1])
    told = [(code, max(radius, -1)) for code, radius in pairs]
    claims = list(zip(codes.tolist(), radii.tolist(), strict=True))
    assert [claims[i] for i in claim] == told
    assert len(claims) == len(set(told))
