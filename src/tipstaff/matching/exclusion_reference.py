"""Ruling out, slow and obvious: the oracle of `exclusion`.

Every removal is made by writing the trail out again without the removed fixes and adding the bounds
of all its intervals up from the start: O(n²) and more. Distances come from `domain.geodesy` and the
table is read with plain comparisons, so that no kernel is shared. Trust is taken as given
(`Judged`), so that tests may say which fixes are trusted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from math import hypot, nan

from tipstaff.domain.geodesy import from_e7, offset_m
from tipstaff.domain.scenes import scene_radius_m
from tipstaff.matching.exclusion import ExclusionParameters
from tipstaff.matching.excursions import APART_M, LENGTHS_S, ONE, PATHS_M, UNSEEN_S, Excursions
from tipstaff.matching.outcomes import DecidedBy
from tipstaff.matching.trails import DOUBT_CLOCK, Scenes, Trails
from tipstaff.matching.trust import Judged


@dataclass(frozen=True, slots=True)
class Witness:
    """One fix, seen from the scene."""

    row: int
    t_us: int
    east_m: float
    north_m: float
    region_m: float
    left_m: float
    place: tuple[int, int]
    trusted: bool
    clock: bool
    stay_before: bool = False
    stay_after: bool = False

    @property
    def distance_m(self) -> float:
        """Metres from the scene."""
        return hypot(self.east_m, self.north_m)


@dataclass(frozen=True, slots=True)
class Question:
    """The padded window and the numbers that answer for it."""

    first_us: int
    last_us: int
    parameters: ExclusionParameters
    excursions: Excursions


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict on one pair; as a row of `exclusion.Verdicts`, rows of fixes left out."""

    decided: DecidedBy
    bound: float
    coverage: float
    nearest_m: float


def table_parts(excursions: Excursions, stays: int, gap_s: float, apart: float, path: float) -> int:
    """E by its definition: the shortest length not shorter, the widest class and path reached."""
    if path < PATHS_M[0]:
        return ONE
    longer = [k for k, length in enumerate(LENGTHS_S) if length >= gap_s + UNSEEN_S]
    length = longer[0] if longer else len(LENGTHS_S) - 1
    ends = max(k for k, least in enumerate(APART_M) if least <= apart)
    reached = max(k for k, least in enumerate(PATHS_M) if least <= path)
    return int(excursions.parts[stays, length, ends, reached])


def interval_parts(a: Witness, b: Witness, question: Question) -> int:
    """The bound of a visit between two neighbouring trusted fixes."""
    if b.t_us < question.first_us or a.t_us > question.last_us:
        return 0
    if contradict(a, b, question) or a.left_m == 0 or b.left_m == 0:
        return ONE
    speed = question.parameters.top_speed_mps
    gap_s = (b.t_us - a.t_us) / 1e6
    earliest = max(a.left_m / speed, (question.first_us - a.t_us) / 1e6)
    latest = min(gap_s - b.left_m / speed, (question.last_us - a.t_us) / 1e6)
    if earliest > latest:
        return 0
    if gap_s > question.parameters.longest_s:
        return ONE
    apart = hypot(b.east_m - a.east_m, b.north_m - a.north_m)
    stays = int(a.stay_before) + int(b.stay_after)
    return table_parts(question.excursions, stays, gap_s, apart, a.left_m + b.left_m)


def contradict(a: Witness, b: Witness, question: Question) -> bool:
    """Whether no journey at the top speed joins two fixes."""
    least = hypot(b.east_m - a.east_m, b.north_m - a.north_m) - a.region_m - b.region_m
    return least > question.parameters.top_speed_mps * ((b.t_us - a.t_us) / 1e6)


def core_parts(trail: list[Witness], question: Question) -> int:
    """The core test's bound for one trail of trusted fixes, as it stands."""
    if not trail or trail[0].t_us > question.first_us or trail[-1].t_us < question.last_us:
        return ONE
    return min(ONE, sum(interval_parts(a, b, question) for a, b in pairwise(trail)))


def has_silence(trail: list[Witness], question: Question) -> bool:
    """Whether a visit could hide in a gap, there before any removal, that is too long to clear."""
    silent_us = round(question.parameters.silent_s * 1e6)
    return any(
        b.t_us - a.t_us > silent_us and interval_parts(a, b, question) > 0
        for a, b in pairwise(trail)
    )


