"""Plots for validation pages: small SVG files, the same bytes for the same figures."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
COLOURS = ("#0072b2", "#d55e00", "#505a5f")
DASHES = ("", "6 4", "2 3")
WIDTH, HEIGHT, LEFT, TOP = 560, 360, 64, 40


def _x(value: float, span: tuple[float, float]) -> float:
    return LEFT + (value - span[0]) / (span[1] - span[0]) * (WIDTH - LEFT - 24)


def _y(value: float) -> float:
    return TOP + (1.0 - value) * (HEIGHT - TOP - 56)


def _frame(title: str, x_words: str, span: tuple[float, float], y_words: str) -> list[str]:
    marks = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}" role="img" font-family="sans-serif" font-size="12">',
        f"<title>{escape(title)}</title>",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="20" font-weight="bold" font-size="14">{escape(title)}</text>',
        f'<text x="{(LEFT + WIDTH) // 2}" y="{HEIGHT - 12}" text-anchor="middle">'
        f"{escape(x_words)}</text>",
        f'<text transform="rotate(-90 16 {HEIGHT // 2})" x="16" y="{HEIGHT // 2}" '
        f'text-anchor="middle">{escape(y_words)}</text>',
    ]
    for tick in range(int(np.ceil(span[0])), int(np.floor(span[1])) + 1):
        x = _x(tick, span)
        marks.append(
            f'<path d="M{x:.1f} {TOP}V{HEIGHT - 56}" stroke="#dddddd"/>'
            f'<text x="{x:.1f}" y="{HEIGHT - 40}" text-anchor="middle">{tick}</text>'
        )
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = _y(share)
        marks.append(
            f'<path d="M{LEFT} {y:.1f}H{WIDTH - 24}" stroke="#dddddd"/>'
            f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{share:.0%}</text>'
        )
    return marks


def lines(
    title: str,
    x_words: str,
    y_words: str,
    span: tuple[float, float],
    series: Sequence[tuple[str, F64, F64]],
) -> str:
    """Curves of shares (0 to 1) over `span`; each a name, x and y."""
    marks = _frame(title, x_words, span, y_words)
    for i, (name, x, y) in enumerate(series):
        points = " ".join(f"{_x(a, span):.1f},{_y(b):.1f}" for a, b in zip(x, y, strict=True))
        dash = f' stroke-dasharray="{DASHES[i]}"' if DASHES[i] else ""
        marks.append(
            f'<polyline points="{points}" fill="none" stroke="{COLOURS[i]}"{dash} '
            f'stroke-width="2"/>'
            f'<text x="{WIDTH - 30}" y="{TOP + 16 + 18 * i}" text-anchor="end" '
            f'fill="{COLOURS[i]}">{escape(name)}</text>'
        )
    return "\n".join([*marks, "</svg>", ""])


def tippett(true: F64, false: F64) -> str:
    """Share of pairs with at least an LR: offenders, innocents, and the bound 1/x."""
    grid = np.linspace(-4.0, 4.0, 161)
    return lines(
        "Tippett plot: share of pairs with at least this strength",
        "log10 LR",
        "share of pairs",
        (-4.0, 4.0),
        (
            ("offenders", grid, np.array([(true >= g - 1e-9).mean() for g in grid])),
            ("innocents within 1 km", grid, np.array([(false >= g - 1e-9).mean() for g in grid])),
            ("bound 1/x for innocents", grid, np.minimum(1.0, 10.0**-grid)),
        ),
    )


def reliability(true: F64, false: F64) -> str:
    """Observed share of offenders by stated posterior at even prior weight of the two sets."""
    score = np.concatenate([true, false])
    label = np.concatenate([np.ones(len(true)), np.zeros(len(false))])
    weight = np.where(label > 0, 0.5 / len(true), 0.5 / len(false))
    stated = 1.0 / (1.0 + 10.0**-score)
    edges = np.linspace(0.0, 1.0, 11)
    place = np.clip(np.digitize(stated, edges) - 1, 0, 9)
    total = np.bincount(place, weights=weight, minlength=10)
    hits = np.bincount(place, weights=weight * label, minlength=10)
    mean = np.bincount(place, weights=weight * stated, minlength=10)
    used = total > 0
    return lines(
        "Reliability: what was stated and what was so (both sets weighing alike)",
        "stated probability, in tenths",
        "observed share of offenders",
        (0.0, 10.0),
        (
            ("observed", 10 * mean[used] / total[used], hits[used] / total[used]),
            ("perfect", np.array([0.0, 10.0]), np.array([0.0, 1.0])),
        ),
    )
