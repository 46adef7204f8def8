"""A message read by itself says the same as the same message in a file, whatever it holds."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tipstaff.formats.feeds.own import READER
from tipstaff.formats.message_rows import FixReader, fixes_of
from tipstaff.formats.positions import read_positions
from tipstaff.positions.mappings import shipped_mapping

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
MAPPING = shipped_mapping("tipstaff")

MOMENTS = st.datetimes(datetime(1999, 12, 30), datetime(2026, 5, 22))  # noqa: DTZ001 (texts)
TIMES = st.one_of(
    st.builds(lambda m: m.isoformat(timespec="seconds") + "Z", MOMENTS),
    st.builds(lambda m: m.isoformat(timespec="milliseconds") + "+01:00", MOMENTS),
    st.builds(lambda m: m.isoformat(timespec="microseconds") + "-05:30", MOMENTS),
    st.builds(lambda m: m.isoformat(sep=" "), MOMENTS),
    st.sampled_from([
        "", " 2026-05-20T10:00:00Z", "2026-05-20T10:00:00.1Z", "2026-05-20T10:00:60Z",
        "2026-02-30T10:00:00Z", "2026-05-20T24:00:00Z", "2026-05-20", "2026-W20-1T10:00:00Z",
        "2026-05-20T10:00:00+14:00", "2026-05-20T10:00:00.123456789Z", "20260520T100000Z", "٢٠٢٦",
    ]),
)  # fmt: skip
NUMBERS = st.one_of(
    st.none(),
    st.floats(allow_nan=False),
    st.floats(-200, 200),
    st.integers(-(10**6), 10**6),
    st.booleans(),
    st.floats(-200, 200).map(str),
    st.integers(-500, 500).map(str),
    st.decimals(-200, 200, places=5).map(str),
    st.sampled_from(
        ["", " 7", "+7", "1e3", "inf", "NaN", ".5", "7.", "0x7", "-0", 0.5, 2.5, 1e308]
    ),
)
NAMES = st.one_of(
    st.sampled_from(
        ["T1", "", " T1", "T 1", "é", "\x07", "x" * 201, 7, 7.0, None, True, "\u2003a"]
    ),
    st.text(max_size=6),
)
ROWS = st.fixed_dictionaries(
    {
        "device_id": NAMES,
        "fix_time": TIMES | st.none() | st.integers(),
        "latitude": NUMBERS,
        "longitude": NUMBERS,
    },
    optional={
        "precision_m": NUMBERS,
        "precision_level_pct": NUMBERS,
        "mechanism": st.sampled_from(["GPS", "gps", "1", 1, 5, "LBS", "", None, "x", 9, 1.0, True]),
        "speed_kmh": NUMBERS,
        "direction_deg": NUMBERS,
        "satellites": NUMBERS,
        "hdop": NUMBERS,
        "recorded_time": TIMES,
        "received_time": TIMES,
    },
)


def by_file(rows: list[dict[str, Any]]) -> tuple[list[Any], list[tuple[int, str, str]]]:
    lines = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    batches = list(read_positions(io.BytesIO(lines), MAPPING, now=NOW))
    fixes = [fix for one in batches for fix in fixes_of(one.accepted)]
    refused = [r for one in batches for r in one.quarantined.to_pylist()]
    return fixes, [(r["row"] - 1, r["reason"], r["field"]) for r in refused]


@settings(max_examples=60, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=4))
def test_a_message_says_what_it_says_in_a_file(rows: list[dict[str, Any]]) -> None:
    sent = [json.loads(json.dumps(row)) for row in rows]
    fixes, refused = READER.read(sent, NOW)
    assert ([fix for _index, fix in fixes], [(r.index, r.reason, r.field) for r in refused]) == (
        by_file(rows)
    )


def test_ordinary_messages_take_the_quick_way(monkeypatch: Any) -> None:
    monkeypatch.setattr(FixReader, "_judged", None)
    row = {
        "device_id": "T1", "fix_time": "2026-05-20T10:00:00.250Z", "latitude": 52.9301,
        "longitude": "-1.4802", "precision_m": 8, "mechanism": "GPS", "speed_kmh": 36,
        "direction_deg": 90.5, "satellites": 7, "hdop": 0.9,
        "recorded_time": "2026-05-20T11:00:01+01:00", "received_time": None,
    }  # fmt: skip
    ((_index, fix),), refused = READER.read([row], NOW)
    assert refused == []
    assert fix == (
        "T1", 1_779_271_200_250_000, 529_301_000, -14_802_000, 800, 95, 1, 1_000, 9_050, 7, 90,
        1_779_271_201_000_000, None,
    )  # fmt: skip
