"""The legacy rule, slow and obvious: the oracle of `legacy`.

The shared area is not the closed formula of `legacy` but an integral over strips of the fix's
circle; near the boundary the two may differ, so `shared_share` is public for tests to see by how
much a fix is in or out.
"""

from __future__ import annotations

import numpy as np

from tipstaff.domain.geodesy import distance_m, from_e7
from tipstaff.matching.legacy import LegacyAnswers, letters
from tipstaff.matching.trails import I64, Scenes, Trails

_STRIPS = 20_000


def shared_share(distance: float, radius: float, circle: float = 100.0) -> float:
    """The share of a fix's circle that lies inside the crime's, by strips (a point: 0 or 1)."""
    if not radius > 0:
        return 1.0 if distance <= circle else 0.0
    angle = (np.arange(_STRIPS) + 0.5) * np.pi / _STRIPS
    x = radius * np.cos(angle)  # from the fix, along the line to the crime at +distance
    half_fix = radius * np.sin(angle)
    half_crime = np.sqrt(np.maximum(0.0, circle**2 - (x - distance) ** 2))
    width = radius * np.sin(angle) * np.pi / _STRIPS
    return float((2 * np.minimum(half_fix, half_crime) * width).sum() / (np.pi * radius**2))


def match_pair(trails: Trails, scenes: Scenes, scene: int, wearer: int) -> tuple[float, list[str]]:
    """Nearest distance in the padded window and the labels of the fixes that match."""
    nearest = float("nan")
    labels: list[str] = []
    visit, number, inside = -1, 0, False
    pad_us = 600_000_000
    for row in range(trails.offsets[wearer], trails.offsets[wearer + 1]):
        if trails.t_us[row] < scenes.start_us[scene] - pad_us:
            continue
        if trails.t_us[row] > scenes.end_us[scene] + pad_us:
            continue
        place = from_e7(trails.lat_e7[row]), from_e7(trails.lon_e7[row])
        distance = float(distance_m(scenes.latitude[scene], scenes.longitude[scene], *place))
        nearest = distance if np.isnan(nearest) else min(nearest, distance)
        if shared_share(distance, float(trails.radius_m[row])) < 0.5:
            inside = False
            continue
        if not inside:
            visit, number, inside = visit + 1, 0, True
        number += 1
        labels.append(f"{letters(visit)}{number}")
    return nearest, labels


def match_pairs(trails: Trails, scenes: Scenes, pair_scene: I64, pair_wearer: I64) -> LegacyAnswers:
    """As `legacy.match_pairs`, one pair and one fix at a time."""
    found = [
        match_pair(trails, scenes, int(scene), int(wearer))
        for scene, wearer in zip(pair_scene, pair_wearer, strict=True)
    ]
    return LegacyAnswers(
        matched=np.array([bool(labels) for _near, labels in found], dtype=np.bool_),
        nearest_m=np.array([near for near, _labels in found], dtype=np.float64),
        labels=tuple(";".join(labels) for _near, labels in found),
        fixes=np.array([len(labels) for _near, labels in found], dtype=np.int64),
    )
