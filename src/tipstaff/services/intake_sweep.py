"""Messages that nobody may keep: their bytes are dropped and only counted.

Of a device that nobody is known to wear, after some hours (unknown devices); of a time in which the
device was on nobody any more (ended). Stores of messages are a declared list: the quarantine of
imported files. The inbox of live positions drops its own after as long (`inbox_upkeep`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from tipstaff import settings
from tipstaff.domain.periods import Period
from tipstaff.domain.retention import RetentionPolicy
from tipstaff.positions import quarantine_erasing
from tipstaff.positions.quarantine_erasing import QuarantinedRow
from tipstaff.records import activations

#: Why messages go.
UNKNOWN: Final = "unknown_device"
ENDED: Final = "ended_activation"
_ALWAYS: Final = Period(
    datetime.fromisoformat("0002-01-01T00:00:00Z"), datetime.fromisoformat("9998-01-01T00:00:00Z")
)

Judge = Callable[[QuarantinedRow], str | None]


def sweep(values: settings.Settings, policy: RetentionPolicy, now: datetime) -> dict[str, int]:
    """Drop them everywhere; how many, by why. Nothing where no activation is on record.

    Without one, each device is taken for a wearer of its own, and none is unknown.
    """
    if not activations.any_recorded():
        return {}
    counts: Counter[str] = Counter()
    judge = _judge(now - timedelta(hours=policy.unknown_device_h))
    for store in STORES:
        store(values, judge, counts)
    return dict(sorted(counts.items()))


def _judge(known_by: datetime) -> Judge:
    """Why a row goes, if it does. A row of a device in use stays: it is erased with the trail."""
    worn: dict[str, list[Period]] = {}
    for each in activations.worn_in(_ALWAYS):
        worn.setdefault(each.device_id, []).append(Period(each.start, each.end))

    def why(row: QuarantinedRow) -> str | None:
        named = {device for device in row.words if device in worn}
        if any(row.may_be_in(worn[device]) for device in named):
            return None
        if named:
            return ENDED
        return UNKNOWN if row.kept_since < known_by else None

    return why


def _quarantine(values: settings.Settings, judge: Judge, counts: Counter[str]) -> None:
    def goes(row: QuarantinedRow) -> bool:
        reason = judge(row)
        if reason is not None:
            counts[reason] += 1
        return reason is not None

    quarantine_erasing.erase(values.quarantine_folder, goes)


#: Every store of messages as they came in.
STORES: Final = (_quarantine,)
