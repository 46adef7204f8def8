"""What each format, value and fault of a position file becomes."""

import gzip
import io
import json
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tipstaff.domain.periods import to_micros
from tipstaff.formats.mapping import Mapping, parse_mapping
from tipstaff.formats.positions import read_positions
from tipstaff.positions.mappings import shipped_mapping

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HEADER = (
    "device_id,fix_time,latitude,longitude,precision_m,mechanism,speed_kmh,direction_deg,"
    "satellites,hdop,recorded_time,received_time"
)
FULL = {
    "device_id": "D1",
    "fix_time": "2026-01-26T15:57:02Z",
    "latitude": "53.44451",
    "longitude": "-2.925173",
    "precision_m": "12.5",
    "mechanism": "1",
    "speed_kmh": "36",
    "direction_deg": "270.25",
    "satellites": "9",
    "hdop": "0.8",
    "recorded_time": "2026-01-26T15:58:00+00:00",
    "received_time": "2026-01-26T17:07:02.5+01:00",
}
EXPECTED = {
    "device_id": "D1",
    "fix_time": to_micros(datetime(2026, 1, 26, 15, 57, 2, tzinfo=UTC)),
    "lat_e7": 534445100,
    "lon_e7": -29251730,
    "precision_cm": 1250,
    "precision_level_pct": 95,
    "mechanism": 1,
    "speed_cmps": 1000,
    "direction_cdeg": 27025,
    "satellites": 9,
    "hdop_e2": 80,
    "recorded_time": to_micros(datetime(2026, 1, 26, 15, 58, tzinfo=UTC)),
    "received_time": to_micros(datetime(2026, 1, 26, 16, 7, 2, 500_000, tzinfo=UTC)),
}


def read(
    data: bytes, mapping: Mapping | None = None
) -> tuple[list[dict[str, Any]], list[Any], Any]:
    """Accepted rows (times in microseconds), quarantined rows, the file's fault."""
    batches = list(
        read_positions(io.BytesIO(data), mapping or shipped_mapping("tipstaff"), now=NOW)
    )
    good = pa.concat_tables([batch.accepted for batch in batches])
    for name in ("fix_time", "recorded_time", "received_time"):
        i = good.schema.get_field_index(name)
        good = good.set_column(i, name, good[name].cast(pa.int64()))
    bad = [row for batch in batches for row in batch.quarantined.to_pylist()]
    return good.to_pylist(), bad, batches[-1].fault


def csv_of(*rows: dict[str, str]) -> bytes:
    lines = [",".join(row.values()) for row in rows]
    return "\n".join([HEADER, *lines, ""]).encode()


def mapping_of(extra: str, columns: str = "") -> Mapping:
    base = '[columns]\ndevice_id = "d"\nfix_time = "t"\nlatitude = "a"\nlongitude = "o"\n'
    parsed = parse_mapping(f'supplier = "s"\n{base}{columns}\n{extra}'.encode())
    assert isinstance(parsed, Mapping), parsed
    return parsed


def as_parquet(**columns: Any) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


def as_jsonl(row: dict[str, Any]) -> bytes:
    return (json.dumps(row) + "\n").encode()


PARQUET_ROW = as_parquet(
    device_id=["D1"],
    fix_time=pa.array([EXPECTED["fix_time"]]).cast(pa.timestamp("us", "UTC")),
    latitude=[53.44451],
    longitude=[-2.925173],
    precision_m=[12.5],
    mechanism=[1],
    speed_kmh=[36],
    direction_deg=[270.25],
    satellites=[9.0],
    hdop=[0.8],
    recorded_time=["2026-01-26T15:58:00Z"],
    received_time=pa.array([EXPECTED["received_time"] * 1000]).cast(pa.timestamp("ns", "+01:00")),
)
TYPED = {**FULL, "latitude": 53.44451, "longitude": -2.925173, "mechanism": "gps", "satellites": 9}


