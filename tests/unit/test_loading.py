"""From rows to trails: whose a fix is, which row speaks, and what is counted on the way."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tipstaff.domain.accuracy import to_nominal_radius
from tipstaff.domain.fixes import CONTENT_SCHEMA
from tipstaff.domain.periods import from_micros
from tipstaff.engines.duckdb_engine import DuckdbEngine
from tipstaff.matching.inputs import Worn, WornPeriod, each_device_a_wearer, worn
from tipstaff.matching.loading import Loaded, load
from tipstaff.matching.trails import DOUBT_CLOCK, DOUBT_CONFLICT

MINUTE = 60_000_000
BEGIN = 20_000 * 86_400_000_000
ALWAYS = worn([WornPeriod(0, "w", 0, 2**52), WornPeriod(1, "v", 0, 2**52)])


def fix(minute: float, device: int = 0, **more: Any) -> dict[str, Any]:
    row = dict.fromkeys(CONTENT_SCHEMA.names) | {
        "device_key": device,
        "fix_time": from_micros(BEGIN + int(minute * MINUTE)),
        "lat_e7": 526_000_000,
        "lon_e7": -7_000_000,
        "mechanism": 1,
        "precision_cm": 800,
        "precision_level_pct": 95,
    }
    return row | more


def loaded(rows: list[dict[str, Any]], who: Worn = ALWAYS, size: int = 10**6) -> Loaded:
    table = pa.Table.from_pylist(rows, schema=CONTENT_SCHEMA)
    whole = list(DuckdbEngine(threads=1).ordered_fixes(table, who.table))
    pieces = [b.slice(k, size) for b in whole for k in range(0, b.num_rows, size)]
    return load(pieces, who.wearers, who.active)


def test_wearers_come_in_order_and_fixes_in_time() -> None:
    found = loaded([fix(3), fix(1), fix(2, 1), fix(0, 1)])
    assert found.trails.wearers == ("v", "w")
    assert found.trails.offsets.tolist() == [0, 2, 4]
    assert ((found.trails.t_us - BEGIN) // MINUTE).tolist() == [0, 2, 1, 3]
    assert found.device_key.tolist() == [1, 1, 0, 0]


def test_a_fix_belongs_to_who_wore_the_device_then() -> None:
    change = BEGIN + 10 * MINUTE
    who = worn([WornPeriod(0, "a", BEGIN, change), WornPeriod(0, "b", change, change + MINUTE)])
    found = loaded([fix(m) for m in (-1, 0, 9.99, 10, 10.5, 11)], who)
    times = ((found.trails.t_us - BEGIN) / MINUTE).round(2).tolist()
    assert found.trails.offsets.tolist() == [0, 2, 4]
    assert times == [0, 9.99, 10, 10.5]
    assert found.trails.active_offsets.tolist() == [0, 1, 2]


def test_a_wearer_without_a_fix_stays() -> None:
    found = loaded([fix(0)])
    assert found.trails.wearers == ("v", "w")
    assert found.trails.offsets.tolist() == [0, 0, 1]
    empty = loaded([])
    assert empty.trails.offsets.tolist() == [0, 0, 0]
    assert (empty.rows, empty.duplicates, empty.conflicts) == (0, 0, 0)


def test_what_is_sent_twice_is_one_fix() -> None:
    found = loaded([fix(0), fix(1), fix(0), fix(0)])
    assert (found.rows, found.duplicates, found.conflicts) == (2, 2, 0)
    assert found.trails.doubt.tolist() == [0, 0]


@pytest.mark.parametrize(
    ("speaks", "silent"),
    [
        ({"mechanism": 1, "precision_cm": 9_000}, {"mechanism": 5, "precision_cm": 100}),
        ({"precision_cm": 500}, {"precision_cm": 600}),
        ({"precision_cm": 500}, {"precision_cm": None}),
        ({"lat_e7": 526_000_000}, {"lat_e7": 526_000_001}),
    ],
    ids=["satellite first", "the smaller radius", "a stated radius", "the lower value"],
)
@pytest.mark.parametrize("turned", [False, True])
def test_one_content_speaks_and_is_doubted(
    speaks: dict[str, Any], silent: dict[str, Any], turned: bool
) -> None:
    rows = [fix(0, **speaks), fix(0, **silent), fix(1)]
    found = loaded(rows[::-1] if turned else rows)
    assert (found.rows, found.duplicates, found.conflicts) == (2, 0, 1)
    assert found.trails.doubt.tolist() == [DOUBT_CONFLICT, 0]
    alone = loaded([rows[0], rows[2]]).trails
    for name in ("lat_e7", "mechanism", "radius_m"):
        assert np.array_equal(getattr(found.trails, name), getattr(alone, name))


def test_a_conflict_sent_twice_is_counted_apart_from_its_copies() -> None:
    one, other = fix(0, precision_cm=500), fix(0, precision_cm=600)
    found = loaded([one, other, other, one])
    assert (found.rows, found.duplicates, found.conflicts) == (1, 2, 1)


def test_two_devices_of_one_instant_do_not_conflict() -> None:
    who = worn([WornPeriod(0, "w", 0, 2**52), WornPeriod(1, "w", 0, 2**52)])
    found = loaded([fix(0), fix(0, 1, lat_e7=526_000_500)], who)
    assert (found.rows, found.conflicts) == (2, 0)
    assert found.trails.doubt.tolist() == [0, 0]


def test_radii_are_brought_to_one_level() -> None:
    found = loaded(
        [
            fix(0, precision_cm=1_000, precision_level_pct=95),
            fix(1, precision_cm=1_000, precision_level_pct=68),
            fix(2, precision_cm=None),
            fix(3, precision_cm=0),
            fix(4, precision_cm=1_000, precision_level_pct=None),
        ]
    )
    wide = float(to_nominal_radius(10.0, 0.68))
    assert wide > 15
    expected = [10.0, wide, np.nan, 0.0, 10.0]
    assert np.allclose(found.trails.radius_m, expected, equal_nan=True)


def test_a_device_ahead_of_its_supplier_is_doubted() -> None:
    late = [fix(m, recorded_time=from_micros(BEGIN + m * MINUTE - 3600 * 10**6)) for m in range(9)]
    assert (loaded(late).trails.doubt & DOUBT_CLOCK).all()


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 1), st.integers(0, 2)), min_size=1, max_size=25
    ),
    st.integers(1, 7),
    st.randoms(use_true_random=False),
)
def test_neither_order_nor_batches_matter(
    rows: list[tuple[int, int, int]], size: int, rng: Any
) -> None:
    fixes = [fix(m, device, precision_cm=500 + 100 * other) for m, device, other in rows]
    whole = loaded(fixes)
    rng.shuffle(fixes)
    parts = loaded(fixes, size=size)
    assert parts.digest == whole.digest
    for name in ("rows", "duplicates", "conflicts"):
        assert getattr(parts, name) == getattr(whole, name)
    assert np.array_equal(parts.device_key, whole.device_key)
    for name in type(whole.trails).__slots__:
        a, b = getattr(parts.trails, name), getattr(whole.trails, name)
        assert a == b if name == "wearers" else np.array_equal(a, b, equal_nan=True)
    assert whole.rows == len({(m, d) for m, d, _ in rows})
    assert whole.conflicts == len(set(rows)) - whole.rows
    assert whole.duplicates == len(rows) - len(set(rows))


def test_the_digest_tells_data_apart() -> None:
    base = loaded([fix(0), fix(1)]).digest
    assert base == loaded([fix(1), fix(0), fix(0)]).digest
    others = [
        loaded([fix(0)]).digest,
        loaded([fix(0), fix(1, lat_e7=1)]).digest,
        loaded([fix(0), fix(1, mechanism=5)]).digest,
        loaded([fix(0), fix(1, precision_cm=None)]).digest,
        loaded([fix(0), fix(1)], worn([WornPeriod(0, "x", 0, 2**52)])).digest,
    ]
    assert len({base, *others}) == 6


def test_without_activations_each_device_is_its_own_wearer() -> None:
    table = pa.Table.from_pylist([fix(5), fix(9), fix(7, 1)], schema=CONTENT_SCHEMA)
    who = each_device_a_wearer(table, {0: "tag b", 1: "tag a"})
    assert who.wearers == ("tag a", "tag b")
    assert ((who.active[1] - BEGIN) // MINUTE).tolist() == [7, 5]
    assert ((who.active[2] - 1 - BEGIN) // MINUTE).tolist() == [7, 9]
    assert loaded(table.to_pylist(), who).rows == 3
