"""Trails for other programs: GPX 1.1 and KML 2.2, one track, each fix with its time.

A gap of more than five minutes begins a new segment: nothing is drawn through what is not known.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final
from xml.sax.saxutils import escape

import pyarrow as pa

from tipstaff.formats.positions_writing import Known, fix_values

_GAP: Final = timedelta(minutes=5)
_GPX: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<gpx version="1.1" creator="Tipstaff" xmlns="http://www.topografix.com/GPX/1/1">\n<trk>\n'
)
_KML: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>\n'
)


def write_gpx(table: pa.Table, known: Known) -> Iterator[bytes]:
    """The fixes of a table (`TRAIL_SCHEMA`) as one track; a segment for each stretch."""
    yield _GPX.encode()
    for piece in _pieces(table):
        yield b"<trkseg>\n"
        for one in fix_values(piece, known):
            where = f'lat="{one["latitude"]}" lon="{one["longitude"]}"'
            yield f"<trkpt {where}><time>{escape(one['fix_time'])}</time></trkpt>\n".encode()
        yield b"</trkseg>\n"
    yield b"</trk>\n</gpx>\n"


def write_kml(table: pa.Table, known: Known) -> Iterator[bytes]:
    """The fixes as a point each, with its time and what was said of it, and a line a stretch."""
    yield _KML.encode()
    for piece in _pieces(table):
        told = list(fix_values(piece, known))
        line = " ".join(f"{one['longitude']},{one['latitude']}" for one in told)
        yield f"<Placemark><LineString><coordinates>{line}</coordinates></LineString>".encode()
        yield b"</Placemark>\n"
        for one in told:
            yield _placemark(one)
    yield b"</Document></kml>\n"


def _placemark(one: dict[str, Any]) -> bytes:
    said = "" if one["precision_m"] is None else f"within {one['precision_m']} m"
    place = f"{one['longitude']},{one['latitude']}"
    return (
        f"<Placemark><TimeStamp><when>{escape(one['fix_time'])}</when></TimeStamp>"
        f"<description>{escape(said)}</description>"
        f"<Point><coordinates>{place}</coordinates></Point></Placemark>\n"
    ).encode()


def _pieces(table: pa.Table) -> Iterator[pa.Table]:
    """The fixes that speak, cut at each gap."""
    spoken = table.filter(table["speaks"])
    start, times = 0, spoken["fix_time"].to_pylist()
    for number in range(1, len(times)):
        if times[number] - times[number - 1] > _GAP:
            yield spoken.slice(start, number - start)
            start = number
    if times:
        yield spoken.slice(start)