@pytest.mark.parametrize(
    "data",
    [
        csv_of(FULL),
        b"\xef\xbb\xbf" + csv_of(FULL),
        csv_of(FULL).replace(b"\n", b"\r\n"),
        csv_of(FULL).rstrip(b"\n"),
        csv_of({k: f'"{v}"' for k, v in FULL.items()}),
        csv_of({k: f"  {v} " for k, v in FULL.items()}),
        csv_of(FULL) + b"\n\r\n\n",
        gzip.compress(csv_of(FULL)),
        csv_of(FULL).replace(HEADER.encode(), HEADER.upper().replace("_", " ").encode()),
        as_jsonl(FULL),
        as_jsonl(TYPED),
        b"\xef\xbb\xbf" + as_jsonl(FULL),
        PARQUET_ROW,
    ],
)
def test_one_fix_reads_the_same_however_it_is_written(data: bytes) -> None:
    good, bad, fault = read(data)
    assert (good, bad, fault) == ([EXPECTED], [], None)


def test_only_the_first_four_columns_are_required() -> None:
    good, bad, fault = read(b"longitude,latitude,fix_time,device_id\n-2,53,2026-01-26T15:57Z,007\n")
    assert (bad, fault) == ([], None)
    known = {k: v for k, v in good[0].items() if v is not None}
    assert known == {
        "device_id": "007",
        "fix_time": to_micros(datetime(2026, 1, 26, 15, 57, tzinfo=UTC)),
        "lat_e7": 530_000_000,
        "lon_e7": -20_000_000,
        "mechanism": 0,
    }


def test_a_row_may_say_what_its_radius_means() -> None:
    start = b"D,2026-01-26T15:57Z,1,2,"
    rows = b"".join(start + rest for rest in (b"5,68\n", b"5,\n", b",68\n"))
    head = b"device_id,fix_time,latitude,longitude,precision_m,precision_level_pct\n"
    good, bad, _fault = read(head + rows + b"D,2026-01-26T15:57Z,1,2,5,100\n")
    assert [row["reason"] for row in bad] == ["OUT_OF_RANGE"]
    assert [row["precision_level_pct"] for row in good] == [68, 95, None]


