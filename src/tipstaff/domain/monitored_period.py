"""How long an eligibility rule lets a person be monitored after first release."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from tipstaff.domain.terms import add_months

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OffLicence:
    """Days not on licence, as after a recall: from `start` up to, not including, `end`.

    `end`, the day of the next release, is None while it is not known.
    """

    start: date
    end: date | None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError("time off licence cannot end before it starts")


def monitored_until(
    first_release: date,
    licence_last_day: date | None,
    off_licence: Iterable[OffLicence],
    months: int,
) -> date | None:
    """The first day no longer monitored; None where it cannot be known yet.

    The rest of the licence, up to `months` from first release; days off licence are not counted
    (SI 2021/330, art. 4). The months end on the corresponding date, which is the first day not
    monitored: of two readings the one that monitors less. Moving out of scope ends it too
    (art. 4(b)(i)): ask `eligibility.decide` again when a fact changes. Not known: no last day of
    the licence, or still off licence and not released again.
    """
    if licence_last_day is None:
        return None
    last_end = licence_last_day + _DAY
    end, counted_to = add_months(first_release, months), first_release
    for off in sorted(off_licence, key=lambda off: off.start):
        start = max(off.start, counted_to)
        if start >= min(end, last_end):
            break
        if off.end is None:
            return None
        counted_to = max(start, off.end)
        end += counted_to - start
    return min(end, last_end)
