"""Crimes: who commits them, where and when; what the police come to know is in `police`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from tipstaff.domain.crimes import CrimeType
from tipstaff.simulation.chance import lognormal, stream
from tipstaff.simulation.hours import LocalDays
from tipstaff.simulation.offence_hours import (
    HABITS,
    HOUR_S,
    draw_presence_s,
    draw_type,
    draw_wall_s,
)
from tipstaff.simulation.people import Person
from tipstaff.simulation.places import Amenities, Builder, Place
from tipstaff.simulation.plan import WorldPlan

#: Share of crimes that belong to a series, and how far apart a series' scenes lie.
SERIES_SHARE: Final = 0.45
SERIES_AREA_M: Final = 260.0
#: Crimes happen where people live: with fewer wearers' homes about, elsewhere is likelier.
HOMES_ABOUT: Final = 5
ABOUT_M: Final = 900.0
#: No two crimes of one person lie closer in time than this.
APART_S: Final = 5 * HOUR_S


@dataclass(frozen=True, slots=True)
class Offence:
    """One crime as it was: `offender` is a wearer's index, None for somebody without a tag.

    The offence proper lasts from `start_s` to `end_s`; the offender is at the scene from
    `before_s` earlier to `after_s` later. `series` is 0 for a crime on its own.
    """

    kind: CrimeType
    scene: Place
    offender: int | None
    series: int
    start_s: float
    end_s: float
    before_s: float
    after_s: float


class Planner:
    """Draws the crimes of a world."""

    def __init__(
        self,
        plan: WorldPlan,
        builder: Builder,
        amenities: Amenities,
        people: list[Person],
        calendar: LocalDays,
    ) -> None:
        self._rng = stream(plan.seed, "offences")
        self._plan, self._builder, self._amenities = plan, builder, amenities
        self._people, self._calendar = people, calendar
        self._home_x, self._home_y = np.array([(p.home.x, p.home.y) for p in people]).T

    def _time(self, kind: CrimeType, day: int) -> tuple[float, float, float, float]:
        before, act, after = draw_presence_s(self._rng, kind)
        start = self._calendar.instant_s(day, draw_wall_s(self._rng, kind))
        return start, start + act, before, after

    def _day(self) -> int:
        return int(self._rng.integers(self._plan.first_crime_day - 1, self._plan.days - 1))

    def _place(self, kind: CrimeType, x: float, y: float, within_m: float) -> Place:
        return self._builder.near(self._rng, HABITS[kind].site, x, y, within_m)

    def _lonely(self, place: Place) -> bool:
        """Whether hardly anybody lives about (never, where hardly anybody wears a tag)."""
        about = np.hypot(self._home_x - place.x, self._home_y - place.y) < ABOUT_M
        return int(about.sum()) < min(HOMES_ABOUT, len(self._people) // 8)

    def _scene(self, offender: Person | None, kind: CrimeType) -> Place:
        scene = self._any_scene(offender, kind)
        for _ in range(5):
            if not self._lonely(scene):
                break
            scene = self._any_scene(offender, kind)
        return scene

    def _any_scene(self, offender: Person | None, kind: CrimeType) -> Place:
        if offender is None:
            return self._others_scene(kind)
        return self._chosen_scene(offender, kind)

    def _chosen_scene(self, person: Person, kind: CrimeType) -> Place:
        """Where a person offends: near a place he knows, or somewhere a few kilometres off."""
        rng = self._rng
        if rng.random() < 0.4:
            known = person.known[int(rng.integers(len(person.known)))]
            return self._place(kind, known.x, known.y, 350)
        return self._place(kind, *self._some_way_off(person.home), 150)

    def _some_way_off(self, home: Place) -> tuple[float, float]:
        """A point a kilometre or so from home, in town."""
        half, x, y = self._plan.width_m / 2, home.x, home.y
        for _ in range(12):
            far = max(100.0, lognormal(self._rng, 1200, 0.7))
            angle = self._rng.uniform(0, 2 * np.pi)
            x, y = home.x + far * float(np.cos(angle)), home.y + far * float(np.sin(angle))
            if max(abs(x), abs(y)) < half:
                break
        return x, y

    def _others_scene(self, kind: CrimeType) -> Place:
        """Anywhere; or, as often as not, near a wearer's home or among the shops."""
        rng, where = self._rng, self._rng.random()
        if where < 0.3:
            home = self._people[int(rng.integers(len(self._people)))].home
            return self._place(kind, home.x, home.y, 160)
        if where < 0.5:
            shop = self._amenities.shops[int(rng.integers(len(self._amenities.shops)))]
            return self._place(kind, shop.x, shop.y, 200)
        return self._builder.anywhere(rng, HABITS[kind].site)

    def _single(self, offender: Person | None) -> Offence:
        kind = draw_type(self._rng)
        scene = self._scene(offender, kind)
        who = None if offender is None else offender.index
        return Offence(kind, scene, who, 0, *self._time(kind, self._day()))

    def _another(self, first: Offence, series: int) -> Offence:
        """The next of a series: the same type mostly, the same area, often the same street."""
        rng = self._rng
        kind = first.kind if rng.random() < 0.8 else draw_type(rng)
        site = HABITS[kind].site
        if rng.random() < 0.35:
            scene = self._builder.on_street(rng, site, first.scene)
        else:
            scene = self._place(kind, first.scene.x, first.scene.y, SERIES_AREA_M)
        lowest, highest = self._plan.first_crime_day - 1, self._plan.days - 1
        day = int(first.start_s // 86_400) + int(rng.integers(-6, 7))
        day = int(np.clip(day, lowest, highest - 1))
        return Offence(kind, scene, first.offender, series, *self._time(kind, day))

    def _fits(self, offence: Offence, made: list[Offence]) -> bool:
        earliest = (self._plan.first_crime_day - 1) * 86_400.0
        if not max(earliest, 2 * HOUR_S) <= offence.start_s < self._plan.span_s - 13 * HOUR_S:
            return False
        own = (o for o in made if offence.offender is not None and o.offender == offence.offender)
        return all(abs(o.start_s - offence.start_s) >= APART_S for o in own)

    def _add(self, made: list[Offence], draw: Offence) -> None:
        """Add a crime, on another day or at another hour while the offender is busy."""
        offence = draw
        for _ in range(200):
            if self._fits(offence, made):
                made.append(offence)
                return
            start, end, before, after = self._time(draw.kind, self._day())
            offence = replace(draw, start_s=start, end_s=end, before_s=before, after_s=after)

    def crimes_of(
        self, count: int, offenders: list[Person | None], first_series: int
    ) -> list[Offence]:
        """`count` crimes, some in series, by people drawn from `offenders`.

        Fewer only where no free time is left (many crimes, few offenders, few days).
        """
        rng, made = self._rng, list[Offence]()
        series, attempts = first_series, 0
        while len(made) < count and attempts < 20 * count:
            attempts += 1
            first = self._single(offenders[int(rng.integers(len(offenders)))])
            if rng.random() > SERIES_SHARE / 3 or count - len(made) < 3:
                self._add(made, first)
                continue
            more = min(int(rng.integers(2, 6)), count - len(made) - 1)
            series += 1
            self._add(made, replace(first, series=series))
            for _ in range(more):
                self._add(made, self._another(first, series))
        return made


def plan_offences(
    plan: WorldPlan,
    builder: Builder,
    amenities: Amenities,
    people: list[Person],
    calendar: LocalDays,
) -> list[Offence]:
    """All crimes of the world in order of time."""
    planner = Planner(plan, builder, amenities, people, calendar)
    active = np.flatnonzero(stream(plan.seed, "offenders").random(len(people)) < 0.7)
    offenders: list[Person | None] = [people[i] for i in (active if active.size else [0])]
    own = planner.crimes_of(plan.own_crimes, offenders, 0)
    others = planner.crimes_of(plan.other_crimes, [None], 10_000)
    return sorted(own + others, key=lambda o: (o.start_s, o.scene.number))
