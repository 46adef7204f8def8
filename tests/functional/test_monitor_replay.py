"""`tipstaff monitor replay`, as a user types it, on files alone."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from made_cases import case, curfew, zone
from typer.testing import CliRunner

from tipstaff.cli.app import app
from tipstaff.domain.zones import Circle, Place
from tipstaff.formats.case_json import write_cases

SPAN = ("--from", "2026-03-02T12:00:00Z", "--to", "2026-03-03T12:00:00Z")
HEAD = "device_id,fix_time,latitude,longitude,precision_m,mechanism\n"
#: A wearer's home is at 53.0, -1.5; the zone is a circle at 53.1, -1.4.
HOME, ZONE, TOWN = (53.0, -1.5), (53.1, -1.4), (53.05, -1.45)


def feed(device: str, stays: list[tuple[int, int, tuple[float, float]]]) -> str:
    """A fix each five minutes, from an hour (of two days) up to another, at a place."""
    lines = [
        f"{device},2026-03-{2 + minute // 1440:02}T{minute // 60 % 24:02}:{minute % 60:02}:00Z,"
        f"{place[0]},{place[1]},10,GPS\n"
        for start, end, place in stays
        for minute in range(start * 60, end * 60, 5)
    ]
    return "".join(lines)


def run(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["monitor", "replay", *map(str, words)])
    return done.exit_code, done.output


@pytest.fixture
def files(tmp_path: Path) -> Path:
    near = zone(shape=Circle(Place(*ZONE), 300.0))
    made = (
        case(1, conditions=(curfew(), near)),
        case(2, conditions=(curfew(),)),
    )
    (tmp_path / "cases.json").write_bytes(write_cases(made))
    late = [(17, 20, TOWN), (20, 31, HOME)]
    in_zone = [(12, 14, HOME), (14, 15, ZONE), (15, 31, HOME)]
    text = HEAD + feed("W000001", in_zone) + feed("W000002", late)
    (tmp_path / "feed.csv").write_text(text)
    return tmp_path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def replayed(folder: Path, *more: object) -> tuple[int, str]:
    given = ("--orders", folder / "cases.json", "--positions", folder / "feed.csv")
    return run(*given, *SPAN, "--out", folder / "alerts.csv", *more)


def test_a_zone_and_a_late_return(files: Path) -> None:
    code, said = replayed(files)
    assert (code, said.split(":")[0]) == (0, "3 conditions of 2 wearers, 396 positions")
    told = [
        f"{r['wearer']} {r['at'][8:16]} {r['condition']} {r['step']} {r['level']} {r['why']}"
        for r in rows(files / "alerts.csv")
    ]
    assert told == [
        "W000001 02T14:00 O000001/z1 began suspected fix_inside",
        "W000001 02T14:05 O000001/z1 grew confirmed fix_inside",
        "W000001 02T15:00 O000001/z1 ended confirmed fix_outside",
        "W000002 02T19:05 O000002/c1 began confirmed out_at_start",
        "W000002 02T20:00 O000002/c1 ended confirmed returned_late",
    ]
    came_to = [
        f"{r['wearer']} {r['start'][8:16]} {r['end'][8:16]} {r['outcome']} {r['absent_s']}"
        for r in rows(files / "alerts.outcomes.csv")
    ]
    assert came_to == [
        "W000001 02T19:00 03T07:00 kept 0.0",
        "W000002 02T19:00 03T07:00 broken 3600.0",
    ]


def test_the_order_of_rows_changes_no_byte(files: Path) -> None:
    replayed(files)
    first = (files / "alerts.csv").read_bytes()
    head, *lines = (files / "feed.csv").read_text().splitlines(keepends=True)
    (files / "feed.csv").write_text("".join([head, *reversed(lines), *lines[::3]]))
    replayed(files)
    assert (files / "alerts.csv").read_bytes() == first


def test_who_wore_the_device_says_the_activation(files: Path) -> None:
    text = "activation_id,device_id,wearer_id,start,end\n"
    text += "A1,W000001,W000002,2026-03-01T00:00:00Z,2026-03-02T19:30:00Z\n"
    (files / "worn.csv").write_text(text)
    code, said = replayed(files, "--activations", files / "worn.csv")
    assert code == 0
    assert "1 wearers with orders: nothing to watch, or no device." in said
    (outcome,) = rows(files / "alerts.outcomes.csv")
    assert (outcome["wearer"], outcome["end"][8:16]) == ("W000002", "02T19:30")


def test_a_case_that_is_bad_is_told_and_left_out(files: Path) -> None:
    text = (files / "cases.json").read_text().replace('"W000002"', '"W 2"', 1)
    (files / "cases.json").write_text(text)
    code, _said = replayed(files)
    assert code == 1
    assert {r["wearer"] for r in rows(files / "alerts.csv")} == {"W000001"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("--orders", "none.json"), "none.json"),
        (("--out", "alerts.txt"), ".csv"),
        (("--to", "2026-03-01"), "--to is before --from"),
    ],
)
def test_what_cannot_be_done_is_said(files: Path, change: tuple[str, str], says: str) -> None:
    code, said = replayed(files, *change)
    assert code == 2
    assert says in said


def test_nobody_to_watch_is_said(files: Path) -> None:
    (files / "feed.csv").write_text(HEAD + feed("X", [(12, 13, HOME)]))
    code, said = replayed(files)
    assert (code, "Nobody in these files" in said) == (2, True)


EVENTS = """device_id,event_time,kind,level_pct
W000001,2026-03-02T13:00:00Z,battery_level,80
W000001,2026-03-02T15:30:00+00:00,strap_cut,
W000002,2026-03-02T18:00:00Z,case_opened,
"""


def test_events_are_judged_beside_positions(files: Path) -> None:
    (files / "events.csv").write_text(EVENTS)
    code, said = run(
        "--orders", files / "cases.json", "--positions", files / "feed.csv", *SPAN,
        "--events", files / "events.csv", "--out", files / "alerts.csv",
    )  # fmt: skip
    assert code == 0, said
    rows = list(csv.DictReader((files / "alerts.csv").read_text(encoding="utf-8").splitlines()))
    told = [(r["wearer"], r["at"][:16], r["kind"], r["step"]) for r in rows]
    assert ("W000001", "2026-03-02T15:30", "strap", "began") in told
    assert ("W000002", "2026-03-02T18:00", "case", "began") in told
    # no fix and no word for hours: the device's own plan says that it is to be heard sooner
    assert any(r["wearer"] == "W000002" and r["kind"] == "silence" for r in rows)
    assert any(r["kind"] == "zone" for r in rows)
    assert told == sorted(told, key=lambda row: (row[0], row[1]))


def test_bad_events_are_told_by_row_and_left_out(files: Path) -> None:
    bad = EVENTS + "W000001,2026-03-02T16:00:00,strap_cut,\nW000001,2026-03-02T16:00:00Z,cut,200\n"
    (files / "events.csv").write_text(bad + "D9,2026-03-02T16:00:00Z,heartbeat,\n")
    code, said = run(
        "--orders", files / "cases.json", "--positions", files / "feed.csv", *SPAN,
        "--events", files / "events.csv", "--out", files / "alerts.csv",
    )  # fmt: skip
    assert code == 1
    assert "events.csv row 5: event_time; write 2026-03-02T18:00:00Z" in said
    assert "events.csv row 6: kind; use one of heartbeat," in said
    assert "events.csv row 6: level_pct; give whole per cent" in said
    assert "1 devices with events: nobody watched wore them." in said


def test_no_event_file_at_all_is_said(files: Path) -> None:
    (files / "events.csv").write_text("device,when\n")
    code, said = run(
        "--orders", files / "cases.json", "--positions", files / "feed.csv", *SPAN,
        "--events", files / "events.csv", "--out", files / "alerts.csv",
    )  # fmt: skip
    assert code == 2
    assert "the first line must name device_id, event_time, kind" in said
