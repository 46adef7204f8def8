"""A made-up town's streets: an irregular grid with a river, main roads and roads out of town.

Plane metres, the town's middle at (0, 0). Nobody in the simulation moves except along these.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

BLOCK_M: Final = 95.0
MINOR, MAIN, TRUNK = 0, 1, 2
#: Car speeds by class of street, metres a second, between stops.
CAR_SPEED_MPS: Final = np.array([8.0, 12.0, 17.0])
ROADS_OUT: Final = 4
ROAD_OUT_M: Final = 30_000.0
ROAD_STEP_M: Final = 500.0


@dataclass(frozen=True, slots=True)
class Streets:
    """A street network: nodes, edges between them, and each node's neighbours.

    `street` groups edges that share a name; the first `town_edges` edges lie in town, the rest
    lead out of it. `offsets`, `neighbours`, `via` list (node, edge) reached from each node.
    """

    x: F64
    y: F64
    edge_from: I64
    edge_to: I64
    kind: I64
    street: I64
    town_edges: int
    width_m: float
    offsets: I64
    neighbours: I64
    via: I64
    length_m: F64

    def point(self, edge: int, along: float) -> tuple[float, float]:
        """The point at share `along` of an edge."""
        a, b = self.edge_from[edge], self.edge_to[edge]
        return (
            float(self.x[a] + along * (self.x[b] - self.x[a])),
            float(self.y[a] + along * (self.y[b] - self.y[a])),
        )

    def middles(self) -> tuple[F64, F64]:
        """The middle of each edge in town."""
        a, b = self.edge_from[: self.town_edges], self.edge_to[: self.town_edges]
        return (self.x[a] + self.x[b]) / 2, (self.y[a] + self.y[b]) / 2


def _nodes(rng: np.random.Generator, side: int, width_m: float) -> tuple[F64, F64]:
    """A grid, warped slowly (streets curve) and shaken (no two blocks alike)."""
    line = (np.arange(side) - (side - 1) / 2) * (width_m / (side - 1))
    x, y = (axis.ravel() for axis in np.meshgrid(line, line))
    wave = 2 * np.pi / rng.uniform(1200, 2200, 4)
    phase = rng.uniform(0, 2 * np.pi, 4)
    warp_x = 55 * np.sin(wave[0] * y + phase[0]) + 25 * np.sin(wave[1] * x + phase[1])
    warp_y = 55 * np.sin(wave[2] * x + phase[2]) + 25 * np.sin(wave[3] * y + phase[3])
    shake = rng.normal(0, 13, (2, x.size)).clip(-28, 28)
    return x + warp_x + shake[0], y + warp_y + shake[1]


def _grid_edges(side: int) -> tuple[I64, I64, I64]:
    """(from, to, street) of every grid edge: rows first, then columns."""
    cell = np.arange(side * side).reshape(side, side)
    lane = np.repeat(np.arange(side), side - 1)
    rows = (cell[:, :-1].ravel(), cell[:, 1:].ravel(), lane)
    columns = (cell[:-1].T.ravel(), cell[1:].T.ravel(), side + lane)
    first, last, street = (np.concatenate(pair) for pair in zip(rows, columns, strict=True))
    return first, last, street


def _river_crossed(x: F64, y: F64, first: I64, last: I64, width_m: float) -> NDArray[np.bool_]:
    """Whether an edge would cross the river that winds through the lower third of the town."""
    bed = -width_m / 5 + 0.06 * width_m * np.sin(2 * np.pi * x / (0.8 * width_m))
    return np.asarray((y[first] > bed[first]) != (y[last] > bed[last]))


def _largest_part(nodes: int, first: I64, last: I64) -> NDArray[np.bool_]:
    """Which nodes belong to the largest connected part; labels spread to the smaller number."""
    label = np.arange(nodes)
    while True:
        low = np.minimum(label[first], label[last])
        before = label.copy()
        np.minimum.at(label, first, low)
        np.minimum.at(label, last, low)
        label = label[label]
        if np.array_equal(label, before):
            break
    return np.asarray(label == np.bincount(label).argmax())


def _road_out(
    rng: np.random.Generator, x: float, y: float, street: int, first_node: int
) -> tuple[F64, F64, I64, I64]:
    """A winding road from (x, y) outwards: new nodes and, for each, the node before it."""
    steps = int(ROAD_OUT_M / ROAD_STEP_M)
    heading = np.arctan2(y, x) + np.cumsum(rng.normal(0, 0.05, steps))
    road_x = x + np.cumsum(ROAD_STEP_M * np.cos(heading))
    road_y = y + np.cumsum(ROAD_STEP_M * np.sin(heading))
    return road_x, road_y, first_node + np.arange(steps), np.full(steps, street)


def _adjacency(nodes: int, first: I64, last: I64) -> tuple[I64, I64, I64]:
    ends = np.concatenate([first, last])
    others = np.concatenate([last, first])
    edges = np.tile(np.arange(first.size), 2)
    order = np.lexsort((others, ends))
    offsets = np.concatenate([[0], np.cumsum(np.bincount(ends, minlength=nodes))])
    return offsets.astype(np.int64), others[order], edges[order]


def build_streets(rng: np.random.Generator, width_m: float) -> Streets:
    """A town of `width_m` by `width_m`."""
    side = max(8, round(width_m / BLOCK_M) + 1)
    x, y = _nodes(rng, side, width_m)
    first, last, street = _grid_edges(side)
    main = (street % side) % 6 == 3
    bridge = main & (street >= side)
    wet = _river_crossed(x, y, first, last, width_m) & ~bridge
    keep = ~wet & (main | (rng.random(first.size) > 0.2))
    first, last, street, main = first[keep], last[keep], street[keep], main[keep]
    part = _largest_part(x.size, first, last)
    keep = part[first] & part[last]
    first, last, street, main = first[keep], last[keep], street[keep], main[keep]
    return _with_roads_out(rng, (x, y), (first, last, street, main), part, width_m)


def _with_roads_out(
    rng: np.random.Generator,
    nodes: tuple[F64, F64],
    edges: tuple[I64, I64, I64, NDArray[np.bool_]],
    part: NDArray[np.bool_],
    width_m: float,
) -> Streets:
    x, y = nodes
    first, last, street, main = edges
    kind = np.where(main, MAIN, MINOR)
    town_edges, streets = first.size, int(street.max()) + 1
    for number in range(ROADS_OUT):
        angle = 2 * np.pi * (number + rng.uniform(0.2, 0.8)) / ROADS_OUT
        reach = np.where(part, x[: part.size] * np.cos(angle) + y[: part.size] * np.sin(angle), -1)
        gate = int(reach.argmax())
        road_x, road_y, new, name = _road_out(
            rng, float(x[gate]), float(y[gate]), streets + number, x.size
        )
        x, y = np.concatenate([x, road_x]), np.concatenate([y, road_y])
        first = np.concatenate([first, [gate], new[:-1]])
        last, street = np.concatenate([last, new]), np.concatenate([street, name])
        kind = np.concatenate([kind, np.full(new.size, TRUNK)])
    offsets, neighbours, via = _adjacency(x.size, first, last)
    length = np.hypot(x[first] - x[last], y[first] - y[last])
    return Streets(
        x, y, first, last, kind, street, town_edges, width_m, offsets, neighbours, via, length
    )