def test_a_radius_of_nothing_is_kept() -> None:
    good, _bad, _fault = read(csv_of({**FULL, "precision_m": "0"}))
    assert (good[0]["precision_cm"], good[0]["precision_level_pct"]) == (0, 95)


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("device_id", "", "MISSING_VALUE"),
        ("device_id", "x" * 201, "INVALID_DEVICE"),
        ("device_id", "a\u202eb", "INVALID_DEVICE"),
        ("fix_time", "", "MISSING_VALUE"),
        ("fix_time", "yesterday", "INVALID_TIME"),
        ("fix_time", "2026-01-26T15:57:02", "INVALID_TIME"),
        ("fix_time", "2026-01-26", "INVALID_TIME"),
        ("fix_time", "2026-02-30T00:00:00Z", "INVALID_TIME"),
        ("fix_time", "1769443022", "INVALID_TIME"),
        ("fix_time", "1999-12-31T23:59:59Z", "TIME_BEFORE_2000"),
        ("fix_time", "2099-01-01T00:00:00Z", "TIME_IN_FUTURE"),
        ("fix_time", "2026-06-02T12:00:00.000001Z", "TIME_IN_FUTURE"),
        ("latitude", "91", "OUT_OF_RANGE"),
        ("latitude", "-90.0000001", "OUT_OF_RANGE"),
        ("latitude", "", "MISSING_VALUE"),
        ("latitude", "north", "INVALID_NUMBER"),
        ("latitude", "53,4", "COLUMN_COUNT"),
        ("latitude", "nan", "NOT_FINITE"),
        ("latitude", "1e400", "NOT_FINITE"),
        ("longitude", "180.0000001", "OUT_OF_RANGE"),
        ("longitude", "-inf", "NOT_FINITE"),
        ("longitude", "0x10", "INVALID_NUMBER"),
        ("precision_m", "-1", "OUT_OF_RANGE"),
        ("precision_m", "NaN", "NOT_FINITE"),
        ("precision_m", "1e300", "OUT_OF_RANGE"),
        ("mechanism", "LASER", "UNKNOWN_MECHANISM"),
        ("mechanism", "2", "UNKNOWN_MECHANISM"),
        ("speed_kmh", "900", "OUT_OF_RANGE"),
        ("speed_kmh", "-1", "OUT_OF_RANGE"),
        ("direction_deg", "361", "OUT_OF_RANGE"),
        ("satellites", "-3", "OUT_OF_RANGE"),
        ("hdop", "fine", "INVALID_NUMBER"),
        ("recorded_time", "soon", "INVALID_TIME"),
        ("received_time", "2099-01-01T00:00:00Z", "TIME_IN_FUTURE"),
    ],
)
def test_an_impossible_value_is_quarantined_and_its_neighbours_are_not(
    field: str, value: str, reason: str
) -> None:
    good, bad, fault = read(csv_of(FULL, {**FULL, field: value}, FULL))
    assert fault is None
    assert good == [EXPECTED, EXPECTED]
    assert [(row["row"], row["reason"]) for row in bad] == [(3, reason)]
    assert value.split(",", maxsplit=1)[0] in bad[0]["raw"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"D1,2026-01-26T15:57:02Z,53", "COLUMN_COUNT"),
        (b"D1" + b"," * 12, "COLUMN_COUNT"),
        (b'"D1,2026-01-26T15:57:02Z,53,-2,,,,,,,,', "MALFORMED"),
        (b'D"1,"x,2026-01-26T15:57:02Z,53,-2', "COLUMN_COUNT"),
        (b"D1\r,2026-01-26T15:57:02Z,53,-2,,,,,,,,", "MALFORMED"),
        (b"D\0,2026-01-26T15:57:02Z,53,-2,,,,,,,,", "NUL_BYTE"),
        (b"D\xff,2026-01-26T15:57:02Z,53,-2,,,,,,,,", "NOT_UTF8"),
        (b"D" * 70_000 + b",2026-01-26T15:57:02Z,53,-2,,,,,,,,", "LINE_TOO_LONG"),
        (b"D" * 10_000_000, "LINE_TOO_LONG"),
        (b"=cmd|' /C calc'!A0,,,", "COLUMN_COUNT"),
    ],
    ids=range(10),
)
def test_a_line_that_is_no_row_takes_no_other_with_it(line: bytes, reason: str) -> None:
    row = csv_of(FULL).split(b"\n")[1]
    good, bad, fault = read(b"\n".join([HEADER.encode(), row, line, row, b"", row, b""]))
    assert fault is None
    assert good == [EXPECTED] * 3
    assert [(entry["row"], entry["reason"]) for entry in bad] == [(3, reason)]
    assert json.loads(bad[0]["raw"])
    assert len(bad[0]["raw"]) < 10_000


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "MALFORMED"),
        (b"[1]", "MALFORMED"),
        (b'{"device_id": "D1"}', "MISSING_VALUE"),
        (b'{"a":' * 3_000, "MALFORMED"),
        (as_jsonl({**FULL, "latitude": float("nan")}).strip(), "NOT_FINITE"),
        (as_jsonl({**FULL, "latitude": [53]}).strip(), "INVALID_NUMBER"),
        (as_jsonl({**FULL, "latitude": True}).strip(), "INVALID_NUMBER"),
        (as_jsonl({**FULL, "latitude": 10**400}).strip(), "NOT_FINITE"),
    ],
)
def test_a_bad_json_line_takes_no_other_with_it(line: bytes, reason: str) -> None:
    good, bad, fault = read(as_jsonl(FULL) + line + b"\n" + as_jsonl(FULL))
    assert fault is None
    assert good == [EXPECTED] * 2
    assert [(entry["row"], entry["reason"]) for entry in bad] == [(2, reason)]


