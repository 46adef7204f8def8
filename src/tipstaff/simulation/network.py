"""Positions looked up by the mobile or Wi-Fi network: repeated exactly, with radii wrong both ways.

A looked-up coordinate belongs to a place (or to a patch of street), not to a tag. Claims of up
to 100 m are right one time in five; claims of 500–750 m are out by 170–230 m (EVIDENCE).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tipstaff.domain.fixes import Mechanism
from tipstaff.simulation.chance import fixed_normal, fixed_uniform
from tipstaff.simulation.paths import Path

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Mask = NDArray[np.bool_]

PATCH_M: Final = 150.0
WIFI_SHARE: Final = 0.45
RIGHT_SHARE: Final = 0.2
CACHED_SHARE: Final = 0.12
#: A place has this many answers; which one is given may change every two hours.
VARIANTS: Final = 8
VARIANT_S: Final = 7200.0
_PATCH_KEYS: Final = 1 << 40


@dataclass(frozen=True, slots=True)
class LookedUp:
    """Looked-up positions as columns."""

    x: F64
    y: F64
    claimed_m: F64
    mechanism: I64
    cached: Mask


def _anchors(path: Path, t_s: F64, x: F64, y: F64, place: I64) -> tuple[I64, F64, F64]:
    """What is looked up at each instant: a key, and the point its coordinate lies round."""
    patch_x, patch_y = np.floor(x / PATCH_M), np.floor(y / PATCH_M)
    patch = _PATCH_KEYS + ((patch_x.astype(np.int64) << 20) ^ patch_y.astype(np.int64))
    inside = place > 0
    visit = np.clip(np.searchsorted(path.visit_start_s, t_s, "right") - 1, 0, None)
    at_x, at_y, _ = path.at(path.visit_start_s[visit] + 1.0)
    key = np.where(inside, place, patch)
    return (
        key,
        np.where(inside, at_x, (patch_x + 0.5) * PATCH_M),
        np.where(inside, at_y, (patch_y + 0.5) * PATCH_M),
    )


def _cached(seed: int, device: int, path: Path, t_s: F64, place: I64) -> tuple[Mask, F64]:
    """Where the network still answers with the place before, and an instant of being there."""
    visit = np.clip(np.searchsorted(path.visit_start_s, t_s, "right") - 1, 0, None)
    chance = fixed_uniform(seed, "cached", device, visit)
    since = t_s - path.visit_start_s[visit]
    lasts = 300.0 + 2400.0 * fixed_uniform(seed, "cached for", device, visit)
    stale = (place > 0) & (visit > 0) & (chance < CACHED_SHARE) & (since < lasts)
    return stale, path.visit_start_s[np.maximum(visit - 1, 0)] + 1.0


def look_up(seed: int, device: int, path: Path, t_s: F64, where: tuple[F64, F64, I64]) -> LookedUp:
    """The network's answer for a tag at `where` = (x, y, place number) at each instant."""
    x, y, place = where
    stale, before_s = _cached(seed, device, path, t_s, place)
    old_x, old_y, knot = path.at(before_s)
    asked_s = np.where(stale, before_s, t_s)
    asked_place = np.where(stale, path.place[knot], place)
    asked_x, asked_y = np.where(stale, old_x, x), np.where(stale, old_y, y)
    key, at_x, at_y = _anchors(path, asked_s, asked_x, asked_y, asked_place)
    period = np.floor(t_s / VARIANT_S).astype(np.int64)
    choice = fixed_uniform(seed, "variant", device, period) ** 2
    variant = np.floor(VARIANTS * choice).astype(np.int64)
    wifi = fixed_uniform(seed, "is wifi", key, variant) < WIFI_SHARE
    claimed, error = _sizes(seed, key, variant, wifi)
    angle = 2 * np.pi * fixed_uniform(seed, "direction", key, variant)
    mechanism = np.where(wifi, int(Mechanism.WIFI), int(Mechanism.LBS))
    return LookedUp(
        at_x + error * np.cos(angle), at_y + error * np.sin(angle), claimed, mechanism, stale
    )


def _sizes(seed: int, key: I64, variant: I64, wifi: Mask) -> tuple[F64, F64]:
    """The claimed radius and the true distance of each looked-up coordinate."""
    u = fixed_uniform(seed, "claim", key, variant)
    n = fixed_normal(seed, "size", key, variant)
    right = fixed_uniform(seed, "right", key, variant) < RIGHT_SHARE
    wifi_claim = np.rint(20.0 + 80.0 * u)
    wrong = wifi_claim * (1.15 + 1.6 * np.exp(0.6 * n))
    inside = wifi_claim * np.sqrt(fixed_uniform(seed, "inside", key, variant))
    wifi_error = np.where(right, inside, np.minimum(wrong, 1500.0))
    cell_claim, cell_error = np.rint(500.0 + 250.0 * u), 200.0 * np.exp(0.3 * n)
    return np.where(wifi, wifi_claim, cell_claim), np.where(wifi, wifi_error, cell_error)
