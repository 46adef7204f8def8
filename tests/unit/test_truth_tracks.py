"""Tracks with truth: known layouts, given layouts, rows left out with a reason."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tipstaff.domain.accuracy import FixClass
from tipstaff.formats.simulated_truth import simulated_errors
from tipstaff.formats.truth_tracks import (
    TruthRead,
    layout_from_toml,
    read_truth_csv,
    read_truth_parquet,
)
from tipstaff.simulation.world import WorldPlan, simulate

HEADER = "device_id,fix_time,latitude,longitude,precision_m,mechanism,true_latitude,true_longitude"
GOOD = "a,2026-01-01T00:00:00Z,52.6001,-1.1,12,GPS,52.6,-1.1"


def read(*rows: str, header: str = HEADER) -> TruthRead:
    return read_truth_csv(io.BytesIO("\n".join([header, *rows]).encode()))


def test_real_phones_and_survey_track(shared_data: Path) -> None:
    folder = shared_data / "gps-ground-truth"
    with (folder / "nexus_stationary.csv").open("rb") as stream:
        phones = read_truth_csv(stream)
    with (folder / "ublox_f9k_vs_span.csv").open("rb") as stream:
        drive = read_truth_csv(stream)
    assert phones.sample is not None
    assert drive.sample is not None
    assert (phones.layout, phones.faults) == ("android phone", ())
    assert len(phones.sample.groups) == 2
    # Android's 3 m at 68% is 4.9 m at 95%, by the t with ν = 4.
    assert phones.sample.radius_m.min() == pytest.approx(3.0 * 3.727 / 1.754, rel=0.01)
    assert (drive.layout, drive.faults) == ("receiver beside a survey instrument", ())
    assert len(drive.sample.t_us) == 1627
    assert np.isnan(drive.sample.radius_m).all()


def test_stated_errors_of_the_real_files_are_found_again(shared_data: Path) -> None:
    path = shared_data / "gps-ground-truth" / "ublox_f9k_vs_span.csv"
    stated = np.genfromtxt(path, delimiter=",", skip_header=1, usecols=8)
    with path.open("rb") as stream:
        sample = read_truth_csv(stream).sample
    assert sample is not None
    np.testing.assert_allclose(np.sort(sample.error_m), np.sort(stated), atol=0.01)


def test_one_row() -> None:
    found = read(GOOD)
    assert found.faults == ()
    assert found.sample is not None
    assert found.sample.groups == ("a",)
    assert found.sample.north_m[0] == pytest.approx(11.13, abs=0.01)
    assert found.sample.fix_class.tolist() == [FixClass.GPS]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("a,yesterday,52.6,-1.1,12,GPS,52.6,-1.1", "fix_time"),
        ("a,2026-01-01T00:00:00,52.6,-1.1,12,GPS,52.6,-1.1", "fix_time"),  # no zone: refused
        ("a,2026-01-01T00:00:00Z,91,-1.1,12,GPS,52.6,-1.1", "latitude"),
        ("a,2026-01-01T00:00:00Z,52.6,nan,12,GPS,52.6,-1.1", "longitude"),
        ("a,2026-01-01T00:00:00Z,52.6,-1.1,-4,GPS,52.6,-1.1", "precision_m"),
        ("a,2026-01-01T00:00:00Z,52.6,-1.1,wide,GPS,52.6,-1.1", "precision_m"),
        ("a,2026-01-01T00:00:00Z,52.6,-1.1,12,SONAR,52.6,-1.1", "mechanism"),
        ("a,2026-01-01T00:00:00Z,52.6,-1.1,12,GPS,52.6,", "true_longitude"),
        ("a,2026-01-01T00:00:00Z,52.6", "longitude"),
    ],
)
def test_bad_rows_are_left_out_with_their_field(row: str, field: str) -> None:
    found = read(GOOD, row)
    assert [(f.row, f.field, f.code) for f in found.faults] == [(2, field, "INVALID_VALUE")]
    assert found.sample is not None
    assert len(found.sample.t_us) == 1


def test_codes_empty_radii_and_a_bom() -> None:
    text = "\ufeff" + "\n".join([HEADER, GOOD.replace("GPS", "5").replace(",12,", ",,")])
    found = read_truth_csv(io.BytesIO(text.encode()))
    assert found.sample is not None
    assert np.isnan(found.sample.radius_m[0])
    assert found.sample.fix_class.tolist() == [FixClass.NETWORK_COARSE]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "UNKNOWN_COLUMNS"),
        (b"a,b\n1,2\n", "UNKNOWN_COLUMNS"),
        (b"\x00\xff\xfe\n", "UNKNOWN_COLUMNS"),
        (HEADER.encode(), "NO_GOOD_ROW"),
    ],
)
def test_files_that_hold_nothing(content: bytes, code: str) -> None:
    found = read_truth_csv(io.BytesIO(content))
    assert found.sample is None
    assert [f.code for f in found.faults] == [code]


def test_a_simulated_world_s_removed_tags_are_passed_over() -> None:
    header = HEADER + ",error_m,error_kind"
    found = read(GOOD + ",11.13,normal", GOOD + ",11.13,removed", header=header)
    assert found.layout == "simulated world"
    assert found.faults == ()
    assert found.sample is not None
    assert len(found.sample.t_us) == 1


def test_columns_of_a_simulated_world_read_as_its_file_does() -> None:
    world = simulate(WorldPlan(seed=3, wearers=3, days=2, crimes_by_wearers=0, crimes_by_others=0))
    stream = io.BytesIO()
    pq.write_table(world.truth_fixes, stream)
    stream.seek(0)
    from_file = read_truth_parquet(stream)
    in_columns = simulated_errors(world.truth_fixes)
    assert from_file.faults == ()
    assert from_file.sample is not None
    assert from_file.sample.groups == in_columns.groups
    for name in ("group", "t_us", "fix_class", "spot", "radius_m", "east_m", "north_m"):
        np.testing.assert_array_equal(getattr(from_file.sample, name), getattr(in_columns, name))
    # The simulation states each error itself; ours is measured again from the degrees it wrote.
    kinds = np.array(world.truth_fixes.column("error_kind").to_pylist())
    stated = world.truth_fixes.column("error_m").to_numpy()[kinds != "removed"]
    np.testing.assert_allclose(np.sort(in_columns.error_m), np.sort(stated), atol=0.2)


def test_parquet_with_timestamps() -> None:
    table = pa.table(
        {
            "device_id": ["a", "a"],
            "fix_time": pa.array([datetime(2026, 1, 1, tzinfo=UTC)] * 2, pa.timestamp("us", "UTC")),
            "latitude": [52.6, None],
            "longitude": [-1.1, -1.1],
            "precision_m": [10.0, 10.0],
            "mechanism": pa.array([1, 1], pa.int8()),
            "true_latitude": [52.6, 52.6],
            "true_longitude": [-1.1, -1.1],
        }
    )
    stream = io.BytesIO()
    pq.write_table(table, stream)
    stream.seek(0)
    found = read_truth_parquet(stream)
    assert [(f.row, f.field) for f in found.faults] == [(2, "latitude")]
    assert found.sample is not None
    assert read_truth_parquet(io.BytesIO(b"PAR1 not so")).faults[0].code == "UNREADABLE"


LAYOUT = """
time = "when"
latitude = "y"
longitude = "x"
true_latitude = "ty"
true_longitude = "tx"
accuracy = "acc"
level = 0.5
constant = "WIFI"
track = ["who"]
"""


def test_a_layout_of_ones_own() -> None:
    layout = layout_from_toml(LAYOUT)
    content = b"who,when,y,x,ty,tx,acc\nme,2026-01-01T01:00:00+01:00,52,0,52,0,20\n"
    found = read_truth_csv(io.BytesIO(content), layout, "t.csv")
    assert found.sample is not None
    assert found.sample.groups == ("t.csv me",)
    assert found.sample.t_us[0] == 1_767_225_600_000_000
    assert found.sample.fix_class.tolist() == [FixClass.NETWORK_FINE]
    assert found.sample.radius_m[0] > 20
    lacking = read_truth_csv(io.BytesIO(content.replace(b",acc", b",a")), layout)
    assert [(f.code, f.field) for f in lacking.faults] == [("MISSING_COLUMN", "acc")]


@pytest.mark.parametrize(
    "text",
    ["time = 1 2", "speed = 'v'", LAYOUT.replace("0.5", "95"), LAYOUT.replace("WIFI", "SONAR")],
)
def test_a_layout_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        layout_from_toml(text)
