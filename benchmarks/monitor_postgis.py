"""PostGIS as a peer of live zones: in which of its wearer's zones does each fix lie."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import psycopg
import shapely
from numpy.typing import NDArray
from tests.support.postgres_server import running_server

I64 = NDArray[np.int64]
MISSING: Final = (
    "No PostGIS here, so not measured beside it: install postgresql and postgresql-15-postgis-3 "
    "(Debian packages; the number is that of the server)."
)
#: One core, like the engine; the tables are read once before the clock starts.
_SETTINGS: Final = ("SET max_parallel_workers_per_gather = 0", "SET jit = off")
_TABLES: Final = (
    "CREATE EXTENSION postgis",
    "CREATE TABLE fixes (wearer int, at geometry(Point, 4326))",
    "CREATE TABLE zones (wearer int, ground geometry(Polygon, 4326))",
)
_READY: Final = (
    "CREATE INDEX ON zones USING gist (ground)",
    "CREATE INDEX ON zones (wearer)",
    "VACUUM ANALYZE",
)
_ASKED: Final = (
    "SELECT count(*) FROM fixes f JOIN zones z ON z.wearer = f.wearer AND ST_Within(f.at, z.ground)"
)


def with_postgis() -> Path | None:
    """The folder of a server that has PostGIS; None where there is none."""
    for path in sorted(Path("/usr/lib/postgresql").glob("*"), reverse=True):
        control = Path("/usr/share/postgresql") / path.name / "extension" / "postgis.control"
        if control.is_file() and (path / "bin" / "initdb").is_file():
            return path
    return None


def by_postgis(
    install: Path,
    fixes: tuple[I64, NDArray[np.float64], NDArray[np.float64]],
    zones: Sequence[tuple[int, shapely.Polygon]],
) -> tuple[float, int]:
    """Processor seconds of the query, the better of two, and how often a fix lies in a zone of its
    wearer's.

    `fixes`: whose, latitude and longitude. Loading and indexing are not in the seconds.
    """
    with (
        running_server(install) as url,
        psycopg.connect(url.replace("DATABASE", "postgres"), autocommit=True) as server,
    ):
        for words in (*_TABLES, *_SETTINGS):
            server.execute(words)
        _load(server, fixes, zones)
        for words in _READY:
            server.execute(words)
        spent, hits = [], 0
        for _ in range(2):
            begun = _processor_s(server)
            row = server.execute(_ASKED).fetchone()
            spent.append(_processor_s(server) - begun)
            hits = int(row[0]) if row else 0
        return min(spent), hits


def _processor_s(server: psycopg.Connection) -> float:
    """The processor's time of the connection's own process, in the system's ticks."""
    stat = Path(f"/proc/{server.info.backend_pid}/stat").read_text(encoding="utf-8")
    times = stat.rsplit(")", 1)[1].split()[11:13]
    return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")


def _load(
    server: psycopg.Connection,
    fixes: tuple[I64, NDArray[np.float64], NDArray[np.float64]],
    zones: Sequence[tuple[int, shapely.Polygon]],
) -> None:
    wearer, latitude, longitude = fixes
    points = shapely.to_wkb(
        shapely.set_srid(shapely.points(longitude, latitude), 4326), hex=True, include_srid=True
    )
    with server.cursor() as cursor:
        with cursor.copy("COPY fixes FROM STDIN") as copy:
            for row in zip(wearer.tolist(), points.tolist(), strict=True):
                copy.write_row(row)
        with cursor.copy("COPY zones FROM STDIN") as copy:
            for owner, ground in zones:
                marked = shapely.set_srid(ground, 4326)
                copy.write_row((owner, shapely.to_wkb(marked, hex=True, include_srid=True)))
