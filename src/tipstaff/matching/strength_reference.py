"""Strength, slow and obvious: the definitions of `strength` in plain loops and dictionaries.

An oracle for tests. It shares no lookup, no interpolation and no averaging with the fast kernels:
a routine is a dictionary from cell to minutes, made anew from the daily summaries for every level,
and a ratio is worked out minute by minute.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from tipstaff.matching.strength import NEGLIGIBLE, StrengthParameters
from tipstaff.matching.window_ratio import FLOOR

#: Level-0 cells of the Mercator world, and its width in metres.
ACROSS: Final = 2**19
WORLD_M: Final = 2 * math.pi * 6_378_137.0
COARSEST: Final = 8
LONGEST: Final = 90
REACH_MIN: Final = 120
ENOUGH_DAYS: Final = 14

Cell = tuple[int, int]
#: One row of a daily summary: local day, local hour, level-0 column and row, minutes there.
Row = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Minute:
    """A minute's state: Mercator place, ground variance, minutes to a fix, minute of local day."""

    mark: int
    x: float
    y: float
    variance: float
    near_min: float
    local_minute: int


@dataclass(frozen=True, slots=True, eq=False)
class Life:
    """One wearer's summaries, how the days count, and everybody's summaries (this one's too).

    `weight` gives each day's weight; `same_kind` says whether a day is of the crime's kind. Where
    days are drawn again for an interval, `plain` is the life without the draw: it says whether the
    routine is known and how much of it lies in which region.
    """

    rows: Sequence[Row]
    everyone: Sequence[Sequence[Row]]
    weight: Callable[[int], float]
    same_kind: Callable[[int], bool]
    plain: Life | None = None


@lru_cache(maxsize=64)
def is_known(life: Life) -> bool:
    """Whether enough of the weighted days have an hour or more of known minutes."""
    spent: dict[int, int] = defaultdict(int)
    for day, _hour, _column, _row, minutes in life.rows:
        spent[day] += minutes
    return sum(n >= 60 and life.weight(day) > 0 for day, n in spent.items()) >= ENOUGH_DAYS