def removals(trail: list[Witness], block_us: int) -> list[list[Witness]]:
    """The trail after each removal: every block (single fixes among them) and every place."""
    blocks = [
        trail[:first] + trail[last + 1 :]
        for first in range(len(trail))
        for last in range(first, len(trail))
        if trail[last].t_us - trail[first].t_us <= block_us
    ]
    places = sorted({each.place for each in trail})
    return blocks + [[each for each in trail if each.place != place] for place in places]


def worst_parts(trail: list[Witness], question: Question) -> int:
    """The greatest bound over no removal and all removals."""
    block_us = round(question.parameters.block_s * 1e6)
    return max(core_parts(each, question) for each in [trail, *removals(trail, block_us)])


def witnesses(
    trails: Trails, scenes: Scenes, scene: int, wearer: int, judged: Judged, level: float
) -> list[Witness]:
    """All fixes of a wearer, seen from a scene."""
    radius = float(scene_radius_m(scenes.rounding_m, level)[scene])
    found = []
    for row in range(trails.offsets[wearer], trails.offsets[wearer + 1]):
        e7 = int(trails.lat_e7[row]), int(trails.lon_e7[row])
        east, north = offset_m(
            scenes.latitude[scene], scenes.longitude[scene], from_e7(e7[0]), from_e7(e7[1])
        )
        region = float(judged.region_m[row])
        found.append(
            Witness(
                row=row,
                t_us=int(trails.t_us[row]),
                east_m=float(east),
                north_m=float(north),
                region_m=region,
                left_m=max(0.0, hypot(float(east), float(north)) - (region + radius)),
                place=e7,
                trusted=bool(judged.trusted[row]),
                clock=bool(trails.doubt[row] & DOUBT_CLOCK),
            )
        )
    return found


def covered_share(fixes: list[Witness], start_us: int, end_us: int, cover_us: int) -> float:
    """The share of start … end within `cover_us` of a fix, by cutting it where anything changes."""
    if start_us == end_us:
        return 1.0 if any(abs(each.t_us - start_us) <= cover_us for each in fixes) else 0.0
    cuts = {start_us, end_us}
    for each in fixes:
        cuts |= {each.t_us - cover_us, each.t_us + cover_us}
    covered = 0
    for a, b in pairwise(sorted(cut for cut in cuts if start_us <= cut <= end_us)):
        if any(each.t_us - cover_us <= a and b <= each.t_us + cover_us for each in fixes):
            covered += b - a
    return covered / (end_us - start_us)


def is_active(trails: Trails, wearer: int, start_us: int, end_us: int) -> bool:
    """Whether every instant of start … end lies in a period; tried where anything changes."""
    own = range(trails.active_offsets[wearer], trails.active_offsets[wearer + 1])
    periods = [(int(trails.active_from_us[k]), int(trails.active_to_us[k])) for k in own]
    instants = {start_us, *(end for _begin, end in periods if start_us < end < end_us)}
    return all(any(begin <= t < end for begin, end in periods) for t in instants)


def hidden_stretches(trail: list[Witness], question: Question) -> list[tuple[int, int]]:
    """The stretches of the padded window, over the gap limit, in which a visit could hide."""
    gap_us = round(question.parameters.gap_s * 1e6)
    if not trail:
        return [(question.first_us, question.last_us)]
    stretches = []
    if trail[0].t_us > question.first_us:
        stretches.append((question.first_us, trail[0].t_us))
    if trail[-1].t_us < question.last_us:
        stretches.append((trail[-1].t_us, question.last_us))
    for a, b in pairwise(trail):
        if b.t_us - a.t_us > gap_us and interval_parts(a, b, question) > 0:
            stretches.append((a.t_us, b.t_us))
    clipped = ((max(a, question.first_us), min(b, question.last_us)) for a, b in stretches)
    return [(a, b) for a, b in clipped if a < b]


