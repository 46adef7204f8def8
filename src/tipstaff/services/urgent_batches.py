"""A batch of its own for each crime that is entered by hand."""

from __future__ import annotations

from datetime import date
from typing import Final

from tipstaff.domain.batches import BatchId, BatchKind
from tipstaff.domain.forces import NATIONAL_FORCES
from tipstaff.records import crimes

#: From the end: a force's own files of a day count from the beginning.
_NUMBERS: Final = tuple(range(9, -1, -1))


def batch_of_its_own(force: str, day: date) -> BatchId:
    """A batch id of the force and day whose series nobody has used.

    The national format has ten numbers a day; the eleventh crime of a force's day shares the
    series without a number, as all did before.
    """
    ids = [BatchId(NATIONAL_FORCES[force], day, one, BatchKind.ADDITION) for one in _NUMBERS]
    bare = BatchId(NATIONAL_FORCES[force], day, kind=BatchKind.ADDITION)
    used = crimes.series_beginning(force, bare.series)
    return next((one for one in ids if one.series not in used), bare)
