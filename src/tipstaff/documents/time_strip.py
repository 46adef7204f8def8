"""How far from the scene a tag was, minute by minute: one small SVG for each trail.

Near is at the bottom: a visit reads as a dip into the band round the scene.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from markupsafe import Markup

from tipstaff.documents.marks import Mark
from tipstaff.documents.trail_paths import PlacedFix, is_gap
from tipstaff.matching import uk_times

_WIDTH: Final = 640
_LEFT: Final = 64
_RIGHT: Final = 12
_TOP: Final = 22
_BOTTOM: Final = 128
_HEIGHT: Final = 152
_FARTHEST_M: Final = 2000.0
_LINES_M: Final = (100, 500, 1000, 2000)
#: Steps between time marks, in minutes; the first that leaves few enough marks is taken.
_STEPS_MIN: Final = (10, 15, 30, 60, 120, 180, 360, 720, 1440)


def time_strip(
    trail: Sequence[PlacedFix], start: datetime, end: datetime, mark: Mark, label: str
) -> Markup:
    """Distance from the scene against time, the window shaded, an hour each side of it."""
    first, last = start - timedelta(hours=1), end + timedelta(hours=1)
    scale = _Scale(first, last)
    parts = [_window(scale, start, end), *_distances(), *_times(scale, first, last)]
    parts += [_path(trail, scale, mark, gaps=False), _path(trail, scale, mark, gaps=True)]
    dots = "".join(dict.fromkeys(f"M{scale.x(p.at)} {_y(p.away_m)}h0" for p in trail))
    parts.append(
        f'<path fill="none" stroke="{mark.colour}" stroke-width="5" stroke-linecap="{mark.cap}" '
        f'd="{dots}"/>'
    )
    opening = Markup('<svg class="strip" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
        _WIDTH, _HEIGHT, label
    )
    return opening + Markup("".join(parts)) + Markup("</svg>")  # noqa: S704 (numbers alone)


class _Scale:
    """Time to the x of the drawing."""

    def __init__(self, first: datetime, last: datetime) -> None:
        self._first = first
        self._per_second = (_WIDTH - _LEFT - _RIGHT) / (last - first).total_seconds()

    def x(self, at: datetime) -> int:
        """Pixels from the left."""
        return round(_LEFT + (at - self._first).total_seconds() * self._per_second)


def _y(away_m: float) -> int:
    """Square root of the distance: the last 100 m need the room."""
    share = math.sqrt(min(away_m, _FARTHEST_M) / _FARTHEST_M)
    return round(_BOTTOM - share * (_BOTTOM - _TOP))


def _window(scale: _Scale, start: datetime, end: datetime) -> str:
    x0, x1 = scale.x(start), max(scale.x(end), scale.x(start) + 2)
    return (
        f'<rect x="{x0}" y="{_TOP}" width="{x1 - x0}" height="{_BOTTOM - _TOP}" '
        'fill="#fff2c2"/>'
        f'<path d="M{x0} {_TOP - 4}V{_BOTTOM}M{x1} {_TOP - 4}V{_BOTTOM}" stroke="#0b0c0c" '
        'stroke-width="1.5" fill="none"/>'
        f'<text x="{max((x0 + x1) / 2, _LEFT + 30):.1f}" y="{_TOP - 8}" text-anchor="middle" '
        'font-size="13" fill="#0b0c0c">window</text>'
        f'<rect x="{_LEFT}" y="{_y(100)}" width="{_WIDTH - _LEFT - _RIGHT}" '
        f'height="{_BOTTOM - _y(100)}" fill="#d4351c" fill-opacity="0.12"/>'
    )


def _distances() -> list[str]:
    return [
        f'<path d="M{_LEFT} {_y(d)}H{_WIDTH - _RIGHT}" stroke="#b1b4b6" stroke-width="1"/>'
        f'<text x="{_LEFT - 6}" y="{_y(d) + 4}" text-anchor="end" font-size="12" fill="#0b0c0c">'
        f"{d if d < 1000 else d // 1000} {'m' if d < 1000 else 'km'}</text>"
        for d in _LINES_M
    ] + [f'<path d="M{_LEFT} {_BOTTOM}H{_WIDTH - _RIGHT}" stroke="#0b0c0c" stroke-width="2"/>']


def _times(scale: _Scale, first: datetime, last: datetime) -> list[str]:
    minutes = (last - first).total_seconds() / 60
    zoned = uk_times.needs_zone(first, last)
    most, margin = (6, 30) if zoned else (8, 18)  # BST and GMT make the words longer
    step = next((s for s in _STEPS_MIN if minutes / s <= most), _STEPS_MIN[-1])
    at = first.replace(minute=0, second=0, microsecond=0)
    found = []
    while at <= last:
        if at >= first:
            found.append(
                f'<path d="M{scale.x(at)} {_BOTTOM}v5" stroke="#0b0c0c"/>'
                f'<text x="{min(scale.x(at), _WIDTH - margin)}" y="{_BOTTOM + 19}" font-size="12" '
                f'text-anchor="middle" fill="#0b0c0c">{uk_times.clock(at, zoned=zoned)}</text>'
            )
        at += timedelta(minutes=step)
    return found


def _path(trail: Sequence[PlacedFix], scale: _Scale, mark: Mark, *, gaps: bool) -> str:
    pieces: list[str] = []
    pen: PlacedFix | None = None
    for a, b in pairwise(trail):
        if is_gap(a, b) == gaps:
            start = "" if pen is a else f"M{scale.x(a.at)} {_y(a.away_m)}"
            pieces.append(f"{start}L{scale.x(b.at)} {_y(b.away_m)}")
            pen = b
    dash = ' stroke-dasharray="3 5"' if gaps else ""
    return (
        f'<path fill="none" stroke="{mark.colour}" stroke-width="1.5"{dash} d="{"".join(pieces)}"/>'
    )
