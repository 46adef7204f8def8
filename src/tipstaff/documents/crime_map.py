"""The map of one crime as static SVG: see docs/adr/0004-maps-as-svg.md.

Nothing a person typed goes into the drawing: trails are named by letters, which the page explains.
Marks and lines keep their width on the screen at any zoom (`non-scaling-stroke`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from markupsafe import Markup

from tipstaff.documents.marks import Mark, letter
from tipstaff.documents.streets import Streets, path_near
from tipstaff.documents.trail_paths import (
    PlacedFix,
    arrows,
    circle_path,
    circles_path,
    labelled,
    line_path,
    points_path,
    track_data,
)
from tipstaff.domain.geodesy import LocalPlane
from tipstaff.domain.scenes import SCENE_LEVEL, scene_radius_m
from tipstaff.matching import uk_times

#: Facts reach 2 km from the scene; a little more shows where lines lead.
EDGE_M: Final = 2200
_NEAREST_HALF_M: Final = 400
LEGACY_RADIUS_M: Final = 100
_BARS_M: Final = (1000, 500, 200, 100, 50)


@dataclass(frozen=True, slots=True)
class DrawnTrail:
    """One trail to draw: its number (letter), how it is marked, its fixes on the plane."""

    number: int
    mark: Mark
    trail: tuple[PlacedFix, ...]


def crime_map(
    plane: LocalPlane, rounding_m: float, trails: Sequence[DrawnTrail], streets: Streets, label: str
) -> Markup:
    """The whole map; `label` says in words what it shows (it is escaped here)."""
    half = _half(trails)
    unit = half / 320  # about one pixel where the map is 640 pixels wide
    parts = [
        '<path class="map-streets" fill="none" stroke="#b1b4b6" stroke-width="2" '
        f'vector-effect="non-scaling-stroke" d="{path_near(streets, plane, EDGE_M)}"/>',
        *[_accuracy(t) for t in trails],
        _scene(rounding_m),
        *[_lines(t, unit) for t in trails],
        *[_points(t) for t in trails],
        _scene_mark(),
        *_all_labels(trails, half, unit),
        _furniture(half, unit),
    ]
    opening = Markup(
        '<svg class="map-svg" xmlns="http://www.w3.org/2000/svg" viewBox="{0} {0} {1} {1}" '
        'data-half="{2}" role="img" aria-label="{3}" preserveAspectRatio="xMidYMid slice">'
        '<rect x="-9000" y="-9000" width="18000" height="18000" fill="#ffffff"/>'
    ).format(-half, 2 * half, half, label)
    return opening + Markup("".join(parts)) + Markup("</svg>")  # noqa: S704 (numbers and letters)


def _half(trails: Sequence[DrawnTrail]) -> int:
    """Half the width first shown: what decides on every trail, and never only a few streets.

    An hour either side takes most trails far away; the rest is a step of the zoom away.
    """
    reach = float(_NEAREST_HALF_M)
    for drawn in trails:
        deciding = sorted(p.away_m for p in drawn.trail if p.fix.decides)
        away = deciding or sorted(p.away_m for p in drawn.trail)
        reach = max(reach, 2 * away[len(away) // 2 if deciding else 0] if away else 0.0)
    return min(EDGE_M, 50 * -(-int(reach) // 50))


def _stroke(mark: Mark, width: float) -> str:
    return (
        f'fill="none" stroke="{mark.colour}" stroke-width="{width}" '
        'vector-effect="non-scaling-stroke"'
    )


def _accuracy(drawn: DrawnTrail) -> str:
    mark = drawn.mark
    return (
        f'<path class="map-accuracy" data-trail="{drawn.number}" fill="{mark.colour}" '
        f'fill-opacity="0.05" stroke="{mark.colour}" stroke-opacity="0.35" stroke-width="1" '
        f'vector-effect="non-scaling-stroke" d="{circles_path(drawn.trail)}"/>'
    )


def _lines(drawn: DrawnTrail, unit: float) -> str:
    heads = "".join(
        f'<path transform="translate({x} {y}) rotate({turn}) scale({unit:.2f})" '
        'd="M7 0L-5 -5L-2 0L-5 5z"/>'
        for x, y, turn in arrows(drawn.trail)
    )
    return (
        f'<g data-trail="{drawn.number}">'
        f'<path {_stroke(drawn.mark, 2.5)} d="{line_path(drawn.trail, gaps=False)}"/>'
        f'<path {_stroke(drawn.mark, 2)} stroke-dasharray="3 7" '
        f'd="{line_path(drawn.trail, gaps=True)}"/>'
        f'<g class="map-heads" fill="{drawn.mark.colour}">{heads}</g></g>'
    )


def _points(drawn: DrawnTrail) -> str:
    path = points_path(drawn.trail)
    cap = f'stroke-linecap="{drawn.mark.cap}" d="{path}"'
    inner = (
        f'<path fill="none" stroke="#ffffff" stroke-width="4" '
        f'vector-effect="non-scaling-stroke" {cap}/>'
        if drawn.mark.hollow
        else ""
    )
    return f'<g data-trail="{drawn.number}"><path {_stroke(drawn.mark, 8)} {cap}/>{inner}</g>'


def scene_radii_m(rounding_m: float) -> tuple[int, int]:
    """The radii of the scene's 95% and 99.9% circles, in whole metres."""
    return (
        round(float(scene_radius_m(rounding_m, 0.95))),
        round(float(scene_radius_m(rounding_m, SCENE_LEVEL))),
    )


