"""Whole records as JSON come back; own copies can be read too; trails are equal bytes if equal."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa
from drawn_cases import instants, orders, plan_values, some, wearers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tipstaff.domain.case_kinds import name_of
from tipstaff.domain.case_records import (
    WholeRecord,
    WholeSubject,
    WholeVersion,
    added_to,
    check_record,
)
from tipstaff.domain.fixes import CONTENT_FIELDS
from tipstaff.formats.case_forms import kind_of_value
from tipstaff.formats.json_documents import schema_of
from tipstaff.formats.own_view import own_record
from tipstaff.formats.trail_parquet import TRAIL_FILE_SCHEMA, read_trail, write_trail
from tipstaff.formats.whole_record_json import WHOLE_RECORD

SCHEMA = Draft202012Validator(schema_of("whole", WHOLE_RECORD))
QUICK = settings(max_examples=15, suppress_health_check=list(HealthCheck), deadline=None)
AT = datetime(2026, 1, 1, tzinfo=UTC)


def record_of(values: list[Any], starts: list[datetime]) -> WholeRecord:
    """Everything told of one wearer, each in turn, as the records would keep it."""
    subjects: dict[tuple[Any, str], list[WholeVersion]] = {}
    for value, start in zip(values, starts, strict=False):
        versions = subjects.setdefault((kind_of_value(value), name_of(value)), [])
        number = len(versions) + 1
        versions.append(WholeVersion(number, start, None, AT, UUID(int=number), "why\n", value))
    return WholeRecord(
        "W1", tuple(WholeSubject(k, name, tuple(v)) for (k, name), v in subjects.items())
    )


drawn_records = st.builds(
    lambda person, others, starts: record_of(
        [replace(person, reference="W1"), *(replace(one, wearer="W1") for one in others)], starts
    ),
    wearers,
    some(orders | plan_values, 5),
    st.lists(instants, min_size=6, max_size=6),
)


@QUICK
@given(drawn_records)
def test_what_is_written_comes_back_and_fits_the_schema(record: WholeRecord) -> None:
    assert check_record(record) == ()
    written = WHOLE_RECORD.write(record)
    assert WHOLE_RECORD.read(written) == record
    assert list(SCHEMA.iter_errors(json.loads(written))) == []


@QUICK
@given(drawn_records)
def test_an_own_copy_can_be_read_too_and_says_no_account(record: WholeRecord) -> None:
    own = own_record(record)
    written = WHOLE_RECORD.write(own)
    assert WHOLE_RECORD.read(written) == own
    assert own_record(own) == own
    assert b"recorded_by" not in written
    assert {one.kind for one in own.subjects} <= {one.kind for one in record.subjects}


@QUICK
@given(drawn_records, st.data())
def test_a_beginning_is_continued_and_anything_else_is_not(record: WholeRecord, data: Any) -> None:
    kept = [
        replace(one, versions=one.versions[: data.draw(st.integers(0, len(one.versions)))])
        for one in record.subjects
    ]
    held = [one for one in kept if one.versions]
    more = added_to(held, record.subjects)
    assert more is not None
    there = sum(len(one.versions) for one in held) + sum(len(one.versions) for one in more)
    assert there == sum(len(one.versions) for one in record.subjects)
    assert added_to(record.subjects, record.subjects) == ()
    if held:
        spoilt = replace(held[0].versions[0], reason="other")
        other = replace(held[0], versions=(spoilt, *held[0].versions[1:]))
        assert added_to([other, *held[1:]], record.subjects) is None
        assert added_to([replace(held[0], reference="nowhere")], record.subjects) is None


@QUICK
@given(st.integers(1, 30), st.integers(0, 2**31))
def test_a_trail_is_the_same_bytes_in_whatever_order(rows: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    columns: list[Any] = [pa.array([f"D{n}" for n in chance.integers(0, 3, rows)])]
    for field in CONTENT_FIELDS[1:]:
        most = 100 if field.type == pa.int8() else 30_000
        drawn = chance.integers(0, most, rows)
        empty = chance.random(rows) < (0.3 if field.nullable else 0.0)
        columns.append(pa.array(drawn, pa.int64(), mask=empty).cast(field.type))
    table = pa.table(columns, schema=TRAIL_FILE_SCHEMA)
    shuffled = table.take(pa.array(chance.permutation(rows)))
    written = write_trail(table)
    assert write_trail(shuffled) == written
    again = read_trail(written)
    assert again is not None
    assert write_trail(again) == written
    assert sorted(map(repr, again.to_pylist())) == sorted(map(repr, table.to_pylist()))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=80))
def test_bytes_that_are_no_document_and_no_trail(source: bytes) -> None:
    assert isinstance(WHOLE_RECORD.read(source), tuple)
    assert read_trail(source) is None
