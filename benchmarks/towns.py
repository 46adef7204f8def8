"""Where people of England live, roughly: towns with thousands of inhabitants and a spread.

The larger towns are the real ones; the other half of the people live in made-up small ones.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]

#: Degrees north, degrees east, thousands of inhabitants of the built-up area.
_TOWNS: Final = (
    (51.507, -0.128, 9000), (52.480, -1.900, 2500), (53.480, -2.242, 2600), (53.800, -1.549, 1800),
    (54.974, -1.614, 800), (53.407, -2.990, 880), (52.954, -1.150, 740), (53.382, -1.470, 700),
    (51.454, -2.588, 620), (50.904, -1.404, 870), (52.637, -1.135, 510), (50.825, -0.140, 480),
    (50.721, -1.879, 470), (51.454, -0.973, 320), (54.574, -1.235, 380), (53.002, -2.179, 380),
    (52.408, -1.510, 360), (54.906, -1.381, 340), (53.763, -2.703, 320), (53.745, -0.336, 320),
    (51.543, 0.711, 300), (52.922, -1.476, 280), (50.375, -4.142, 260), (51.878, -0.420, 260),
    (52.205, 0.120, 160), (52.040, -0.760, 230), (51.560, -1.785, 190), (53.523, -1.133, 160),
    (51.752, -1.258, 170), (52.240, -0.903, 220), (51.274, 0.522, 120), (52.573, -0.243, 170),
    (52.059, 1.155, 180), (52.628, 1.297, 220), (51.889, 0.903, 130), (51.864, -2.244, 150),
    (53.959, -1.082, 150), (50.718, -3.534, 120), (53.820, -3.050, 240), (53.234, -0.538, 110),
    (54.525, -1.553, 110), (53.567, -0.080, 130), (51.899, -2.078, 120), (52.192, -2.220, 100),
    (54.892, -2.933, 75), (53.190, -2.891, 90), (52.707, -2.754, 75), (51.015, -3.104, 65),
    (50.266, -5.053, 25), (52.056, -2.716, 60), (51.280, 1.080, 60), (54.283, -0.400, 60),
    (52.752, 0.395, 45), (54.777, -1.576, 50), (52.136, -0.467, 110), (51.736, 0.469, 110),
)  # fmt: skip
METRES_A_DEGREE: Final = 111_200.0
#: So many small towns, with so many thousands in each, so many metres from a larger one.
SMALL: Final = 500
SMALL_THOUSANDS: Final = (15.0, 90.0)
SMALL_AWAY_M: Final = (12_000.0, 60_000.0)


def metres_east(latitude: F64) -> F64:
    """Metres to a degree of longitude."""
    return np.asarray(METRES_A_DEGREE * np.cos(np.radians(latitude)))


def _with_small_towns() -> F64:
    large = np.array(_TOWNS)
    generator = np.random.Generator(np.random.PCG64(1_801))
    near = large[generator.integers(0, len(large), SMALL)]
    away = generator.uniform(*SMALL_AWAY_M, SMALL)
    angle = generator.uniform(0.0, 2.0 * np.pi, SMALL)
    latitude = near[:, 0] + away * np.cos(angle) / METRES_A_DEGREE
    longitude = near[:, 1] + away * np.sin(angle) / metres_east(latitude)
    people = generator.uniform(*SMALL_THOUSANDS, SMALL)
    return np.concatenate([large, np.stack([latitude, longitude, people], axis=1)])


TABLE: Final = _with_small_towns()


def draw_towns(generator: np.random.Generator, count: int) -> NDArray[np.int64]:
    """Towns as people live in them."""
    share = TABLE[:, 2] / TABLE[:, 2].sum()
    return np.asarray(generator.choice(len(TABLE), count, p=share), dtype=np.int64)


def draw_places(generator: np.random.Generator, town: NDArray[np.int64]) -> tuple[F64, F64]:
    """Places in towns, denser in the middle; a town's radius grows with the root of its people."""
    spread_m = 300.0 * np.sqrt(TABLE[town, 2] / 10.0)
    north, east = generator.normal(0.0, 1.0, (2, len(town))) * spread_m
    latitude = TABLE[town, 0] + north / METRES_A_DEGREE
    return latitude, TABLE[town, 1] + east / metres_east(latitude)
