"""Zones made ready for the columns of `monitoring.zone_columns`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tipstaff.domain.periods import MICROSECONDS
from tipstaff.monitoring.outline_rows import outline_rows, starts_of
from tipstaff.monitoring.parameters import EngineParameters
from tipstaff.monitoring.rules.zone import thresholds
from tipstaff.monitoring.watches import ZoneWatch
from tipstaff.monitoring.zone_columns import ZoneJobs, ZoneNumbers
from tipstaff.monitoring.zone_evidence import logit


def zone_jobs(
    watches: Sequence[ZoneWatch], rows: Sequence[tuple[int, int]], parameters: EngineParameters
) -> ZoneJobs:
    """Jobs of these zones, each over its wearer's rows of the fixes."""
    periods = [period for watch in watches for period in watch.periods]
    whole = np.array(periods, dtype=np.int64).reshape(-1, 2)
    return ZoneJobs(
        fix_low=np.array([low for low, _ in rows], dtype=np.int64),
        fix_high=np.array([high for _, high in rows], dtype=np.int64),
        keep_in=np.array([watch.keep_in for watch in watches], dtype=np.bool_),
        needed=np.array([thresholds(parameters.zone, w.harm) for w in watches]).reshape(-1, 3),
        outlines=outline_rows([watch.outline for watch in watches]),
        period_starts=starts_of(len(watch.periods) for watch in watches),
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
