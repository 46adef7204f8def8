"""Alerts judged by the truth: which were false, which breaches were found, and how soon.

An alert is an episode (`monitoring.visits`), from its first finding on. It is false when there was
no true presence within 5 minutes of the moment at which it was told; *throughout*, when there was
none from 5 minutes before its beginning to 5 minutes after its end. A breach is found by an alert
told within it and 5 minutes of either end. One told before that and standing in it is counted
apart: whoever has had an alert since midnight, told by drift, is told nothing new at noon.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tipstaff.domain.findings import Finding, Level, Why
from tipstaff.domain.periods import from_micros, to_micros
from tipstaff.monitoring.visits import Visit, visits
from validation.watched_truth import Stretches, breaches

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Mask = NDArray[np.bool_]

#: How near a presence makes an alert true.
NEAR_US: Final = 300_000_000
#: How long after a pass an alert of it may come.
PASS_TOLD_US: Final = 420_000_000
#: Instants at which anything is known are thinned: only days without any matter.
_THIN: Final = 30
_APART_US: Final = 1_800_000_000


@dataclass(frozen=True, slots=True)
class Alerts:
    """One wearer's alerts in columns: µs begun, told, ended; their level."""

    began: I64
    told: I64
    ended: I64
    level: I64


@dataclass(frozen=True, slots=True)
class Judged:
    """Of one wearer and detector. Per alert: the fix it was told at, whether it is false, and
    whether it is false throughout.

    Per breach: whether it was found, whether an alert was told or stood in it, and the delay in
    seconds and in fixes (NaN where it was not found).
    """

    told_row: I64
    false: Mask
    false_throughout: Mask
    found: Mask
    stood: Mask
    delay_s: F64
    delay_fixes: F64


def passes_found(alerts: Alerts, short: Stretches) -> Mask:
    """Which passes an alert is told of in time, or stands in: lines wait for some fixes."""
    found = np.zeros(len(short), dtype=np.bool_)
    for i, (start, end) in enumerate(short):
        told = (alerts.told >= start) & (alerts.told <= end + PASS_TOLD_US)
        found[i] = np.any(told | ((alerts.began <= end) & (alerts.ended >= start)))
    return found


def alerts_of(findings: Sequence[Finding], at_us: I64, end_us: int, least: Level) -> Alerts:
    """Episodes of at least a level, told when they first reached it."""
    horizon = from_micros(end_us)
    found = visits(findings, _evidence(at_us), horizon)
    kept = [(visit, _told(visit, findings, least)) for visit in found if visit.level >= least]
    rows = [
        (to_micros(v.began), to_micros(told), to_micros(v.ended or horizon), int(v.level))
        for v, told in kept
    ]
    return Alerts(*np.array(rows, dtype=np.int64).reshape(-1, 4).T)


def without_lines(findings: Sequence[Finding]) -> list[Finding]:
    """Findings but for those that rest on a line between two fixes alone."""
    return [one for one in findings if one.why is not Why.LINE_CROSSES]


def _told(visit: Visit, findings: Sequence[Finding], least: Level) -> datetime:
    later = (
        one.at
        for one in findings
        if one.level >= least
        and one.at >= visit.told_at
        and (visit.ended is None or one.at <= visit.ended)
    )
    return min(later, default=visit.told_at)


def _evidence(at_us: I64) -> list[datetime]:
    gap = np.diff(at_us) > _APART_US
    keep = np.arange(at_us.size) % _THIN == 0
    keep[1:] |= gap
    keep[:-1] |= gap
    return [from_micros(at) for at in at_us[keep].tolist()]


def judged(alerts: Alerts, stretches: Stretches, at_us: I64) -> Judged:
    """One wearer's alerts beside where they truly were; `at_us` are all fixes, in order."""
    must = breaches(stretches)
    found, stood = (np.zeros(len(must), dtype=np.bool_) for _ in range(2))
    delay_s, delay_fixes = np.full(len(must), np.nan), np.full(len(must), np.nan)
    for i, (start, end) in enumerate(must):
        stood[i] = np.any((alerts.told <= end + NEAR_US) & (alerts.ended >= start))
        within = (alerts.told >= start - NEAR_US) & (alerts.told <= end + NEAR_US)
        if within.any():
            told = int(alerts.told[within].min())
            found[i] = True
            delay_s[i] = max(0.0, (told - start) / 1e6)
            first, last = np.searchsorted(at_us, [start, told], side="right")
            delay_fixes[i] = max(0, int(last) - int(first))
    return Judged(
        told_row=np.clip(np.searchsorted(at_us, alerts.told, side="right") - 1, 0, None),
        false=~_near(alerts.told, alerts.told, stretches),
        false_throughout=~_near(alerts.began, alerts.ended, stretches),
        found=found,
        stood=stood,
        delay_s=delay_s,
        delay_fixes=delay_fixes,
    )


def _near(low: I64, high: I64, stretches: Stretches) -> Mask:
    """Which intervals come within 5 minutes of a stretch."""
    if not len(stretches):
        return np.zeros(len(low), dtype=np.bool_)
    first = np.searchsorted(stretches[:, 1], low - NEAR_US)
    return np.append(stretches[:, 0], np.inf)[first] <= high + NEAR_US
