"""A made-up day of tagged people: homes, work, evenings out, and what their tags report.

Seeded block by block, so that the same block is the same whatever the scale. Not the project's
simulation: that one makes lives for validation, street by street; this one makes volume.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from benchmarks.towns import METRES_A_DEGREE, draw_places, draw_towns, metres_east
from tipstaff.domain.fixes import CONTENT_SCHEMA

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

SEED: Final = 12_318
BLOCK: Final = 512
MINUTES: Final = 1440
DAY: Final = 20_600  # days since 1970: a Wednesday in summer time
MINUTE_US: Final = 60_000_000
DAY_US: Final = MINUTES * MINUTE_US
#: Shares of wearers whose tag falls silent for a while, and who are on network positions at night.
SILENT: Final = 0.03
NETWORK_NIGHT: Final = 0.03


@dataclass(frozen=True, slots=True)
class Lives:
    """Homes, day places and evening places (n, 2: latitude, longitude), and a day's path.

    `knots_min` (n, K) and `knots` (n, K, 2): where each person is at which minute.
    """

    home: F64
    work: F64
    out: F64
    knots_min: F64
    knots: F64


def generator_of(block: int, what: int) -> np.random.Generator:
    """The generator of one block's lives (0), fixes (1) or summaries (2)."""
    return np.random.Generator(np.random.PCG64([SEED, block, what]))


def _near(generator: np.random.Generator, place: F64, least_m: float, most_m: float) -> F64:
    """Places at a distance drawn evenly on the log scale, in any direction."""
    away = np.exp(generator.uniform(np.log(least_m), np.log(most_m), len(place)))
    angle = generator.uniform(0.0, 2.0 * np.pi, len(place))
    latitude = place[:, 0] + away * np.cos(angle) / METRES_A_DEGREE
    return np.stack([latitude, place[:, 1] + away * np.sin(angle) / metres_east(latitude)], axis=1)


def _travel_min(a: F64, b: F64) -> F64:
    """Minutes on the way: on foot below 1.5 km, else at 8 m/s and five minutes more."""
    north = (b[:, 0] - a[:, 0]) * METRES_A_DEGREE
    east = (b[:, 1] - a[:, 1]) * metres_east(a[:, 0])
    metres = np.hypot(north, east) * 1.3
    return np.asarray(np.where(metres < 1500.0, metres / 1.4, metres / 8.0 + 300.0) / 60.0)


def lives_of(block: int, count: int) -> Lives:
    """The people of a block; everybody in it is drawn, the first `count` returned."""
    g = generator_of(block, 0)
    home = np.stack(draw_places(g, draw_towns(g, BLOCK)), axis=1)
    work = _near(g, home, 400.0, 15_000.0)
    out = _near(g, home, 200.0, 6_000.0)
    stay_in = g.random(BLOCK) < 0.35
    work[stay_in] = _near(g, home, 50.0, 600.0)[stay_in]
    to_work, to_out = _travel_min(home, work), _travel_min(home, out)
    leave = np.clip(g.normal(510.0, 70.0, BLOCK), 240.0, 720.0)
    back = leave + to_work + np.clip(g.normal(420.0, 120.0, BLOCK), 30.0, 540.0)
    evening = np.maximum(g.normal(1150.0, 60.0, BLOCK), back + to_work + 20.0)
    later = evening + to_out + np.clip(g.normal(80.0, 50.0, BLOCK), 5.0, 240.0)
    zero = np.zeros(BLOCK)
    times = [zero, leave, leave + to_work / 2, leave + to_work, back, back + to_work,
             evening, evening + to_out / 2, evening + to_out, later, later + to_out]  # fmt: skip
    half_way = _near(g, (home + work) / 2, 30.0, 800.0)
    half_out = _near(g, (home + out) / 2, 30.0, 400.0)
    places = [home, home, half_way, work, work, home, home, half_out, out, out, home]
    take = slice(0, count)
    return Lives(
        home[take],
        work[take],
        out[take],
        np.stack(times, axis=1)[take],
        np.stack(places, axis=1)[take],
    )


def _stretches(
    g: np.random.Generator, count: int, number: int, least: float, most: float
) -> NDArray[np.bool_]:
    """Minutes (count, 1440) inside one of `number` stretches a day of so many minutes each."""
    marks = np.zeros((count, MINUTES + 1), np.int8)
    for _ in range(number):
        start = g.integers(0, MINUTES, count)
        length = np.exp(g.uniform(np.log(least), np.log(most), count)).astype(np.int64)
        np.add.at(marks, (np.arange(count), start), 1)
        np.add.at(marks, (np.arange(count), np.minimum(MINUTES, start + length)), -1)
    return np.asarray(np.cumsum(marks[:, :MINUTES], axis=1) > 0)


