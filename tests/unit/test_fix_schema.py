"""The schema in which positions travel: dear to change, so pinned here field by field."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from tipstaff.domain.fixes import (
    ARCHIVE_SCHEMA,
    CONTENT_COLUMNS,
    CONTENT_SCHEMA,
    MECHANISM_NAMES,
    SPEAKING_ORDER,
    Mechanism,
)


def test_codes_of_the_national_feed() -> None:
    codes = {m.name: int(m) for m in Mechanism}
    assert codes == {"UNKNOWN": 0, "GPS": 1, "RF": 4, "LBS": 5, "WIFI": 6}
    assert set(MECHANISM_NAMES) == set(Mechanism)


def test_no_float_and_every_time_in_utc_microseconds() -> None:
    for field in ARCHIVE_SCHEMA:
        assert not pa.types.is_floating(field.type), field.name
        if field.name.endswith(("_time", "_at")):
            assert field.type == pa.timestamp("us", tz="UTC")


def test_archive_is_content_then_provenance_then_day() -> None:
    assert ARCHIVE_SCHEMA.names == [*CONTENT_COLUMNS, "source_id", "ingested_at", "day"]
    required = [f.name for f in CONTENT_SCHEMA if not f.nullable]
    assert required == ["device_key", "fix_time", "lat_e7", "lon_e7", "mechanism"]


def test_speaking_order_is_total_over_content_and_prefers_satellite_then_radius() -> None:
    named = {term.split()[0] for term in SPEAKING_ORDER}
    assert named == set(CONTENT_COLUMNS)
    rows = pa.table(
        {name: pa.array([1, 1, 1, 1], type=pa.int32()) for name in CONTENT_COLUMNS}
        | {
            "mechanism": pa.array([5, 1, 1, 1], type=pa.int8()),
            "precision_cm": pa.array([1, None, 900, 300], type=pa.int32()),
        }
    )
    con = duckdb.connect()
    con.register("rows", rows)
    order = ", ".join(SPEAKING_ORDER)
    found = con.execute(f"SELECT mechanism, precision_cm FROM rows ORDER BY {order}").fetchall()
    assert found == [(1, 300), (1, 900), (1, None), (5, 1)]
