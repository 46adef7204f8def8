"""Meetings of all pairs of wearers in a day, beside PyMEOS on pairs of a sample where it is there.

PyMEOS is no dependency: `pip install pymeos` into this environment to have it beside.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import Figure, Result
from benchmarks.wearers import fixes_of, lives_of
from tipstaff.domain.geodesy import E7, to_mercator
from tipstaff.patterns.meetings import MeetingRules, Meetings, meetings

WEARERS: Final = 25_000
BLOCK: Final = 1_000
PAIRS: Final = 300
BAR_S: Final = 60.0
RULES: Final = MeetingRules()
NAMED: Final = {"full": 1.0, "tiny": 0.02}

Fixes = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]


def run(scale: str) -> Result:
    """A day of so many wearers on one core; the pairs that met, and as many others, by PyMEOS."""
    share = NAMED[scale] if scale in NAMED else float(scale)
    wearers = max(100, round(WEARERS * share))
    fixes = _fixes(wearers)
    few = int(np.searchsorted(fixes[0], 50))
    meetings(*(column[:few] for column in fixes), RULES)  # type: ignore[arg-type] # compiled
    begun = time.perf_counter()
    found = meetings(*fixes, RULES)
    took = time.perf_counter() - begun
    pairs = wearers * (wearers - 1) / 2
    figures = [Figure("all pairs of a day", took, "s", BAR_S * share**2, "the bar, by pairs")]
    notes = ["One core; reading the fixes left out."]
    try:
        rate, same = _beside(fixes, found)
        what = "pair-days a second"
        figures.append(Figure(what, pairs / took, "1/s", rate, "PyMEOS, a pair at a time"))
        notes.append(f"Of {same} pairs both say the same, to a second; which is checked.")
    except ImportError:
        notes.append("PyMEOS is not installed here: pip install pymeos.")
    counts = {"wearers": wearers, "fixes": len(fixes[0]), "meetings": len(found.first),
              "crowded minutes": len(found.crowd_size)}  # fmt: skip
    return Result("meetings", scale, figures, counts, notes)


def _fixes(wearers: int) -> Fixes:
    """The day's fixes by wearer and time."""
    parts = [_block(first, min(BLOCK, wearers - first)) for first in range(0, wearers, BLOCK)]
    who, when, x, y = (np.concatenate([part[n] for part in parts]) for n in range(4))
    order = np.lexsort((when, who))
    who, when = who[order], when[order]
    once = np.ones(len(who), np.bool_)
    once[1:] = (np.diff(who) > 0) | (np.diff(when) > 0)
    _, dense = np.unique(who[once], return_inverse=True)
    return dense.astype(np.int64), when[once], x[order][once], y[order][once]


def _block(first: int, count: int) -> tuple[Any, ...]:
    table = fixes_of(lives_of(first // BLOCK, count), first // BLOCK)
    _, who = np.unique(table["device_key"].to_numpy(), return_inverse=True)
    x, y = to_mercator(table["lat_e7"].to_numpy() / E7, table["lon_e7"].to_numpy() / E7)
    return who + first, table["fix_time"].cast("int64").to_numpy(), x, y


def _beside(fixes: Fixes, found: Meetings) -> tuple[float, int]:
    """Pairs a second by PyMEOS, and of how many the meetings were compared and are the same."""
    from pymeos import TGeomPointSeqSet, pymeos_finalize, pymeos_initialize  # noqa: PLC0415

    pymeos_initialize()
    try:
        chance = np.random.default_rng(10)
        met = sorted(set(zip(found.first.tolist(), found.second.tolist(), strict=True)))[:PAIRS]
        last = int(fixes[0][-1])
        more = [tuple(sorted(chance.choice(last, 2, replace=False).tolist())) for _ in met]
        pairs = [*met, *more]
        trips = {n: _trip(TGeomPointSeqSet, fixes, n) for pair in pairs for n in pair}
        begun = time.perf_counter()
        told = [list(_times(trips[a], trips[b], _reach(fixes, a))) for a, b in pairs]
        took = time.perf_counter() - begun
        for pair, times in zip(pairs, told, strict=True):
            _compare(pair, times, found)
        return len(pairs) / took, len(pairs)
    finally:
        pymeos_finalize()


def _reach(fixes: Fixes, number: int) -> float:
    """The distance in Web Mercator metres where that wearer mostly is."""
    y = float(np.median(fixes[3][fixes[0] == number]))
    return RULES.distance_m * float(np.cosh(y / 6_378_137.0))


def _trip(kind: Any, fixes: Fixes, number: int) -> Any:
    """A wearer's day as PyMEOS has it: a sequence for each stretch without a gap."""
    own = fixes[0] == number
    when, x, y = (column[own] for column in fixes[1:])
    cuts = np.flatnonzero(np.diff(when) > RULES.gap_s * 1e6) + 1
    pieces = []
    for piece in np.split(np.arange(len(when)), cuts):
        points = ", ".join(
            f"POINT({x[n]} {y[n]})@{np.datetime64(int(when[n]), 'us')}+00" for n in piece
        )
        pieces.append(f"[{points}]")
    return kind("{" + ", ".join(pieces) + "}")


def _times(one: Any, other: Any, reach: float) -> Iterator[tuple[float, float]]:
    """When two are within reach, each long enough, as seconds of UTC."""
    near = one.within_distance(other, reach)
    whole = None if near is None else near.at(True)  # noqa: FBT003 (PyMEOS's own call)
    if whole is None:
        return
    for span in whole.time().spans():
        began, ended = span.lower().timestamp(), span.upper().timestamp()
        if ended - began >= RULES.least_s:
            yield began, ended


def _compare(pair: Any, times: list[tuple[float, float]], found: Meetings) -> None:
    rows = np.flatnonzero((found.first == pair[0]) & (found.second == pair[1]))
    ours = [(found.began_us[n] / 1e6, found.ended_us[n] / 1e6) for n in rows]
    assert len(ours) == len(times), (pair, ours, times)
    for mine, theirs in zip(ours, times, strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1.0)