def around(x: float, y: float, level: int) -> list[tuple[Cell, float]]:
    """The four cells whose centres are nearest round a place, with bilinear weights."""
    size = WORLD_M / ACROSS * 2**level
    u, v = x / size - 0.5, y / size - 0.5
    west, south = math.floor(u), math.floor(v)
    across = ACROSS // 2**level
    found = []
    for row, share_v in ((south, 1 - (v - south)), (south + 1, v - south)):
        for column, share_u in ((west, 1 - (u - west)), (west + 1, u - west)):
            kept = min(max(row + across // 2, 0), across - 1)
            found.append((((column + across // 2) % across, kept), share_u * share_v))
    return found


def level_of(variance: float, scale: float) -> int:
    """The first level from 1 whose cells are at least 2√(V + 20²) wide on the ground."""
    for level in range(1, COARSEST):
        if WORLD_M / ACROSS * 2**level * scale >= 2 * math.sqrt(variance + 400):
            return level
    return COARSEST


def capped(rows: Sequence[Row], level: int) -> dict[Cell, int]:
    """Σ 16·√minutes over the level-0 cells of each cell of a level."""
    spent: dict[Cell, int] = defaultdict(int)
    for _day, _hour, column, row, minutes in rows:
        spent[column, row] += minutes
    mass: dict[Cell, int] = defaultdict(int)
    for (column, row), minutes in spent.items():
        mass[column >> level, row >> level] += round(16 * math.sqrt(minutes))
    return mass


def hour_shares(minute: int) -> dict[int, float]:
    """Share of each local hour within 90 minutes of a minute of the day."""
    shares: dict[int, float] = defaultdict(float)
    for each in range(minute - 90, minute + 90):
        shares[each // 60 % 24] += 1 / 60
    return shares


@lru_cache(maxsize=64)
def own_minutes(life: Life, level: int, *, this_kind: bool) -> dict[Cell, dict[int, float]]:
    """Weighted minutes by cell and hour, of all days or of those of the crime's kind."""
    spent: dict[Cell, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for day, hour, column, row, minutes in life.rows:
        if life.same_kind(day) or not this_kind:
            spent[column >> level, row >> level][hour] += life.weight(day) * minutes
    return {cell: dict(hours) for cell, hours in spent.items()}


def own_density(
    life: Life, level: int, place: list[tuple[Cell, float]], hours: dict[int, float] | None
) -> float | None:
    """Share of own weighted minutes round a place, a cell; None without any. None: all hours."""
    spent = own_minutes(life, level, this_kind=hours is not None)
    counted = dict.fromkeys(range(24), 1.0) if hours is None else hours

    def at(cell: Cell) -> float:
        return sum(counted.get(hour, 0.0) * n for hour, n in spent.get(cell, {}).items())

    total = sum(at(cell) for cell in spent)
    if total <= 0:
        return None
    return sum(weight * at(cell) for cell, weight in place) / total


@lru_cache(maxsize=64)
def everybodys(life: Life, level: int) -> dict[Cell, int]:
    """The capped mass of everyone together, by cell."""
    mass: dict[Cell, int] = defaultdict(int)
    for rows in life.everyone:
        for cell, own in capped(rows, level).items():
            mass[cell] += own
    return dict(mass)


@lru_cache(maxsize=64)
def ones_own(life: Life, level: int) -> dict[Cell, int]:
    """The capped mass of this wearer alone, by cell."""
    return capped(life.rows, level)


def others_density(
    life: Life, level: int, place: list[tuple[Cell, float]], area_m2: float, top_m2: float
) -> tuple[float, float]:
    """Density of other wearers' map round a place, and of anywhere, given this one's region."""
    all_here, all_top = everybodys(life, level), everybodys(life, COARSEST)
    own, own_top = ones_own(life, level), ones_own(life, COARSEST)
    whole = sum(all_top.values())
    around_here = anywhere = 0.0
    for cell, weight in place:
        top = (cell[0] >> (COARSEST - level), cell[1] >> (COARSEST - level))
        theirs = all_top.get(top, 0) / whole if whole else 0.0
        mine = own_density(life.plain or life, COARSEST, [(top, 1.0)], None)
        if mine is None:
            region = 0.9999 * theirs + 1e-4
        else:
            region = 0.98 * mine + 0.0199 * theirs + 1e-4
        anywhere += weight * region / top_m2
        left = all_top.get(top, 0) - own_top.get(top, 0)
        if left <= 0:
            around_here += weight * region / top_m2
        else:
            here = all_here.get(cell, 0) - own.get(cell, 0)
            around_here += weight * region * here / left / area_m2
    return around_here, anywhere


def background(life: Life, x: float, y: float, variance: float, local_minute: int) -> list[float]:
    """The seven components of g, a ground m², at a place blurred by a variance."""
    scale = 1 / math.cosh(y / 6_378_137.0)
    cell_m = WORLD_M / ACROSS * scale
    out = [0.0] * 7
    for second in (0, 1):
        level = min(COARSEST, level_of(variance, scale) + 2 * second)
        area_m2 = (cell_m * 2**level) ** 2
        place = around(x, y, level)
        here, anywhere = others_density(life, level, place, area_m2, (cell_m * 2**COARSEST) ** 2)
        all_hours = own_density(life, level, place, None)
        this_hour = own_density(life, level, place, hour_shares(local_minute))
        own_all = here if all_hours is None else all_hours / area_m2
        own_hour = own_all if this_hour is None else this_hour / area_m2
        out[second], out[2 + second], out[4 + second], out[6] = own_hour, own_all, here, anywhere
    return out


def mixture(components: Sequence[float], shares: Sequence[float], *, known: bool) -> float:
    """The density g; without enough history the own share goes to the area, by halves."""
    use = list(shares)
    if not known:
        half = sum(use[:4]) / 2
        use = [0.0, 0.0, 0.0, 0.0, use[4] + half, use[5] + half, use[6]]
    return sum(share * value for share, value in zip(use, components, strict=True))


def familiarity(life: Life, minute: Minute, parameters: StrengthParameters) -> float:
    """The share of the wearer's own routine in g at a minute's place, 0 to 1."""
    if not is_known(life.plain or life):
        return 0.0
    shares = [float(share) for share in parameters.background.as_row()]
    variance = minute.variance + parameters.extra_sigma_m**2
    plain = life.plain or life
    found = background(plain, minute.x, minute.y, variance, minute.local_minute)
    own = mixture(found[:4], shares[:4], known=True)
    return own / mixture(found, shares, known=True)


@lru_cache(maxsize=4096)
def alternative(life: Life, minute: Minute, parameters: StrengthParameters) -> float:
    """Z = ∫ g·h of a minute: its core and its gross part, each looked up at its own width."""
    shares = [float(share) for share in parameters.background.as_row()]
    core = minute.variance + parameters.extra_sigma_m**2
    total = 0.0
    for share, variance in (
        (1 - parameters.gross_share, core),
        (parameters.gross_share, core + parameters.gross_sigma_m**2),
    ):
        found = background(life, minute.x, minute.y, variance, minute.local_minute)
        total += share * mixture(found, shares, known=is_known(life.plain or life))
    return total


def apart2(a: tuple[float, float], b: tuple[float, float], scale: float) -> float:
    """Squared ground metres between two Mercator places, the short way round the world."""
    east = (a[0] - b[0] + WORLD_M / 2) % WORLD_M - WORLD_M / 2
    return (east * scale) ** 2 + ((a[1] - b[1]) * scale) ** 2


def asked_at(mark: int, minutes: dict[int, Minute]) -> Minute:
    """The minute whose alternative stands for this one: its block's first, if much the same."""
    own, first = minutes[mark], minutes.get(mark // 10 * 10)
    if first is None or first.near_min > REACH_MIN:
        return own
    near = apart2((own.x, own.y), (first.x, first.y), 1 / math.cosh(own.y / 6_378_137.0)) <= 9.0
    alike = abs(own.variance - first.variance) <= 0.1 * first.variance
    return first if near and alike else own


def density(d2: float, variance: float, parameters: StrengthParameters) -> float:
    """h∗S at a squared distance: a round normal law, and a wide one for what is grossly wrong."""
    value = 0.0
    for share, v in (
        (1 - parameters.gross_share, variance),
        (parameters.gross_share, variance + parameters.gross_sigma_m**2),
    ):
        value += share * math.exp(-d2 / (2 * v)) / (2 * math.pi * v)
    return value


def stay_length(mark: int, minutes: dict[int, Minute], parameters: StrengthParameters) -> int:
    """Minutes of the stay that one belongs to, each followed 90 minutes at most; 0: not told."""
    law = parameters.dwell

    def seen(m: int) -> bool:
        other = minutes.get(m)
        return (
            other is not None
            and other.near_min <= law.seen_min
            and other.variance < law.surest_m**2
        )

    def about(m: int) -> bool:
        own, other = minutes[mark], minutes[m]
        scale = 1 / math.cosh(own.y / 6_378_137.0)
        return apart2((other.x, other.y), (own.x, own.y), scale) <= law.within_m**2

    if not seen(mark):
        return 0
    sides = []
    for step in (-1, 1):
        path = [mark + step * n for n in range(1, LONGEST + 1)]
        stop = next((m for m in path if not seen(m) or not about(m)), None)
        if stop is None:
            return LONGEST + 1
        sides.append(abs(stop - mark) - 1 if seen(stop) else None)
    before, after = sides
    return 0 if before is None or after is None else min(before + after, LONGEST) + 1


def dwell_weight(
    mark: int, minutes: dict[int, Minute], familiar: float, parameters: StrengthParameters
) -> float:
    """What the dwell law gives one minute: 1 where no stay can be told, or no law is given."""
    law, stay = parameters.dwell, stay_length(mark, minutes, parameters)
    if not law.weights or stay < law.from_min[0]:
        return 1.0
    row = law.weights[0 if familiar < 0.5 else 1 if familiar < 0.95 else 2]
    return [w for first, w in zip(law.from_min, row, strict=True) if first <= stay][-1]


def ratio(
    mark: int,
    minutes: dict[int, Minute],
    scene: tuple[float, float, float],
    life: Life,
    parameters: StrengthParameters,
    draw: tuple[float, float] = (1.0, 1.0),
) -> float:
    """R of one minute for one component (x, y, variance) of the scene; 1 where nothing is known.

    The dwell law weighs what the fixes say. `draw`: factors on the variance and the gross share of
    what the fixes say; Z is not drawn.
    """
    minute = minutes.get(mark)
    if minute is None or minute.near_min > REACH_MIN:
        return 1.0
    fade = 1 - math.exp(-minute.near_min / parameters.gap_min)
    d2 = apart2((minute.x, minute.y), scene[:2], 1 / math.cosh(scene[1] / 6_378_137.0))
    variance = draw[0] * minute.variance + parameters.extra_sigma_m**2 + scene[2]
    gross = min(0.5, draw[1] * parameters.gross_share)
    own = density(d2, variance, replace(parameters, gross_share=gross))
    fit = 0.0
    if own > NEGLIGIBLE:
        asked = asked_at(mark, minutes)
        weight = dwell_weight(mark, minutes, familiarity(life, asked, parameters), parameters)
        fit = weight * own / alternative(life, asked, parameters)
    return max(fade + (1 - fade) * fit, FLOOR)


def likelihood_ratio(
    marks: tuple[int, int],
    scene: tuple[float, float, Sequence[tuple[float, float]]],
    minutes: dict[int, Minute],
    life: Life,
    parameters: StrengthParameters,
    not_on_wearer: float,
    draw: tuple[float, float] = (1.0, 1.0),
) -> float:
    """LR′ of a window (first and last mark) at a scene (x, y, and (share, variance) of each part).

    Exactly 1 where no mark of the window, or of half a stay either side, has a state.
    """
    half = parameters.stay_min // 2
    reach = range(marks[0] - half, marks[1] + half + 1)
    if all(m not in minutes or minutes[m].near_min > REACH_MIN for m in reach):
        return 1.0
    total = 0.0
    for share, variance in scene[2]:
        part = (scene[0], scene[1], variance)
        at = {m: ratio(m, minutes, part, life, parameters, draw) for m in reach}
        stays = []
        for mark in range(marks[0], marks[1] + 1):
            for reaching in (half, min(half, parameters.short_stay_min // 2)):
                stay = [at[m] for m in range(mark - reaching, mark + reaching + 1)]
                mean = math.prod(value ** (1 / len(stay)) for value in stay)
                stays.append(mean)
        total += share * sum(stays) / len(stays)
    return (1 - not_on_wearer) * total + not_on_wearer
