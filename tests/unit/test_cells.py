"""Cells: what they cover, how they nest, and how a place is shared among four of them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tipstaff.domain.geodesy import to_mercator
from tipstaff.patterns.cells import (
    COLUMN_BITS,
    MASK,
    ROW_BITS,
    TOP_LEVEL,
    UNIT_M,
    WORLD_M,
    columns_rows,
    corners,
    find,
    ground_scale,
    level_for,
    pack,
    parent,
    wrapped,
)

MERCATOR_X = st.floats(-WORLD_M / 2, WORLD_M / 2, exclude_max=True)
MERCATOR_Y = st.floats(-1.2e7, 1.2e7)
LEVEL = st.integers(0, TOP_LEVEL)


def around(x: float, y: float, level: int) -> dict[int, float]:
    keys, weights = np.zeros(4, np.int64), np.zeros(4)
    corners(x, y, level, keys, weights)
    out: dict[int, float] = {}
    for key, weight in zip(keys.tolist(), weights.tolist(), strict=True):
        out[key] = out.get(key, 0.0) + weight
    return out


def key_of(x: float, y: float, level: int) -> int:
    column, row = columns_rows(np.array([x]), np.array([y]))
    return int(pack(int(column[0]) >> level, int(row[0]) >> level))


def test_a_cell_in_britain_is_about_46_m_wide() -> None:
    _x, y = to_mercator(53.0, -1.5)
    assert UNIT_M * ground_scale(float(y)) == pytest.approx(46.0, abs=0.2)


@settings(deadline=None)
@given(MERCATOR_X, MERCATOR_Y, LEVEL)
def test_the_weights_of_four_cells_sum_to_one(x: float, y: float, level: int) -> None:
    shares = around(x, y, level)
    assert sum(shares.values()) == pytest.approx(1.0, abs=1e-9)
    assert min(shares.values()) >= -1e-9


@settings(deadline=None)
@given(MERCATOR_X, MERCATOR_Y, LEVEL)
def test_a_place_leans_to_its_own_cell(x: float, y: float, level: int) -> None:
    shares = around(x, y, level)
    own = shares.get(key_of(x, y, level), 0.0)
    assert own >= 0.25 - 1e-6
    assert own >= max(shares.values()) - 1e-6


@settings(deadline=None)
@given(st.integers(0, MASK), st.integers(100, MASK - 100), LEVEL)
def test_the_middle_of_a_cell_is_all_its_own(column: int, row: int, level: int) -> None:
    size = UNIT_M * (1 << level)
    half = 1 << (COLUMN_BITS - 1 - level)
    x = ((column >> level) - half + 0.5) * size
    y = ((row >> level) - half + 0.5) * size
    assert around(x, y, level)[pack(column >> level, row >> level)] == pytest.approx(1.0, abs=1e-6)


@settings(deadline=None)
@given(MERCATOR_X, MERCATOR_Y, LEVEL)
def test_cells_nest(x: float, y: float, level: int) -> None:
    assert parent(key_of(x, y, level), level, TOP_LEVEL) == key_of(x, y, TOP_LEVEL)


@settings(deadline=None)
@given(st.floats(-3e4, 3e4), MERCATOR_Y, LEVEL)
def test_a_place_beyond_the_line_is_the_same_place(dx: float, y: float, level: int) -> None:
    edge = WORLD_M / 2
    beyond, within = around(edge + dx, y, level), around(-edge + dx, y, level)
    for key in beyond.keys() | within.keys():
        assert beyond.get(key, 0.0) == pytest.approx(within.get(key, 0.0), abs=1e-6)


def test_columns_wrap_and_rows_stop() -> None:
    edge = WORLD_M / 2
    column, row = columns_rows(np.array([edge, -edge, 0.0, 0.0]), np.array([0.0, 0.0, 9e9, -9e9]))
    assert column[0] == column[1] == 0
    assert row.tolist()[2:] == [MASK, 0]
    assert (row <= (1 << ROW_BITS) - 1).all()


@settings(deadline=None)
@given(st.floats(0.0, 1e8), st.floats(0.3, 1.0))
def test_a_level_is_the_finest_that_is_wide_enough(variance: float, scale: float) -> None:
    level = level_for(variance, scale)
    wanted = 2.0 * math.sqrt(variance + 400.0)
    assert 1 <= level <= TOP_LEVEL
    assert level == TOP_LEVEL or UNIT_M * scale * 2**level >= wanted
    assert level == 1 or UNIT_M * scale * 2 ** (level - 1) < wanted


@settings(deadline=None)
@given(st.sets(st.integers(0, 60)), st.integers(-1, 61))
def test_finding(keys: set[int], key: int) -> None:
    ordered = sorted(keys)
    place = find(np.array(ordered, np.int64), key)
    assert place == (ordered.index(key) if key in keys else -1)


@settings(deadline=None)
@given(st.floats(-0.49, 0.49), st.integers(-2, 2))
def test_differences_go_the_short_way(share: float, turns: int) -> None:
    assert wrapped((share + turns) * WORLD_M) == pytest.approx(share * WORLD_M, abs=1e-6)
    assert wrapped(share * WORLD_M) == share * WORLD_M
