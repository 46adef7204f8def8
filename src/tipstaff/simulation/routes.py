"""The quickest way along the streets from one door to another (A*)."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.simulation.places import Place
from tipstaff.simulation.streets import CAR_SPEED_MPS, Streets

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

ON_FOOT, BY_CAR = 0, 1
#: The speed that no edge cost undercuts, so that the straight line never overestimates.
_TOP_SPEED: Final = {ON_FOOT: 1.0, BY_CAR: float(CAR_SPEED_MPS.max())}


@njit(cache=True)
def _search(
    offsets: Any,
    neighbours: Any,
    via: Any,
    cost: Any,
    x: Any,
    y: Any,
    ends: Any,
    ends_cost: Any,
    goal_x: float,
    goal_y: float,
    top_speed: float,
) -> Any:
    """Nodes from one of ends[:2] to one of ends[2:], reversed; costs at both ends count."""
    best = np.full(x.size, np.inf)
    parent = np.full(x.size, -1, dtype=np.int64)
    heap = [(0.0, -1)]
    heap.pop()
    for i in range(2):
        node = ends[i]
        if ends_cost[i] < best[node]:
            best[node] = ends_cost[i]
            ahead = np.hypot(x[node] - goal_x, y[node] - goal_y) / top_speed
            heapq.heappush(heap, (ends_cost[i] + ahead, node))
    total, reached = np.inf, -1
    while len(heap) > 0:
        expected, node = heapq.heappop(heap)
        if expected >= total:
            break
        for i in range(2, 4):
            if node == ends[i] and best[node] + ends_cost[i] < total:
                total = best[node] + ends_cost[i]
                reached = node
        for k in range(offsets[node], offsets[node + 1]):
            other = neighbours[k]
            reach = best[node] + cost[via[k]]
            if reach < best[other]:
                best[other] = reach
                parent[other] = node
                ahead = np.hypot(x[other] - goal_x, y[other] - goal_y) / top_speed
                heapq.heappush(heap, (reach + ahead, other))
    path = []
    while reached >= 0:
        path.append(reached)
        reached = parent[reached]
    return np.array(path, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Route:
    """Vertices from inside one place to inside another, and the class of each stretch between."""

    x: F64
    y: F64
    kind: I64

    @property
    def lengths_m(self) -> F64:
        """The length of each stretch."""
        return np.asarray(np.hypot(np.diff(self.x), np.diff(self.y)))


class Router:
    """Finds routes, and remembers them: people take the same way again."""

    def __init__(self, streets: Streets) -> None:
        self.streets = streets
        self._cost = {
            ON_FOOT: streets.length_m,
            BY_CAR: streets.length_m / CAR_SPEED_MPS[streets.kind],
        }
        self._known: dict[tuple[int, int, int], Route] = {}

    def route(self, start: Place, goal: Place, how: int) -> Route:
        """The way from `start` to `goal`."""
        key = (start.number, goal.number, how)
        if key not in self._known:
            self._known[key] = self._find(start, goal, how)
        return self._known[key]

    def forget(self) -> None:
        """Drop what is remembered (one person's ways are of no use to the next)."""
        self._known.clear()

    def _find(self, start: Place, goal: Place, how: int) -> Route:
        streets = self.streets
        door_a, door_b = (streets.point(p.edge, p.along) for p in (start, goal))
        if start.edge == goal.edge:
            nodes = np.zeros(0, dtype=np.int64)
        else:
            nodes = self._nodes(start, goal, door_b, how)
        x = np.concatenate([[start.x, door_a[0]], streets.x[nodes], [door_b[0], goal.x]])
        y = np.concatenate([[start.y, door_a[1]], streets.y[nodes], [door_b[1], goal.y]])
        return Route(x, y, self._kinds(start, goal, nodes))

    def _nodes(self, start: Place, goal: Place, door: tuple[float, float], how: int) -> I64:
        streets, cost = self.streets, self._cost[how]
        edges = np.array([start.edge, start.edge, goal.edge, goal.edge])
        ends = np.array(
            [
                streets.edge_from[start.edge],
                streets.edge_to[start.edge],
                streets.edge_from[goal.edge],
                streets.edge_to[goal.edge],
            ]
        )
        shares = np.array([start.along, 1 - start.along, goal.along, 1 - goal.along])
        found = _search(
            streets.offsets, streets.neighbours, streets.via, cost, streets.x, streets.y,
            ends, shares * cost[edges], door[0], door[1], _TOP_SPEED[how],
        )  # fmt: skip
        return np.asarray(found[::-1])

    def _kinds(self, start: Place, goal: Place, nodes: I64) -> I64:
        """Class of each stretch: the ends take the class of their own street."""
        streets = self.streets
        between = [streets.kind[self._edge(int(a), int(b))] for a, b in pairwise(nodes)]
        first, last = streets.kind[start.edge], streets.kind[goal.edge]
        middle = [first, *between, last] if nodes.size else [first]
        return np.array([0, *middle, 0], dtype=np.int64)

    def _edge(self, a: int, b: int) -> int:
        streets = self.streets
        low, high = streets.offsets[a], streets.offsets[a + 1]
        k = low + int(np.flatnonzero(streets.neighbours[low:high] == b)[0])
        return int(streets.via[k])