def _wandering(g: np.random.Generator, count: int) -> F64:
    """Errors in metres (count, 1440, 2), alike from minute to minute, now and then large."""
    size = g.uniform(2.5, 7.0, (count, 1, 1)) * np.exp(g.normal(0.0, 0.35, (count, MINUTES, 1)))
    noise = g.normal(0.0, 1.0, (count, MINUTES, 2))
    for k in range(1, MINUTES):
        noise[:, k] = 0.75 * noise[:, k - 1] + 0.66 * noise[:, k]
    return np.asarray(noise * size)


def _held(places: F64, hold: NDArray[np.bool_]) -> F64:
    """Where `hold` is set the receiver repeats the position of the minute before."""
    index = np.where(hold, 0, np.arange(MINUTES))
    index = np.maximum.accumulate(index, axis=1)
    return np.take_along_axis(places, index[:, :, np.newaxis], axis=1)


def positions_of(lives: Lives, block: int) -> tuple[F64, NDArray[np.bool_], NDArray[np.bool_]]:
    """Reported places (n, 1440, 2), which are network ones, and which are missing."""
    count = len(lives.home)
    g = generator_of(block, 1)
    minutes = np.arange(MINUTES, dtype=np.float64)
    true = np.empty((count, MINUTES, 2))
    for i in range(count):
        for axis in range(2):
            true[i, :, axis] = np.interp(minutes, lives.knots_min[i], lives.knots[i, :, axis])
    scale = np.stack([np.full(count, METRES_A_DEGREE), metres_east(lives.home[:, 0])], axis=1)
    still = np.ones((count, MINUTES), np.bool_)  # a receiver holds its position at rest alone
    still[:, 1:] = (true[:, 1:] == true[:, :-1]).all(axis=2)
    satellite = _held(
        true + _wandering(g, count) / scale[:, np.newaxis],
        _stretches(g, count, 9, 2.0, 9.0) & still,
    )
    network = _stretches(g, count, 3, 8.0, 60.0)
    network |= (g.random(count) < NETWORK_NIGHT)[:, np.newaxis] & (minutes < 390.0)
    cell = 400.0 / scale[:, np.newaxis]  # one looked-up place for all who are in a cell
    looked_up = (np.floor(true / cell) + 0.5) * cell
    missing = _stretches(g, count, 1, 20.0, 300.0) & (g.random(count) < SILENT)[:, np.newaxis]
    return np.where(network[:, :, np.newaxis], looked_up, satellite), network, missing


def fixes_of(lives: Lives, block: int) -> pa.Table:
    """A block's fixes by `CONTENT_SCHEMA`, sorted by device and time; keys are the wearers' own."""
    place, network, missing = positions_of(lives, block)
    count = len(place)
    g = generator_of(block, 3)
    shape = (count, MINUTES)
    second = g.integers(0, 58, (count, 1)) + g.integers(0, 2, shape)
    time = DAY * DAY_US + np.arange(MINUTES) * MINUTE_US + second * 1_000_000
    wifi = g.random(shape) < 0.4
    radius = np.where(
        network, g.choice([5000, 9000, 30000, 60000], shape), g.integers(3, 30, shape) * 100
    )
    keep = ~missing
    key = np.broadcast_to(block * BLOCK + np.arange(count)[:, np.newaxis], shape)
    empty = network[keep]
    columns = {
        "device_key": key,
        "fix_time": time,
        "lat_e7": np.rint(place[:, :, 0] * 1e7).astype(np.int32),
        "lon_e7": np.rint(place[:, :, 1] * 1e7).astype(np.int32),
        "precision_cm": radius.astype(np.int32),
        "precision_level_pct": np.full(shape, 95, np.int8),
        "mechanism": np.where(network, np.where(wifi, 6, 5), 1).astype(np.int8),
        "speed_cmps": g.integers(0, 900, shape, dtype=np.int32),
        "direction_cdeg": g.integers(0, 36_000, shape, dtype=np.int32),
        "satellites": g.integers(4, 14, shape, dtype=np.int16),
        "hdop_e2": g.integers(60, 300, shape, dtype=np.int32),
        "recorded_time": time + g.integers(2, 40, shape) * 1_000_000,
        "received_time": time + g.integers(60, 660, shape) * 1_000_000,
    }
    unknown = {"speed_cmps", "direction_cdeg", "satellites", "hdop_e2"}
    arrays = [
        pa.array(columns[f.name][keep], mask=empty if f.name in unknown else None).cast(f.type)
        for f in CONTENT_SCHEMA
    ]
    return pa.Table.from_arrays(arrays, schema=CONTENT_SCHEMA)