def _scene(rounding_m: float) -> str:
    inner, outer = scene_radii_m(rounding_m)
    line = 'fill="none" stroke="#0b0c0c" vector-effect="non-scaling-stroke"'
    return (
        f'<path {line} fill-opacity="0.05" stroke-width="2" d="{circle_path(0, 0, inner)}"/>'
        f'<path {line} stroke-width="1.5" stroke-dasharray="8 5" d="{circle_path(0, 0, outer)}"/>'
        f'<path {line} stroke-width="1.5" stroke-dasharray="1 4" stroke-linecap="round" '
        f'd="{circle_path(0, 0, LEGACY_RADIUS_M)}"/>'
    )


def _scene_mark() -> str:
    """The scene itself: a cross of fixed size, white under black."""
    arm = 'd="M0 0h0" fill="none" vector-effect="non-scaling-stroke" stroke-linecap'
    return (
        f'<path stroke="#ffffff" stroke-width="18" {arm}="square"/>'
        f'<path stroke="#d4351c" stroke-width="13" {arm}="square"/>'
        f'<path stroke="#ffffff" stroke-width="5" {arm}="round"/>'
    )


def _all_labels(trails: Sequence[DrawnTrail], half: int, unit: float) -> list[str]:
    found: list[str] = []
    taken: list[PlacedFix] = []
    zoned = uk_times.needs_zone(*(p.at for drawn in trails for p in drawn.trail))
    for drawn in trails:
        in_view = [p for p in drawn.trail if max(abs(p.x), abs(p.y)) < 0.85 * half]
        chosen = labelled(in_view, half / 3.2, 6, taken)
        taken += chosen
        found.append(_labels(drawn, chosen, unit, zoned=zoned))
    return found


def _labels(drawn: DrawnTrail, chosen: Sequence[PlacedFix], unit: float, *, zoned: bool) -> str:
    """The letter and UK time at some fixes, with a white edge so that lines do not hide them."""
    texts = "".join(
        f'<text x="{p.x}" y="{p.y}" dx="0.7em" dy="-0.5em">'
        f"{letter(drawn.number)} {uk_times.clock(p.at, zoned=zoned)}</text>"
        for p in chosen
    )
    return (
        f'<g class="map-labels" data-trail="{drawn.number}" font-size="{13 * unit:.1f}" '
        f'font-weight="bold" fill="{drawn.mark.colour}" stroke="#ffffff" stroke-width="0.3em" '
        f'stroke-linejoin="round" paint-order="stroke">{texts}</g>'
    )


def _furniture(half: int, unit: float) -> str:
    """Scale bar and north, kept in the corner by the script when the map is zoomed."""
    bar = next(b for b in _BARS_M if b <= half * 0.7)
    length = bar / unit
    return (
        f'<g class="map-furniture" transform="translate({-half} {half}) scale({unit:.4f})">'
        f'<rect x="8" y="-44" width="{length + 24:.0f}" height="36" fill="#ffffff" '
        'fill-opacity="0.85"/>'
        f'<path class="map-bar" d="M20 -22v8h{length:.1f}v-8" fill="none" stroke="#0b0c0c" '
        'stroke-width="2"/>'
        f'<text class="map-bar-words" x="20" y="-28" font-size="13" fill="#0b0c0c">{bar} m</text>'
        "</g>"
        f'<g class="map-north" transform="translate({half} {-half}) scale({unit:.4f})">'
        '<circle cx="-28" cy="30" r="22" fill="#ffffff" fill-opacity="0.85"/>'
        '<path d="M-28 12l7 20l-7 -4l-7 4z" fill="#0b0c0c"/>'
        '<text x="-28" y="46" text-anchor="middle" font-size="13" font-weight="bold" '
        'fill="#0b0c0c">N</text></g>'
    )


def tracks(drawn: Sequence[DrawnTrail], start: datetime) -> list[dict[str, object]]:
    """What the script needs to step through time: a letter, a colour and the track of each."""
    return [
        {"letter": letter(d.number), "colour": d.mark.colour, "track": track_data(d.trail, start)}
        for d in drawn
    ]
