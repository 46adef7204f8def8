"""A wearer's path: knots in time along streets and inside buildings, and how they were reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tipstaff.simulation.places import OUTDOORS, Place
from tipstaff.simulation.routes import Route
from tipstaff.simulation.streets import CAR_SPEED_MPS, MAIN, TRUNK

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

HOME, WORK, STILL, WALK, CYCLE, DRIVE = range(6)
MODE_NAMES: Final = ("home", "work", "still", "walk", "cycle", "drive")
NO_PLACE: Final = 0
#: Seconds to cross a room, or the few metres someone waiting in the street paces.
PACE_S: Final = 9.0


@dataclass(frozen=True, slots=True)
class Path:
    """Knots in time order: what holds at knot k holds until knot k + 1; (x, y) is linear between.

    `place` is the number of the place stayed at, NO_PLACE on the way. `visit_*` are the stays.
    """

    t_s: F64
    x: F64
    y: F64
    mode: I64
    sky: I64
    place: I64
    visit_start_s: F64
    visit_place: I64

    def at(self, t_s: F64) -> tuple[F64, F64, I64]:
        """(x, y, knot) at instants within the path."""
        knot = np.clip(np.searchsorted(self.t_s, t_s, side="right") - 1, 0, self.t_s.size - 1)
        return np.interp(t_s, self.t_s, self.x), np.interp(t_s, self.t_s, self.y), knot


class PathDrawer:
    """Adds stays and journeys one after another, and closes them into a path."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._parts: list[tuple[F64, F64, F64, I64, I64, I64]] = []
        self._visits: list[tuple[float, int]] = []

    def _add(self, t_s: F64, xy: tuple[F64, F64], mode: int, sky: int, place: int) -> None:
        n = t_s.size
        same = (np.full(n, code, dtype=np.int64) for code in (mode, sky, place))
        mode_codes, sky_codes, places = same
        self._parts.append((t_s, *xy, mode_codes, sky_codes, places))

    def stay(self, place: Place, start_s: float, end_s: float, mode: int) -> None:
        """Be at a place: now and then another spot in the room, or up and down the pavement."""
        self._visits.append((start_s, place.number))
        every_s, wide_m = (150.0, 6.0) if place.sky == OUTDOORS else (2400.0, 2.5)
        moves = min(12, int(self._rng.poisson((end_s - start_s) / every_s)))
        room = end_s - start_s - (moves + 1) * PACE_S * 2
        if moves == 0 or room <= 0:
            t, dx, dy = np.array([start_s]), np.zeros(1), np.zeros(1)
        else:
            waits = np.sort(self._rng.uniform(0, room, moves))
            leave = start_s + waits + np.arange(moves) * 2 * PACE_S
            spots = self._rng.normal(0, wide_m, (2, moves)).clip(-2 * wide_m, 2 * wide_m)
            spots[:, -1] = 0.0
            before = np.concatenate([np.zeros((2, 1)), spots[:, :-1]], axis=1)
            t = np.concatenate([[start_s], np.column_stack([leave, leave + PACE_S]).ravel()])
            dx, dy = (
                np.concatenate([[0.0], np.column_stack([b, s]).ravel()])
                for b, s in zip(before, spots, strict=True)
            )
        self._add(t, (place.x + dx, place.y + dy), mode, place.sky, place.number)

    def travel(self, route: Route, passed_s: F64, start_s: float, mode: int) -> None:
        """Go along a route; `passed_s` holds the arrival at and leaving of each vertex."""
        x, y = (np.repeat(axis, 2) for axis in (route.x, route.y))
        self._add(start_s + passed_s.ravel(), (x, y), mode, OUTDOORS, NO_PLACE)

    def close(self, end_s: float) -> Path:
        """The whole path; its last place holds until `end_s`."""
        columns = [np.concatenate(column) for column in zip(*self._parts, strict=True)]
        columns = [np.append(column, column[-1]) for column in columns]
        columns[0][-1] = max(end_s, columns[0][-2])
        t, x, y, mode, sky, place = columns
        start, number = zip(*self._visits, strict=True)
        return Path(
            t, x, y, mode, sky, place,
            np.array(start, dtype=np.float64), np.array(number, dtype=np.int64),
        )  # fmt: skip


def pass_times(
    rng: np.random.Generator, route: Route, mode: int, pace: float
) -> NDArray[np.float64]:
    """Arrival at and leaving of each vertex, seconds from setting out, shape (vertices, 2).

    Walkers wait at some crossings of main roads; cars at junctions, where they also slow down.
    """
    if mode == WALK:
        speed, wait_chance, wait_s = np.full(3, 1.4 * pace), 0.12, (4.0, 25.0)
    elif mode == CYCLE:
        speed, wait_chance, wait_s = np.full(3, 4.5 * pace), 0.12, (3.0, 20.0)
    else:
        speed, wait_chance, wait_s = CAR_SPEED_MPS * min(pace, 1.08), 0.3, (4.0, 35.0)
    took = route.lengths_m / speed[route.kind]
    took[[0, -1]] = route.lengths_m[[0, -1]] / 1.4  # between the door and the street on foot
    took *= rng.uniform(1.0, 1.15, took.size)
    waits = rng.uniform(*wait_s, took.size) * (rng.random(took.size) < wait_chance)
    waits *= np.where(route.kind == MAIN, 1.5, np.where(route.kind == TRUNK, 0.1, 0.7))
    waits[-1] = 0.0
    leave_after = np.concatenate([[0.0], waits])
    arrive = np.concatenate([[0.0], np.cumsum(took + waits) - waits])
    return np.column_stack([arrive, arrive + leave_after])
