"""The report's parts: counts, order, both rules side by side, maps and strips, states, bytes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pyarrow as pa
import pytest
from made_run import HOSTILE, HOSTILE_WEARER, streets, tables

from tipstaff.documents.answer_words import card
from tipstaff.documents.crime_map import EDGE_M, scene_radii_m
from tipstaff.documents.crime_page import MOST_FIXES, CrimePage, anchors, crime_page
from tipstaff.documents.report import render, summary
from tipstaff.documents.run_view import FixView, RunView, assemble
from tipstaff.documents.searched_words import searched
from tipstaff.documents.streets import Streets, from_geojson, path_near
from tipstaff.documents.trail_paths import (
    MOST_CIRCLES,
    circles_path,
    labelled,
    line_path,
    place,
    points_path,
)
from tipstaff.domain.geodesy import LocalPlane
from tipstaff.domain.search_reasons import ALL_SEARCHED
from tipstaff.formats.run_files import UnreadableRun

START = datetime(2024, 6, 3, 13, tzinfo=UTC)
PLANE = LocalPlane(52.95, -1.15)


@pytest.fixture(scope="module")
def run() -> RunView:
    return view(*tables())


def view(*made: Any) -> RunView:
    found = assemble(*made)
    assert isinstance(found, RunView)
    return found


def page_of(run: RunView, reference: str) -> CrimePage:
    crime = next(c for c in run.crimes if c.key[1] == reference)
    return crime_page(crime, Streets(), "crime-x")


def test_a_crime_says_how_many_of_the_monitored_were_searched_and_why_not(run: RunView) -> None:
    assert page_of(run, "NOT/24/0001").searched == (
        "312 of 320 wearers monitored at the time. Not searched: No rule permits searching on this "
        "legal basis. (6) Other reasons, each for fewer than 5 (2)"
    )
    assert page_of(run, "NOT/24/0004").searched is None
    crime = next(c for c in run.crimes if c.key[1] == "NOT/24/0001")
    everybody = replace(crime, not_searched={})
    assert searched(everybody) == "312 of 320 wearers monitored at the time"
    assert searched(replace(crime, counts={**crime.counts, "monitored_wearers": None})) is None  # type: ignore[dict-item]


def test_a_run_says_by_which_rule_people_were_searched(run: RunView) -> None:
    everybody = replace(run, manifest={**run.manifest, "searchable": "all"})
    assert ALL_SEARCHED in render(everybody)
    by_law = replace(run, manifest={"searchable": {"policy": "default", "version": 1}})
    assert "Searched: those whom policy default, version 1, permits" in render(by_law)
    assert "Searched: " not in render(replace(run, manifest={})).partition("<h3")[0]


def test_a_card_says_a_capped_ratio_as_a_bound(run: RunView) -> None:
    row = next(c for c in run.crimes if c.key[1] == "NOT/24/0002").candidates[0]
    capped = {**row, "log10_lr": 1.0, "log10_lr_low": 1.0, "log10_lr_high": 1.0}
    said = card(capped, (4.0, 1.0))
    assert said["ratio"] == "at least 10 times more likely if there than if living as usual"
    assert said["interval"] == "capped at 10, the most that is stated here"
    partly = card({**capped, "log10_lr": 0.7, "log10_lr_low": 0.3}, (4.0, 1.0))
    assert partly["interval"] == "interval 2 to 10 or more"
    assert card(capped)["interval"] == "interval 10 to 10"


def trail(*places: tuple[float, float, float]) -> tuple[FixView, ...]:
    """Fixes (minute, east, north)."""
    fixes = []
    for minute, east, north in places:
        lat, lon = PLANE.to_degrees(east, north)
        at = START + timedelta(minutes=minute)
        fixes.append(FixView(at, float(lat), float(lon), 10.0, "GPS", decides=False))
    return tuple(fixes)


def test_crimes_in_order_of_time_candidates_in_order_of_rank(run: RunView) -> None:
    assert [c.start for c in run.crimes] == sorted(c.start for c in run.crimes)
    three = next(c for c in run.crimes if len(c.candidates) == 3)
    assert [row["wearer_id"] for row in three.candidates] == ["W201", "W202", "W203"]


def test_the_summary_counts_what_the_files_say(run: RunView) -> None:
    counts = summary(run)
    assert counts["crimes"] == 6
    assert counts["located"] == 5
    assert counts["with_candidates"] == 4
    assert counts["candidates"] == 6
    assert counts["legacy_candidates"] == 6
    assert counts["excluded"] == 5 * 290


def test_both_rules_side_by_side(run: RunView) -> None:
    legacy = page_of(run, "NOT/24/0003").legacy
    named = [(row["wearer_id"], row["labels"], row["ours"]) for row in legacy["rows"]]
    assert named == [
        ("W201", "A1 to A3, B1", "candidate"),
        ("W203", "A1 to A3, B1", "candidate"),
        ("W209", "", "not a candidate"),
    ]
    assert legacy["missed"] == ["W202"]
    assert legacy["verdict"] == (
        "They differ: both name 2, this program alone names 1 and the fixed-circle rule alone "
        "names 1."
    )
    assert page_of(run, "NOT/24/0002").legacy["verdict"] == "Both name the same people."
    assert page_of(run, "NOT/24/0001").legacy["verdict"] == "Both name nobody."


def test_an_unlocatable_crime_says_so_and_has_no_map(run: RunView) -> None:
    page = page_of(run, "NOT/24/0004")
    assert page.map is None
    assert "could not be located" in page.headline


def test_local_time_is_said(run: RunView) -> None:
    page = page_of(run, "NOT/24/0002")
    assert page.when == "14:00 to 15:30 on 3 June 2024"
    assert page.when_zone == "UK time, BST"
    assert page_of(run, "NOT/24/0005").lasted == "one moment"


def test_anchors_are_safe_and_unique(run: RunView) -> None:
    twice = [*run.crimes, *run.crimes]
    names = anchors(twice)
    assert len(set(names)) == len(twice)
    assert all(re.fullmatch(r"[a-z0-9-]+", name) for name in names)


class Tags(HTMLParser):
    """Every tag with its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_the_page_is_whole_unique_inert_and_needs_nothing(run: RunView) -> None:
    html = render(run, from_geojson(streets()))
    parser = Tags()
    parser.feed(html)
    ids = [a["id"] for _tag, a in parser.tags if "id" in a]
    assert len(ids) == len(set(ids))
    assert [t for t, _a in parser.tags].count("script") == 2
    assert not {"img", "link", "iframe", "object", "form", "base"} & {t for t, _a in parser.tags}
    assert not [a for _t, a in parser.tags if "style" in a or any(k.startswith("on") for k in a)]
    assert not [a for _t, a in parser.tags if a.get("src") or "//" in (a.get("href") or "")]
    assert HOSTILE not in html
    assert HOSTILE_WEARER not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "49" not in re.findall(r"onerror=[^ ]*(.{12})", html)


