"""Quarantined rows: the file is there whole or not at all."""

import json
from pathlib import Path

import pyarrow as pa
import pytest

from tipstaff.formats.positions_rows import QUARANTINE_SCHEMA
from tipstaff.positions.quarantine import QuarantineFile

ROWS = [
    {"row": 3, "reason": "NUL_BYTE", "field": "", "raw": '{"line": "é\\u0000"}'},
    {"row": 9, "reason": "OUT_OF_RANGE", "field": "latitude", "raw": '{"latitude": "91"}'},
]


def test_rows_are_kept_and_counted(tmp_path: Path) -> None:
    folder = tmp_path / "quarantine"
    with QuarantineFile(folder, "abc") as bad:
        bad.write(pa.Table.from_pylist(ROWS[:1], schema=QUARANTINE_SCHEMA))
        bad.write(pa.Table.from_pylist(ROWS[1:] * 2, schema=QUARANTINE_SCHEMA))
        assert not bad.path.exists()
        bad.keep()
    assert bad.counts == {"NUL_BYTE": 1, "OUT_OF_RANGE": 2}
    lines = bad.path.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [*ROWS, ROWS[1]]
    assert list(folder.iterdir()) == [bad.path]


def give_up(folder: Path) -> None:
    with QuarantineFile(folder, "abc") as bad:
        bad.write(pa.Table.from_pylist(ROWS, schema=QUARANTINE_SCHEMA))
        raise KeyError


def test_what_is_given_up_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        give_up(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_without_bad_rows_there_is_no_file(tmp_path: Path) -> None:
    with QuarantineFile(tmp_path / "quarantine", "abc") as bad:
        bad.write(QUARANTINE_SCHEMA.empty_table())
        bad.keep()
    assert list(tmp_path.iterdir()) == []
