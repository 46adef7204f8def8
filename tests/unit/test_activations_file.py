"""The activations file: good rows kept, overlaps refused on both sides."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipstaff.domain.activations import STILL_ACTIVE, Activation, overlaps
from tipstaff.formats.activations import read_activations

HEADER = "activation_id,device_id,wearer_id,start,end\n"
GOOD = "A1,D1,W1,2026-01-01T00:00:00Z,2026-02-01T00:00:00+00:00\n"


def codes(text: str) -> list[tuple[int, str, str]]:
    found = read_activations((HEADER + text).encode())
    return [(error.row, error.code, error.field) for error in found.errors]


def test_a_good_file() -> None:
    found = read_activations(
        b"\xef\xbb\xbfEnd, start ,wearer_id,device_id,activation_id\r\n"
        b",2026-01-01T01:00:00+01:00,W1,D1,A1\r\n\r\n"
        b'2999-12-12 00:00:00,2026-01-01T00:00Z,"W,2",D2,A2\r\n'
    )
    start = datetime(2026, 1, 1, tzinfo=UTC)
    assert found.errors == ()
    assert found.accepted == (
        Activation("A1", "D1", "W1", start, STILL_ACTIVE, 2),
        Activation("A2", "D2", "W,2", start, STILL_ACTIVE, 4),
    )
    assert all(one.ongoing for one in found.accepted)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("A2,D1,W1,2026-01-01T00:00:00Z", [(3, "COLUMN_COUNT", "")]),
        (",,,2026-03-01T00:00:00Z,",
         [(3, "MISSING_VALUE", f) for f in ("activation_id", "device_id", "wearer_id")]),
        ("A2,D2,W1,2026-03-01T00:00:00,", [(3, "INVALID_TIME", "start")]),
        ("A2,D2,W1,,", [(3, "INVALID_TIME", "start")]),
        ("A2,D2,W1,2026-02-30T00:00:00Z,tomorrow",
         [(3, "INVALID_TIME", "end"), (3, "INVALID_TIME", "start")]),
        ("A2,D2,W1,0001-01-01T00:00:00+23:00,", [(3, "INVALID_TIME", "start")]),
        ("A2,D2,W1,2026-03-01T00:00:00Z,2026-02-28T00:00:00Z", [(3, "END_BEFORE_START", "end")]),
        ("A\x07,D2,W1,2026-03-01T00:00:00Z,", [(3, "INVALID_TEXT", "activation_id")]),
        (f"A2,{'D' * 201},W1,2026-03-01T00:00:00Z,", [(3, "INVALID_TEXT", "device_id")]),
        ("A1,D2,W1,2026-03-01T00:00:00Z,", [(3, "REPEATED_ID", "activation_id")]),
        ('"A2,D2,W1,2026-03-01T00:00:00Z,', [(3, "MALFORMED", "")]),
        ('A2,"D2"x,W1,2026-03-01T00:00:00Z,', [(3, "MALFORMED", "")]),
        (f"A2,{'D' * 10_000_000},W1,2026-03-01T00:00:00Z,", [(3, "INVALID_TEXT", "device_id")]),
        (f"A2,D2,W1,{'2' * 10_000_000},", [(3, "INVALID_TIME", "start")]),
        ("x" * 10_000_000, [(3, "COLUMN_COUNT", "")]),
    ],
)  # fmt: skip
def test_a_bad_row_leaves_the_good_ones(row: str, expected: list[tuple[int, str, str]]) -> None:
    assert codes(GOOD + row + "\n") == expected
    after = "A9,D9,W9,2026-01-01T00:00:00Z,\n"
    found = read_activations((HEADER + GOOD + row + "\n" + after).encode())
    assert [one.activation_id for one in found.accepted] == ["A1", "A9"]
    assert all(len(error.value) <= 200 and error.action for error in found.errors)


def test_overlapping_rows_are_both_refused_and_both_named() -> None:
    found = read_activations(
        (
            HEADER + GOOD + "A2,D1,W2,2026-01-31T23:59:59Z,\nA3,D2,W2,2026-01-01T00:00:00Z,\n"
        ).encode()
    )
    assert [one.activation_id for one in found.accepted] == ["A3"]
    assert [(error.row, error.code) for error in found.errors] == [(2, "OVERLAP"), (3, "OVERLAP")]
    assert all("rows 2 and 3" in error.action for error in found.errors)


def test_periods_are_half_open() -> None:
    assert codes(GOOD + "A2,D1,W2,2026-02-01T00:00:00Z,\n") == []


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "BAD_HEADER"),
        (b"a,b\n", "BAD_HEADER"),
        (HEADER.encode() + b"\xff\n", "NOT_UTF8"),
        (HEADER.encode() + b"\0\n", "NUL_BYTE"),
        (b'"activation_id,device_id\n', "BAD_HEADER"),
    ],
    ids=range(5),
)
def test_a_file_that_cannot_be_read(data: bytes, code: str) -> None:
    found = read_activations(data)
    assert [(error.row, error.code) for error in found.errors] == [(0, code)]
    assert found.errors[0].action


@given(st.binary(max_size=300))
def test_no_bytes_make_it_fail(data: bytes) -> None:
    found = read_activations(HEADER.encode() + data)
    assert len(found.accepted) + len(found.errors) >= bool(data.decode(errors="replace").strip())


HOURS = st.integers(0, 30)
ROWS = st.lists(st.tuples(st.sampled_from("XY"), HOURS, HOURS), max_size=12)


@given(ROWS)
def test_overlaps_are_what_a_slow_look_at_every_pair_finds(
    rows: list[tuple[str, int, int]],
) -> None:
    epoch = datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=1)))
    worn = [
        Activation(str(i), device, "W", *(epoch + timedelta(hours=h) for h in sorted((a, b))), i)
        for i, (device, a, b) in enumerate(rows)
    ]  # fmt: skip
    slow = {
        frozenset((a.row, b.row))
        for a in worn
        for b in worn
        if a.row < b.row and a.device_id == b.device_id
        and (a.start < b.end and b.start < a.end)
    }  # fmt: skip
    fast = {frozenset((a.row, b.row)) for a, b in overlaps(worn)}
    assert fast == slow