def test_the_same_run_gives_the_same_bytes_in_any_order() -> None:
    results, crimes, facts, manifest = tables()

    def turned(table: Any) -> Any:
        return table.take(list(range(table.num_rows))[::-1])

    one = render(view(results, crimes, facts, manifest))
    other = render(view(turned(results), turned(crimes), turned(facts), manifest))
    assert one == other


def test_answers_that_cannot_be_told_apart_by_crime_are_refused() -> None:
    results, crimes, facts, manifest = tables()
    twice = assemble(results, pa.concat_tables([crimes, crimes.slice(0, 1)]), facts, manifest)
    assert isinstance(twice, UnreadableRun)
    assert "twice" in twice.what


def test_a_run_without_crimes_says_what_to_do() -> None:
    html = render(RunView(()))
    assert "There are no crimes in this run" in html


def test_only_counted_exclusions_say_how_to_get_them(run: RunView) -> None:
    counted = replace(run, manifest={"outcomes": "candidates"})
    assert "<code>--outcomes all</code> to list them" in render(counted)


def test_a_gap_is_dashed_and_only_a_gap() -> None:
    placed = place(trail((0, 0, 0), (1, 50, 0), (7, 100, 0), (8, 100, 50), (9, 100, 50)), PLANE)
    assert line_path(placed, gaps=False) == "M0 0L50 0M100 0L100 -50"
    assert line_path(placed, gaps=True) == "M50 0L100 0"
    assert points_path(placed).count("M") == 4


def test_many_circles_are_thinned() -> None:
    placed = place(trail(*((m, 7.0 * m, 0.0) for m in range(300))), PLANE)
    assert 0 < circles_path(placed).count("M") <= MOST_CIRCLES
    assert circles_path(placed[:1] * 50).count("M") == 1


def test_labels_keep_apart_and_name_the_nearest() -> None:
    placed = place(trail(*((m, 300.0 - 10 * m, 5.0) for m in range(60))), PLANE)
    chosen = labelled(placed, 80, 6)
    assert chosen[0].away_m == min(p.away_m for p in placed)
    assert all(abs(a.x - b.x) >= 80 for a in chosen for b in chosen if a is not b)
    assert labelled(placed, 80, 6, taken=[chosen[0]])[0] is not chosen[0]


