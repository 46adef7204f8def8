"""The town as GeoJSON: its streets as lines, its shops, pubs, works and hostels as points."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tipstaff.domain.geodesy import LocalPlane
from tipstaff.simulation.places import Amenities
from tipstaff.simulation.streets import Streets

_CLASS_NAMES: Final = ("minor", "main", "trunk")


def _lines(streets: Streets) -> list[tuple[int, NDArray[np.int64]]]:
    """(class, nodes) of each unbroken stretch of a street."""
    order = np.argsort(streets.street, kind="stable")
    lines: list[tuple[int, list[int]]] = []
    for edge in order:
        a, b = int(streets.edge_from[edge]), int(streets.edge_to[edge])
        kind = int(streets.kind[edge])
        if lines and lines[-1][1][-1] == a and lines[-1][0] == kind:
            lines[-1][1].append(b)
        else:
            lines.append((kind, [a, b]))
    return [(kind, np.array(nodes)) for kind, nodes in lines]


def _feature(geometry: str, coordinates: Any, properties: dict[str, str]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": geometry, "coordinates": coordinates},
    }


def town_map(plane: LocalPlane, streets: Streets, amenities: Amenities) -> dict[str, Any]:
    """A GeoJSON FeatureCollection; nobody's home is in it."""
    latitude, longitude = plane.to_degrees(streets.x, streets.y)
    points = np.round(np.column_stack([longitude, latitude]), 6)
    features = [
        _feature("LineString", points[nodes].tolist(), {"class": _CLASS_NAMES[kind]})
        for kind, nodes in _lines(streets)
    ]
    for place in amenities.all:
        lat, lon = plane.to_degrees(place.x, place.y)
        spot = [round(float(lon), 6), round(float(lat), 6)]
        features.append(_feature("Point", spot, {"class": place.kind}))
    return {"type": "FeatureCollection", "features": features}
