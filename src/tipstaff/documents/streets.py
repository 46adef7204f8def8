"""Street lines for the background of a map, from GeoJSON values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from tipstaff.domain.geodesy import LocalPlane

Line = tuple[tuple[float, float], ...]
#: A degree of latitude is about 111 km: a cheap box before the exact plane.
_DEGREE_M: Final = 111_000.0


@dataclass(frozen=True, slots=True)
class Streets:
    """Lines of (longitude, latitude) degrees; `skipped` counts features that are no such line."""

    lines: tuple[Line, ...] = ()
    skipped: int = 0


def from_geojson(values: Any) -> Streets:
    """The lines of a feature collection; points and areas are left out, spoiled ones counted."""
    lines: list[Line] = []
    skipped = 0
    features = values.get("features") if isinstance(values, dict) else None
    for feature in features if isinstance(features, list) else []:
        try:
            lines += _lines(feature["geometry"])
        except (KeyError, TypeError, ValueError, IndexError):
            skipped += 1
    return Streets(tuple(lines), skipped)


def _lines(geometry: dict[str, Any]) -> list[Line]:
    if geometry["type"] == "LineString":
        return [_line(geometry["coordinates"])]
    if geometry["type"] == "MultiLineString":
        return [_line(part) for part in geometry["coordinates"]]
    return []


def _line(coordinates: Sequence[Sequence[float]]) -> Line:
    return tuple((float(c[0]), float(c[1])) for c in coordinates)


def path_near(streets: Streets, plane: LocalPlane, half_m: float) -> str:
    """An SVG path of every street piece within the square, y down, whole metres."""
    return "".join(
        f"M{x0} {-y0}L{x1} {-y1}" for (x0, y0), (x1, y1) in _pieces(streets, plane, half_m)
    )


def _pieces(
    streets: Streets, plane: LocalPlane, half_m: float
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    box = 2 * half_m / _DEGREE_M
    for line in streets.lines:
        near = [
            abs(lat - plane.latitude) < box and abs(lon - plane.longitude) < 3 * box
            for lon, lat in line
        ]
        if not any(near):
            continue
        east, north = plane.to_plane([lat for _lon, lat in line], [lon for lon, _lat in line])
        points = [(round(float(x)), round(float(y))) for x, y in zip(east, north, strict=True)]
        for a, b in pairwise(points):
            if a != b and _touches(a, b, half_m):
                yield a, b


def _touches(a: tuple[int, int], b: tuple[int, int], half: float) -> bool:
    """Whether the piece's own box meets the square: a cheap test that may keep too much."""
    return all(min(a[i], b[i]) <= half and max(a[i], b[i]) >= -half for i in (0, 1))
