"""The data lock: once an order has ended nobody reads what it allowed, but for named purposes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa

from tipstaff.domain.periods import Period, to_micros, without
from tipstaff.domain.purposes import Purpose
from tipstaff.domain.retention import Category
from tipstaff.domain.retention_schedule import locked
from tipstaff.positions.queries import Span
from tipstaff.records import law, retention
from tipstaff.records.activations import WornPeriod

#: What is locked, by the archive's key of the device.
Locked = Mapping[int, list[Period]]


def locked_trails(purpose: Purpose, worn: Iterable[WornPeriod]) -> Locked:
    """What of these people's time with their devices is locked for that purpose."""
    policy, now = law.retention_policy(), datetime.now(UTC)
    if purpose in policy.open_to or Category.TRAIL not in policy.locked:
        return {}
    listed = list(worn)
    orders = retention.spells_of((w.subject_ref for w in listed), now)
    found: dict[int, list[Period]] = {}
    for each in listed:
        period = Period(each.start, each.end)
        shut = locked(orders.get(each.subject_ref, ()), period, now)
        if shut:
            found.setdefault(each.device_key, []).extend(shut)
    return found


def open_spans(spans: Iterable[Span], shut: Locked) -> list[Span]:
    """What of some stretches may be read."""
    return [
        Span(span.device_key, left)
        for span in spans
        for left in without(span.period, shut.get(span.device_key, []))
    ]


def open_rows(table: pa.Table, shut: Locked) -> pa.Table:
    """Those fixes that may be read."""
    if not shut:
        return table
    keys: Any = table["device_key"].to_numpy()
    times: Any = table["fix_time"].cast(pa.int64()).to_numpy()
    keep = np.ones(len(keys), np.bool_)
    for key, periods in shut.items():
        for period in periods:
            inside = (times >= to_micros(period.start)) & (times < to_micros(period.end))
            keep &= ~(inside & (keys == key))
    return table.filter(pa.array(keep))
