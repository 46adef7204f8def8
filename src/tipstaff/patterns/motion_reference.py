"""The two-mode smoother, slow and obvious: an oracle for `motion` in plain Python.

One pass over the events of a day in order of time, and one over the same events backwards; at each
whole minute what the past says and what the future says are joined.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tipstaff.patterns.motion import MotionParameters

REACH_MIN = 120.0


@dataclass(frozen=True, slots=True)
class Seen:
    """A fix: minutes from the first mark, Mercator place, variance with and without its run.

    `scale2`: Mercator m² to a ground m².
    """

    t_min: float
    x: float
    y: float
    variance: float
    alone: float
    scale2: float


@dataclass(frozen=True, slots=True)
class Mode:
    """What one mode holds: its weight, place and variance on one axis (Mercator)."""

    weight: float
    x: float
    y: float
    variance: float


Modes = tuple[Mode, Mode]


@dataclass(frozen=True, slots=True)
class Placed:
    """One minute's answer: Mercator place, ground variance, minutes to the nearest fix."""

    x: float
    y: float
    variance: float
    near_min: float


def joined(parts: Sequence[Mode]) -> Mode:
    """Several weighted laws as the one of the same mean and spread."""
    weight = sum(p.weight for p in parts)
    x = sum(p.weight * p.x for p in parts) / weight
    y = sum(p.weight * p.y for p in parts) / weight
    spread = sum(p.weight * (p.variance + ((p.x - x) ** 2 + (p.y - y) ** 2) / 2) for p in parts)
    return Mode(weight, x, y, spread / weight)


def passed(modes: Modes, minutes: float, scale2: float, p: MotionParameters) -> Modes:
    """The modes so many minutes on."""
    if minutes <= 0:
        return modes
    change = 1 - math.exp(-minutes / p.memory_min)
    shares = (p.still_share, 1 - p.still_share)
    gains = (p.still_q_m2, p.moving_q_m2)
    out = []
    for to in (0, 1):
        parts = []
        for origin in (0, 1):
            moved = change * shares[to] + (1 - change) * (origin == to)
            parts.append(replace(modes[origin], weight=modes[origin].weight * moved))
        mode = joined(parts)
        out.append(replace(mode, variance=mode.variance + gains[to] * minutes * scale2))
    return out[0], out[1]


def taken(modes: Modes, fix: Seen, p: MotionParameters) -> Modes:
    """The modes after a fix: weights by its Student tail, the rest by one reweighted step."""
    out = []
    for mode in modes:
        whole = mode.variance + fix.variance
        d2 = ((fix.x - mode.x) ** 2 + (fix.y - mode.y) ** 2) / whole
        likely = (1 + d2 / p.nu) ** (-(p.nu + 2) / 2) / whole
        counted = fix.variance / min(1.0, (p.nu + 2) / (p.nu + d2))
        gain = mode.variance / (mode.variance + counted)
        out.append(
            Mode(
                mode.weight * likely,
                mode.x + gain * (fix.x - mode.x),
                mode.y + gain * (fix.y - mode.y),
                max((1 - gain) * mode.variance, min(mode.variance, p.floor * fix.alone)),
            )
        )
    total = out[0].weight + out[1].weight
    if total <= 1e-300:
        return (
            replace(out[0], weight=p.still_share),
            replace(out[1], weight=1 - p.still_share),
        )
    return (
        replace(out[0], weight=out[0].weight / total),
        replace(out[1], weight=out[1].weight / total),
    )


def one_way(
    fixes: Sequence[Seen], marks: Sequence[int], p: MotionParameters, *, back: bool
) -> dict[int, tuple[Modes, float]]:
    """What one side says at each mark, and the minutes to its nearest fix.

    The past of a mark holds the fixes at it, its future does not.
    """
    events: list[tuple[float, int, Seen | None]] = [
        (-f.t_min if back else f.t_min, 1 if back else 0, f) for f in fixes
    ]
    events += [(-float(m) if back else float(m), 0 if back else 1, None) for m in marks]
    ordered = list(reversed(fixes)) if back else list(fixes)
    events = sorted(events, key=lambda event: event[:2])  # stable among fixes of one instant
    out: dict[int, tuple[Modes, float]] = {}
    modes: Modes | None = None
    now, last, seen = 0.0, 0.0, 0
    for at, _order, fix in events:
        if fix is not None:
            own = ordered[seen]
            seen += 1
            if modes is None:
                start = Mode(1.0, own.x, own.y, own.variance)
                modes = (
                    replace(start, weight=p.still_share),
                    replace(start, weight=1 - p.still_share),
                )
            else:
                modes = taken(passed(modes, at - now, own.scale2, p), own, p)
            now = last = at
        elif modes is not None and at - last <= REACH_MIN:
            modes = passed(modes, at - now, ordered[seen - 1].scale2, p)
            now = at
            out[round(-at if back else at)] = (modes, at - last)
    return out


def met(past: Modes, future: Modes, p: MotionParameters) -> Modes:
    """Past and future multiplied, mode by mode; a mode's own share counts once."""
    out = []
    for a, b, share in zip(past, future, (p.still_share, 1 - p.still_share), strict=True):
        whole = a.variance + b.variance
        d2 = ((b.x - a.x) ** 2 + (b.y - a.y) ** 2) / whole
        tail = (1 + d2 / p.nu) ** (-(p.nu + 2) / 2)
        gain = a.variance / whole
        out.append(
            Mode(
                a.weight * b.weight / share / whole * tail,
                a.x + gain * (b.x - a.x),
                a.y + gain * (b.y - a.y),
                a.variance * b.variance / whole,
            )
        )
    return out[0], out[1]


def smooth(fixes: Sequence[Seen], marks: int, p: MotionParameters) -> list[Placed | None]:
    """The minutes 0 … `marks` − 1 of one wearer's fixes (in time order); None out of reach."""
    past = one_way(fixes, range(marks), p, back=False)
    future = one_way(fixes, range(marks), p, back=True)
    out: list[Placed | None] = []
    for mark in range(marks):
        sides = [side[mark] for side in (past, future) if mark in side]
        if not sides:
            out.append(None)
            continue
        modes = met(sides[0][0], sides[1][0], p) if len(sides) == 2 else sides[0][0]
        mode = joined(modes)
        after = [f for f in fixes if f.t_min > mark]
        ground = (after[0] if after else fixes[-1]).scale2
        near = min(minutes for _modes, minutes in sides)
        out.append(Placed(mode.x, mode.y, mode.variance / ground, near))
    return out
