"""A good row of the national crime file, to be spoiled cell by cell."""

from __future__ import annotations

from collections.abc import Callable

import pytest

GOOD = {
    "force": "Derbyshire",
    "type": "BIAD",
    "description": "Burglary in a dwelling",
    "batch": "DBY20260131",
    "reference": "26000012345",
    "start": "20260130220000",
    "end": "20260131063000",
    "easting": "435213",
    "northing": "336107",
    "latitude": "",
    "longitude": "",
    "datum": "OSGB36",
    "text": "Rear window forced",
}


@pytest.fixture(scope="session")
def national_row() -> Callable[..., bytes]:
    """One CSV line with the good cells, but for those named; every cell is quoted."""

    def row(**cells: str) -> bytes:
        unknown = cells.keys() - GOOD.keys()
        assert not unknown, unknown
        quoted = ['"' + value.replace('"', '""') + '"' for value in (GOOD | cells).values()]
        return (",".join(quoted) + "\n").encode()

    return row
