"""Sources of fixes for tests of the archive, each told by its latitude; and what must hold."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pyarrow as pa

from tipstaff.domain.fixes import CONTENT_SCHEMA
from tipstaff.domain.periods import Period, to_micros
from tipstaff.positions.archive import Archive

START = datetime(2026, 1, 26, 20, tzinfo=UTC)
EVER = Period(START - timedelta(days=1), START + timedelta(days=9))
ROWS = 400


def tables(source: int) -> list[pa.Table]:
    """The rows of a source: its own, over three days, in two tables, each told by its latitude."""
    times = [to_micros(START + timedelta(minutes=9 * i)) for i in range(ROWS)]
    columns = {
        "device_key": [i % 3 for i in range(ROWS)],
        "fix_time": times,
        "lat_e7": [source] * ROWS,
        "lon_e7": list(range(ROWS)),
        "mechanism": [1] * ROWS,
    }
    arrays = [
        pa.array(columns.get(field.name, [None] * ROWS), pa.int64()).cast(field.type)
        for field in CONTENT_SCHEMA
    ]
    table = pa.table(arrays, schema=CONTENT_SCHEMA)
    return [table.slice(0, 150), table.slice(150), table.slice(100, 100)]


def check(archive: Archive, acknowledged: list[int]) -> int:
    """Every source is held whole or not at all, and what was acknowledged is; the next number."""
    counts: Counter[int] = Counter()
    for batch in archive.fixes(EVER):
        counts.update(batch.column("lat_e7").to_pylist())
    held = {
        i for i in range(max([*counts, *acknowledged], default=0) + 2) if archive.holds(f"s{i}")
    }
    assert dict(counts) == dict.fromkeys(held, ROWS)
    assert set(acknowledged) <= held
    return max(held, default=-1) + 1
