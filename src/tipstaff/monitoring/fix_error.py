"""One fix as the reference takes it: its error, and an outline laid round it."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from tipstaff.domain.accuracy import ErrorModel, FixClass
from tipstaff.domain.geodesy import from_e7
from tipstaff.monitoring import zone_evidence as evidence
from tipstaff.monitoring.errors_of_fixes import fix_errors
from tipstaff.monitoring.facts import Fix
from tipstaff.monitoring.outlines import Outline

NETWORK: Final = frozenset({FixClass.NETWORK_FINE, FixClass.NETWORK_COARSE})


class FixError(NamedTuple):
    """The error's row for the kernels, the time of its correlation, whether a network found it."""

    row: evidence.ErrorRow
    tau_s: float
    network: bool


def error_of(fix: Fix, model: ErrorModel) -> FixError:
    """The error of a fix under the model."""
    return _error_of_claim(fix.mechanism, fix.radius_cm, model)


@lru_cache(maxsize=4096)
def _error_of_claim(mechanism: int, radius_cm: int, model: ErrorModel) -> FixError:
    radius_m = radius_cm / 100.0 if radius_cm >= 0 else float("nan")
    errors = fix_errors(model, np.array([mechanism], dtype=np.int8), np.array([radius_m]))
    nu, radius, gamma, tail, share, wide = (float(x) for x in errors.rows[0])
    network = FixClass(int(errors.classes[0])) in NETWORK
    row = (nu, radius, gamma, tail, share, wide)
    return FixError(row, float(errors.tau_s[0]), network)


def laid(fix: Fix, outline: Outline) -> tuple[evidence.F64, evidence.F64]:
    """The places of an outline in metres east and north of the fix."""
    east, north = np.empty_like(outline.latitude), np.empty_like(outline.latitude)
    latitude, longitude = float(from_e7(fix.lat_e7)), float(from_e7(fix.lon_e7))
    evidence.lay(latitude, longitude, outline.latitude, outline.longitude, east, north)
    return east, north