def test_a_long_trail_keeps_its_nearest_fixes_in_the_table(run: RunView) -> None:
    crime = next(c for c in run.crimes if c.key[1] == "NOT/24/0002")
    long = trail(*((m, 5.0 * m, 0.0) for m in range(400)))
    page = crime_page(replace(crime, trails={"W101": long}), Streets(), "x").trails["W101"]
    assert page.fixes == 400
    assert len(page.rows) == MOST_FIXES
    assert page.rows[0]["away"] == "0 m"
    assert page.rows[-1]["away"] == f"{5 * (MOST_FIXES - 1)} m"


def test_more_trails_than_marks_are_said(run: RunView) -> None:
    crime = next(c for c in run.crimes if c.key[1] == "NOT/24/0002")
    many = {f"W{i:02}": trail((0, i, 0), (1, i, 9)) for i in range(9)}
    page = crime_page(replace(crime, trails=many), Streets(), "x")
    assert not page.drawn_all
    assert [t.letter for t in page.trails.values()] == [*"ABCDEF", "", "", ""]


def test_the_scene_circles_follow_the_rounding() -> None:
    assert scene_radii_m(1.0)[0] < scene_radii_m(1.0)[1]
    assert scene_radii_m(500.0)[1] > scene_radii_m(1.0)[1]


def test_streets_out_of_reach_and_spoiled_ones_are_left_out() -> None:
    values = streets()
    far = {"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[5, 5], [5, 6]]}}
    many = {"type": "Feature", "geometry": {"type": "MultiLineString",
            "coordinates": [[[-1.15, 52.95], [-1.149, 52.95]]]}}  # fmt: skip
    spoiled = [None, {"geometry": {"type": "LineString", "coordinates": [["x"]]}}]
    point = {"geometry": {"type": "Point", "coordinates": [0, 0]}}
    found = from_geojson({"features": [far, many, *spoiled, point]})
    assert found.skipped == 2
    assert path_near(found, PLANE, EDGE_M) == "M0 0L67 0"
    assert path_near(from_geojson(values), PLANE, EDGE_M).count("M") == len(values["features"])
    assert from_geojson([1, 2]) == Streets()


def page_at(run: RunView, start: datetime) -> tuple[CrimePage, str]:
    """A crime with a fix every ten minutes for two hours, and the words of its strip."""
    crime = next(c for c in run.crimes if c.key[1] == "NOT/24/0002")
    fixes = tuple(
        replace(fix, at=start + timedelta(minutes=10 * i))
        for i, fix in enumerate(trail(*((0, 40.0 * i, 0) for i in range(13))))
    )
    moved = replace(crime, start=start, end=start + timedelta(minutes=120), trails={"W101": fixes})
    page = crime_page(moved, Streets(), "x")
    return page, page.trails["W101"].strip


def test_the_night_on_which_the_clocks_go_back_reads_forwards(run: RunView) -> None:
    page, strip = page_at(run, datetime(2026, 10, 25, 0, 0, tzinfo=UTC))
    assert page.when == "01:00 BST to 02:00 GMT on 25 October 2026"
    assert page.when_zone == "UK time"
    times = [row["time"] for row in page.trails["W101"].rows]
    assert times[0] == "25/10 01:00:00 BST"
    assert times[6] == "25/10 01:00:00 GMT"
    assert len(set(times)) == len(times)
    assert ">01:00 BST<" in strip
    assert ">01:00 GMT<" in strip
    assert page.map is not None
    labels = re.findall(r">A (\d\d:\d\d [A-Z]+)<", page.map)
    assert labels
    assert {label[-3:] for label in labels} == {"BST", "GMT"}


def test_the_night_on_which_an_hour_is_missing(run: RunView) -> None:
    page, strip = page_at(run, datetime(2026, 3, 29, 0, 0, tzinfo=UTC))
    assert page.when == "00:00 GMT to 03:00 BST on 29 March 2026"
    times = [row["time"] for row in page.trails["W101"].rows]
    assert times[5:7] == ["29/03 00:50:00 GMT", "29/03 02:00:00 BST"]
    assert ">01:00" not in strip
    assert ">02:00 BST<" in strip


def test_on_other_days_no_zone_stands_beside_a_time(run: RunView) -> None:
    page, strip = page_at(run, datetime(2026, 6, 3, 12, 0, tzinfo=UTC))
    assert page.when == "13:00 to 15:00 on 3 June 2026"
    assert page.when_zone == "UK time, BST"
    assert page.trails["W101"].rows[0]["time"] == "03/06 13:00:00"
    assert "BST" not in strip + str(page.map)
