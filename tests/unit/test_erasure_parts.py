"""Parts of an erasure: the journal, the quarantine's rows, a run's file of fixes."""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tipstaff.services  # noqa: F401 (makes Django ready)
from tipstaff.domain.erasures import Erasure, Piece, Proof
from tipstaff.domain.periods import Period, without
from tipstaff.formats.erasure_json import write_proof
from tipstaff.positions import quarantine_erasing
from tipstaff.services import erasure_journal
from tipstaff.services.erasure_journal import JournalError

AT = datetime(2026, 3, 1, tzinfo=UTC)
WEEK = Period(AT, AT + timedelta(days=7))


def erasure() -> Erasure:
    return Erasure(uuid4(), AT, "default-1", (Piece(uuid4(), True, ((5, WEEK),)),))


def test_the_journal_takes_each_erasure_once_and_is_the_owners_alone(tmp_path: Path) -> None:
    path, first, second = tmp_path / "erasures.jsonl", erasure(), erasure()
    erasure_journal.ensure(path, "a1")
    erasure_journal.ensure(path, "b2")
    for each in (first, second, first):
        erasure_journal.note(path, each)
    assert erasure_journal.erasures(path) == [first, second]
    assert erasure_journal.instance_of(path) == "a1"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_line_that_a_crash_cut_short_is_written_again(tmp_path: Path) -> None:
    path, first, second = tmp_path / "erasures.jsonl", erasure(), erasure()
    erasure_journal.ensure(path, "a1")
    erasure_journal.note(path, first)
    whole = path.read_bytes()
    erasure_journal.note(path, second)
    path.write_bytes(path.read_bytes()[: len(whole) + 40])
    assert erasure_journal.erasures(path) == [first]
    erasure_journal.note(path, second)
    assert erasure_journal.erasures(path) == [first, second]


def test_a_damaged_line_is_never_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "erasures.jsonl"
    erasure_journal.ensure(path, "a1")
    erasure_journal.note(path, erasure())
    path.write_bytes(path.read_bytes().replace(b'"whole"', b'"whale"'))
    with pytest.raises(JournalError):
        erasure_journal.erasures(path)
    path.write_text("no journal\n")
    with pytest.raises(JournalError):
        erasure_journal.instance_of(path)


@pytest.mark.parametrize(
    ("raw", "goes"),
    [
        ("D1,2026-03-02T10:00:00Z,bad", True),
        ("D1,2026-03-08T23:00:00+00:00,bad", True),  # within a day of it: the offset may be wrong
        ("D1,2026-03-10T10:00:00Z,bad", False),
        ("D1,2026-03-02 10:00,2026-04-02T10:00:00Z", True),  # one of its times may be the fix's
        ("D1,,bad", True),  # when it was, nobody can tell
        ("D1,2026-13-02T10:00:00Z,bad", True),
        ("D12,2026-03-02T10:00:00Z,bad", False),
        ("no device,2026-03-02T10:00:00Z", False),
        ('{"device_id": "D1", "fix_time": "2026-03-02T10:00:00Z"}', True),
    ],
)  # fmt: skip
def test_a_quarantined_row_goes_in_doubt(tmp_path: Path, raw: str, goes: bool) -> None:
    path = tmp_path / "f.jsonl"
    path.write_text("".join(json.dumps({"raw": text}) + "\n" for text in (raw, "kept")))
    long_ago = time.time() - 1e6
    os.utime(path, (long_ago, long_ago))

    def of_d1(row: quarantine_erasing.QuarantinedRow) -> bool:
        return row.names("D1") and row.may_be_in([WEEK])

    assert quarantine_erasing.count(tmp_path, of_d1) == goes
    assert quarantine_erasing.erase(tmp_path, of_d1) == goes
    assert len(path.read_text().splitlines()) == 2 - goes
    assert path.stat().st_mtime == pytest.approx(long_ago)
    assert quarantine_erasing.erase(tmp_path, lambda _row: True) == 2 - goes
    assert not path.exists()


def test_a_proof_has_no_place_for_a_person() -> None:
    """All that it can hold is an id of its own, times, a policy, counts and a hash."""
    proof = Proof(uuid4(), AT, AT, "default-1", 1, 0, {"archive": {"fixes": 3}}, 7, "ab")
    said = json.loads(write_proof(proof))
    texts = {value for value in said.values() if isinstance(value, str)}
    allowed = {str(proof.erasure_id), AT.isoformat(), "default-1", "ab", "tipstaff-erasure-proof-1"}
    assert texts == allowed
    assert [v for v in said.values() if isinstance(v, dict)] == [{"archive": {"fixes": 3}}]


moments = st.integers(0, 40).map(lambda h: AT + timedelta(hours=h))
periods = st.tuples(moments, moments).map(lambda ends: Period(min(ends), max(ends)))


@given(periods, st.lists(periods, max_size=4))
def test_what_is_left_of_a_period_is_all_that_the_others_leave(
    period: Period, others: list[Period]
) -> None:
    left = without(period, others)
    for hour in range(40):
        at = AT + timedelta(hours=hour)
        inside = period.contains(at) and not any(other.contains(at) for other in others)
        assert any(each.contains(at) for each in left) == inside
    assert left == sorted(left)