def why_not(
    fixes: list[Witness], trail: list[Witness], question: Question, radius: float
) -> DecidedBy:
    """The code where the trail as it stands leaves a visit possible."""
    inside = [each for each in fixes if question.first_us <= each.t_us <= question.last_us]
    if not inside:
        return DecidedBy.NO_FIX
    gap_us = round(question.parameters.gap_s * 1e6)
    seen = sum(
        interval_parts(a, b, question)
        for a, b in pairwise(trail)
        if b.t_us - a.t_us <= gap_us or a.left_m == 0 or b.left_m == 0
    )
    if any(each.distance_m <= radius for each in inside):
        return DecidedBy.NEAR
    if seen >= round(question.parameters.bound * ONE):
        return DecidedBy.NEAR
    silences = []
    for begin, end in hidden_stretches(trail, question):
        times = [begin, *(each.t_us for each in fixes if begin <= each.t_us <= end), end]
        silences.append(max(b - a for a, b in pairwise(times)))
    if not silences:
        return DecidedBy.NEAR
    return DecidedBy.GAP if max(silences) > gap_us else DecidedBy.NETWORK_ONLY


def judge_pair(
    trails: Trails,
    scenes: Scenes,
    pair: tuple[int, int],
    judged: Judged,
    parameters: ExclusionParameters,
    excursions: Excursions,
) -> Answer:
    """The verdict on one (scene, wearer) pair."""
    scene, wearer = pair
    start, end = int(scenes.start_us[scene]), int(scenes.end_us[scene])
    pad, longest = round(parameters.pad_s * 1e6), round(parameters.longest_s * 1e6)
    question = Question(start - pad, end + pad, parameters, excursions)
    level = parameters.trust.level
    fixes = [
        each
        for each in with_stays(witnesses(trails, scenes, scene, wearer, judged, level))
        if question.first_us - longest <= each.t_us <= question.last_us + longest
    ]
    inside = [each for each in fixes if question.first_us <= each.t_us <= question.last_us]
    nearest = min((each.distance_m for each in inside), default=nan)
    coverage = covered_share(fixes, start, end, round(parameters.cover_s * 1e6))
    decided, parts = DecidedBy.ACTIVATION, ONE
    if is_active(trails, wearer, start, end):
        radius = float(scene_radius_m(scenes.rounding_m, level)[scene])
        decided, parts = _decide(fixes, question, radius)
    return Answer(decided, parts / ONE, coverage, nearest)


def in_a_stay(own: Witness, trail: list[Witness], direction: int) -> bool:
    """Whether two fixes, never removed both, put the wearer there before (−1) or after (1)."""
    near = [
        each
        for each in trail
        if each.trusted
        and 600_000_000 <= direction * (each.t_us - own.t_us) <= 1_500_000_000
        and hypot(each.east_m - own.east_m, each.north_m - own.north_m) <= 150.0
    ]
    return (
        any(abs(a.t_us - b.t_us) > 300_000_000 for a in near for b in near)
        and len({each.place for each in near}) > 1
    )


def with_stays(trail: list[Witness]) -> list[Witness]:
    """All of a wearer's fixes with their stays marked, as the whole trail shows them."""
    return [
        replace(each, stay_before=in_a_stay(each, trail, -1), stay_after=in_a_stay(each, trail, 1))
        for each in trail
    ]


def _decide(fixes: list[Witness], question: Question, radius: float) -> tuple[DecidedBy, int]:
    """Code and bound of a pair whose wearer was to be monitored all through the window."""
    trail = [each for each in fixes if each.trusted]
    bound = round(question.parameters.bound * ONE)
    inside = [each for each in fixes if question.first_us <= each.t_us <= question.last_us]
    touching = [
        (a, b)
        for a, b in pairwise(trail)
        if b.t_us >= question.first_us and a.t_us <= question.last_us
    ]
    if any(each.clock for each in fixes):
        return DecidedBy.CLOCK, ONE
    if any(contradict(a, b, question) for a, b in touching):
        return DecidedBy.CONTRADICTION, ONE
    whole = ONE if has_silence(trail, question) else core_parts(trail, question)
    if whole >= bound or any(each.distance_m <= radius for each in inside):
        return why_not(fixes, trail, question, radius), whole
    worst = worst_parts(trail, question)
    if worst >= bound:
        return DecidedBy.FRAGILE, worst
    return (DecidedBy.REACH if worst == 0 else DecidedBy.TRAIL), worst
