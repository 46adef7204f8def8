"""What a match made again says otherwise, as CSV for people: a row a crime and wearer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tipstaff.formats.tables import Cell, encode_table
from tipstaff.matching.changes import Changed

#: An empty outcome: the wearer was not searched.
COLUMNS: Final = (
    "change",
    "force",
    "crime_reference",
    "crime_version",
    "wearer_id",
    "outcome_before",
    "outcome_after",
    "strength_before",
    "strength_after",
    "log10_lr_before",
    "log10_lr_after",
    "log10_lr_moved",
)


def write_changes(changed: Iterable[Changed]) -> bytes:
    """The changes in the order given; formulas are made harmless."""
    return encode_table(COLUMNS, (_cells(each) for each in changed))


def _cells(each: Changed) -> tuple[Cell, ...]:
    return (
        each.kind.value,
        *each.crime,
        each.wearer,
        each.outcome_before,
        each.outcome_after,
        each.band_before,
        each.band_after,
        each.log10_before,
        each.log10_after,
        each.moved_log10,
    )
