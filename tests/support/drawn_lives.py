"""Lives and watches drawn at random: what a tag and home units may report, and what is demanded."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from tipstaff.domain.zones import Area, Circle, Corridor, Harm, Place, Polygon
from tipstaff.monitoring.facts import Fact, Fix
from tipstaff.monitoring.home_unit import HomeUnitEvent, HomeUnitKind
from tipstaff.monitoring.outlines import outline_of
from tipstaff.monitoring.watches import (
    AttendanceWatch,
    CurfewWatch,
    Demanded,
    PlaceToBe,
    Watch,
    ZoneWatch,
)

START = 1_767_225_600_000_000
MINUTE = 60_000_000
PLACES = {"home": (53.001, -1.4985), "mother": (53.001, -1.4945), "clinic": (53.003, -1.4985)}
SQUARE = Area(
    (
        Polygon(
            (Place(53.0, -1.5), Place(53.0, -1.497), Place(53.002, -1.497), Place(53.002, -1.5)),
            ((Place(53.0005, -1.499), Place(53.001, -1.499), Place(53.001, -1.498)),),
        ),
    )
)
SHAPES = st.sampled_from(
    [
        SQUARE,
        Circle(Place(53.001, -1.4985), 120.0),
        Corridor((Place(53.0, -1.5), Place(53.001, -1.498), Place(53.003, -1.498)), 30.0),
    ]
)


@st.composite
def fixes(draw: Any) -> list[Fix]:
    """A walk about the places, with jumps, gaps, stays, networks and repeated coordinates."""
    chance = random.Random(draw(st.integers(0, 10**6)))
    at, lat, lon, found = START, 530_010_000, -14_985_000, list[Fix]()
    looked_up = (lat, lon)
    for _ in range(draw(st.integers(0, 40))):
        at += chance.choice([0, 20, 60, 60, 60, 300, 900, 3_600]) * 1_000_000
        if chance.random() < 0.2:
            lat, lon = (round(x * 1e7) for x in chance.choice(list(PLACES.values())))
        elif chance.random() < 0.6:
            lat, lon = (
                lat + chance.randrange(-12_000, 12_001),
                lon + chance.randrange(-20_000, 20_001),
            )
        if chance.random() < 0.7:
            radius = chance.choice([-1, 0, 300, 800, 2_500])
            found.append(Fix(at, lat, lon, chance.choice([1, 1, 1, 0, 4]), radius))
        else:
            looked_up = (lat, lon) if chance.random() < 0.4 else looked_up
            radius = chance.choice([-1, 900, 4_000, 9_000, 60_000])
            found.append(Fix(at, *looked_up, chance.choice([5, 6]), radius))
    return found


@st.composite
def events(draw: Any) -> list[HomeUnitEvent]:
    """What home units report, at times at which fixes come too."""
    chance = random.Random(draw(st.integers(0, 10**6)))
    kinds = [*HomeUnitKind, HomeUnitKind.HEARS, HomeUnitKind.HEARS, HomeUnitKind.DEAF]
    return [
        HomeUnitEvent(
            START + chance.randrange(0, 300) * MINUTE // 2,
            chance.choice(kinds),
            chance.choice(["home", "home", "mother", "nowhere"]),
        )
        for _ in range(draw(st.integers(0, 20)))
    ]


@st.composite
def facts(draw: Any) -> list[Fact]:
    """Fixes and events of one wearer."""
    return [*draw(fixes()), *draw(events())]


@st.composite
def _edges(draw: Any) -> list[tuple[int, int]]:
    minutes = st.lists(st.integers(-30, 300), min_size=2, max_size=6, unique=True)
    cuts = [START + minute * MINUTE for minute in sorted(draw(minutes))]
    if draw(st.booleans()):  # periods that touch
        return list(pairwise(cuts))
    return list(zip(cuts[::2], cuts[1::2], strict=False))


@st.composite
def zone_watches(draw: Any, condition: str = "z") -> ZoneWatch:
    """A zone of any shape and harm."""
    harm = draw(st.sampled_from(list(Harm)))
    periods = tuple(draw(_edges()))
    goes_on = frozenset(start for start, _ in periods if draw(st.booleans()))
    return ZoneWatch(
        condition, draw(st.booleans()), harm, outline_of(draw(SHAPES)), periods, goes_on
    )


@st.composite
def _demanded(draw: Any, places: int) -> tuple[Demanded, ...]:
    return tuple(
        Demanded(
            start,
            end,
            draw(st.integers(1, 2**places - 1)),
            start + grace * MINUTE,
            goes_on=grace == 0 and draw(st.booleans()),
        )
        for start, end in draw(_edges())
        for grace in [draw(st.sampled_from([0, 5, 15]))]
    )


@st.composite
def presence_watches(draw: Any, condition: str = "c") -> CurfewWatch | AttendanceWatch:
    """A curfew or an attendance at some of the places."""
    names = draw(st.lists(st.sampled_from(list(PLACES)), min_size=1, max_size=3, unique=True))
    radius = draw(st.sampled_from([30.0, 60.0]))
    places = tuple(
        PlaceToBe(name, None if lost else outline_of(Circle(Place(*PLACES[name]), radius)))
        for name in names
        for lost in [draw(st.sampled_from([False, False, False, True]))]
    )
    kind = draw(st.sampled_from([CurfewWatch, CurfewWatch, AttendanceWatch]))
    return kind(condition, places, draw(_demanded(len(places))))


def watch_lists() -> st.SearchStrategy[list[Watch]]:
    """What is watched of one wearer."""
    return st.lists(st.one_of(zone_watches(), presence_watches()), max_size=3)


#: West and east of the square, a little north of the first, home in it, and far to the west.
_SPOTS = (
    (53.0005, -1.5035),
    (53.0005, -1.4935),
    (53.0012, -1.5035),
    PLACES["home"],
    (53.0005, -1.53),
)


@st.composite
def jumping(draw: Any) -> list[Fact]:
    """Fixes that stay at one of a few spots or leap to another, heard by radio too; home units."""
    chance = random.Random(draw(st.integers(0, 10**6)))
    at, found = START, list[Fact]()
    for _ in range(draw(st.integers(0, 60))):
        at += chance.choice([30, 60, 60, 60, 60, 120, 240, 290, 400]) * 1_000_000
        spot = chance.choice([0, 0, 0, 0, 1, 1, 2, 3, 3, 4])
        lat, lon = (round(degrees * 1e7) for degrees in _SPOTS[spot])
        found.append(Fix(at, lat, lon, chance.choice([1, 1, 1, 1, 4, 4, 5]), 500))
        if chance.random() < 0.3:
            kind = chance.choice([*HomeUnitKind, HomeUnitKind.DEAF])
            found.append(HomeUnitEvent(at + 10_000_000, kind, "home"))
    return found


@st.composite
def leapt_over(draw: Any) -> list[Watch]:
    """A square between the spots that must not be entered, and a curfew at home."""
    harm, end = draw(st.sampled_from(list(Harm))), draw(st.integers(20, 300))
    hours = ((START - MINUTE, START + end * MINUTE),)
    nights = tuple(Demanded(a, b, 1, a + 5 * MINUTE) for a, b in hours)
    home = PlaceToBe("home", outline_of(Circle(Place(*PLACES["home"]), 60.0)))
    return [
        ZoneWatch("z", False, harm, outline_of(SQUARE), hours),
        CurfewWatch("c", (home,), nights),
    ]
