"""A simulated world is plausible: errors, faults, crimes and lives within bounds."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from tipstaff.domain.geodesy import distance_m
from tipstaff.domain.periods import to_micros
from tipstaff.simulation.plan import WorldPlan
from tipstaff.simulation.world import World, simulate

DAYS = 18
WEARERS = 30
MINUTES = DAYS * 1440
MINUTE_US = 60_000_000


@pytest.fixture(scope="module")
def world() -> World:
    return simulate(
        WorldPlan(seed=23, wearers=WEARERS, days=DAYS, crimes_by_wearers=60, crimes_by_others=30)
    )


def micros(column: Any) -> np.ndarray:
    return np.asarray(column.cast(pa.int64()).to_numpy())


def words(column: Any) -> np.ndarray:
    return np.asarray(column.to_numpy())


def grid(world: World, name: str) -> np.ndarray:
    return world.truth_paths[name].to_numpy().reshape(WEARERS, MINUTES)


def errors(world: World, *kinds: str, mechanism: str = "GPS") -> np.ndarray:
    fixes = world.truth_fixes
    chosen = pc.and_(
        pc.is_in(fixes["error_kind"], pa.array(kinds)), pc.equal(fixes["mechanism"], mechanism)
    )
    return np.asarray(fixes.filter(chosen)["error_m"].to_numpy())


def test_shapes_and_types(world: World) -> None:
    assert world.positions.column_names == [
        "device_id", "fix_time", "latitude", "longitude", "precision_m", "mechanism", "speed_kmh",
        "direction_deg", "satellites", "hdop", "recorded_time", "received_time",
    ]  # fmt: skip
    assert world.truth_paths.num_rows == WEARERS * MINUTES
    assert len(world.crimes) == 90
    assert world.truth_crimes.num_rows == 90
    assert {c.key for c in world.crimes} == {
        (r["force"], r["reference"], 1) for r in world.truth_crimes.to_pylist()
    }
    for name in ("device_id", "fix_time", "latitude", "longitude", "recorded_time"):
        assert world.positions[name].null_count == 0
    assert set(world.positions["mechanism"].to_pylist()) == {"GPS", "LBS", "WIFI", "RF"}


def test_feed_and_truth_tell_the_same_fixes(world: World) -> None:
    sent, truth = world.positions, world.truth_fixes
    pairs = sent.select(["device_id", "fix_time"]).group_by(["device_id", "fix_time"])
    assert pairs.aggregate([]).num_rows == truth.num_rows
    joined = sent.join(truth, ["device_id", "fix_time"], join_type="inner", right_suffix="_truth")
    assert joined.num_rows == sent.num_rows
    assert joined["latitude"].combine_chunks().equals(joined["latitude_truth"].combine_chunks())


def test_outdoor_satellite_errors_have_the_measured_heavy_tail(world: World) -> None:
    outdoors = errors(world, "normal", "canyon")
    assert 3.0 < np.median(outdoors) < 5.0
    assert 0.75 < (outdoors < 10).mean() < 0.83
    assert np.quantile(outdoors, 0.99) > 30


def test_jumps_are_rare_far_and_in_bursts(world: World) -> None:
    jumps = errors(world, "gross")
    satellite = pc.sum(pc.equal(world.truth_fixes["mechanism"], "GPS")).as_py()
    assert 0.004 < jumps.size / satellite < 0.012
    assert 150 < np.median(jumps) < 400
    gross = words(world.truth_fixes["error_kind"]) == "gross"
    starts = (gross[1:] & ~gross[:-1]).sum()
    assert gross.sum() / starts > 1.5


def test_roofs_and_canyons_make_it_worse(world: World) -> None:
    open_sky = np.median(errors(world, "normal"))
    assert np.median(errors(world, "canyon")) > 2 * open_sky
    assert np.median(errors(world, "indoor")) > 1.5 * open_sky


def test_small_network_radii_are_right_one_time_in_five(world: World) -> None:
    fixes = world.truth_fixes
    network = fixes.filter(pc.is_in(fixes["error_kind"], pa.array(["network"])))
    error, claim = network["error_m"].to_numpy(), network["precision_m"].to_numpy()
    small, large = claim <= 100, (claim >= 500) & (claim <= 750)
    assert (small | large).all()
    assert 0.1 < (error <= claim)[small].mean() < 0.32
    assert 170 < np.median(error[large]) < 240


def test_errors_last_for_about_a_minute_or_more(world: World) -> None:
    """Successive errors outdoors point the same way, later ones less so."""
    fixes = world.truth_fixes
    north = (fixes["latitude"].to_numpy() - fixes["true_latitude"].to_numpy()) * 111_000
    plain = np.isin(words(fixes["error_kind"]), ["normal"]) & (np.abs(north) < 30)

    def likeness(lag: int) -> float:
        pair = plain[lag:] & plain[:-lag]
        return float(np.corrcoef(north[lag:][pair], north[:-lag][pair])[0, 1])

    assert 0.2 < likeness(1) < 0.9
    assert likeness(8) < likeness(1) - 0.1


def test_held_positions_repeat_the_one_before_exactly(world: World) -> None:
    fixes = world.truth_fixes.filter(pc.equal(world.truth_fixes["mechanism"], "GPS"))
    held = words(fixes["error_kind"]) == "held"
    same = words(fixes["device_id"])[1:] == words(fixes["device_id"])[:-1]
    lat, lon = fixes["latitude"].to_numpy(), fixes["longitude"].to_numpy()
    repeated = (lat[1:] == lat[:-1]) & (lon[1:] == lon[:-1])
    assert held.mean() > 0.1
    assert repeated[held[1:] & same].mean() > 0.999


def test_a_cached_place_is_the_place_before(world: World) -> None:
    fixes = world.truth_fixes
    cached = fixes.filter(pc.equal(fixes["error_kind"], "cached"))
    assert cached.num_rows > 20
    assert np.median(cached["error_m"].to_numpy()) > 250


def test_nobody_moves_faster_than_a_car_or_through_walls_of_time(world: World) -> None:
    lat, lon = grid(world, "latitude"), grid(world, "longitude")
    speed = distance_m(lat[:, :-1], lon[:, :-1], lat[:, 1:], lon[:, 1:]) / 60
    assert speed.max() < 19.0
    walking = words(world.truth_paths["mode"]).reshape(WEARERS, MINUTES) == "walk"
    assert speed[walking[:, 1:] & walking[:, :-1]].max() < 2.0


def test_people_sleep_at_home_and_go_out_by_day(world: World) -> None:
    home = words(world.truth_paths["mode"]).reshape(WEARERS, DAYS, 1440) == "home"
    assert home[:, :, 3 * 60].mean() > 0.85  # 04:00 local
    assert home[:, :, 15 * 60].mean() < 0.8
    modes = set(world.truth_paths["mode"].to_pylist())
    assert modes == {"home", "work", "still", "walk", "cycle", "drive"}


def test_the_offender_is_at_the_scene_throughout(world: World) -> None:
    lat, lon = grid(world, "latitude"), grid(world, "longitude")
    row = {w: i for i, w in enumerate(world.truth_paths["wearer_id"].to_pylist()[::MINUTES])}
    start = to_micros(world.plan.start)
    for crime in world.truth_crimes.to_pylist():
        if crime["wearer_id"] is None:
            continue
        first = -(-(to_micros(crime["present_start"]) - start) // MINUTE_US)
        last = (to_micros(crime["present_end"]) - start) // MINUTE_US
        assert last - first >= 3
        there = slice(first, last + 1)
        who = row[crime["wearer_id"]]
        away = distance_m(crime["latitude"], crime["longitude"], lat[who, there], lon[who, there])
        assert away.max() <= 20.0
        assert crime["present_start"] <= crime["committed_start"] < crime["committed_end"]


def test_windows_contain_the_offence_and_are_at_most_twelve_hours(world: World) -> None:
    stated = {c.reference: c for c in world.crimes}
    share = []
    for truth in world.truth_crimes.to_pylist():
        crime = stated[truth["reference"]]
        assert crime.start <= truth["committed_start"]
        assert truth["committed_end"] <= crime.end
        length = (crime.end - crime.start).total_seconds()
        assert length <= 12 * 3600
        share.append((truth["committed_start"] - crime.start).total_seconds() / length)
    assert np.std(share) > 0.2  # anywhere in the window, not in its middle


def test_crimes_begin_on_their_first_day(world: World) -> None:
    first = min(r["committed_start"] for r in world.truth_crimes.to_pylist())
    assert (first - world.plan.start).days >= world.plan.first_crime_day - 1


def test_police_places_are_off_by_tens_of_metres(world: World) -> None:
    crimes = world.truth_crimes
    names = ("latitude", "longitude", "stated_latitude", "stated_longitude")
    off = distance_m(*(crimes[name].to_numpy() for name in names))
    assert 12 < np.median(off) < 60
    assert off.max() < 300
    assert {c.rounding_m for c in world.crimes} == {1.0, 0.11132}


def test_some_crimes_are_in_series_by_one_person_in_one_area(world: World) -> None:
    series: dict[str, list[dict[str, Any]]] = {}
    for crime in world.truth_crimes.to_pylist():
        if crime["series_id"]:
            series.setdefault(crime["series_id"], []).append(crime)
    assert len(series) >= 3
    for crimes in series.values():
        assert len({c["wearer_id"] for c in crimes}) == 1
        first = crimes[0]
        for other in crimes[1:]:
            places = (first["latitude"], first["longitude"], other["latitude"], other["longitude"])
            assert distance_m(*places) < 900


def test_references_say_nothing_about_the_offender(world: World) -> None:
    numbers = [int(c.reference.rsplit("/", 1)[1]) for c in world.crimes]
    by = {r["reference"]: r["wearer_id"] for r in world.truth_crimes.to_pylist()}
    tagged = np.array([by[c.reference] is not None for c in world.crimes])
    order = np.argsort(numbers)
    assert abs(np.corrcoef(np.arange(order.size), tagged[order])[0, 1]) < 0.3


def test_gaps_and_flat_batteries_are_silent(world: World) -> None:
    faults = [f for f in world.faults.to_pylist() if f["kind"] in {"gap", "flat"}]
    skewed = {f["device_id"] for f in world.faults.to_pylist() if f["kind"] == "skew"}
    assert len(faults) > 50
    fixes = world.truth_fixes.filter(pc.not_equal(world.truth_fixes["error_kind"], "rf"))
    device, at = words(fixes["device_id"]), micros(fixes["fix_time"])
    own = {name: at[device == name] for name in {f["device_id"] for f in faults} - skewed}
    for fault in (f for f in faults if f["device_id"] not in skewed):
        times = own[fault["device_id"]]
        inside = (times >= to_micros(fault["start"])) & (times < to_micros(fault["end"]))
        assert not inside.any()


def test_the_suppliers_clock_shows_a_wrong_one(world: World) -> None:
    late = micros(world.positions["recorded_time"]) - micros(world.positions["fix_time"])
    device = words(world.positions["device_id"])
    skews = [f for f in world.faults.to_pylist() if f["kind"] == "skew"]
    assert skews
    for fault in skews:
        off_s = float(fault["detail"].split()[-2])
        assert np.median(late[device == fault["device_id"]]) / 1e6 == pytest.approx(-off_s, abs=12)
    wrong = [f["device_id"] for f in world.faults.to_pylist() if f["kind"] == "skew"]
    right = late[~np.isin(device, wrong)]
    assert (right > 0).all()
    assert right.max() <= 12_000_000


def test_one_row_in_a_hundred_comes_twice_and_some_come_late(world: World) -> None:
    rows = world.positions.num_rows / world.truth_fixes.num_rows
    assert 1.008 < rows < 1.012
    wait = micros(world.positions["received_time"]) - micros(world.positions["recorded_time"])
    assert wait.min() > 0
    assert np.median(wait) < 600e6
    assert 0.002 < (wait > 3600e6).mean() < 0.05
    received = micros(world.positions["received_time"])
    assert (np.diff(received) < 0).mean() > 0.001  # repeats come after what was sent since


def test_a_burst_comes_newest_first(world: World) -> None:
    wait = micros(world.positions["received_time"]) - micros(world.positions["recorded_time"])
    late = world.positions.filter(pa.array(wait > 7200 * 10**6))
    fix, received = micros(late["fix_time"]), micros(late["received_time"])
    device = words(late["device_id"])
    together = (device[1:] == device[:-1]) & (received[1:] == received[:-1])
    assert (np.diff(fix)[together] < 0).mean() > 0.95


def test_a_tag_left_at_home_reports_home() -> None:
    world = simulate(WorldPlan(seed=3, wearers=60, days=6, crimes_by_wearers=0, crimes_by_others=0))
    removed = [f for f in world.faults.to_pylist() if f["kind"] == "removed"]
    kinds = words(world.truth_fixes["error_kind"])
    assert removed
    away = world.truth_fixes["error_m"].to_numpy()[kinds == "removed"]
    assert np.median(away) > 200


def test_activations_cover_wearers_and_never_overlap(world: World) -> None:
    rows = world.activations.to_pylist()
    assert len({r["wearer_id"] for r in rows}) == WEARERS
    assert len({r["activation_id"] for r in rows}) == len(rows)
    for name in ("device_id", "wearer_id"):
        for one in {r[name] for r in rows}:
            own = sorted((r["start"], r["end"]) for r in rows if r[name] == one)
            for (_, end), (start, _) in pairwise(own):
                assert end is not None
                assert end < start


def test_every_crime_has_innocent_wearers_about(world: World) -> None:
    lat, lon = grid(world, "latitude"), grid(world, "longitude")
    row = {w: i for i, w in enumerate(world.truth_paths["wearer_id"].to_pylist()[::MINUTES])}
    stated = {c.reference: c for c in world.crimes}
    counts = []
    for truth in world.truth_crimes.to_pylist():
        crime = stated[truth["reference"]]
        first = (to_micros(crime.start) - to_micros(world.plan.start)) // MINUTE_US
        last = (to_micros(crime.end) - to_micros(world.plan.start)) // MINUTE_US + 1
        place = (truth["latitude"], truth["longitude"])
        near = distance_m(*place, lat[:, first:last], lon[:, first:last]).min(axis=1) < 1000
        if truth["wearer_id"]:
            near[row[truth["wearer_id"]]] = False
        counts.append(near.sum())
    assert np.median(counts) >= 5


def test_the_map_shows_streets_and_no_home(world: World) -> None:
    kinds = {f["properties"]["class"] for f in world.streets["features"]}
    assert kinds == {"minor", "main", "trunk", "shop", "pub", "work", "hostel"}
