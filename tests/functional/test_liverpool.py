"""Real input end to end: buses of Liverpool, and crimes planted on and off their routes.

Positions come by a mapping, crimes as a strict national file, everything through the program. The
buses' supplier states no accuracy, and two hours are no history: strength is capped and says so.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tipstaff.domain.grid import degrees_to_grid

MAPPING = Path(__file__).resolve().parents[1] / "data" / "mappings" / "liverpool_bus.toml"
DEPOT = (53.441308, -2.932606)

#: Reference, window on 26 January 2026 (UTC), place, and the bus that stood there for over two
#: minutes (None: none did).
PLANTED = (
    ("STOP-A", "171800", "172200", DEPOT, "4836"),
    ("STOP-B", "160100", "160600", (53.448488, -2.915296), "4716"),
    ("STOP-C", "163000", "163600", (53.407446, -2.982446), "4841"),
    ("STOP-D", "174000", "174500", (53.407478, -2.982120), "4733"),
    ("STOP-E", "164650", "165050", DEPOT, "4720"),
    ("PASSED", "171900", "172030", (53.461800, -2.894900), None),
    ("OFF-SOUTH", "162500", "163000", (53.392000, -2.900000), None),
    ("OFF-NORTH", "174000", "174500", (53.500000, -2.960000), None),
    ("TOO-EARLY", "120000", "123000", DEPOT, None),
    ("PARTLY", "150000", "160000", (53.392000, -2.900000), None),
)
STOPPED = {reference: bus for reference, *_rest, bus in PLANTED if bus} | {"GRID-A": "4836"}
NOBODY = {"OFF-SOUTH", "OFF-NORTH", "TOO-EARLY", "PARTLY"}
Rows = list[dict[str, str]]


def line(reference: str, start: str, end: str, easting_northing: str, degrees: str) -> str:
    return (
        f"Metropolitan,BIAD,,MPS20260127,{reference},20260126{start},20260126{end},"
        f"{easting_northing},{degrees},planted\r\n"
    )


def crime_file() -> str:
    lines = [
        line(reference, start, end, ",", f"{place[0]:.6f},{place[1]:.6f},WGS84")
        for reference, start, end, place, _bus in PLANTED
    ]
    east, north = degrees_to_grid([DEPOT[0]], [DEPOT[1]])
    grid = f"{east[0]:.0f},{north[0]:.0f}"
    return "".join([*lines, line("GRID-A", "171800", "172200", grid, ",,OSGB36")])


def tipstaff(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tipstaff", *map(str, words)],
        env={k: v for k, v in os.environ.items() if not k.startswith("TIPSTAFF_")},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def matched(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("liverpool")
    crimes = folder / "MPS20260127.csv"
    crimes.write_text(crime_file(), encoding="utf-8", newline="")
    buses = shared_data / "liverpool-bus" / "route14_outbound.csv"
    done = tipstaff(
        "match", "--positions", buses, "--mapping", MAPPING, "--crimes", crimes,
        "--outcomes", "all", "--out", folder / "buses.csv",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder / "buses.csv"


@pytest.fixture(scope="module")
def answers(matched: Path) -> Callable[[str], Rows]:
    with matched.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return lambda reference: [row for row in rows if row["crime_reference"] == reference]


@pytest.mark.parametrize("reference", sorted(STOPPED))
def test_the_bus_that_stood_there_comes_first(
    answers: Callable[[str], Rows], reference: str
) -> None:
    first = [row["wearer_id"] for row in answers(reference) if row["rank"] == "1"]
    assert first == [STOPPED[reference]]


@pytest.mark.parametrize("reference", sorted(NOBODY))
def test_off_every_route_or_before_the_first_fix_nobody_is_named(
    answers: Callable[[str], Rows], reference: str
) -> None:
    assert [row for row in answers(reference) if row["outcome"] == "candidate"] == []


def test_before_the_first_fix_nobody_is_even_searched(answers: Callable[[str], Rows]) -> None:
    assert answers("TOO-EARLY") == []


@pytest.mark.parametrize(
    ("reference", "buses"),
    [
        ("STOP-A", {"4716"}),
        ("STOP-E", {"4841"}),
        ("PASSED", {"4836"}),
        ("OFF-SOUTH", {"4720", "4733", "4842"}),
        ("OFF-NORTH", {"4720"}),
    ],
)
def test_buses_seen_kilometres_away_all_the_time_are_ruled_out(
    answers: Callable[[str], Rows], reference: str, buses: set[str]
) -> None:
    """Those whose fixes never pause within half an hour of the window and stay over 2 km away."""
    out = {row["wearer_id"]: row for row in answers(reference) if row["outcome"] == "excluded"}
    assert buses <= out.keys()
    for bus in buses:
        assert float(out[bus]["nearest_m"]) > 2000
        assert out[bus]["log10_lr"] == ""
        assert out[bus]["explanation"].endswith(
            "if the tag was worn and the stated time and place are right."
        )


@pytest.mark.parametrize("reference", sorted({*STOPPED, *NOBODY, "PASSED"}))
def test_nobody_is_ruled_out_who_was_close(answers: Callable[[str], Rows], reference: str) -> None:
    near = [row for row in answers(reference) if row["nearest_m"] and float(row["nearest_m"]) < 300]
    assert [row["wearer_id"] for row in near if row["outcome"] == "excluded"] == []


@pytest.mark.parametrize("reference", sorted(STOPPED))
def test_without_history_strength_is_capped_and_says_so(
    answers: Callable[[str], Rows], reference: str
) -> None:
    rows = [row for row in answers(reference) if row["log10_lr"]]
    assert rows
    assert all(abs(float(row["log10_lr"])) <= 1 for row in rows)
    named = [row for row in rows if row["outcome"] == "candidate"]
    assert all("routine is not known well enough" in row["explanation"] for row in named)


def test_a_gap_clears_nobody(answers: Callable[[str], Rows]) -> None:
    """Bus 4842 was silent from 16:58 to 17:50."""
    silent = [row for row in answers("STOP-A") if row["wearer_id"] == "4842"]
    assert [row["outcome"] for row in silent] == ["not_monitorable"]


def test_the_national_grid_gives_the_same_answers(answers: Callable[[str], Rows]) -> None:
    """Whole metres instead of a tenth: the outcome of every bus is the same."""
    by_degrees, by_grid = (
        {row["wearer_id"]: row["outcome"] for row in answers(reference)}
        for reference in ("STOP-A", "GRID-A")
    )
    assert by_grid == by_degrees


def test_each_bus_is_searched_from_its_first_fix_on(answers: Callable[[str], Rows]) -> None:
    """Bus 4722 is first seen at 16:44."""
    assert "4722" not in {row["wearer_id"] for row in answers("STOP-B")}


def test_a_window_that_begins_before_the_first_fix_clears_nobody(
    answers: Callable[[str], Rows],
) -> None:
    rows = answers("PARTLY")
    assert {row["wearer_id"] for row in rows} == {"4716", "4803", "4836"}
    assert {(row["outcome"], row["decided_by"]) for row in rows} == {
        ("not_monitorable", "activation")
    }


def test_the_report_names_crimes_and_buses(matched: Path) -> None:
    done = tipstaff("report", matched)
    assert done.returncode == 0, done.stderr
    page = matched.with_suffix(".html").read_text(encoding="utf-8")
    assert page.lower().startswith("<!doctype html>")
    for reference in (*STOPPED, *NOBODY):
        assert reference in page
    assert "4836" in page
