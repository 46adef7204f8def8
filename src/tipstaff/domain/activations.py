"""Activations: who wore which device when. One device is worn by one person at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from tipstaff.domain.periods import Period

#: The end of an activation that has none yet; the national feed writes it so.
STILL_ACTIVE: Final = datetime(2999, 12, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Activation:
    """That a wearer wore a device from `start` up to, not including, `end`.

    `end` is `STILL_ACTIVE` where the device is still worn. `row` is where the fact was read.
    """

    activation_id: str
    device_id: str
    wearer_id: str
    start: datetime
    end: datetime = STILL_ACTIVE
    row: int = 0

    @property
    def period(self) -> Period:
        """When the device was worn."""
        return Period(self.start, self.end)

    @property
    def ongoing(self) -> bool:
        """Whether it has no end yet."""
        return self.end >= STILL_ACTIVE


def overlaps(activations: Iterable[Activation]) -> list[tuple[Activation, Activation]]:
    """Every pair that overlaps on one device, the earlier first, in a total order.

    An activation of no length overlaps the one that it lies inside: the device cannot have been
    on two people, however briefly.
    """
    by_device: defaultdict[str, list[Activation]] = defaultdict(list)
    for activation in activations:
        by_device[activation.device_id].append(activation)
    found: list[tuple[Activation, Activation]] = []
    for device in sorted(by_device):
        worn = sorted(by_device[device], key=lambda a: (a.start, a.end, a.activation_id, a.row))
        for index, first in enumerate(worn):
            for second in worn[index + 1 :]:
                if second.start >= first.end:
                    break
                found.append((first, second))
    return found
