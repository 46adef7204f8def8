"""The files of a run: what is written is what is read, and spoiled files are said, not raised."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from tipstaff.formats import run_files
from tipstaff.formats.run_binding import OUTPUTS, digests_of, mismatch
from tipstaff.formats.run_files import CRIMES_SCHEMA, FACTS_SCHEMA, UnreadableRun
from tipstaff.formats.tables import encode_table
from tipstaff.matching.outcomes import RESULT_SCHEMA

WHEN = datetime(2024, 6, 3, 13, 9, 0, 250_000, tzinfo=UTC)
VALUES = {
    pa.string(): ("=cmd()", 'a "quoted", odd\nname', "", None, "-5", "  @x", "007"),
    pa.int32(): (1, -2, None, 0, 5, 6, 7),
    pa.float64(): (0.1, -2.5e-7, None, 1e9, 0.0, 2 / 3, 4.0),
    pa.bool_(): (True, False, None, True, False, None, True),
    pa.timestamp("us", tz="UTC"): (WHEN, None, WHEN.replace(microsecond=0), WHEN, None, WHEN, WHEN),
}


def made(schema: pa.Schema) -> pa.Table:
    return pa.table(
        {field.name: pa.array(VALUES[field.type], field.type) for field in schema}, schema=schema
    )


@pytest.mark.parametrize(
    ("kind", "schema"),
    [("results", RESULT_SCHEMA), ("crimes", CRIMES_SCHEMA), ("facts", FACTS_SCHEMA)],
)
@pytest.mark.parametrize("rows", [0, 7])
def test_written_is_read(kind: str, schema: pa.Schema, rows: int) -> None:
    table = made(schema).slice(0, rows)
    content = getattr(run_files, f"write_{kind}")(table)
    read = getattr(run_files, f"read_{kind}")(content)
    assert isinstance(read, pa.Table)
    expected = [
        {k: v or None if v == "" else v for k, v in row.items()} for row in table.to_pylist()
    ]
    got = [{k: v or None if v == "" else v for k, v in row.items()} for row in read.to_pylist()]
    assert got == expected
    assert getattr(run_files, f"write_{kind}")(read) == content


def test_formulas_are_harmless_in_the_file() -> None:
    content = run_files.write_results(made(RESULT_SCHEMA))
    assert b",=cmd()" not in content
    assert b"'=cmd()" in content


@pytest.mark.parametrize("kind", ["results", "crimes", "facts", "manifest"])
@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\x00\xff" * 40, b"[1]"])
def test_a_spoiled_file_is_a_value(kind: str, content: bytes) -> None:
    read = getattr(run_files, f"read_{kind}")(content)
    assert isinstance(read, UnreadableRun)
    assert read.action


def test_manifest_keeps_its_order() -> None:
    content = run_files.write_manifest({"b": 1, "a": {"d": [1], "c": "é"}})
    assert (
        content
        == '{\n  "a": {\n    "c": "é",\n    "d": [\n      1\n    ]\n  },\n  "b": 1\n}\n'.encode()
    )
    assert run_files.read_manifest(content) == {"a": {"c": "é", "d": [1]}, "b": 1}


def test_files_are_bound_to_their_manifest() -> None:
    contents = {"results": b"r", "crimes": b"c", "facts": b"f"}
    bound = {OUTPUTS: digests_of(contents)}
    assert mismatch(bound, contents) is None
    for kind in contents:
        other = mismatch(bound, {**contents, kind: b"other"})
        assert other is not None
        assert run_files.SUFFIXES[kind] in other.what
    assert mismatch({}, contents) is not None
    assert mismatch({OUTPUTS: []}, contents) is not None


def test_a_crimes_file_of_an_earlier_version_is_read() -> None:
    added = ["monitored_wearers", "not_searched"]
    old = made(CRIMES_SCHEMA).drop_columns(added)
    rows = zip(*(column.to_pylist() for column in old.columns), strict=True)
    read = run_files.read_crimes(encode_table(old.schema.names, rows))
    assert isinstance(read, pa.Table)
    assert read.schema == CRIMES_SCHEMA
    now = run_files.read_crimes(run_files.write_crimes(made(CRIMES_SCHEMA)))
    assert isinstance(now, pa.Table)
    assert read.drop_columns(added).equals(now.drop_columns(added))
    assert {read[name].null_count for name in added} == {len(old)}
