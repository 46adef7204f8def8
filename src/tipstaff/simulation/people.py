"""Wearers: where they live, work and go, how they get about, what kind of day they keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from tipstaff.simulation.chance import stream
from tipstaff.simulation.places import Amenities, Builder, Place
from tipstaff.simulation.plan import WorldPlan

WORKER, IRREGULAR, NIGHT_OWL = range(3)
LIVES: Final = (0.32, 0.48, 0.20)


@dataclass(frozen=True, slots=True)
class Person:
    """One wearer's circumstances."""

    index: int
    wearer_id: str
    home: Place
    work: Place | None
    friends: tuple[Place, ...]
    shops: tuple[Place, ...]
    pub: Place
    elsewhere: Place
    life: int
    car: bool
    cycle: bool
    pace: float
    curfew: bool

    @property
    def known(self) -> tuple[Place, ...]:
        """The places whose surroundings this person knows."""
        own = (self.home, *self.friends, *self.shops, self.pub)
        return own if self.work is None else (*own, self.work)


def numbered(rng: np.random.Generator, letter: str, count: int) -> list[str]:
    """`count` different ids whose order says nothing."""
    numbers = rng.choice(900_000, size=count, replace=False) + 100_000
    return [f"{letter}{number}" for number in numbers]


def _home(rng: np.random.Generator, builder: Builder, amenities: Amenities) -> Place:
    where = rng.random()
    if where < 0.10:
        return amenities.hostels[int(rng.integers(len(amenities.hostels)))]
    if where < 0.62:
        x, y = amenities.estates[int(rng.integers(len(amenities.estates)))]
        return builder.near(rng, "home", x, y, 170)
    return builder.anywhere(rng, "home")


def _nearest(places: tuple[Place, ...], home: Place, count: int) -> list[Place]:
    ranked = sorted(places, key=lambda p: (np.hypot(p.x - home.x, p.y - home.y), p.number))
    return ranked[:count]


def _person(
    rng: np.random.Generator, builder: Builder, amenities: Amenities, index: int, wearer_id: str
) -> Person:
    home = _home(rng, builder, amenities)
    life = int(rng.choice(3, p=LIVES))
    works = amenities.works
    near = _nearest(amenities.shops, home, 2)
    far = [amenities.shops[int(rng.integers(len(amenities.shops)))]]
    pubs = _nearest(amenities.pubs, home, 3)
    friends = tuple(
        builder.near(rng, "home", home.x, home.y, 900)
        if rng.random() < 0.55
        else builder.anywhere(rng, "home")
        for _ in range(int(rng.integers(2, 5)))
    )
    employed = life == WORKER or rng.random() < 0.1
    return Person(
        index=index,
        wearer_id=wearer_id,
        home=home,
        work=works[int(rng.integers(len(works)))] if employed else None,
        friends=friends,
        shops=tuple(dict.fromkeys(near + far)),
        pub=pubs[int(rng.integers(len(pubs)))],
        elsewhere=builder.out_of_town(rng),
        life=life,
        car=bool(rng.random() < 0.35),
        cycle=bool(rng.random() < 0.3),
        pace=float(np.clip(rng.normal(1.0, 0.09), 0.8, 1.2)),
        curfew=bool(life != NIGHT_OWL and rng.random() < 0.3),
    )


def build_people(plan: WorldPlan, builder: Builder, amenities: Amenities) -> list[Person]:
    """All wearers of the world."""
    ids = numbered(stream(plan.seed, "wearer ids"), "W", plan.wearers)
    return [
        _person(stream(plan.seed, "person", index), builder, amenities, index, wearer_id)
        for index, wearer_id in enumerate(ids)
    ]
