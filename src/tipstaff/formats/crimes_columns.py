"""The columns of a crime file, and the names under which others head them (lenient mode)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Final, NamedTuple


class Mode(StrEnum):
    """How a crime file is read: as the national service must have it, or more widely."""

    STRICT = "strict"
    LENIENT = "lenient"


class Cells(NamedTuple):
    """The thirteen cells of a row, as written."""

    police_force: str = ""
    crime_type: str = ""
    crime_type_description: str = ""
    batch_id: str = ""
    crime_reference: str = ""
    from_: str = ""
    to: str = ""
    easting: str = ""
    northing: str = ""
    latitude: str = ""
    longitude: str = ""
    datum: str = ""
    crime_text: str = ""


COLUMNS: Final = tuple(name.rstrip("_") for name in Cells._fields)

#: Other names of a column, lower case, letters and digits only.
_SYNONYMS: Final[dict[str, tuple[str, ...]]] = {
    "police_force": ("force", "forcename", "police"),
    "crime_type": ("type", "crimetypeid", "offencetype", "crimecode"),
    "crime_type_description": ("description", "offence", "offencedescription"),
    "batch_id": ("batch",),
    "crime_reference": (
        "reference",
        "crimeref",
        "ref",
        "crimenumber",
        "crimeno",
        "crimeid",
        "occurrencenumber",
    ),
    "from": ("start", "datefrom", "fromdate", "starttime", "crimedatetimefrom", "earliest"),
    "to": ("end", "dateto", "todate", "endtime", "crimedatetimeto", "latest"),
    "easting": ("x", "eastings", "osgbeasting"),
    "northing": ("y", "northings", "osgbnorthing"),
    "latitude": ("lat",),
    "longitude": ("lon", "long", "lng"),
    "datum": ("geodeticdatum", "coordinatesystem"),
    "crime_text": ("text", "mo", "modusoperandi", "notes", "summary"),
}
_MEANING: Final = {
    re.sub(r"[^a-z0-9]", "", name): index
    for index, column in enumerate(COLUMNS)
    for name in (column, *_SYNONYMS[column])
}
#: So many cells must be names of columns for the row to be a header; no crime looks like that.
_HEADER_CELLS: Final = 3


class Layout(NamedTuple):
    """Where the thirteen columns are in a row of `width` cells; None: not in this file."""

    width: int
    places: tuple[int | None, ...]

    def cells(self, row: Sequence[str]) -> Cells:
        """The thirteen cells of a row of the right width."""
        return Cells(*("" if place is None else row[place] for place in self.places))


NATIONAL_LAYOUT: Final = Layout(len(COLUMNS), tuple(range(len(COLUMNS))))


def header_layout(row: Sequence[str]) -> Layout | None:
    """The layout a header row gives; None if the row is no header. A name told twice: the first."""
    meant = [_MEANING.get(re.sub(r"[^a-z0-9]", "", cell[:100].lower())) for cell in row]
    if len({column for column in meant if column is not None}) < _HEADER_CELLS:
        return None
    places = tuple(
        meant.index(column) if column in meant else None for column in range(len(COLUMNS))
    )
    return Layout(len(row), places)
