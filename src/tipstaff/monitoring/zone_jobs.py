"""Fixes and zones made ready for the columns of `monitoring.zone_columns`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tipstaff.domain.accuracy import FixClass
from tipstaff.domain.fixes import Mechanism
from tipstaff.domain.geodesy import from_e7
from tipstaff.domain.periods import MICROSECONDS
from tipstaff.monitoring.errors_of_fixes import fix_errors
from tipstaff.monitoring.facts import Fix
from tipstaff.monitoring.parameters import EngineParameters
from tipstaff.monitoring.rules.zone import thresholds
from tipstaff.monitoring.watches import ZoneWatch
from tipstaff.monitoring.zone_columns import I64, FixColumns, ZoneJobs, ZoneNumbers
from tipstaff.monitoring.zone_evidence import logit, scales_of


def fix_columns(fixes: Sequence[Fix], parameters: EngineParameters) -> FixColumns:
    """Columns of fixes that are in order already, one an instant for each wearer."""
    whole = np.array(
        [(f.at_us, f.lat_e7, f.lon_e7, f.mechanism, f.radius_cm) for f in fixes], dtype=np.int64
    ).reshape(-1, 5)
    return columns_of(whole[:, 0], whole[:, 1], whole[:, 2], whole[:, 3], whole[:, 4], parameters)


def columns_of(
    at_us: I64, lat_e7: I64, lon_e7: I64, mechanism: I64, radius_cm: I64,
    parameters: EngineParameters,
) -> FixColumns:  # fmt: skip
    """Columns as the archive has them, made ready; `radius_cm` is -1 where none is stated."""
    radius_m = np.where(radius_cm >= 0, radius_cm / 100.0, np.nan)
    errors = fix_errors(parameters.error, mechanism.astype(np.int8), radius_m)
    network = (errors.classes == FixClass.NETWORK_FINE) | (
        errors.classes == FixClass.NETWORK_COARSE
    )
    latitude = from_e7(lat_e7)
    to_north, to_east, slope = scales_of(latitude)
    return FixColumns(
        at_us=np.ascontiguousarray(at_us),
        latitude=latitude,
        longitude=from_e7(lon_e7),
        code=lat_e7 * np.int64(1 << 32) + lon_e7,
        satellite=mechanism == int(Mechanism.GPS),
        network=network,
        errors=errors.rows,
        tau_s=errors.tau_s,
        reach_m=errors.reach_m,
        to_north=to_north,
        to_east=to_east,
        slope=slope,
    )


def zone_jobs(
    watches: Sequence[ZoneWatch], rows: Sequence[tuple[int, int]], parameters: EngineParameters
) -> ZoneJobs:
    """Jobs of these zones, each over its wearer's rows of the fixes."""
    outlines = [watch.outline for watch in watches]
    periods = [period for watch in watches for period in watch.periods]
    whole = np.array(periods, dtype=np.int64).reshape(-1, 2)
    return ZoneJobs(
        fix_low=np.array([low for low, _ in rows], dtype=np.int64),
        fix_high=np.array([high for _, high in rows], dtype=np.int64),
        keep_in=np.array([watch.keep_in for watch in watches], dtype=np.bool_),
        needed=np.array([thresholds(parameters.zone, w.harm) for w in watches]).reshape(-1, 3),
        box=np.array(
            [
                (o.latitude.min(), o.latitude.max(), o.longitude.min(), o.longitude.max())
                for o in outlines
            ]
        ).reshape(-1, 4),
        place_starts=_starts(len(o.latitude) for o in outlines),
        ring_lat=np.concatenate([o.latitude for o in outlines] or [np.empty(0)]),
        ring_lon=np.concatenate([o.longitude for o in outlines] or [np.empty(0)]),
        ring_starts=_starts(len(o.starts) for o in outlines),
        rings=np.concatenate([o.starts for o in outlines] or [np.empty(0, dtype=np.int64)]),
        period_starts=_starts(len(watch.periods) for watch in watches),
        period_from_us=np.ascontiguousarray(whole[:, 0]),
        period_to_us=np.ascontiguousarray(whole[:, 1]),
    )


def zone_numbers(parameters: EngineParameters) -> ZoneNumbers:
    """The numbers of the rule for the kernels."""
    zone = parameters.zone
    return ZoneNumbers(
        prior=logit(zone.prior),
        relax_s=zone.relax_s,
        cap=zone.cap,
        left=logit(zone.left),
        left_probability=zone.left,
        line_us=int(zone.line_s * MICROSECONDS),
    )


def _starts(lengths: object) -> I64:
    return np.cumsum([0, *lengths]).astype(np.int64)  # type: ignore[misc]
