"""Zones made ready for the columns of `monitoring.zone_columns`, and its steps as values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tipstaff.domain.findings import Finding, FindingKind, Level
from tipstaff.domain.periods import MICROSECONDS, from_micros
from tipstaff.monitoring.outline_rows import outline_rows, starts_of
from tipstaff.monitoring.parameters import EngineParameters
from tipstaff.monitoring.rules.zone import thresholds
from tipstaff.monitoring.watches import ZoneWatch
from tipstaff.monitoring.zone_columns import STEPS, WHYS, ZoneJobs, ZoneNumbers, ZoneSteps
from tipstaff.monitoring.zone_evidence import expit, logit
from tipstaff.monitoring.zone_lines import LineNumbers


def zone_jobs(watches: Sequence[ZoneWatch], parameters: EngineParameters) -> ZoneJobs:
    """Jobs of these zones."""
    periods = [period for watch in watches for period in watch.periods]
    whole = np.array(periods, dtype=np.int64).reshape(-1, 2)
    return ZoneJobs(
        keep_in=np.array([watch.keep_in for watch in watches], dtype=np.bool_),
        needed=np.array([thresholds(parameters.zone, w.harm) for w in watches]).reshape(-1, 3),
        outlines=outline_rows([watch.outline for watch in watches]),
        period_starts=starts_of(len(watch.periods) for watch in watches),
        period_from_us=np.ascontiguousarray(whole[:, 0]),
        period_to_us=np.ascontiguousarray(whole[:, 1]),
        goes_on=np.array(
            [start in watch.goes_on for watch in watches for start, _ in watch.periods],
            dtype=np.bool_,
        ),
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
        line=LineNumbers(
            int(zone.line_s * MICROSECONDS),
            int(zone.rest_s * MICROSECONDS),
            zone.rest_m,
            zone.line_bow,
        ),
    )


def finding_of(steps: ZoneSteps, row: int, condition: str) -> Finding:
    """The finding in a row, as a value; `condition` is the reference of its job."""
    return Finding(
        at=from_micros(int(steps.at_us[row])),
        kind=FindingKind.ZONE,
        condition=condition,
        step=STEPS[int(steps.step[row])],
        level=Level(int(steps.level[row])),
        why=WHYS[int(steps.why[row])],
        since=from_micros(int(steps.since_us[row])),
        probability=expit(float(steps.log_odds[row])),
    )
