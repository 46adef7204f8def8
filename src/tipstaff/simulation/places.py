"""Places: a building or a spot beside a street, with what its walls do to satellites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tipstaff.simulation.streets import Streets

I64 = NDArray[np.int64]

#: What is overhead: nothing, a roof that lets satellites through (8–15 m), one that spoils the
#: position (15–40 m), one that loses it.
OUTDOORS, LIGHT_ROOF, HEAVY_ROOF, NO_SKY = 0, 1, 2, 3
#: Chances of the three kinds of roof, by kind of building.
ROOFS: Final = {
    "home": (0.52, 0.30, 0.18),
    "hostel": (0.15, 0.45, 0.40),
    "work": (0.15, 0.35, 0.50),
    "shop": (0.15, 0.35, 0.50),
    "pub": (0.25, 0.45, 0.30),
    "elsewhere": (0.40, 0.40, 0.20),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere to be: (x, y) is inside; its door is on `edge`, at share `along` of it."""

    number: int
    kind: str
    edge: int
    along: float
    x: float
    y: float
    sky: int


class Builder:
    """Hands out places with numbers of their own, in the order of asking."""

    def __init__(self, streets: Streets) -> None:
        self.streets = streets
        self.made = 0
        self._middle_x, self._middle_y = streets.middles()

    def at(self, rng: np.random.Generator, kind: str, edge: int, along: float) -> Place:
        """A place of this kind beside that point of the street, set back from it by 8–18 m.

        A spot in the street ("street", or "kerb" for a parked car) is set back by 1–5 m.
        """
        streets = self.streets
        a, b = streets.edge_from[edge], streets.edge_to[edge]
        x, y = streets.point(edge, along)
        outdoors = kind in {"street", "kerb"}
        back = rng.uniform(1, 5) if outdoors else rng.uniform(8, 18)
        back *= 1 if rng.random() < 0.5 else -1
        length = streets.length_m[edge]
        x -= back * float(streets.y[b] - streets.y[a]) / length
        y += back * float(streets.x[b] - streets.x[a]) / length
        roof = float(rng.random())
        light, heavy, _none = ROOFS.get(kind, ROOFS["home"])
        sky = LIGHT_ROOF if roof < light else HEAVY_ROOF if roof < light + heavy else NO_SKY
        self.made += 1
        place_sky = OUTDOORS if outdoors else sky
        return Place(self.made, kind, edge, along, float(x), float(y), place_sky)

    def near(
        self, rng: np.random.Generator, kind: str, x: float, y: float, within_m: float
    ) -> Place:
        """A place on a street in town whose middle is within that of (x, y), or on the nearest."""
        distance = np.hypot(self._middle_x - x, self._middle_y - y)
        close = np.flatnonzero(distance <= within_m)
        edge = int(rng.choice(close)) if close.size else int(distance.argmin())
        return self.at(rng, kind, edge, float(rng.uniform(0.08, 0.92)))

    def anywhere(self, rng: np.random.Generator, kind: str) -> Place:
        """A place anywhere in town."""
        edge = int(rng.integers(self.streets.town_edges))
        return self.at(rng, kind, edge, float(rng.uniform(0.08, 0.92)))

    def on_street(self, rng: np.random.Generator, kind: str, other: Place) -> Place:
        """Another place on the same street as `other`, within 250 m of it."""
        streets = self.streets
        same = streets.street[: streets.town_edges] == streets.street[other.edge]
        distance = np.hypot(self._middle_x - other.x, self._middle_y - other.y)
        close = np.flatnonzero(same & (distance <= 250))
        edge = int(rng.choice(close)) if close.size else other.edge
        return self.at(rng, kind, edge, float(rng.uniform(0.08, 0.92)))

    def out_of_town(self, rng: np.random.Generator) -> Place:
        """A place 10–30 km down one of the roads out."""
        streets = self.streets
        outside = np.arange(streets.town_edges, streets.edge_from.size)
        far = np.hypot(streets.x[streets.edge_to[outside]], streets.y[streets.edge_to[outside]])
        edge = int(rng.choice(outside[far > 10_000]))
        return self.at(rng, "elsewhere", edge, float(rng.uniform(0.1, 0.9)))


@dataclass(frozen=True, slots=True)
class Amenities:
    """The places everybody shares."""

    shops: tuple[Place, ...]
    pubs: tuple[Place, ...]
    works: tuple[Place, ...]
    hostels: tuple[Place, ...]
    estates: tuple[tuple[float, float], ...]

    @property
    def all(self) -> tuple[Place, ...]:
        """Every building of interest."""
        return (*self.shops, *self.pubs, *self.works, *self.hostels)


def build_amenities(rng: np.random.Generator, builder: Builder, wearers: int) -> Amenities:
    """Shops and pubs, more of them in the centre; works; hostels; estates where wearers cluster."""
    width = builder.streets.width_m
    size = max(1.0, (width / 3500.0) ** 2)

    def mixed(kind: str, count: int, central: float) -> tuple[Place, ...]:
        return tuple(
            builder.near(rng, kind, 0.0, 0.0, width / 6)
            if rng.random() < central
            else builder.anywhere(rng, kind)
            for _ in range(count)
        )

    estates = [builder.anywhere(rng, "home") for _ in range(max(2, round(wearers / 9)))]
    return Amenities(
        shops=mixed("shop", round(22 * size), 0.45),
        pubs=mixed("pub", round(10 * size), 0.4),
        works=mixed("work", round(18 * size), 0.3),
        hostels=mixed("hostel", max(1, round(wearers / 50)), 0.3),
        estates=tuple((estate.x, estate.y) for estate in estates),
    )
