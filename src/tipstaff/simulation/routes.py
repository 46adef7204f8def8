"""The quickest way along the streets from one door to another (A*)."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tipstaff.simulation.places import Place
from tipstaff.simulation.streets import CAR_SPEED_MPS, MINOR, Streets

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
    """Nodes from one of ends[:2] to one of ends[2:], and the edge by which each was reached.

    Last one first. The costs from door to end count.
    """
    best = np.full(x.size, np.inf)
    parent = np.full(x.size, -1, dtype=np.int64)
    by = np.full(x.size, -1, dtype=np.int64)
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
                by[other] = via[k]
                ahead = np.hypot(x[other] - goal_x, y[other] - goal_y) / top_speed
                heapq.heappush(heap, (reach + ahead, other))
    path = []
    edges = []
    while reached >= 0:
        path.append(reached)
        edges.append(by[reached])
        reached = parent[reached]
    return np.array(path, dtype=np.int64), np.array(edges, dtype=np.int64)


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
        nodes, edges = np.zeros(0, dtype=np.int64), np.array([start.edge])
        if start.edge != goal.edge:
            nodes, between = self._between(start, goal, door_b, how)
            edges = np.concatenate([[start.edge], between, [goal.edge]])
        x = np.concatenate([[start.x, door_a[0]], streets.x[nodes], [door_b[0], goal.x]])
        y = np.concatenate([[start.y, door_a[1]], streets.y[nodes], [door_b[1], goal.y]])
        return Route(x, y, np.concatenate([[MINOR], streets.kind[edges], [MINOR]]))

    def _between(
        self, start: Place, goal: Place, door: tuple[float, float], how: int
    ) -> tuple[I64, I64]:
        """The corners on the way, and the edges from each to the next."""
        streets, cost = self.streets, self._cost[how]
        edges = np.array([start.edge, start.edge, goal.edge, goal.edge])
        first, last = streets.edge_from[edges], streets.edge_to[edges]
        ends = np.where([True, False, True, False], first, last)
        shares = np.array([start.along, 1 - start.along, goal.along, 1 - goal.along])
        nodes, by = _search(
            streets.offsets, streets.neighbours, streets.via, cost, streets.x, streets.y,
            ends, shares * cost[edges], door[0], door[1], _TOP_SPEED[how],
        )  # fmt: skip
        return nodes[::-1], by[-2::-1]
