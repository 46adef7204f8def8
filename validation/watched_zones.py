"""What the wearers of a simulated town must keep away from or be in: one drawing each.

All drawing is in metres on the town's plane, as the simulation's; a drawing knows its shape on the
ground too, which is what an order says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely

from tipstaff.domain.geodesy import LocalPlane
from tipstaff.domain.zones import Area, Harm, Polygon, Shape
from tipstaff.domain.zones import Place as OnGround
from tipstaff.simulation.people import NIGHT_OWL, WORKER, Person
from tipstaff.simulation.places import NO_SKY, Amenities, Builder, Place
from tipstaff.simulation.streets import MAIN, Streets

#: What is drawn, and what is told of it on the page.
SCENARIOS: Final = {
    "home beside": "exclusion zone of 100–200 m radius, its edge 20–80 m from the wearer's home",
    "road through": "quarter of 250 m with a main road between the wearer's usual places",
    "shop by the way": "40 m round a shop near the wearer's home that is none of theirs",
    "town centre": "120 m round the middle of town, where streets are canyons",
    "someone's home": "100 m round a home 0.5–1.5 km away",
    "indoors beside": "zone 15–50 m from where the wearer works or visits; there, no satellites",
    "tunnel": "zone of 80 m beside the way to work; on every other drive 1.5–4 minutes of no fixes",
    "curfew": "19:00 to 07:00 at home, without a home unit",
    "curfew, home unit": "the same with a home unit that reports every five minutes",
    "curfew, radio": "the same, and the unit's positions by radio are all that comes of it",
}
CURFEWS: Final = frozenset({"curfew", "curfew, home unit", "curfew, radio"})
#: Curfews of which the home unit is in the feed; and those of which its events are too.
WITH_RADIO: Final = frozenset({"curfew, home unit", "curfew, radio"})
WITH_UNIT: Final = frozenset({"curfew, home unit"})
HARM: Final = {
    "home beside": Harm.HIGH,
    "road through": Harm.MEDIUM,
    "shop by the way": Harm.LOW,
    "town centre": Harm.LOW,
    "someone's home": Harm.HIGH,
    "indoors beside": Harm.MEDIUM,
    "tunnel": Harm.MEDIUM,
}
#: Half the side of a house, and what an order puts round it.
HOUSE_M: Final = 7.0


@dataclass(frozen=True, slots=True)
class Drawing:
    """A wearer's condition: `flat` on the plane is where not to be, or with a curfew where to be.

    `harm` is None for a curfew, whose `flat` has no margin yet.
    """

    scenario: str
    flat: shapely.Polygon
    harm: Harm | None

    @property
    def is_curfew(self) -> bool:
        """Whether one must be inside rather than outside."""
        return self.scenario in CURFEWS

    def shape(self, plane: LocalPlane) -> Shape:
        """The same on the ground."""
        corners = np.asarray(self.flat.exterior.coords)[:-1]
        latitude, longitude = plane.to_degrees(corners[:, 0], corners[:, 1])
        ring = tuple(OnGround(float(a), float(o)) for a, o in zip(latitude, longitude, strict=True))
        return Area((Polygon(ring),))


def suited(person: Person, scenario: str) -> Person:
    """The person with a life in which the scenario can come up."""
    if scenario in CURFEWS:
        life = WORKER if person.life == NIGHT_OWL else person.life
        return replace(person, curfew=True, life=life)
    person = replace(person, curfew=False)
    if scenario == "tunnel":
        return replace(person, car=True)
    if scenario == "indoors beside" and person.work is not None:
        return replace(person, work=replace(person.work, sky=NO_SKY))
    if scenario == "indoors beside":
        first, *rest = person.friends
        return replace(person, friends=(replace(first, sky=NO_SKY), *rest))
    return person


def drawn(
    rng: np.random.Generator, scenario: str, person: Person, builder: Builder, amenities: Amenities
) -> Drawing:
    """What this wearer's order says."""
    return Drawing(scenario, _flat(rng, scenario, person, builder, amenities), HARM.get(scenario))


def _flat(
    rng: np.random.Generator, scenario: str, person: Person, builder: Builder, amenities: Amenities
) -> shapely.Polygon:
    if scenario in CURFEWS:
        return _square(person.home.x, person.home.y, HOUSE_M)
    if scenario == "home beside":
        return _beside(rng, person.home, (20.0, 80.0), (100.0, 200.0))
    if scenario == "indoors beside":
        return _beside(rng, _day_place(person), (15.0, 50.0), (80.0, 150.0))
    if scenario == "road through":
        return _square(*_main_road(person, builder.streets), 125.0)
    middle, radius = _middle(rng, scenario, person, builder, amenities)
    return _disc(middle, radius)


def _middle(
    rng: np.random.Generator, scenario: str, person: Person, builder: Builder, amenities: Amenities
) -> tuple[tuple[float, float], float]:
    """The middle and radius of zones that are round and have a place of their own."""
    if scenario == "shop by the way":
        return _other_shop(person, amenities), 40.0
    if scenario == "town centre":
        return (0.0, 0.0), 120.0
    if scenario == "tunnel":
        x, y = _halfway(person)
        return (x + float(rng.normal(0, 80)), y + float(rng.normal(0, 80))), 80.0
    return _far_home(rng, person, builder), 100.0


def _square(x: float, y: float, half_m: float) -> shapely.Polygon:
    return shapely.box(x - half_m, y - half_m, x + half_m, y + half_m)


def _day_place(person: Person) -> Place:
    return person.friends[0] if person.work is None else person.work


def _disc(middle: tuple[float, float], radius_m: float) -> shapely.Polygon:
    return shapely.Point(middle).buffer(radius_m, quad_segs=6)


def _beside(
    rng: np.random.Generator,
    place: Place,
    gap_m: tuple[float, float],
    radius_m: tuple[float, float],
) -> shapely.Polygon:
    """A disc whose edge is so far from a place, in any direction."""
    radius, angle = rng.uniform(*radius_m), rng.uniform(0.0, 2.0 * np.pi)
    away = radius + rng.uniform(*gap_m)
    middle = (place.x + away * np.cos(angle), place.y + away * np.sin(angle))
    return _disc((float(middle[0]), float(middle[1])), float(radius))


def _halfway(person: Person) -> tuple[float, float]:
    other = _day_place(person)
    return (person.home.x + other.x) / 2, (person.home.y + other.y) / 2


def _main_road(person: Person, streets: Streets) -> tuple[float, float]:
    """The stretch of main road nearest to halfway between two usual places."""
    x, y = _halfway(person)
    at_x, at_y = streets.middles()
    away = np.hypot(at_x - x, at_y - y)
    away[streets.kind[: streets.town_edges] != MAIN] = np.inf
    edge = int(away.argmin())
    return float(at_x[edge]), float(at_y[edge])


def _other_shop(person: Person, amenities: Amenities) -> tuple[float, float]:
    own = {shop.number for shop in person.shops}
    others = [shop for shop in amenities.shops if shop.number not in own]
    home = person.home
    shop = min(others, key=lambda s: (np.hypot(s.x - home.x, s.y - home.y), s.number))
    return shop.x, shop.y


def _far_home(rng: np.random.Generator, person: Person, builder: Builder) -> tuple[float, float]:
    """A home in town 0.5 to 1.5 km away; the last one tried where none is."""
    place = builder.anywhere(rng, "home")
    for _ in range(50):
        if 500.0 <= np.hypot(place.x - person.home.x, place.y - person.home.y) <= 1500.0:
            break
        place = builder.anywhere(rng, "home")
    return place.x, place.y
