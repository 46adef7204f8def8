"""Files of device events: written once, and without a person's once that is erased."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from made_messages import fix

from tipstaff.domain.periods import from_micros
from tipstaff.positions.event_files import count, erase, write_events

EVENTS = [
    fix(1)._replace(kind=2, code="strap_cut", body='{"a": "é"}'),
    fix(2, device="T2")._replace(kind=2, code="battery_low", body="{}"),
    fix(3, clock=2)._replace(kind=2, code="case_open", body="{}"),
]


def of_t1(supplier: str, device: str, at: datetime) -> bool:
    return (supplier, device) == ("acme", "T1") and at < from_micros(fix(9).time_us)


def test_events_are_written_as_they_came_and_again_the_same(tmp_path: Path) -> None:
    path = write_events(tmp_path / "events", "s", EVENTS)
    assert path is not None
    first = path.read_bytes()
    assert write_events(tmp_path / "events", "s", EVENTS) == path
    assert path.read_bytes() == first
    assert path.stat().st_mode & 0o077 == 0
    lines = [json.loads(line) for line in first.splitlines()]
    assert [(line["code"], line["body"], line["clock"]) for line in lines] == [
        ("strap_cut", '{"a": "é"}', 0), ("battery_low", "{}", 0), ("case_open", "{}", 2),
    ]  # fmt: skip
    assert write_events(tmp_path / "none", "s", []) is None
    assert not (tmp_path / "none").exists()


def test_an_erasure_goes_by_the_time_that_can_be_believed(tmp_path: Path) -> None:
    write_events(tmp_path, "s", EVENTS)
    write_events(tmp_path, "t", EVENTS[:1])
    assert count(tmp_path, of_t1) == 2
    erase(tmp_path, of_t1)
    assert count(tmp_path, of_t1) == 0
    (left,) = tmp_path.glob("*")
    codes = [json.loads(line)["code"] for line in left.read_text("utf-8").splitlines()]
    assert codes == ["battery_low", "case_open"]