def test_a_half_surrogate_in_json_is_no_accident() -> None:
    good, bad, _fault = read(b'{"device_id": "\\ud800"}\n' + as_jsonl(FULL))
    assert (len(good), len(bad)) == (1, 1)


def test_json_names_reach_into_objects() -> None:
    mapping = mapping_of("", "").columns
    nested = mapping_of("")
    object.__setattr__(
        nested, "columns", {**mapping, "latitude": ("p.lat",), "longitude": ("p.lon",)}
    )
    data = as_jsonl({"d": 7, "t": "2026-01-26T15:57:02Z", "p": {"lat": 53.5, "lon": -2}})
    good, bad, _fault = read(data, nested)
    assert bad == []
    assert (good[0]["device_id"], good[0]["lat_e7"], good[0]["lon_e7"]) == (
        "7",
        535000000,
        -20000000,
    )


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "EMPTY_FILE"),
        (b"a,b\n1,2\n", "MISSING_COLUMN"),
        (b"\xff\xfed\x00e\x00\n", "BAD_HEADER"),
        (HEADER.encode() + b",device_id\n", "AMBIGUOUS_COLUMN"),
        (PARQUET_ROW[:-10], "DAMAGED_FILE"),
        (b"PAR1", "DAMAGED_FILE"),
        (PARQUET_ROW[:200] + b"\0" * 40 + PARQUET_ROW[240:], None),
        (as_parquet(a=[1]), "MISSING_COLUMN"),
        (gzip.compress(csv_of(FULL))[:-5], "DAMAGED_FILE"),
        (gzip.compress(csv_of(FULL))[:20] + b"xxxx", "DAMAGED_FILE"),
        (HEADER.encode() + b"\r4716,2026-01-26T15:57:02Z,53,-2\r", "BAD_LINE_ENDS"),
        (b"device_id\r" + b"4716,2026-01-26T15:57:02Z,53,-2\r" * 300_000, "BAD_LINE_ENDS"),
        (b'{"device_id": "4716"}\r{"device_id": "4716"}\r', "BAD_LINE_ENDS"),
        (b'[{"device_id": "4716"}]', "JSON_ARRAY"),
        (b'\xef\xbb\xbf\n [\n  {"device_id": "4716"}\n]\n', "JSON_ARRAY"),
        (b"[]", "JSON_ARRAY"),
    ],
    ids=range(16),
)
def test_a_file_that_cannot_be_read_says_why(data: bytes, code: str | None) -> None:
    _good, _bad, fault = read(data)
    assert code is None or (fault is not None and fault.code == code and fault.action)


def test_a_column_in_square_brackets_is_no_json() -> None:
    _good, _bad, fault = read(b"[device_id],[fix_time],[latitude],[longitude]\n")
    assert fault is None


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"latitude": [None]}, "MISSING_VALUE"),
        ({"latitude": [float("nan")]}, "NOT_FINITE"),
        ({"latitude": [b"53"]}, "INVALID_NUMBER"),
        ({"latitude": ["abc"]}, "INVALID_NUMBER"),
        ({"latitude": [[53.0]]}, "INVALID_NUMBER"),
        ({"device_id": [None]}, "MISSING_VALUE"),
        ({"device_id": [b"\xff"]}, "MISSING_VALUE"),
        ({"fix_time": [None]}, "MISSING_VALUE"),
        ({"fix_time": [5]}, "INVALID_TIME"),
        ({"fix_time": pa.array([0]).cast(pa.timestamp("us"))}, "INVALID_TIME"),
        ({"fix_time": pa.array([2**62]).cast(pa.timestamp("ms", "UTC"))}, "INVALID_TIME"),
        ({"fix_time": pa.array([0]).cast(pa.timestamp("ms", "UTC"))}, "TIME_BEFORE_2000"),
        ({"fix_time": pa.array([-(2**62)]).cast(pa.timestamp("ns", "UTC"))}, "TIME_BEFORE_2000"),
    ],
    ids=range(13),
)
def test_parquet_of_the_wrong_types(columns: dict[str, Any], reason: str) -> None:
    base: dict[str, Any] = {
        "device_id": pa.array([4716.0]),
        "fix_time": pa.array([EXPECTED["fix_time"]]).cast(pa.timestamp("us", "UTC")),
        "latitude": [53.0],
        "longitude": pa.array([-2]),
    }
    good, bad, _fault = read(as_parquet(**base))
    assert (good[0]["device_id"], bad) == ("4716", [])
    good, bad, fault = read(as_parquet(**{**base, **columns}))
    assert fault is None
    assert ([row["reason"] for row in bad], good) == ([reason], [])


