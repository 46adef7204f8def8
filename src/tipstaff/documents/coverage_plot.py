"""The coverage of error regions as a small SVG: nominal against observed, before and after."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from tipstaff.domain.accuracy import FixClass
from tipstaff.matching.error_coverage import CoverageRow

_SIDE: Final = 260
_LEFT: Final = 56
_TOP: Final = 48
_GAP: Final = 84
#: Okabe and Ito's blue and vermilion: told apart by the colour-blind; shapes differ as well.
_BEFORE: Final = "#d55e00"
_AFTER: Final = "#0072b2"
CLASS_WORDS: Final = {
    FixClass.GPS: "satellite",
    FixClass.NETWORK_FINE: "network, claiming 100 m or less",
    FixClass.NETWORK_COARSE: "network, claiming over 100 m",
    FixClass.RF: "home unit radio",
}


def coverage_svg(before: Sequence[CoverageRow], after: Sequence[CoverageRow]) -> str:
    """One panel a class: a point on the diagonal is a region that holds what it promises."""
    classes = sorted({row.fix_class for row in (*before, *after)})
    width = _LEFT + len(classes) * (_SIDE + _GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {_SIDE + _TOP + 72}" '
        f'width="{width}" height="{_SIDE + _TOP + 72}" role="img" font-family="sans-serif" '
        'font-size="13"><title>Share of fixes whose truth lay in the region, by nominal level: '
        "before (orange squares) and after calibration (blue circles)</title>",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
    ]
    for i, fix_class in enumerate(classes):
        parts += _panel(fix_class, _LEFT + i * (_SIDE + _GAP))
        parts += [
            _mark(row, _LEFT + i * (_SIDE + _GAP), _BEFORE, -4) for row in _of(before, fix_class)
        ]
        parts += [
            _mark(row, _LEFT + i * (_SIDE + _GAP), _AFTER, 4) for row in _of(after, fix_class)
        ]
    parts += _legend(_SIDE + _TOP + 58)
    return "\n".join([*parts, "</svg>", ""])


def _of(rows: Sequence[CoverageRow], fix_class: FixClass) -> list[CoverageRow]:
    return [row for row in rows if row.fix_class == fix_class]


def _panel(fix_class: FixClass, x0: float) -> list[str]:
    bottom = _TOP + _SIDE
    words = escape(CLASS_WORDS[fix_class])
    frame = f'x="{x0}" y="{_TOP}" width="{_SIDE}" height="{_SIDE}"'
    lines = [
        f'<text x="{x0}" y="{_TOP - 16}" font-weight="bold">{words}</text>',
        f'<rect {frame} fill="none" stroke="#505a5f"/>',
        f'<line x1="{x0}" y1="{bottom}" x2="{x0 + _SIDE}" y2="{_TOP}" stroke="#b1b4b6"/>',
    ]
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, y = x0 + share * _SIDE, bottom - share * _SIDE
        label = f"{share:.0%}"
        lines.append(f'<text x="{x:g}" y="{bottom + 18}" text-anchor="middle">{label}</text>')
        lines.append(f'<text x="{x0 - 6}" y="{y + 4:g}" text-anchor="end">{label}</text>')
    return lines


def _mark(row: CoverageRow, x0: float, colour: str, aside: float) -> str:
    """A point with its interval, set a little aside so that both series can be seen."""
    x = x0 + row.level * _SIDE + aside
    y, low, high = (_TOP + _SIDE * (1 - share) for share in (row.observed, row.low, row.high))
    bar = f'<line x1="{x:.1f}" y1="{low:.1f}" x2="{x:.1f}" y2="{high:.1f}" stroke="{colour}"/>'
    return bar + _symbol(x, y, colour, square=aside < 0)


def _symbol(x: float, y: float, colour: str, *, square: bool) -> str:
    if square:
        return f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" fill="{colour}"/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{colour}"/>'


def _legend(y: float) -> list[str]:
    return [
        _symbol(_LEFT + 6, y - 4, _BEFORE, square=True),
        f'<text x="{_LEFT + 18}" y="{y}">before</text>',
        _symbol(_LEFT + 84, y - 4, _AFTER, square=False),
        f'<text x="{_LEFT + 96}" y="{y}">after, on devices not fitted</text>',
    ]
