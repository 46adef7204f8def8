"""Hostile bytes: every line becomes a fix or a quarantined row, whatever its neighbours are."""

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tipstaff.formats import positions_lines
from tipstaff.formats.geojson import write_fixes
from tipstaff.formats.positions import read_positions
from tipstaff.formats.positions_writing import Known, write_csv
from tipstaff.positions.loose_files import gather
from tipstaff.positions.mappings import shipped_mapping
from tipstaff.positions.queries import Period, Span, TableFixes, trail

NOW = datetime(2026, 6, 1, tzinfo=UTC)
EVER = Period(datetime(1999, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
MAPPING = shipped_mapping("tipstaff")
HEADER = b"device_id,fix_time,latitude,longitude,precision_m,mechanism\n"
SOME = settings(max_examples=60, deadline=None)

GOOD = b"D1,2026-01-26T15:57:02Z,53.4,-2.9,12,GPS"
PIECES = st.sampled_from(
    [b",", b'"', b"\r", b"\0", b"\xff", b"\xc3", b"nan", b"-", b"9" * 20, b"2026-01-26T15:57:02Z",
     b"D1", b" ", b"53.4", b"=cmd()", b"\xef\xbb\xbf", b"e", b"GPS", b"''", b"\t", b"\\"]
)  # fmt: skip
LINE = st.one_of(
    st.just(GOOD),
    st.lists(PIECES, max_size=14).map(b"".join),
    st.binary(max_size=60).map(lambda data: data.replace(b"\n", b"")),
)
LINES = st.lists(LINE, max_size=12)


def read(data: bytes) -> tuple[list[Any], list[Any]]:
    batches = list(read_positions(io.BytesIO(data), MAPPING, now=NOW))
    assert all(batch.fault is None for batch in batches)
    good = [row for batch in batches for row in batch.accepted.to_pylist()]
    bad = [row for batch in batches for row in batch.quarantined.to_pylist()]
    return good, bad


def blank(line: bytes) -> bool:
    return line in {b"", b"\r"}


@SOME
@given(LINES)
def test_no_line_is_lost_and_none_swallows_another(lines: list[bytes]) -> None:
    good, bad = read(HEADER + b"".join(line + b"\n" for line in lines))
    assert len(good) + len(bad) == sum(not blank(line) for line in lines)
    for row in bad:
        assert not blank(lines[row["row"] - 2])
        json.loads(row["raw"])


@SOME
@given(LINES)
def test_a_line_means_the_same_alone_and_in_company(lines: list[bytes]) -> None:
    good, bad = read(HEADER + b"".join(line + b"\n" for line in lines))
    alone = [read(HEADER + line + b"\n") for line in lines]
    assert good == [row for part, _bad in alone for row in part]
    reasons = [(row["reason"], row["field"]) for _good, part in alone for row in part]
    assert [(row["reason"], row["field"]) for row in bad] == reasons


@SOME
@given(LINES, st.integers(1, 64))
def test_the_size_of_a_block_changes_nothing(lines: list[bytes], size: int) -> None:
    data = HEADER + b"".join(line + b"\n" for line in lines)
    whole = read(data)
    original = positions_lines.read_lines.__defaults__
    positions_lines.read_lines.__defaults__ = (size,)
    try:
        assert read(data) == whole
    finally:
        positions_lines.read_lines.__defaults__ = original


@SOME
@given(st.binary(max_size=400))
def test_no_bytes_make_it_fail(data: bytes) -> None:
    for start in (b"", b"PAR1", b"{", b"\x1f\x8b", b"\x1f\x8b\x08\x00", HEADER):
        for batch in read_positions(io.BytesIO(start + data), MAPPING, now=NOW):
            assert batch.accepted.num_rows >= 0


@SOME
@given(
    st.lists(
        st.one_of(
            st.binary(max_size=30).map(lambda data: data.replace(b"\n", b"")),
            st.recursive(
                st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
                lambda inner: st.one_of(
                    st.lists(inner, max_size=3),
                    st.dictionaries(
                        st.sampled_from(["device_id", "fix_time", "latitude", "longitude"]),
                        inner,
                    ),
                ),
            ).map(lambda value: json.dumps(value).encode()),
        ),
        max_size=6,
    )
)
def test_no_json_line_is_lost(lines: list[bytes]) -> None:
    data = b"{}\n" + b"".join(line + b"\n" for line in lines)
    good, bad = read(data)
    assert len(good) + len(bad) == 1 + sum(not blank(line) for line in lines)


DECIMAL = st.integers(-1_800_000_000, 1_800_000_000)
FIX = st.fixed_dictionaries(
    {
        "device_id": st.text(
            st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=9
        ),
        "fix_time": st.datetimes(datetime(2000, 1, 1), datetime(2026, 5, 31)),  # noqa: DTZ001
        "lat": st.integers(-900_000_000, 900_000_000),
        "lon": DECIMAL,
        "precision": st.one_of(st.none(), st.integers(0, 2_000_000)),
        "speed": st.one_of(st.none(), st.integers(0, 13_888)),
        "direction": st.one_of(st.none(), st.integers(0, 36_000)),
        "hdop": st.one_of(st.none(), st.integers(0, 10_000)),
    }
)  # fmt: skip


def text(value: int | None, digits: int) -> str:
    return "" if value is None else f"{value / 10**digits:.{digits}f}"


@SOME
@given(st.lists(FIX, min_size=1, max_size=8))
def test_an_export_reads_back_as_the_same_fixes(fixes: list[dict[str, Any]]) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    names = "device_id fix_time latitude longitude precision_m speed_kmh direction_deg hdop"
    writer.writerow(names.split())
    for fix in fixes:
        speed = None if fix["speed"] is None else fix["speed"] * 36
        writer.writerow(
            [
                fix["device_id"], fix["fix_time"].isoformat() + "Z", text(fix["lat"], 7),
                text(fix["lon"], 7), text(fix["precision"], 2), text(speed, 3),
                text(fix["direction"], 2), text(fix["hdop"], 2),
            ]
        )  # fmt: skip
    first = loose(buffer.getvalue().encode())
    assert {row["lat_e7"] for row in first.table.to_pylist()} == {fix["lat"] for fix in fixes}
    shown = trail(TableFixes(first.table), [Span(key, EVER) for key in first.names])
    exported = b"".join(write_csv(shown, Known(first.names)))
    again = loose(exported)
    harmless = {name.lstrip("'") for name in again.names.values()}
    assert harmless == {name.lstrip("'") for name in first.names.values()}
    assert contents(again.table) == contents(first.table)
    places = json.loads(b"".join(write_fixes(shown, Known(first.names))))["features"]
    assert len(places) == shown.num_rows


def loose(data: bytes) -> Any:
    found = gather(read_positions(io.BytesIO(data), MAPPING, now=NOW), EVER)
    assert (found.fault, found.quarantined) == (None, {})
    return found


def contents(table: pa.Table) -> set[Any]:
    plain = table.drop_columns(["device_key"])
    return {tuple(str(value) for value in row.values()) for row in plain.to_pylist()}


@pytest.mark.parametrize("name", ["=1+1", "@x", "+1", "-x"])
def test_an_export_runs_nothing_in_a_spreadsheet(name: str) -> None:
    found = loose(HEADER + GOOD.replace(b"D1", name.encode()) + b"\n")
    shown = trail(TableFixes(found.table), [Span(0, EVER)])
    cells = next(
        csv.reader(b"".join(write_csv(shown, Known(found.names))).decode().splitlines()[1:])
    )
    assert cells[0].lstrip("'") == name
    assert name == "+1" or cells[0].startswith("'")