@pytest.mark.parametrize(
    ("unit", "written", "cmps"),
    [("km/h", "36", 1000), ("m/s", "10", 1000), ("mph", "10", 447), ("knots", "18", 926)],
)
def test_speeds_in_any_unit(unit: str, written: str, cmps: int) -> None:
    mapping = mapping_of(f'[units]\nspeed = "{unit}"', 'speed = "v"')
    good, _bad, _fault = read(
        f"d,t,a,o,v\nD,2026-01-26T15:57:02Z,1,2,{written}\n".encode(), mapping
    )
    assert good[0]["speed_cmps"] == cmps


@pytest.mark.parametrize(("unit", "cm"), [("m", 100), ("cm", 1), ("km", 100_000), ("ft", 30)])
def test_radii_in_any_unit_and_of_any_meaning(unit: str, cm: int) -> None:
    extra = f'[units]\nprecision = "{unit}"\n[precision]\nlevel_pct = 68'
    good, _bad, _fault = read(
        b"d,t,a,o,r\nD,2026-01-26T15:57:02Z,1,2,1\n", mapping_of(extra, 'precision = "r"')
    )
    assert (good[0]["precision_cm"], good[0]["precision_level_pct"]) == (cm, 68)


def test_texts_that_mean_nothing_and_constants() -> None:
    mapping = mapping_of('[constants]\nmechanism = "wifi"\nprecision = 30', 'speed = "v"')
    object.__setattr__(mapping, "missing", ("NULL", "-1"))
    good, bad, _fault = read(
        b"d,t,a,o,v\nD,2026-01-26T15:57:02Z,1,2, NULL\nNULL,2026-01-26T15:57:02Z,1,2,-1\n", mapping
    )
    assert (good[0]["speed_cmps"], good[0]["mechanism"], good[0]["precision_cm"]) == (None, 6, 3000)
    assert [row["reason"] for row in bad] == ["MISSING_VALUE"]


def test_a_file_without_a_header_line() -> None:
    parsed = parse_mapping(
        b'supplier="s"\nheader=["d","t","a","o"]\n[columns]\ndevice_id="d"\nfix_time="t"\n'
        b'latitude="a"\nlongitude="o"\n'
    )
    assert isinstance(parsed, Mapping)
    good, bad, _fault = read(b"D,2026-01-26T15:57:02Z,1,2\n", parsed)
    assert (len(good), bad) == (1, [])


def test_the_national_feed() -> None:
    names = (
        "Position Id,Device Id,GPS Time,Recorded Time,Uploaded Time,Latitude,Longitude,Precision,"
        "Speed,Direction,Satellites,HDOP,Mechanism"
    )
    row = "9,77,2026-01-26T15:57:02Z,2026-01-26T15:58:00,2026-01-26T16:07:02,53,-2,8,0,90,7,1.1,5"
    good, bad, fault = read(f"{names}\n{row}\n".encode(), shipped_mapping("national"))
    assert (bad, fault) == ([], None)
    assert (good[0]["mechanism"], good[0]["received_time"]) == (
        5,
        to_micros(datetime(2026, 1, 26, 16, 7, 2, tzinfo=UTC)),
    )
